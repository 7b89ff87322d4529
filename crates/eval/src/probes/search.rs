//! In: a labelled training set, candidate penalties and class weightings. Out: the candidate whose
//! predictions of patients left out of the fit are best.

use rayon::prelude::*;

use super::labelled::Labelled;
use super::lbfgs::Stop;
use super::logistic::{LogisticOptions, LogisticRegression, TrainingData, class_weights};
use super::standardise::Standardiser;
use crate::error::Error;
use crate::intervals::GroupKind;
use crate::matrix::Matrix;
use crate::metrics::Undefined;
use crate::predictions::Predictions;

/// What the cross-validation tries.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// Inverse penalties, rising.
    pub c: Vec<f64>,
    /// Exponents of the class weights, see [`class_weights`].
    pub weight_powers: Vec<f64>,
    /// Number of folds over groups; fewer where there are fewer groups.
    pub folds: usize,
    /// How closely the folds are solved; what is chosen is then solved to the end.
    pub stop: Stop,
}

impl Default for Search {
    /// C from 1e-4 to 1, plain, root and balanced class weights, 5 folds.
    fn default() -> Self {
        Self {
            c: vec![1e-4, 1e-3, 1e-2, 1e-1, 1.0],
            weight_powers: vec![0.0, 0.5, 1.0],
            folds: 5,
            stop: FOLD_STOP,
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

/// Gradient to which the folds are solved: their predictions then no longer change visibly.
const FOLD_STOP: Stop = Stop {
    gradient: 1e-4,
    iterations: 400,
};

/// The candidate that maximises `criterion` over the out-of-fold predictions; `folds` holds the fold
/// of every observation.
pub(super) fn choose(
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
            LogisticOptions {
                c,
                stop: search.stop,
            },
            model.as_ref(),
        )?;
        by_c.push(fitted.probabilities(&evaluated)?);
        model = Some(fitted);
    }
    Ok(FoldProbabilities { rows, by_c })
}
