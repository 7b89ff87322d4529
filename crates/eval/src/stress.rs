//! In: predictions and other class shares than the data have. Out: the same figures as if the
//! classes occurred in those shares.
//!
//! Another hospital has more wheeze and fewer poor recordings. Each observation is weighted by
//! (share there) / (share here) of its true class; this assumes that recordings of a class look
//! alike in both places, so it shows the effect of prevalence alone and not of new devices.

use crate::metrics::{
    ConfusionMatrix, LungScore, Undefined, all_classes, auroc_weighted, same_length,
};
use crate::predictions::Predictions;

/// Shares of the classes, summing to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassShares(Vec<f64>);

impl ClassShares {
    /// From non-negative numbers, which are scaled to sum 1.
    pub fn new(numbers: Vec<f64>) -> Result<Self, Undefined> {
        let sum: f64 = numbers.iter().sum();
        for (index, &value) in numbers.iter().enumerate() {
            if !value.is_finite() || value < 0.0 {
                return Err(Undefined::Value {
                    what: "class share",
                    index,
                    value,
                    range: "[0, inf)",
                });
            }
        }
        if sum <= 0.0 {
            return Err(Undefined::Empty);
        }
        Ok(Self(numbers.into_iter().map(|n| n / sum).collect()))
    }

    /// As observed.
    pub fn observed(truth: &[usize], class_count: usize) -> Result<Self, Undefined> {
        all_classes(truth, class_count)?;
        let mut counts = vec![0.0; class_count];
        for &class in truth {
            counts[class] += 1.0;
        }
        Self::new(counts)
    }

    /// With the share of `class` set to `share` and the others scaled to fill the rest.
    pub fn with_share(&self, class: usize, share: f64) -> Result<Self, Undefined> {
        all_classes(&[class], self.0.len())?;
        if !(0.0..1.0).contains(&share) {
            return Err(Undefined::Value {
                what: "class share",
                index: class,
                value: share,
                range: "[0, 1)",
            });
        }
        let others = 1.0 - self.0[class];
        let mut shares: Vec<f64> = self
            .0
            .iter()
            .map(|s| {
                if others > 0.0 {
                    s * (1.0 - share) / others
                } else {
                    0.0
                }
            })
            .collect();
        shares[class] = share;
        Self::new(shares)
    }

    /// With the share of `class` multiplied by `factor` and all scaled back to sum 1.
    pub fn scaled(&self, class: usize, factor: f64) -> Result<Self, Undefined> {
        all_classes(&[class], self.0.len())?;
        let mut shares = self.0.clone();
        shares[class] *= factor;
        Self::new(shares)
    }

    /// The shares.
    pub fn shares(&self) -> &[f64] {
        &self.0
    }
}

/// Weight of every observation that turns the observed shares into `target`. Undefined where a
/// class with a share in `target` has no observation.
pub fn prevalence_weights(truth: &[usize], target: &ClassShares) -> Result<Vec<f64>, Undefined> {
    let observed = ClassShares::observed(truth, target.0.len())?;
    for class in 0..target.0.len() {
        if target.0[class] > 0.0 && observed.0[class] == 0.0 {
            return Err(Undefined::OneSided(class));
        }
    }
    Ok(truth
        .iter()
        .map(|&class| target.0[class] / observed.0[class])
        .collect())
}

/// The lung challenges' figures at other class shares.
pub fn reweighted_lung_score(
    predictions: &Predictions,
    normal: usize,
    target: &ClassShares,
) -> Result<LungScore, Undefined> {
    same_length("class shares", predictions.class_count(), target.0.len())?;
    let weights = prevalence_weights(predictions.truth(), target)?;
    let matrix = ConfusionMatrix::weighted(
        predictions.truth(),
        &predictions.predicted(),
        predictions.class_count(),
        &weights,
    )?;
    LungScore::from_matrix(&matrix, normal)
}

/// AUROC of "the truth is among `positive`" at other class shares.
pub fn reweighted_auroc(
    predictions: &Predictions,
    positive: &[usize],
    target: &ClassShares,
) -> Result<f64, Undefined> {
    same_length("class shares", predictions.class_count(), target.0.len())?;
    let (scores, truth) = predictions.binary(positive)?;
    auroc_weighted(
        &scores,
        &truth,
        &prevalence_weights(predictions.truth(), target)?,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intervals::GroupKind;
    use crate::matrix::Matrix;

    #[test]
    fn reweighting_equals_repeating_recordings() {
        let rows = [
            [0.6, 0.3, 0.1],
            [0.2, 0.7, 0.1],
            [0.3, 0.2, 0.5],
            [0.5, 0.1, 0.4],
        ];
        let truth = [0, 1, 2, 2];
        let make = |indices: &[usize]| {
            let rows: Vec<[f64; 3]> = indices.iter().map(|&i| rows[i]).collect();
            let truth: Vec<usize> = indices.iter().map(|&i| truth[i]).collect();
            let groups = (0..truth.len()).collect();
            let matrix = Matrix::from_rows(&rows).unwrap();
            Predictions::new(matrix, truth, groups, GroupKind::Recordings).unwrap()
        };
        let here = make(&[0, 1, 2, 3]);
        let there = make(&[0, 0, 0, 1, 1, 2, 3]);
        let shares = ClassShares::observed(there.truth(), 3).unwrap();
        let reweighted = reweighted_lung_score(&here, 0, &shares).unwrap();
        let repeated = crate::metrics::sprsound(there.truth(), &there.predicted(), 3, 0).unwrap();
        assert!((reweighted.score() - repeated.score()).abs() < 1e-12);
        let area = reweighted_auroc(&here, &[1, 2], &shares).unwrap();
        let (scores, positive) = there.binary(&[1, 2]).unwrap();
        let repeated = crate::metrics::auroc(&scores, &positive).unwrap();
        assert!((area - repeated).abs() < 1e-12);
    }

    #[test]
    fn a_share_of_a_class_never_seen_is_undefined() {
        let target = ClassShares::new(vec![1.0, 1.0, 1.0]).unwrap();
        assert_eq!(
            prevalence_weights(&[0, 1, 1], &target),
            Err(Undefined::OneSided(2))
        );
        let moved = target.with_share(2, 0.0).unwrap();
        assert_eq!(moved.shares(), [0.5, 0.5, 0.0]);
    }
}
