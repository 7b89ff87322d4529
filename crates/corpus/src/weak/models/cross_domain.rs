//! Our label model for several data sets: they share their labelling functions, and each function's
//! confusion table in a domain is shrunk towards the one that domains have in common.
//!
//! For an item of domain `d`, with classes `y` and outcomes `l` (votes and, if they inform,
//! abstentions):
//! - `y ~ p_d`, the domain's own prevalence
//! - the vote of function `j` is drawn from `θ_djy`, independently given `y`
//! - `θ_djy ~ Dirichlet(κ φ_jy)`, with `φ_jy` common to the domains and one strength `κ` for all
//! - `φ_jy` starts from counts `b_jy` that hold the function for right more often than wrong
//!
//! Expectation maximisation: the E step gives `q[i, y] ∝ p_dy Π_j θ_djy[vote]`; the M step takes
//! the expected counts `n_djy`, improves `φ` and `κ` by their marginal likelihood (see
//! [`shrinkage`](super::shrinkage)), and sets `θ` and `p_d` to posterior means. Expected counts
//! stand for counts in that likelihood, which is an approximation. A function that never votes in a
//! domain does not take part there. With `κ = 0` each domain is on its own, with `κ` large all are
//! one: both limits are Dawid and Skene's model. A domain that was not fitted has `θ = φ`.

use super::confusion::{Abstentions, Confusion, SMALLEST, posteriors};
use super::majority::vote_shares;
use super::shrinkage::{Counts, strength};
use crate::error::Error;
use crate::weak::votes::{ABSTAIN, VoteMatrix};

/// How strongly domains are drawn together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shrinkage {
    /// As strongly as the data say, from this strength on.
    Learned {
        /// The strength to start from, kept where there is only one domain.
        start: f64,
    },
    /// With this strength, in votes.
    Fixed(f64),
}

/// Settings of [`CrossDomain`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CrossDomainOptions {
    /// What an abstention says.
    pub abstentions: Abstentions,
    /// How strongly domains are drawn together.
    pub shrinkage: Shrinkage,
    /// Votes that the assumption of functions being right is worth, in each class.
    pub prior_votes: f64,
    /// The share of votes assumed to be right.
    pub precision: f64,
    /// The largest number of iterations.
    pub iterations: usize,
    /// The iteration ends when no probability of a vote moves by more.
    pub tolerance: f64,
}

impl Default for CrossDomainOptions {
    fn default() -> Self {
        Self {
            abstentions: Abstentions::default(),
            shrinkage: Shrinkage::Learned { start: 100.0 },
            prior_votes: 10.0,
            precision: 0.7,
            iterations: 1000,
            tolerance: 1e-8,
        }
    }
}

/// Steps of the common distribution's fixed point in each M step.
const COMMON_STEPS: usize = 5;

/// A fitted model.
#[derive(Clone, Debug, PartialEq)]
pub struct CrossDomain {
    common: Confusion,
    domains: Vec<Fitted>,
    strength: f64,
    iterations: usize,
}

#[derive(Clone, Debug, PartialEq)]
struct Fitted {
    prior: Vec<f64>,
    table: Confusion,
}

impl CrossDomain {
    /// Fits to the votes of each domain, whose functions and classes are the same. Deterministic.
    ///
    /// # Errors
    /// [`Error::Votes`] where there is no domain, a domain has no items, or functions or classes
    /// differ.
    pub fn fit(domains: &[VoteMatrix], options: &CrossDomainOptions) -> Result<Self, Error> {
        let empty = || Error::Votes {
            what: "a domain without items".to_owned(),
            expected: "items in each domain, and at least one domain",
        };
        let first = domains.first().ok_or_else(empty)?;
        for votes in domains {
            votes.expect_shape(first.functions(), first.classes())?;
            if votes.items() == 0 {
                return Err(empty());
            }
        }
        let prior = prior_counts(domains, options);
        let mut common = prior.clone();
        common.normalise();
        let start = match options.shrinkage {
            Shrinkage::Learned { start } => start,
            Shrinkage::Fixed(strength) => strength,
        };
        let fit = Fit {
            options,
            domains,
            mute: domains.iter().map(mute).collect(),
            prior,
        };
        let shares: Vec<Vec<f64>> = domains.iter().map(vote_shares).collect();
        let mut model = Self {
            common,
            domains: Vec::new(),
            strength: start,
            iterations: 0,
        };
        fit.maximise(&mut model, &shares);
        while model.iterations < options.iterations {
            let before = model.clone();
            let expected: Vec<Vec<f64>> = domains
                .iter()
                .zip(&model.domains)
                .map(|(votes, fitted)| posteriors(votes, &fitted.table, &fitted.prior))
                .collect();
            fit.maximise(&mut model, &expected);
            model.iterations += 1;
            if model.distance(&before) <= options.tolerance {
                break;
            }
        }
        Ok(model)
    }

    /// Probabilities `[items, classes]` of items of the `domain`-th domain fitted.
    ///
    /// # Errors
    /// [`Error::Votes`] where the domain, functions or classes are not those fitted on.
    pub fn probabilities(&self, votes: &VoteMatrix, domain: usize) -> Result<Vec<f64>, Error> {
        votes.expect_shape(self.common.functions, self.common.classes)?;
        let fitted = self.domains.get(domain).ok_or_else(|| Error::Votes {
            what: format!("domain {domain}"),
            expected: "a domain that the model was fitted on",
        })?;
        Ok(posteriors(votes, &fitted.table, &fitted.prior))
    }

    /// Probabilities `[items, classes]` of items of a domain that was not fitted: the common
    /// confusion tables, with the prevalence that makes the votes most likely under them (M. Saerens
    /// et al., "Adjusting the outputs of a classifier to new a priori probabilities", 2002).
    ///
    /// # Errors
    /// [`Error::Votes`] where functions or classes are not those fitted on, or there are no items.
    pub fn probabilities_elsewhere(&self, votes: &VoteMatrix) -> Result<Vec<f64>, Error> {
        votes.expect_shape(self.common.functions, self.common.classes)?;
        if votes.items() == 0 {
            return Ok(Vec::new());
        }
        // A function that never votes here has nothing to say by its silence.
        let mut table = self.common.clone();
        table.mute = mute(votes);
        let classes = table.classes;
        let mut prior = vec![1.0 / classes as f64; classes];
        for _ in 0..PREVALENCE_STEPS {
            prior = prevalence(&posteriors(votes, &table, &prior), classes);
        }
        Ok(posteriors(votes, &table, &prior))
    }

    /// Estimated prevalence of each class in a domain, `[classes]`.
    pub fn prior(&self, domain: usize) -> &[f64] {
        &self.domains[domain].prior
    }

    /// Estimated share of each function's votes that are right in a domain, `[functions]`. Of a
    /// function that does not take part there it is what the other domains let expect.
    pub fn accuracies(&self, domain: usize) -> Vec<f64> {
        let fitted = &self.domains[domain];
        fitted.table.accuracies(&fitted.prior)
    }

    /// `P(vote = l | class = y)` of a domain, `[functions, classes, outcomes]`.
    pub fn confusion(&self, domain: usize) -> &[f64] {
        &self.domains[domain].table.values
    }

    /// What the domains have in common, `[functions, classes, outcomes]`.
    pub fn common(&self) -> &[f64] {
        &self.common.values
    }

    /// The strength `κ`, in votes.
    pub fn strength(&self) -> f64 {
        self.strength
    }

    /// Iterations until nothing moved, or the largest number.
    pub fn iterations(&self) -> usize {
        self.iterations
    }

    fn distance(&self, other: &Self) -> f64 {
        let tables = self.domains.iter().zip(&other.domains);
        tables
            .flat_map(|(a, b)| a.table.values.iter().zip(&b.table.values))
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f64::max)
    }
}

/// Iterations of the prevalence of a new domain; each is a pass over its items.
const PREVALENCE_STEPS: usize = 200;

/// What stays the same while a model is fitted.
struct Fit<'a> {
    options: &'a CrossDomainOptions,
    domains: &'a [VoteMatrix],
    /// Functions that never vote in a domain, `[domains][functions]`.
    mute: Vec<Vec<bool>>,
    prior: Confusion,
}

impl Fit<'_> {
    /// The M step, from probabilities `[items, classes]` of each domain.
    fn maximise(&self, model: &mut CrossDomain, probabilities: &[Vec<f64>]) {
        let (functions, classes) = (self.prior.functions, self.prior.classes);
        let counts: Vec<Confusion> = self
            .domains
            .iter()
            .zip(probabilities)
            .map(|(votes, probabilities)| {
                let mut counts = Confusion::zeros(functions, classes, self.options.abstentions);
                for (row, q) in votes.rows().zip(probabilities.chunks_exact(classes)) {
                    counts.count(row, q);
                }
                counts
            })
            .collect();
        let cells = || (0..functions).flat_map(|j| (0..classes).map(move |y| (j, y)));
        let of = |function: usize, class: usize| Counts {
            domains: counts
                .iter()
                .zip(&self.mute)
                .filter(|(_, mute)| !mute[function])
                .map(|(counts, _)| counts.row(function, class))
                .collect(),
            prior: self.prior.row(function, class),
        };
        for (function, class) in cells() {
            let common = model.common.row_mut(function, class);
            of(function, class).improve(common, model.strength.max(1.0), COMMON_STEPS);
        }
        if matches!(self.options.shrinkage, Shrinkage::Learned { .. }) {
            let all: Vec<_> = cells()
                .map(|(j, y)| (of(j, y), model.common.row(j, y)))
                .collect();
            model.strength = strength(&all).unwrap_or(model.strength);
        }
        model.domains = counts
            .into_iter()
            .zip(probabilities)
            .zip(&self.mute)
            .map(|((mut table, probabilities), mute)| {
                for (function, class) in cells() {
                    let common = model.common.row(function, class);
                    for (value, phi) in table.row_mut(function, class).iter_mut().zip(common) {
                        // Without votes of its own a domain has what is common.
                        let own = if mute[function] { 0.0 } else { *value };
                        *value = own + model.strength.max(SMALLEST) * phi;
                    }
                }
                table.normalise();
                table.mute.clone_from(mute);
                Fitted {
                    prior: prevalence(probabilities, classes),
                    table,
                }
            })
            .collect();
    }
}

/// Which functions never vote, `[functions]`.
fn mute(votes: &VoteMatrix) -> Vec<bool> {
    (0..votes.functions())
        .map(|function| votes.column(function).all(|vote| vote == ABSTAIN))
        .collect()
}

/// Prevalence of each class, `[classes]`: the mean probability, with one more item of each class.
fn prevalence(probabilities: &[f64], classes: usize) -> Vec<f64> {
    let mut sums = vec![1.0; classes];
    for row in probabilities.chunks_exact(classes) {
        for (sum, p) in sums.iter_mut().zip(row) {
            *sum += p;
        }
    }
    let total: f64 = sums.iter().sum();
    sums.iter().map(|sum| sum / total).collect()
}

/// The counts `b_jy` from which the common distribution starts, `[functions, classes, outcomes]`:
/// `prior_votes`, of which the function's share of votes over all domains are cast, `precision` of
/// them for the class itself and the rest alike for the others.
fn prior_counts(domains: &[VoteMatrix], options: &CrossDomainOptions) -> Confusion {
    let (functions, classes) = (domains[0].functions(), domains[0].classes());
    let mut counts = Confusion::zeros(functions, classes, options.abstentions);
    for function in 0..functions {
        let mut cast = 0.0;
        let mut items = 0.0;
        for votes in domains {
            let here = votes
                .column(function)
                .filter(|&vote| vote != ABSTAIN)
                .count();
            if here > 0 {
                cast += here as f64;
                items += votes.items() as f64;
            }
        }
        // Kept off 0 and 1, so that each outcome stays possible.
        let coverage = match options.abstentions {
            Abstentions::Missing => 1.0,
            Abstentions::Informative => (cast + 1.0) / (items + 2.0),
        };
        for class in 0..classes {
            let row = counts.row_mut(function, class);
            for vote in 0..classes {
                let share = if vote == class {
                    options.precision
                } else {
                    (1.0 - options.precision) / (classes - 1) as f64
                };
                row[vote] = options.prior_votes * coverage * share;
            }
            if let Some(abstention) = row.get_mut(classes) {
                *abstention = options.prior_votes * (1.0 - coverage);
            }
        }
    }
    counts
}
