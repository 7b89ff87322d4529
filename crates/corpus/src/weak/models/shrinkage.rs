//! Counts of the same thing in several domains come in; the distribution that they share, and how
//! strongly each domain's own is drawn to it, go out (empirical Bayes).
//!
//! The counts `n_d` of a domain are multinomial with probabilities `θ_d ~ Dirichlet(κ φ)`. The
//! marginal (Pólya) likelihood of `n_d` is
//! `Γ(κ)/Γ(κ + N_d) Π_l Γ(n_dl + κ φ_l)/Γ(κ φ_l)`, with `N_d` their sum, and the posterior mean
//! `θ_d = (n_d + κ φ) / (N_d + κ)`: a domain with few votes is believed little. T. Minka,
//! "Estimating a Dirichlet distribution", 2000.

use super::special::{digamma, ln_gamma};

/// The range in which the strength is looked for: from one vote to a hundred thousand, at which
/// domains are practically one.
const STRENGTHS: (f64, f64) = (1.0, 1e5);

/// Counts of one outcome distribution in each domain, with what was assumed before seeing them.
pub(super) struct Counts<'a> {
    /// `[domains][outcomes]`: a domain in which the function does not take part is left out.
    pub(super) domains: Vec<&'a [f64]>,
    /// Counts added to the common distribution, `[outcomes]`, all above 0.
    pub(super) prior: &'a [f64],
}

impl Counts<'_> {
    /// Improves the common distribution `φ` in place, at a fixed strength: the fixed point of
    /// Minka (2000, section "Estimating the mean with fixed precision"),
    /// `φ_l ∝ b_l + κ φ_l Σ_d (ψ(n_dl + κ φ_l) − ψ(κ φ_l))`, with the prior counts `b`.
    pub(super) fn improve(&self, common: &mut [f64], strength: f64, steps: usize) {
        for _ in 0..steps {
            for (outcome, value) in common.iter_mut().enumerate() {
                let alpha = strength * *value;
                let gained: f64 = self
                    .domains
                    .iter()
                    .map(|counts| digamma(counts[outcome] + alpha) - digamma(alpha))
                    .sum();
                *value = self.prior[outcome] + alpha * gained;
            }
            let sum: f64 = common.iter().sum();
            for value in &mut *common {
                *value /= sum;
            }
        }
    }

    /// The logarithm of the marginal likelihood at a strength, up to a constant.
    fn evidence(&self, common: &[f64], strength: f64) -> f64 {
        let of_domain = |counts: &&[f64]| {
            let total: f64 = counts.iter().sum();
            let outcomes: f64 = counts
                .iter()
                .zip(common)
                .map(|(n, phi)| ln_gamma(n + strength * phi) - ln_gamma(strength * phi))
                .sum();
            ln_gamma(strength) - ln_gamma(total + strength) + outcomes
        };
        self.domains.iter().map(of_domain).sum()
    }
}

/// The strength, common to all distributions, with the greatest marginal likelihood; by golden
/// section over its logarithm. Distributions in a single domain say nothing of it; none is found
/// where all are such.
pub(super) fn strength(all: &[(Counts<'_>, &[f64])]) -> Option<f64> {
    let several: Vec<_> = all
        .iter()
        .filter(|(counts, _)| counts.domains.len() > 1)
        .collect();
    if several.is_empty() {
        return None;
    }
    let evidence = |log: f64| -> f64 {
        several
            .iter()
            .map(|(counts, common)| counts.evidence(common, log.exp()))
            .sum()
    };
    let ratio = f64::midpoint(5.0_f64.sqrt(), -1.0);
    let (mut low, mut high) = (STRENGTHS.0.ln(), STRENGTHS.1.ln());
    let mut inner = [high - ratio * (high - low), low + ratio * (high - low)];
    let mut value = inner.map(evidence);
    for _ in 0..40 {
        if value[0] >= value[1] {
            high = inner[1];
            inner = [high - ratio * (high - low), inner[0]];
            value = [evidence(inner[0]), value[0]];
        } else {
            low = inner[0];
            inner = [inner[1], low + ratio * (high - low)];
            value = [value[1], evidence(inner[1])];
        }
    }
    Some(f64::midpoint(low, high).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts<'a>(domains: &'a [Vec<f64>], prior: &'a [f64]) -> Counts<'a> {
        Counts {
            domains: domains.iter().map(Vec::as_slice).collect(),
            prior,
        }
    }

    #[test]
    fn domains_that_agree_are_drawn_together_and_others_are_not() {
        let prior = [0.5, 0.5];
        let alike = [vec![70.0, 30.0], vec![140.0, 60.0], vec![69.0, 31.0]];
        let apart = [vec![95.0, 5.0], vec![20.0, 180.0], vec![50.0, 50.0]];
        let mut found = Vec::new();
        for domains in [&alike[..], &apart[..]] {
            let mut common = vec![0.5, 0.5];
            let counts = counts(domains, &prior);
            counts.improve(&mut common, 20.0, 50);
            found.push(strength(&[(counts, &common)]).unwrap());
        }
        assert!(found[0] > 1000.0 && found[1] < 20.0, "{found:?}");
    }

    #[test]
    fn one_domain_gives_no_strength() {
        let one = [vec![3.0, 4.0]];
        assert_eq!(strength(&[(counts(&one, &[0.5, 0.5]), &[0.5, 0.5])]), None);
    }

    #[test]
    fn the_common_distribution_is_a_maximum_of_the_evidence() {
        let domains = [vec![9.0, 2.0, 1.0], vec![30.0, 25.0, 5.0]];
        // A vanishing prior leaves the evidence alone.
        let prior = [1e-9; 3];
        let counts = counts(&domains, &prior);
        let mut common = vec![1.0 / 3.0; 3];
        counts.improve(&mut common, 8.0, 2000);
        let best = counts.evidence(&common, 8.0);
        for (from, to) in [(0, 1), (1, 2), (2, 0)] {
            let mut moved = common.clone();
            moved[from] -= 1e-3;
            moved[to] += 1e-3;
            assert!(counts.evidence(&moved, 8.0) < best);
        }
    }
}
