//! In: probabilities and what happened. Out: Brier score, reliability bins, calibration error;
//! and the mean absolute error of numbers.

use super::undefined::{Undefined, all_finite, all_probabilities, same_length};

/// Brier score: mean of (probability − outcome)² (Brier, Mon. Weather Rev. 78, 1950).
pub fn brier(probabilities: &[f64], outcomes: &[bool]) -> Result<f64, Undefined> {
    checked(probabilities, outcomes)?;
    let sum: f64 = probabilities
        .iter()
        .zip(outcomes)
        .map(|(&p, &y)| (p - f64::from(u8::from(y))).powi(2))
        .sum();
    Ok(sum / probabilities.len() as f64)
}

/// Mean absolute difference of two number series.
pub fn mean_absolute_error(predicted: &[f64], truth: &[f64]) -> Result<f64, Undefined> {
    same_length("truth", predicted.len(), truth.len())?;
    all_finite("prediction", predicted)?;
    all_finite("truth", truth)?;
    if predicted.is_empty() {
        return Err(Undefined::Empty);
    }
    let sum: f64 = predicted
        .iter()
        .zip(truth)
        .map(|(p, t)| (p - t).abs())
        .sum();
    Ok(sum / predicted.len() as f64)
}

/// How probabilities are put into bins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binning {
    /// Bins of equal width on [0, 1].
    EqualWidth,
    /// Bin edges at the quantiles of the probabilities (linear interpolation); equal
    /// probabilities share a bin, so that bins may differ in size or be empty.
    EqualMass,
}

/// One non-empty bin of a reliability diagram.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReliabilityBin {
    /// Mean probability of the members.
    pub mean_probability: f64,
    /// Share of the members in which the outcome happened.
    pub observed: f64,
    /// Number of members.
    pub count: usize,
}

/// The non-empty bins, by rising probability. A probability that equals an inner edge belongs to
/// the lower bin, as in scikit-learn's `calibration_curve`.
pub fn reliability(
    probabilities: &[f64],
    outcomes: &[bool],
    bins: usize,
    binning: Binning,
) -> Result<Vec<ReliabilityBin>, Undefined> {
    checked(probabilities, outcomes)?;
    if bins == 0 {
        return Err(Undefined::Empty);
    }
    let edges = inner_edges(probabilities, bins, binning);
    let mut sums = vec![(0.0, 0.0, 0_usize); bins];
    for (&p, &y) in probabilities.iter().zip(outcomes) {
        let bin = edges.partition_point(|&edge| edge < p);
        sums[bin].0 += p;
        sums[bin].1 += f64::from(u8::from(y));
        sums[bin].2 += 1;
    }
    Ok(sums
        .into_iter()
        .filter(|&(_, _, count)| count > 0)
        .map(|(p, y, count)| ReliabilityBin {
            mean_probability: p / count as f64,
            observed: y / count as f64,
            count,
        })
        .collect())
}

/// Expected calibration error: `Σ (n_b / n) |observed_b − mean probability_b|`
/// (Naeini et al., AAAI 2015).
pub fn expected_calibration_error(
    probabilities: &[f64],
    outcomes: &[bool],
    bins: usize,
    binning: Binning,
) -> Result<f64, Undefined> {
    let n = probabilities.len() as f64;
    Ok(reliability(probabilities, outcomes, bins, binning)?
        .iter()
        .map(|bin| bin.count as f64 / n * (bin.observed - bin.mean_probability).abs())
        .sum())
}

fn checked(probabilities: &[f64], outcomes: &[bool]) -> Result<(), Undefined> {
    same_length("outcomes", probabilities.len(), outcomes.len())?;
    all_probabilities("probability", probabilities)?;
    if probabilities.is_empty() {
        return Err(Undefined::Empty);
    }
    Ok(())
}

/// The `bins − 1` edges between the bins.
fn inner_edges(probabilities: &[f64], bins: usize, binning: Binning) -> Vec<f64> {
    let step = 1.0 / bins as f64;
    let fractions = (1..bins).map(|edge| edge as f64 * step);
    match binning {
        Binning::EqualWidth => fractions.collect(),
        Binning::EqualMass => {
            let mut sorted = probabilities.to_vec();
            sorted.sort_unstable_by(f64::total_cmp);
            fractions
                .map(|fraction| sorted_quantile(&sorted, fraction))
                .collect()
        }
    }
}

/// Quantile of sorted values with linear interpolation (`numpy.quantile`'s default; type 7 of
/// Hyndman & Fan 1996). `fraction` is in [0, 1]; `sorted` is not empty.
pub(crate) fn sorted_quantile(sorted: &[f64], fraction: f64) -> f64 {
    let position = fraction * (sorted.len() - 1) as f64;
    let below = position.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    let t = position - below as f64;
    let step = sorted[above] - sorted[below];
    // Both forms are the same line; each is exact at its own end, as in NumPy.
    if t < 0.5 {
        sorted[below] + step * t
    } else {
        sorted[above] - step * (1.0 - t)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_perfectly_calibrated_pair_of_bins_has_no_error() {
        let p = [0.25, 0.25, 0.25, 0.25, 0.75, 0.75, 0.75, 0.75];
        let y = [true, false, false, false, true, true, true, false];
        for binning in [Binning::EqualWidth, Binning::EqualMass] {
            assert_eq!(expected_calibration_error(&p, &y, 2, binning), Ok(0.0));
        }
        assert_eq!(brier(&p, &y), Ok(0.1875));
    }

    #[test]
    fn probabilities_outside_zero_one_are_refused() {
        assert!(matches!(
            brier(&[0.2, 1.2], &[true, false]),
            Err(Undefined::Value { index: 1, .. })
        ));
    }
}
