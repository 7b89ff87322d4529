//! In: class probabilities, truth and patient of every observation. Out: `Predictions`, from
//! which every table row is computed, whether a probe or the shipped model predicted.

use crate::error::Error;
use crate::intervals::{Bootstrap, Estimate, GroupKind};
use crate::matrix::Matrix;
use crate::metrics::{self, LungScore, Undefined, all_classes, all_finite, same_length};

/// Class probabilities of a set of observations, with their truth and groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Predictions {
    probabilities: Matrix,
    truth: Vec<usize>,
    groups: Vec<usize>,
    kind: GroupKind,
}

/// A figure that is read off a confusion with a class "normal".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LungFigure {
    /// Share of the not-normal observations whose exact class was predicted.
    Sensitivity,
    /// Share of the normal observations predicted as normal.
    Specificity,
    /// Mean of the two.
    Average,
    /// Harmonic mean of the two.
    Harmonic,
    /// Mean of the last two: the `SPRSound` challenges' Score.
    Score,
}

impl LungFigure {
    fn of(self, score: LungScore) -> f64 {
        match self {
            Self::Sensitivity => score.sensitivity,
            Self::Specificity => score.specificity,
            Self::Average => score.average(),
            Self::Harmonic => score.harmonic(),
            Self::Score => score.score(),
        }
    }
}

impl Predictions {
    /// `probabilities` is `[observations, classes]`; `groups` are the observations' patients (or
    /// blocks, as `kind` says), numbered in any way.
    pub fn new(
        probabilities: Matrix,
        truth: Vec<usize>,
        groups: Vec<usize>,
        kind: GroupKind,
    ) -> Result<Self, Undefined> {
        same_length("truth", probabilities.rows(), truth.len())?;
        same_length("groups", probabilities.rows(), groups.len())?;
        all_classes(&truth, probabilities.columns())?;
        all_finite("probability", probabilities.values())?;
        Ok(Self {
            probabilities,
            truth,
            groups,
            kind,
        })
    }

    /// Number of observations.
    pub fn len(&self) -> usize {
        self.truth.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.truth.is_empty()
    }

    /// Number of classes.
    pub fn class_count(&self) -> usize {
        self.probabilities.columns()
    }

    /// Probabilities `[observations, classes]`.
    pub fn probabilities(&self) -> &Matrix {
        &self.probabilities
    }

    /// True classes.
    pub fn truth(&self) -> &[usize] {
        &self.truth
    }

    /// Group of every observation.
    pub fn groups(&self) -> &[usize] {
        &self.groups
    }

    /// The most probable class of every observation.
    pub fn predicted(&self) -> Vec<usize> {
        self.probabilities.row_argmax()
    }

    /// The given observations only.
    #[must_use]
    pub fn select(&self, observations: &[usize]) -> Self {
        Self {
            probabilities: self.probabilities.select(observations),
            truth: observations.iter().map(|&i| self.truth[i]).collect(),
            groups: observations.iter().map(|&i| self.groups[i]).collect(),
            kind: self.kind,
        }
    }

    /// The same, resampled by single observations: where all are of one block, or the persons are
    /// unknown. Intervals are then optimistic.
    #[must_use]
    pub fn by_recording(&self) -> Self {
        Self {
            groups: (0..self.len()).collect(),
            kind: GroupKind::Recordings,
            ..self.clone()
        }
    }

    /// The observations whose true class is not `class`.
    #[must_use]
    pub fn without_class(&self, class: usize) -> Self {
        let kept: Vec<usize> = (0..self.len())
            .filter(|&i| self.truth[i] != class)
            .collect();
        self.select(&kept)
    }

    /// Never predicts `classes`: their probability becomes 0 and the rest is scaled to sum 1
    /// (rows that had nothing else stay 0). Truth is untouched, so each of them counts as missed.
    pub fn never_predicting(&self, classes: &[usize]) -> Result<Self, Error> {
        all_classes(classes, self.class_count())?;
        let mut result = self.clone();
        for row in 0..result.len() {
            let row = result.probabilities.row_mut(row);
            for &class in classes {
                row[class] = 0.0;
            }
            let sum: f64 = row.iter().sum();
            if sum > 0.0 {
                for p in row.iter_mut() {
                    *p /= sum;
                }
            }
        }
        Ok(result)
    }

    /// A figure of the lung challenges over the most probable classes, resampled over groups.
    pub fn lung_figure(
        &self,
        figure: LungFigure,
        normal: usize,
        bootstrap: &Bootstrap,
    ) -> Result<Estimate, Undefined> {
        let predicted = self.predicted();
        self.estimate(bootstrap, |indices| {
            let truth: Vec<usize> = indices.iter().map(|&i| self.truth[i]).collect();
            let called: Vec<usize> = indices.iter().map(|&i| predicted[i]).collect();
            metrics::sprsound(&truth, &called, self.class_count(), normal).map(|s| figure.of(s))
        })
    }

    /// AUROC of "the truth is among `positive`" by the summed probability of those classes.
    pub fn auroc_of(
        &self,
        positive: &[usize],
        bootstrap: &Bootstrap,
    ) -> Result<Estimate, Undefined> {
        let (scores, truth) = self.binary(positive)?;
        self.estimate(bootstrap, |indices| {
            let scores: Vec<f64> = indices.iter().map(|&i| scores[i]).collect();
            let truth: Vec<bool> = indices.iter().map(|&i| truth[i]).collect();
            metrics::auroc(&scores, &truth)
        })
    }

    /// (Se + Sp) / 2 of "the truth is among `positive`", called where their probability reaches
    /// `threshold`.
    pub fn sensitivity_specificity_mean(
        &self,
        positive: &[usize],
        threshold: f64,
        bootstrap: &Bootstrap,
    ) -> Result<Estimate, Undefined> {
        let (scores, truth) = self.binary(positive)?;
        self.estimate(bootstrap, |indices| {
            let called: Vec<bool> = indices.iter().map(|&i| scores[i] >= threshold).collect();
            let truth: Vec<bool> = indices.iter().map(|&i| truth[i]).collect();
            metrics::SeSp::new(&truth, &called).map(metrics::SeSp::mean)
        })
    }

    /// Summed probability of `positive` and whether the truth is among them.
    pub fn binary(&self, positive: &[usize]) -> Result<(Vec<f64>, Vec<bool>), Undefined> {
        all_classes(positive, self.class_count())?;
        let scores = (0..self.len())
            .map(|row| {
                let row = self.probabilities.row(row);
                // Rounding may carry a sum of probabilities past 1.
                positive
                    .iter()
                    .map(|&class| row[class])
                    .sum::<f64>()
                    .min(1.0)
            })
            .collect();
        let truth = self.truth.iter().map(|t| positive.contains(t)).collect();
        Ok((scores, truth))
    }

    /// Any statistic of a list of observations, with its interval over groups.
    pub fn estimate(
        &self,
        bootstrap: &Bootstrap,
        statistic: impl Fn(&[usize]) -> Result<f64, Undefined> + Sync,
    ) -> Result<Estimate, Undefined> {
        bootstrap.estimate(&self.groups, self.kind, statistic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three_classes() -> Predictions {
        let probabilities = Matrix::from_rows(&[
            [0.7, 0.2, 0.1],
            [0.4, 0.5, 0.1],
            [0.2, 0.3, 0.5],
            [0.6, 0.3, 0.1],
            [0.1, 0.1, 0.8],
        ])
        .unwrap();
        Predictions::new(
            probabilities,
            vec![0, 0, 1, 1, 2],
            vec![0, 0, 1, 2, 2],
            GroupKind::Patients,
        )
        .unwrap()
    }

    #[test]
    fn figures_follow_from_the_most_probable_class() {
        let predictions = three_classes();
        let bootstrap = Bootstrap::default();
        let se = predictions.lung_figure(LungFigure::Sensitivity, 0, &bootstrap);
        let sp = predictions.lung_figure(LungFigure::Specificity, 0, &bootstrap);
        assert!((se.unwrap().value - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(sp.unwrap().value, 0.5);
        let auroc = predictions.auroc_of(&[1, 2], &bootstrap).unwrap();
        assert_eq!((auroc.value, auroc.n, auroc.groups), (5.0 / 6.0, 5, 3));
    }

    #[test]
    fn classes_never_predicted_give_their_place_to_the_next() {
        let predictions = three_classes().never_predicting(&[2]).unwrap();
        assert_eq!(predictions.predicted(), vec![0, 1, 1, 0, 0]);
        assert!((predictions.probabilities().row(2).iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!(predictions.without_class(2).len(), 4);
    }
}
