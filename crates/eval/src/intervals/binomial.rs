//! In: a count of successes among trials. Out: the proportion's Wilson interval and the exact
//! one-sided (Clopper-Pearson) upper bound.

use super::estimate::{Estimate, GroupKind, Interval};
use crate::metrics::Undefined;

/// Standard normal quantile of 0.975, for 95 % two-sided intervals.
const Z_95: f64 = 1.959_963_984_540_054;

/// Wilson's score interval at 95 % (Wilson, J. Am. Stat. Assoc. 22, 1927), for independent trials.
pub fn wilson(successes: usize, trials: usize) -> Result<Estimate, Undefined> {
    check(successes, trials)?;
    let n = trials as f64;
    let p = successes as f64 / n;
    let z2 = Z_95 * Z_95;
    let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z_95 / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    Ok(Estimate {
        value: p,
        interval: Some(Interval {
            low: (centre - half).max(0.0),
            high: (centre + half).min(1.0),
        }),
        n: trials,
        groups: trials,
        kind: GroupKind::Recordings,
        degenerate: 0,
    })
}

/// Exact one-sided upper bound of a proportion at confidence `level` (Clopper & Pearson,
/// Biometrika 26, 1934): the proportion at which so few successes have probability `1 − level`.
pub fn clopper_pearson_upper(
    successes: usize,
    trials: usize,
    level: f64,
) -> Result<f64, Undefined> {
    check(successes, trials)?;
    if !(level > 0.0 && level < 1.0) {
        return Err(Undefined::Value {
            what: "level",
            index: 0,
            value: level,
            range: "(0, 1)",
        });
    }
    if successes == trials {
        return Ok(1.0);
    }
    // P(X <= k; n, p) = I_{1-p}(n - k, k + 1), which falls from 1 to 0 as p rises.
    let (k, n) = (successes as f64, trials as f64);
    let (mut low, mut high) = (k / n, 1.0);
    for _ in 0..60 {
        let p = f64::midpoint(low, high);
        if regularised_beta(1.0 - p, n - k, k + 1.0) > 1.0 - level {
            low = p;
        } else {
            high = p;
        }
    }
    Ok(high)
}

fn check(successes: usize, trials: usize) -> Result<(), Undefined> {
    if trials == 0 {
        return Err(Undefined::Empty);
    }
    if successes > trials {
        return Err(Undefined::Value {
            what: "successes",
            index: 0,
            value: successes as f64,
            range: "0 to the number of trials",
        });
    }
    Ok(())
}

/// Regularised incomplete beta function `I_x(a, b)` for a, b ≥ 1, by its continued fraction
/// (Abramowitz & Stegun 26.5.8) with Lentz's method.
fn regularised_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    // The fraction converges fast below the mean; above it the symmetric form does.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - regularised_beta(1.0 - x, b, a);
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (-x).ln_1p()).exp();
    let away_from_zero = |v: f64| if v.abs() < 1e-300 { 1e-300 } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for step in 1..500 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for term in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + term * d);
            c = away_from_zero(1.0 + term / c);
            change = c * d;
            fraction *= change;
        }
        if (change - 1.0).abs() < 1e-15 {
            break;
        }
    }
    front * fraction / a
}

/// Logarithm of the gamma function for x ≥ 1: Stirling's series after shifting x above 15.
fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut shift) = (x, 0.0);
    while x < 15.0 {
        shift += x.ln();
        x += 1.0;
    }
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    let series =
        inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square / 1680.0)));
    (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + series - shift
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_upper_bound_without_successes_has_a_closed_form() {
        // P(X = 0) = (1 - p)^n.
        for n in [1_usize, 3, 59, 2000] {
            let expected = 1.0 - 0.05_f64.powf(1.0 / n as f64);
            let bound = clopper_pearson_upper(0, n, 0.95).unwrap();
            assert!((bound - expected).abs() < 1e-12, "{n}: {bound} {expected}");
        }
        assert_eq!(clopper_pearson_upper(4, 4, 0.95), Ok(1.0));
    }

    #[test]
    fn impossible_counts_are_refused() {
        assert_eq!(wilson(0, 0), Err(Undefined::Empty));
        assert!(wilson(3, 2).is_err());
        assert!(clopper_pearson_upper(1, 2, 1.0).is_err());
    }
}
