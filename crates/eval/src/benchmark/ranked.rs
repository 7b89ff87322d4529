//! In: one score and one truth per observation. Out: the AUROC under any weights of the
//! observations, without sorting again; a resample of patients is a set of weights.

use crate::metrics::{Undefined, all_finite, same_length};

/// Observations in the order of their scores.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedScores {
    /// Observations by falling score.
    order: Vec<usize>,
    /// For each place in the order whether the next one has a lower score.
    ends_tie: Vec<bool>,
    positive: Vec<bool>,
}

impl RankedScores {
    /// Sorts the observations.
    pub fn new(scores: &[f64], positive: Vec<bool>) -> Result<Self, Undefined> {
        same_length("truth", scores.len(), positive.len())?;
        all_finite("score", scores)?;
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_unstable_by(|&a, &b| scores[b].total_cmp(&scores[a]).then(a.cmp(&b)));
        let ends_tie = (0..order.len())
            .map(|place| {
                let next = order.get(place + 1);
                next.is_none_or(|&next| scores[next] != scores[order[place]])
            })
            .collect();
        Ok(Self {
            order,
            ends_tie,
            positive,
        })
    }

    /// Area under the ROC curve with one non-negative weight an observation, ties half.
    pub fn auroc(&self, weights: &[f64]) -> Result<f64, Undefined> {
        same_length("weights", self.order.len(), weights.len())?;
        let (mut above, mut below, mut area) = (0.0, 0.0, 0.0);
        let (mut positives, mut negatives) = (0.0, 0.0);
        for (&index, &ends_tie) in self.order.iter().zip(&self.ends_tie) {
            if self.positive[index] {
                positives += weights[index];
            } else {
                negatives += weights[index];
            }
            if ends_tie {
                area += negatives * (above + 0.5 * positives);
                above += positives;
                below += negatives;
                (positives, negatives) = (0.0, 0.0);
            }
        }
        if above <= 0.0 {
            Err(Undefined::NoneOf("positive"))
        } else if below <= 0.0 {
            Err(Undefined::NoneOf("negative"))
        } else {
            Ok(area / (above * below))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::auroc_weighted;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_the_weighted_auroc(
            cases in proptest::collection::vec((0_u8..6, any::<bool>(), 0_u8..4), 0..40),
        ) {
            let scores: Vec<f64> = cases.iter().map(|c| f64::from(c.0) / 8.0).collect();
            let positive: Vec<bool> = cases.iter().map(|c| c.1).collect();
            let weights: Vec<f64> = cases.iter().map(|c| f64::from(c.2)).collect();
            let ranked = RankedScores::new(&scores, positive.clone()).unwrap();
            match auroc_weighted(&scores, &positive, &weights) {
                Ok(area) => prop_assert!((ranked.auroc(&weights).unwrap() - area).abs() < 1e-12),
                Err(_) => prop_assert!(ranked.auroc(&weights).is_err()),
            }
        }
    }
}
