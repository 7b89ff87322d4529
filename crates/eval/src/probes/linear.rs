//! In: features, classes and patients of a training set. Out: a standardised logistic regression
//! whose penalty and class weighting were chosen by group-wise cross-validation inside that set.

use rayon::prelude::*;

use super::folds::group_folds;
use super::lbfgs::Stop;
use super::logistic::{LogisticOptions, LogisticRegression, TrainingData, class_weights};
use super::standardise::Standardiser;
use crate::error::Error;
use crate::intervals::GroupKind;
use crate::matrix::Matrix;
use crate::metrics::{Undefined, all_classes, same_length};
use crate::predictions::Predictions;

/// A labelled set: features `[observations, features]`, class and group of every row.
#[derive(Debug, Clone, PartialEq)]
pub struct Labelled {
    /// Features, `[observations, features]`.
    pub features: Matrix,
    /// Class of every observation.
    pub classes: Vec<usize>,
    /// Patient or block of every observation.
    pub groups: Vec<usize>,
}

impl Labelled {
    /// The given observations.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        Self {
            features: self.features.select(rows),
            classes: rows.iter().map(|&row| self.classes[row]).collect(),
            groups: rows.iter().map(|&row| self.groups[row]).collect(),
        }
    }

    /// Number of groups that have an observation of `class`.
    pub fn patients_with(&self, class: usize) -> usize {
        let groups: std::collections::HashSet<usize> = self
            .groups
            .iter()
            .zip(&self.classes)
            .filter(|&(_, &c)| c == class)
            .map(|(&group, _)| group)
            .collect();
        groups.len()
    }

    /// Number of observations.
    pub fn len(&self) -> usize {
        self.classes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }
}

/// What the cross-validation tries.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// Inverse penalties, rising.
    pub c: Vec<f64>,
    /// Exponents of the class weights, see [`class_weights`].
    pub weight_powers: Vec<f64>,
    /// Number of folds over groups; fewer where there are fewer groups.
    pub folds: usize,
}

impl Default for Search {
    /// C from 1e-4 to 1, plain, root and balanced class weights, 5 folds.
    fn default() -> Self {
        Self {
            c: vec![1e-4, 1e-3, 1e-2, 1e-1, 1.0],
            weight_powers: vec![0.0, 0.5, 1.0],
            folds: 5,
        }
    }
}

/// What the cross-validation chose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// Inverse penalty.
    pub c: f64,
    /// Exponent of the class weights.
    pub weight_power: f64,
    /// The criterion on the out-of-fold predictions.
    pub criterion: f64,
}

/// Standardisation and logistic regression.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearProbe {
    standardiser: Standardiser,
    model: LogisticRegression,
    /// The penalty and weighting used.
    pub choice: Choice,
}

/// Gradient to which the folds are solved: their predictions then no longer change visibly.
const FOLD_STOP: Stop = Stop {
    gradient: 1e-4,
    iterations: 400,
};

impl LinearProbe {
    /// Chooses the candidate whose out-of-fold predictions maximise `criterion`, then fits it on
    /// all of `training`. Equal candidates: the smaller C, then the smaller exponent.
    pub fn fit(
        training: &Labelled,
        class_count: usize,
        search: &Search,
        criterion: impl Fn(&Predictions) -> Result<f64, Undefined> + Sync,
    ) -> Result<Self, Error> {
        same_length("classes", training.features.rows(), training.classes.len())?;
        same_length("groups", training.features.rows(), training.groups.len())?;
        all_classes(&training.classes, class_count)?;
        let mut distinct = training.groups.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let folds = group_folds(&training.groups, search.folds.min(distinct.len()))?;
        let choice = choose(training, class_count, search, &folds, criterion)?;
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

fn choose(
    training: &Labelled,
    class_count: usize,
    search: &Search,
    folds: &[usize],
    criterion: impl Fn(&Predictions) -> Result<f64, Undefined> + Sync,
) -> Result<Choice, Error> {
    let fold_count = folds.iter().max().map_or(0, |most| most + 1);
    let jobs: Vec<(f64, usize)> = search
        .weight_powers
        .iter()
        .flat_map(|&power| (0..fold_count).map(move |fold| (power, fold)))
        .collect();
    let held_out: Vec<FoldProbabilities> = jobs
        .par_iter()
        .map(|&(power, fold)| fit_path(training, class_count, search, folds, fold, power))
        .collect::<Result<_, _>>()?;
    let mut best: Option<Choice> = None;
    let mut reason = Undefined::Empty;
    for (c_index, &c) in search.c.iter().enumerate() {
        for (power_index, &weight_power) in search.weight_powers.iter().enumerate() {
            let mut probabilities = Matrix::zeros(training.len(), class_count);
            for part in &held_out[power_index * fold_count..(power_index + 1) * fold_count] {
                for (i, &row) in part.rows.iter().enumerate() {
                    probabilities
                        .row_mut(row)
                        .copy_from_slice(part.by_c[c_index].row(i));
                }
            }
            let predictions = Predictions::new(
                probabilities,
                training.classes.clone(),
                training.groups.clone(),
                GroupKind::Patients,
            )?;
            match criterion(&predictions) {
                Ok(value) if best.is_none_or(|b| value > b.criterion) => {
                    best = Some(Choice {
                        c,
                        weight_power,
                        criterion: value,
                    });
                }
                Ok(_) => {}
                Err(undefined) => reason = undefined,
            }
        }
    }
    best.ok_or(Error::NoCandidate(reason))
}

struct FoldProbabilities {
    rows: Vec<usize>,
    by_c: Vec<Matrix>,
}

/// Fits all C on the other folds, each from its neighbour's solution, and predicts `fold`.
fn fit_path(
    training: &Labelled,
    class_count: usize,
    search: &Search,
    folds: &[usize],
    fold: usize,
    power: f64,
) -> Result<FoldProbabilities, Error> {
    let (rows, others): (Vec<usize>, Vec<usize>) =
        (0..training.len()).partition(|&row| folds[row] == fold);
    let inner = training.select(&others);
    let standardiser = Standardiser::fit(&inner.features)?;
    let features = standardiser.apply(&inner.features)?;
    let evaluated = standardiser.apply(&training.features.select(&rows))?;
    let weights = class_weights(&inner.classes, class_count, power);
    let mut by_c = Vec::with_capacity(search.c.len());
    let mut model: Option<LogisticRegression> = None;
    if let [first, rest @ ..] = &inner.classes[..]
        && rest.iter().all(|class| class == first)
    {
        // Small databases: the other folds know one class only, and so predict it.
        let mut certain = Matrix::zeros(rows.len(), class_count);
        (0..rows.len()).for_each(|row| certain.row_mut(row)[*first] = 1.0);
        by_c.resize(search.c.len(), certain);
        return Ok(FoldProbabilities { rows, by_c });
    }
    for &c in &search.c {
        let fitted = LogisticRegression::fit(
            TrainingData {
                features: &features,
                classes: &inner.classes,
                class_count,
                weights: &weights,
            },
            LogisticOptions { c, stop: FOLD_STOP },
            model.as_ref(),
        )?;
        by_c.push(fitted.probabilities(&evaluated)?);
        model = Some(fitted);
    }
    Ok(FoldProbabilities { rows, by_c })
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
