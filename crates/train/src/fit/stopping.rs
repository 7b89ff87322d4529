//! Early stopping: a figure per epoch in, whether to go on out.

use serde::{Deserialize, Serialize};

/// Stops after epochs without progress, and keeps the weights of the best one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlyStopping {
    /// The figure that decides; higher is better.
    pub figure: String,
    /// Epochs without a better value after which training ends.
    pub patience: usize,
}

/// The best epoch so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Best {
    /// Bits of the value: JSON would round it.
    value: u64,
    /// Optimisation steps done then.
    pub step: usize,
}

impl EarlyStopping {
    /// The best epoch after this one with these figures; `None` where it is not this one.
    pub(super) fn improved(
        &self,
        best: Option<Best>,
        figures: &[(String, f64)],
        step: usize,
    ) -> Option<Best> {
        let (_, value) = figures.iter().find(|(name, _)| *name == self.figure)?;
        let better = best.is_none_or(|best| *value > f64::from_bits(best.value));
        (better && value.is_finite()).then_some(Best {
            value: value.to_bits(),
            step,
        })
    }

    /// Whether `patience` epochs have passed since the best one.
    pub(super) fn is_over(&self, best: Option<Best>, step: usize, per_epoch: usize) -> bool {
        best.is_some_and(|best| (step - best.step) / per_epoch.max(1) >= self.patience)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_epoch_is_remembered_until_patience_ends() {
        let stopping = EarlyStopping {
            figure: "auroc".into(),
            patience: 2,
        };
        let at = |value| vec![("other".to_owned(), 1.0), ("auroc".to_owned(), value)];
        let first = stopping.improved(None, &at(0.7), 4);
        assert_eq!(first.map(|best| best.step), Some(4));
        assert_eq!(stopping.improved(first, &at(0.7), 8), None);
        assert_eq!(stopping.improved(first, &at(f64::NAN), 8), None);
        assert_eq!(stopping.improved(first, &[], 8), None);
        assert!(!stopping.is_over(first, 8, 4));
        assert!(stopping.is_over(first, 12, 4));
        let second = stopping.improved(first, &at(0.8), 8);
        assert!(!stopping.is_over(second, 12, 4));
        assert!(!stopping.is_over(None, 100, 4));
    }
}
