//! Plain supervision with the labels that the reports state: logits of all questions in, one loss
//! out.

use burn::tensor::Tensor;

use super::questions::{Answers, Question};
use crate::objectives::{cross_entropy, inverse_root_weights};

/// The labels of the training recordings.
pub(super) struct Supervised(Vec<Label>);

/// One question whose answer is a label.
struct Label {
    /// Its first logit, and how many it has.
    logits: (usize, usize),
    classes: Vec<Option<usize>>,
    /// Rare classes weigh more, proportional to `count^-0.5`.
    weights: Vec<f32>,
}

impl Supervised {
    /// The labels among `questions`, as the training recordings answer them.
    pub(super) fn new(questions: &[Question], answers: &Answers) -> Self {
        let mut first = 0;
        let mut labels = Vec::new();
        for (question, classes) in questions.iter().zip(&answers.fitted) {
            if !question.is_label() {
                continue;
            }
            let mut counts = vec![0; question.classes()];
            for class in classes.iter().flatten() {
                counts[*class] += 1;
            }
            labels.push(Label {
                logits: (first, question.classes()),
                classes: classes.clone(),
                weights: inverse_root_weights(&counts),
            });
            first += question.classes();
        }
        Self(labels)
    }

    /// Logits that the labels need in all.
    pub(super) fn logits(questions: &[Question]) -> usize {
        let labels = questions.iter().filter(|question| question.is_label());
        labels.map(Question::classes).sum()
    }

    /// Cross-entropies of the recordings `rows` with `logits` `[rows, logits]`, each question
    /// weighted by the share of them that it concerns.
    pub(super) fn loss(&self, logits: &Tensor<2>, rows: &[usize]) -> Tensor<1> {
        let mut total = Tensor::<1>::zeros([1], &logits.device());
        for label in &self.0 {
            let targets: Vec<Option<usize>> = rows.iter().map(|&row| label.classes[row]).collect();
            let concerned = targets.iter().flatten().count();
            if concerned == 0 {
                continue;
            }
            let (first, count) = label.logits;
            let own = logits.clone().narrow(1, first, count);
            let share = concerned as f32 / rows.len() as f32;
            total = total + cross_entropy(own, &targets, &label.weights, 0.0).mul_scalar(share);
        }
        total
    }
}
