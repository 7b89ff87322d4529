//! In: labelled features and the split of every row. Out: a probe fitted on one part and its
//! predictions on the other.

use laennec_corpus::Split;

use crate::error::Error;
use crate::intervals::GroupKind;
use crate::metrics::Undefined;
use crate::predictions::Predictions;
use crate::probes::{Choice, Labelled, LinearProbe, Search, refuse_leakage};

/// What trains and what is evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldOut {
    /// Fits, and chooses the options by cross-validation.
    pub training: Labelled,
    /// Only evaluated.
    pub evaluation: Labelled,
}

impl HeldOut {
    /// Rows of the training and calibration patients train (a probe needs no calibration set),
    /// those of the validation patients are evaluated, all others are left out.
    pub fn by_split(rows: &Labelled, splits: &[Option<Split>]) -> Result<Self, Error> {
        crate::metrics::same_length("splits", rows.len(), splits.len())?;
        let of = |wanted: &[Split]| -> Vec<usize> {
            (0..splits.len())
                .filter(|&row| splits[row].is_some_and(|split| wanted.contains(&split)))
                .collect()
        };
        Self::new(
            rows.select(&of(&[Split::Train, Split::Calibration])),
            rows.select(&of(&[Split::Validation])),
        )
    }

    /// Refuses groups on both sides, and sides without rows.
    pub fn new(training: Labelled, evaluation: Labelled) -> Result<Self, Error> {
        if training.is_empty() || evaluation.is_empty() {
            return Err(Undefined::Empty.into());
        }
        refuse_leakage(&training.groups, &evaluation.groups)?;
        Ok(Self {
            training,
            evaluation,
        })
    }

    /// Fits on the training side by `criterion` (see [`LinearProbe::fit`]) and predicts the other.
    pub fn probe(
        &self,
        class_count: usize,
        search: &Search,
        criterion: impl Fn(&Predictions) -> Result<f64, Undefined> + Sync,
    ) -> Result<(Choice, Predictions), Error> {
        let probe = LinearProbe::fit(&self.training, class_count, search, criterion)?;
        let predictions = probe.predict(&self.evaluation, GroupKind::Patients)?;
        Ok((probe.choice, predictions))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::Matrix;

    #[test]
    fn a_patient_on_both_sides_is_refused() {
        let rows = Labelled {
            features: Matrix::new(3, 1, vec![0.0, 1.0, 2.0]).unwrap(),
            classes: vec![0, 1, 0],
            groups: vec![5, 6, 6],
        };
        let splits = [
            Some(Split::Train),
            Some(Split::Calibration),
            Some(Split::Validation),
        ];
        assert!(matches!(
            HeldOut::by_split(&rows, &splits),
            Err(Error::Leakage { shared: 1, .. })
        ));
        let splits = [Some(Split::Train), None, Some(Split::Validation)];
        let held = HeldOut::by_split(&rows, &splits).unwrap();
        assert_eq!((held.training.len(), held.evaluation.len()), (1, 1));
    }
}
