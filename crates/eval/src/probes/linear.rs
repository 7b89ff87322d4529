//! In: features, classes and patients of a training set. Out: a standardised logistic regression
//! whose penalty and class weighting were chosen by group-wise cross-validation inside that set.

use super::folds::group_folds;
use super::labelled::Labelled;
use super::lbfgs::Stop;
use super::logistic::{LogisticOptions, LogisticRegression, TrainingData, class_weights};
use super::search::{Choice, Search, choose};
use super::standardise::Standardiser;
use crate::error::Error;
use crate::intervals::GroupKind;
use crate::matrix::Matrix;
use crate::metrics::{Undefined, all_classes, same_length};
use crate::predictions::Predictions;

/// Standardisation and logistic regression.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearProbe {
    standardiser: Standardiser,
    model: LogisticRegression,
    /// The penalty and weighting used.
    pub choice: Choice,
}

impl LinearProbe {
    /// Chooses the candidate whose out-of-fold predictions maximise `criterion`, then fits it on
    /// all of `training`. Equal candidates: the smaller C, then the smaller exponent.
    pub fn fit(
        training: &Labelled,
        class_count: usize,
        search: &Search,
        criterion: impl Fn(&Predictions) -> Result<f64, Undefined> + Sync,
    ) -> Result<Self, Error> {
        let mut distinct = training.groups.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let folds = group_folds(&training.groups, search.folds.min(distinct.len()))?;
        Self::fit_in_folds(training, class_count, search, &folds, criterion)
    }

    /// [`Self::fit`] with the fold of every observation given, which must not divide a group.
    pub fn fit_in_folds(
        training: &Labelled,
        class_count: usize,
        search: &Search,
        folds: &[usize],
        criterion: impl Fn(&Predictions) -> Result<f64, Undefined> + Sync,
    ) -> Result<Self, Error> {
        let choice = Self::choose(training, class_count, search, folds, criterion)?;
        Self::fit_chosen(training, class_count, choice)
    }

    /// The choice of [`Self::fit_in_folds`] alone.
    pub fn choose(
        training: &Labelled,
        class_count: usize,
        search: &Search,
        folds: &[usize],
        criterion: impl Fn(&Predictions) -> Result<f64, Undefined> + Sync,
    ) -> Result<Choice, Error> {
        same_length("classes", training.features.rows(), training.classes.len())?;
        same_length("groups", training.features.rows(), training.groups.len())?;
        same_length("folds", training.features.rows(), folds.len())?;
        all_classes(&training.classes, class_count)?;
        choose(training, class_count, search, folds, criterion)
    }

    /// The probe with that penalty and weighting, fitted on all of `training`.
    pub fn fit_chosen(
        training: &Labelled,
        class_count: usize,
        choice: Choice,
    ) -> Result<Self, Error> {
        let standardiser = Standardiser::fit(&training.features)?;
        let model = LogisticRegression::fit(
            TrainingData {
                features: &standardiser.apply(&training.features)?,
                classes: &training.classes,
                class_count,
                weights: &class_weights(&training.classes, class_count, choice.weight_power),
            },
            LogisticOptions {
                c: choice.c,
                stop: Stop {
                    gradient: 1e-5,
                    iterations: 2000,
                },
            },
            None,
        )?;
        Ok(Self {
            standardiser,
            model,
            choice,
        })
    }

    /// Class probabilities `[observations, class_count]`.
    pub fn probabilities(&self, features: &Matrix) -> Result<Matrix, Undefined> {
        self.model
            .probabilities(&self.standardiser.apply(features)?)
    }

    /// Predictions on a labelled set that shares no group with the training set (which the caller
    /// checks with [`super::refuse_leakage`], since the probe does not keep its groups).
    pub fn predict(&self, set: &Labelled, kind: GroupKind) -> Result<Predictions, Undefined> {
        Predictions::new(
            self.probabilities(&set.features)?,
            set.classes.clone(),
            set.groups.clone(),
            kind,
        )
    }
}

/// Mean log-probability of the truth: a criterion for [`LinearProbe::fit`].
pub fn mean_log_likelihood(predictions: &Predictions) -> Result<f64, Undefined> {
    if predictions.is_empty() {
        return Err(Undefined::Empty);
    }
    let sum: f64 = predictions
        .truth()
        .iter()
        .enumerate()
        .map(|(row, &class)| predictions.probabilities().row(row)[class].max(1e-12).ln())
        .sum();
    Ok(sum / predictions.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two clouds that overlap, ten observations a group.
    fn clouds() -> Labelled {
        let mut rows = Vec::new();
        let mut classes = Vec::new();
        let mut state = 1_u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) as f64 / (1_u64 << 31) as f64 - 0.5
        };
        for i in 0..200 {
            let class = i % 2;
            rows.push([next() + 0.4 * class as f64, next(), 100.0 * next()]);
            classes.push(class);
        }
        Labelled {
            features: Matrix::from_rows(&rows).unwrap(),
            classes,
            groups: (0..200).map(|i| i / 10).collect(),
        }
    }

    #[test]
    fn learns_what_separates_and_is_deterministic() {
        let set = clouds();
        let (training, validation): (Vec<usize>, Vec<usize>) = (0..200).partition(|i| i / 10 < 14);
        let (training, validation) = (set.select(&training), set.select(&validation));
        let search = Search::default();
        let probe = LinearProbe::fit(&training, 2, &search, mean_log_likelihood).unwrap();
        let again = LinearProbe::fit(&training, 2, &search, mean_log_likelihood).unwrap();
        assert_eq!(probe, again);
        let predictions = probe.predict(&validation, GroupKind::Patients).unwrap();
        let auroc = predictions
            .auroc_of(&[1], &crate::intervals::Bootstrap::default())
            .unwrap();
        assert!(auroc.value > 0.8, "{auroc}");
    }

    #[test]
    fn folds_that_leave_one_class_to_learn_from_predict_it() {
        // Two groups of one class each: every fold trains on the class that it does not evaluate.
        let set = Labelled {
            features: Matrix::new(4, 1, vec![0.0, 0.1, 1.0, 1.1]).unwrap(),
            classes: vec![0, 0, 1, 1],
            groups: vec![0, 0, 1, 1],
        };
        assert_eq!(set.patients_with(1), 1);
        let probe = LinearProbe::fit(&set, 2, &Search::default(), mean_log_likelihood).unwrap();
        assert!(probe.choice.criterion < -20.0);
        assert_eq!(
            probe.probabilities(&set.features).unwrap().row_argmax(),
            set.classes
        );
    }

    #[test]
    fn a_criterion_that_is_never_defined_is_an_error() {
        let result = LinearProbe::fit(&clouds(), 2, &Search::default(), |_| Err(Undefined::Empty));
        assert!(matches!(result, Err(Error::NoCandidate(Undefined::Empty))));
    }
}
