//! In: true and predicted class per observation. Out: the confusion matrix and its ratios.

use super::undefined::{Undefined, all_classes, all_weights, same_length};

/// Counts (or sums of weights) of observations by true class (row) and predicted class (column).
#[derive(Debug, Clone, PartialEq)]
pub struct ConfusionMatrix {
    classes: usize,
    counts: Vec<f64>,
}

impl ConfusionMatrix {
    /// Counts each observation once. Labels are below `classes`.
    pub fn new(truth: &[usize], predicted: &[usize], classes: usize) -> Result<Self, Undefined> {
        Self::tally(truth, predicted, classes, |_| 1.0)
    }

    /// Counts each observation with its non-negative weight.
    pub fn weighted(
        truth: &[usize],
        predicted: &[usize],
        classes: usize,
        weights: &[f64],
    ) -> Result<Self, Undefined> {
        same_length("weights", truth.len(), weights.len())?;
        all_weights(weights)?;
        Self::tally(truth, predicted, classes, |index| weights[index])
    }

    /// Two classes: 0 = negative, 1 = positive.
    pub fn binary(truth: &[bool], predicted: &[bool]) -> Result<Self, Undefined> {
        let as_class = |values: &[bool]| values.iter().map(|&v| usize::from(v)).collect::<Vec<_>>();
        Self::new(&as_class(truth), &as_class(predicted), 2)
    }

    fn tally(
        truth: &[usize],
        predicted: &[usize],
        classes: usize,
        weight: impl Fn(usize) -> f64,
    ) -> Result<Self, Undefined> {
        same_length("predictions", truth.len(), predicted.len())?;
        all_classes(truth, classes)?;
        all_classes(predicted, classes)?;
        if truth.is_empty() {
            return Err(Undefined::Empty);
        }
        let mut counts = vec![0.0; classes * classes];
        for (index, (&t, &p)) in truth.iter().zip(predicted).enumerate() {
            counts[t * classes + p] += weight(index);
        }
        Ok(Self { classes, counts })
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Observations of class `truth` predicted as `predicted`; both below [`Self::classes`].
    pub fn count(&self, truth: usize, predicted: usize) -> f64 {
        self.counts[truth * self.classes + predicted]
    }

    /// Observations of class `truth`.
    pub fn of_class(&self, truth: usize) -> f64 {
        (0..self.classes).map(|p| self.count(truth, p)).sum()
    }

    /// Observations predicted as `predicted`.
    pub fn called(&self, predicted: usize) -> f64 {
        (0..self.classes).map(|t| self.count(t, predicted)).sum()
    }

    /// All observations.
    pub fn total(&self) -> f64 {
        self.counts.iter().sum()
    }

    /// Share of the observations of `class` that were predicted as it.
    pub fn recall(&self, class: usize) -> Result<f64, Undefined> {
        ratio(
            self.count(class, class),
            self.of_class(class),
            "of this class",
        )
    }

    /// Share of the observations predicted as `class` that are of it.
    pub fn precision(&self, class: usize) -> Result<f64, Undefined> {
        ratio(
            self.count(class, class),
            self.called(class),
            "predicted as this class",
        )
    }

    /// `2 TP / (2 TP + FP + FN)` of one class; undefined where the class neither occurs nor is
    /// predicted.
    pub fn f1(&self, class: usize) -> Result<f64, Undefined> {
        ratio(
            2.0 * self.count(class, class),
            self.of_class(class) + self.called(class),
            "of this class or predicted as it",
        )
    }

    /// Unweighted mean of [`Self::f1`] over all classes.
    pub fn macro_f1(&self) -> Result<f64, Undefined> {
        let sum = (0..self.classes).try_fold(0.0, |sum, class| Ok(sum + self.f1(class)?))?;
        ratio(sum, self.classes as f64, "of any class")
    }

    /// Mean of [`Self::f1`] weighted by the observations of each class; classes that do not occur
    /// weigh nothing.
    pub fn weighted_f1(&self) -> Result<f64, Undefined> {
        let sum = (0..self.classes)
            .filter(|&class| self.of_class(class) > 0.0)
            .try_fold(0.0, |sum, class| {
                Ok(sum + self.of_class(class) * self.f1(class)?)
            })?;
        ratio(sum, self.total(), "counted")
    }

    /// F1 of `classes` taken together: `2 Σ TP / Σ (2 TP + FP + FN)`. Over all classes it equals
    /// [`Self::accuracy`]; without the healthy class it says how well the others are named.
    pub fn micro_f1(&self, classes: &[usize]) -> Result<f64, Undefined> {
        all_classes(classes, self.classes)?;
        let right: f64 = classes.iter().map(|&c| self.count(c, c)).sum();
        let named: f64 = classes
            .iter()
            .map(|&c| self.of_class(c) + self.called(c))
            .sum();
        ratio(2.0 * right, named, "of these classes or predicted as one")
    }

    /// Share of the observations that were predicted rightly.
    pub fn accuracy(&self) -> Result<f64, Undefined> {
        let right = (0..self.classes).map(|c| self.count(c, c)).sum();
        ratio(right, self.total(), "counted")
    }

    /// Mean recall over the classes that occur, of which there must be two or more
    /// (Brodersen et al., ICPR 2010).
    pub fn balanced_accuracy(&self) -> Result<f64, Undefined> {
        let recalls: Vec<f64> = (0..self.classes)
            .filter_map(|class| self.recall(class).ok())
            .collect();
        if recalls.len() < 2 {
            return Err(Undefined::NoneOf("of a second class"));
        }
        Ok(recalls.iter().sum::<f64>() / recalls.len() as f64)
    }
}

/// `part / whole`, undefined where no observation is `kind` (`whole` is 0).
pub(crate) fn ratio(part: f64, whole: f64, kind: &'static str) -> Result<f64, Undefined> {
    if whole > 0.0 {
        Ok(part / whole)
    } else {
        Err(Undefined::NoneOf(kind))
    }
}

/// Sensitivity and specificity of a yes/no answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeSp {
    /// Share of the positives that were called positive.
    pub sensitivity: f64,
    /// Share of the negatives that were called negative.
    pub specificity: f64,
}

impl SeSp {
    /// From truth and prediction; undefined unless both classes occur.
    pub fn new(truth: &[bool], predicted: &[bool]) -> Result<Self, Undefined> {
        let matrix = ConfusionMatrix::binary(truth, predicted)?;
        Ok(Self {
            sensitivity: ratio(matrix.count(1, 1), matrix.of_class(1), "positive")?,
            specificity: ratio(matrix.count(0, 0), matrix.of_class(0), "negative")?,
        })
    }

    /// (Se + Sp) / 2: balanced accuracy of two classes, and the score of the `PhysioNet` 2016
    /// challenge where every recording is answered and none is unsure (Clifford et al., 2016).
    pub fn mean(self) -> f64 {
        f64::midpoint(self.sensitivity, self.specificity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_that_nobody_names_has_no_f1() {
        let matrix = ConfusionMatrix::new(&[0, 1, 1], &[0, 1, 0], 3).unwrap();
        assert_eq!(matrix.f1(1), Ok(2.0 / 3.0));
        assert!(matrix.f1(2).is_err());
        assert!(matrix.recall(2).is_err());
        assert_eq!(matrix.balanced_accuracy(), Ok(0.75));
    }

    #[test]
    fn one_class_alone_has_no_balanced_accuracy() {
        let matrix = ConfusionMatrix::new(&[1, 1], &[1, 0], 2).unwrap();
        assert!(matrix.balanced_accuracy().is_err());
        assert!(SeSp::new(&[true, true], &[true, false]).is_err());
    }

    #[test]
    fn labels_beyond_the_classes_are_refused() {
        assert_eq!(
            ConfusionMatrix::new(&[0, 3], &[0, 0], 3),
            Err(Undefined::Class {
                index: 1,
                class: 3,
                classes: 3
            })
        );
    }
}
