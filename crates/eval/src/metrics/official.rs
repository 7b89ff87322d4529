//! In: true and predicted class, one of them "normal". Out: the scores of the lung-sound challenges.

use super::confusion::{ConfusionMatrix, ratio};
use super::undefined::Undefined;

/// The official figures of a lung-sound challenge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LungScore {
    /// SE: share of the not-normal observations whose exact class was predicted.
    pub sensitivity: f64,
    /// SP: share of the normal observations predicted as normal.
    pub specificity: f64,
}

impl LungScore {
    /// From a confusion matrix whose class `normal` is the healthy one. Undefined unless normal
    /// and not-normal observations both occur.
    pub fn from_matrix(matrix: &ConfusionMatrix, normal: usize) -> Result<Self, Undefined> {
        if normal >= matrix.classes() {
            return Err(Undefined::Class {
                index: 0,
                class: normal,
                classes: matrix.classes(),
            });
        }
        let others = || (0..matrix.classes()).filter(|&class| class != normal);
        let right: f64 = others().map(|class| matrix.count(class, class)).sum();
        let all: f64 = others().map(|class| matrix.of_class(class)).sum();
        Ok(Self {
            sensitivity: ratio(right, all, "not normal")?,
            specificity: ratio(
                matrix.count(normal, normal),
                matrix.of_class(normal),
                "normal",
            )?,
        })
    }

    /// AS, the average score: (SE + SP) / 2. This is the ICBHI 2017 challenge's score
    /// (Rocha et al., Physiol. Meas. 40, 2019).
    pub fn average(self) -> f64 {
        f64::midpoint(self.sensitivity, self.specificity)
    }

    /// HS, the harmonic score: 2·SE·SP / (SE + SP); its limit 0 where both are 0.
    pub fn harmonic(self) -> f64 {
        let sum = self.sensitivity + self.specificity;
        if sum > 0.0 {
            2.0 * self.sensitivity * self.specificity / sum
        } else {
            0.0
        }
    }

    /// Score of the `SPRSound` challenges: (AS + HS) / 2 (Zhang et al., 2022).
    pub fn score(self) -> f64 {
        f64::midpoint(self.average(), self.harmonic())
    }
}

/// `SPRSound` figures of one task; `normal` is the index of the class Normal.
pub fn sprsound(
    truth: &[usize],
    predicted: &[usize],
    classes: usize,
    normal: usize,
) -> Result<LungScore, Undefined> {
    LungScore::from_matrix(&ConfusionMatrix::new(truth, predicted, classes)?, normal)
}

/// [`sprsound`] without the observations whose true class is `left_out` (the record tasks'
/// Poor Quality). Predicting `left_out` for another recording stays an error.
pub fn sprsound_without(
    truth: &[usize],
    predicted: &[usize],
    classes: usize,
    normal: usize,
    left_out: usize,
) -> Result<LungScore, Undefined> {
    super::undefined::same_length("predictions", truth.len(), predicted.len())?;
    let (truth, predicted): (Vec<usize>, Vec<usize>) = truth
        .iter()
        .zip(predicted)
        .filter(|&(&t, _)| t != left_out)
        .unzip();
    sprsound(&truth, &predicted, classes, normal)
}

/// ICBHI 2017 score: the mean of [`LungScore::sensitivity`] and [`LungScore::specificity`] over
/// the classes normal, crackle, wheeze, both.
pub fn icbhi(
    truth: &[usize],
    predicted: &[usize],
    classes: usize,
    normal: usize,
) -> Result<f64, Undefined> {
    sprsound(truth, predicted, classes, normal).map(LungScore::average)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exact_class_must_match() {
        // Normal 0: three of four right; others: one of two exact, the other named as a third class.
        let truth = [0, 0, 0, 0, 1, 2];
        let predicted = [0, 0, 0, 1, 1, 1];
        let score = sprsound(&truth, &predicted, 3, 0).unwrap();
        assert_eq!((score.sensitivity, score.specificity), (0.5, 0.75));
        assert_eq!(score.average(), 0.625);
        assert!((score.harmonic() - 0.6).abs() < 1e-12);
        assert!((score.score() - 0.6125).abs() < 1e-12);
    }

    #[test]
    fn poor_quality_leaves_the_truth_but_not_the_predictions() {
        let truth = [0, 0, 1, 2, 2];
        let predicted = [0, 2, 1, 2, 0];
        let with = sprsound(&truth, &predicted, 3, 0).unwrap();
        let without = sprsound_without(&truth, &predicted, 3, 0, 2).unwrap();
        assert!((with.sensitivity - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(without.sensitivity, 1.0);
        assert_eq!(without.specificity, 0.5);
    }

    #[test]
    fn nothing_right_scores_zero_and_nothing_normal_is_undefined() {
        let none = sprsound(&[0, 1], &[1, 0], 2, 0).unwrap();
        assert_eq!(none.score(), 0.0);
        assert_eq!(
            sprsound(&[1, 1], &[1, 0], 2, 0),
            Err(Undefined::NoneOf("normal"))
        );
    }
}
