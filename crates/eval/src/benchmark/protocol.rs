//! In: features of the recordings of a task. Out: for one seed, probabilities of the judged
//! recordings by a linear probe that never saw their groups.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::rows::TaskRows;
use crate::error::Error;
use crate::matrix::Matrix;
use crate::metrics::{Undefined, macro_auroc};
use crate::opera::{self, LinearHead, OperaOptions, shuffled};
use crate::probes::{
    Choice, Labelled, LinearProbe, Search, Stop, mean_log_likelihood, refuse_leakage,
    seeded_group_folds,
};

/// Repetitions of a fit. In ours the seed draws the folds, in OPERA's the start and the order.
pub const SEEDS: [u64; 5] = [0, 1, 2, 3, 4];

/// Folds over persons, where a task is cross-validated and where a probe's options are chosen.
const FOLDS: usize = 5;

/// How a linear classifier is fitted on frozen embeddings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Protocol {
    /// Ours: standardised features, logistic regression to convergence, its penalty chosen by the
    /// likelihood of persons left out of the fit, among those that are fitted on.
    Nested,
    /// OPERA's (see [`crate::opera`]), its epoch chosen on a fifth of the persons fitted on.
    Opera(OperaOptions),
}

impl Protocol {
    /// Its name in the names of kept results; raise the number when the same data give others.
    pub(super) fn key(self) -> String {
        match self {
            Self::Nested => "nested-1".into(),
            Self::Opera(options) if options == OperaOptions::default() => "opera-1".into(),
            Self::Opera(options) => format!("opera-1 {options:?}"),
        }
    }

    /// [`Self::predict`] with each of [`SEEDS`].
    ///
    /// # Errors
    /// As there.
    pub fn predict_all(
        self,
        rows: &TaskRows,
        classes: usize,
        features: &Matrix,
    ) -> Result<Vec<Matrix>, Error> {
        if matches!(self, Self::Opera(_)) || rows.fitted.is_empty() {
            let all = SEEDS.map(|seed| self.predict(rows, classes, features, seed));
            return all.into_iter().collect();
        }
        // Seeds that choose the same penalty have the same probe.
        let [fitted, judged] = both(rows, features);
        refuse_leakage(&fitted.groups, &judged.groups)?;
        let mut known: BTreeMap<u64, Matrix> = BTreeMap::new();
        let mut all = Vec::new();
        for seed in SEEDS {
            let choice = choose(&fitted, classes, seed)?;
            let key = choice.c.to_bits();
            if let Entry::Vacant(unknown) = known.entry(key) {
                let probe = LinearProbe::fit_chosen(&fitted, classes, choice)?;
                unknown.insert(probe.probabilities(&judged.features)?);
            }
            all.push(known[&key].clone());
        }
        Ok(all)
    }

    /// Probabilities `[judged, classes]` with one of [`SEEDS`]. `features` has one row for each of
    /// all recordings that any task uses; the rows' indices point there.
    ///
    /// # Errors
    /// A fit is undefined, or a group would be on both sides of one.
    pub fn predict(
        self,
        rows: &TaskRows,
        classes: usize,
        features: &Matrix,
        seed: u64,
    ) -> Result<Matrix, Error> {
        let [fitted, judged] = both(rows, features);
        if !rows.fitted.is_empty() {
            return self.fit_and_predict(&fitted, &judged, classes, seed);
        }
        let folds = folds_of(&judged.groups, seed)?;
        let mut result = Matrix::zeros(judged.len(), classes);
        for fold in 0..FOLDS {
            let (own, others): (Vec<usize>, Vec<usize>) =
                (0..judged.len()).partition(|&row| folds[row] == fold);
            if own.is_empty() {
                continue;
            }
            let fitted = judged.select(&others);
            let part = self.fit_and_predict(&fitted, &judged.select(&own), classes, seed)?;
            for (place, &row) in own.iter().enumerate() {
                result.row_mut(row).copy_from_slice(part.row(place));
            }
        }
        Ok(result)
    }

    fn fit_and_predict(
        self,
        fitted: &Labelled,
        judged: &Labelled,
        classes: usize,
        seed: u64,
    ) -> Result<Matrix, Error> {
        refuse_leakage(&fitted.groups, &judged.groups)?;
        match self {
            Self::Nested => {
                let choice = choose(fitted, classes, seed)?;
                let probe = LinearProbe::fit_chosen(fitted, classes, choice)?;
                Ok(probe.probabilities(&judged.features)?)
            }
            Self::Opera(options) => {
                let head = opera_head(fitted, classes, &options, seed)?;
                Ok(head.probabilities(&judged.features)?)
            }
        }
    }
}

/// What is fitted on and what is judged.
fn both(rows: &TaskRows, features: &Matrix) -> [Labelled; 2] {
    let labelled = |index: &[usize], classes: &[usize], groups: &[usize]| Labelled {
        features: features.select(index),
        classes: classes.to_vec(),
        groups: groups.to_vec(),
    };
    [
        labelled(&rows.fitted, &rows.fitted_classes, &rows.fitted_groups),
        labelled(&rows.judged, &rows.judged_classes, &rows.judged_groups),
    ]
}

/// The penalty that our protocol takes with a seed.
fn choose(fitted: &Labelled, classes: usize, seed: u64) -> Result<Choice, Error> {
    let folds = folds_of(&fitted.groups, seed)?;
    LinearProbe::choose(fitted, classes, &search(), &folds, mean_log_likelihood)
}

/// Penalties that are tried; all observations weigh alike, since AUROC asks for no threshold.
fn search() -> Search {
    Search {
        c: vec![1e-4, 1e-3, 1e-2, 1e-1],
        weight_powers: vec![0.0],
        folds: FOLDS,
        stop: Stop {
            gradient: 1e-3,
            iterations: 100,
        },
    }
}

/// As many folds as there are persons, at most [`FOLDS`].
fn folds_of(groups: &[usize], seed: u64) -> Result<Vec<usize>, Error> {
    let distinct: BTreeSet<usize> = groups.iter().copied().collect();
    seeded_group_folds(groups, FOLDS.min(distinct.len()), seed)
}

/// OPERA divides by file; here the part that selects shares no person with the part that trains. It
/// is the first fold in which two classes occur and without which all classes are left; where there
/// is none, all train and the last epoch is taken.
fn opera_head(
    fitted: &Labelled,
    classes: usize,
    options: &OperaOptions,
    seed: u64,
) -> Result<LinearHead, Error> {
    let folds = folds_of(&fitted.groups, 0)?;
    let all = distinct(&fitted.classes);
    let divided = (0..FOLDS).find_map(|fold| {
        let (selecting, training): (Vec<usize>, Vec<usize>) =
            (0..fitted.len()).partition(|&row| folds[row] == fold);
        let (selecting, training) = (fitted.select(&selecting), fitted.select(&training));
        let usable = distinct(&selecting.classes).len() > 1 && distinct(&training.classes) == all;
        usable.then_some((selecting, training))
    });
    let start = LinearHead::init(classes, fitted.features.columns(), seed);
    let (head, _) = if let Some((selecting, training)) = &divided {
        let occurring: Vec<usize> = distinct(&selecting.classes).into_iter().collect();
        let judge = |head: &LinearHead| -> Result<f64, Undefined> {
            let p = head.probabilities(&selecting.features)?;
            macro_auroc(p.values(), classes, &selecting.classes, &occurring)
        };
        let order = |epoch| shuffled(training.len(), seed, epoch);
        opera::fit(
            start,
            &training.features,
            &training.classes,
            options,
            order,
            judge,
        )?
    } else {
        let options = OperaOptions {
            select_every: options.epochs,
            ..*options
        };
        let order = |epoch| shuffled(fitted.len(), seed, epoch);
        let last = |_: &LinearHead| Ok(0.0);
        opera::fit(
            start,
            &fitted.features,
            &fitted.classes,
            &options,
            order,
            last,
        )?
    };
    Ok(head)
}

fn distinct(classes: &[usize]) -> BTreeSet<usize> {
    classes.iter().copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intervals::GroupKind;
    use crate::metrics::auroc;

    /// 30 persons with 4 recordings each; the class shifts the first feature.
    fn task(cross_validated: bool) -> (TaskRows, Matrix) {
        let class = |i: usize| (i / 4) % 2;
        let noise =
            |i: usize, salt: usize| ((i * 7919 + salt * 104_729) % 1000) as f64 / 500.0 - 1.0;
        let features: Vec<[f64; 3]> = (0..120)
            .map(|i| [noise(i, 1) + class(i) as f64, noise(i, 2), noise(i, 3)])
            .collect();
        let (fitted, judged): (Vec<usize>, Vec<usize>) = if cross_validated {
            (vec![], (0..120).collect())
        } else {
            (0..120).partition(|i| i / 4 < 20)
        };
        let classes = |rows: &[usize]| rows.iter().map(|&i| class(i)).collect();
        let groups = |rows: &[usize]| -> Vec<usize> { rows.iter().map(|&i| i / 4).collect() };
        let rows = TaskRows {
            fitted_classes: classes(&fitted),
            judged_classes: classes(&judged),
            fitted_groups: groups(&fitted),
            judged_groups: groups(&judged),
            units: groups(&judged),
            unit_count: 30,
            kind: GroupKind::Patients,
            population: "made up".into(),
            fitted,
            judged,
        };
        (rows, Matrix::from_rows(&features).unwrap())
    }

    #[test]
    fn all_seeds_at_once_are_each_seed_alone() {
        for (cross_validated, protocol) in [
            (false, Protocol::Nested),
            (false, Protocol::Opera(OperaOptions::default())),
            (true, Protocol::Nested),
        ] {
            let (rows, features) = task(cross_validated);
            let all = protocol.predict_all(&rows, 2, &features).unwrap();
            let alone = SEEDS.map(|seed| protocol.predict(&rows, 2, &features, seed).unwrap());
            assert_eq!(all, alone);
        }
    }

    #[test]
    fn both_protocols_find_what_separates_in_both_designs() {
        for cross_validated in [false, true] {
            let (rows, features) = task(cross_validated);
            let truth: Vec<bool> = rows.judged_classes.iter().map(|c| *c == 1).collect();
            for protocol in [Protocol::Nested, Protocol::Opera(OperaOptions::default())] {
                let p = protocol.predict(&rows, 2, &features, 0).unwrap();
                assert_eq!(p.rows(), rows.judged.len());
                let area = auroc(&p.column(1), &truth).unwrap();
                assert!(area > 0.7, "{protocol:?}, {cross_validated}: {area}");
                assert_eq!(p, protocol.predict(&rows, 2, &features, 0).unwrap());
            }
        }
    }

    #[test]
    fn a_group_on_both_sides_is_refused() {
        let (mut rows, features) = task(false);
        rows.judged_groups[0] = rows.fitted_groups[0];
        let result = Protocol::Nested.predict(&rows, 2, &features, 0);
        assert!(matches!(result, Err(Error::Leakage { shared: 1, .. })));
    }
}
