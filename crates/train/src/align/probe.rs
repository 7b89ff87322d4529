//! A quick look at an encoder after each epoch: a linear probe for each question on the training
//! recordings, scored on held-out ones. `laennec eval probe` is the measurement proper.

use laennec_eval::{
    Error as EvalError, Matrix,
    metrics::macro_auroc,
    probes::{LogisticOptions, LogisticRegression, Standardiser, Stop, TrainingData},
};

use super::questions::{Answers, Question};
use crate::Error;

/// Penalty of the probe; chosen once, so that figures of different runs can be compared.
const C: f64 = 0.01;
/// Coarse: the figure ranks epochs.
const STOP: Stop = Stop {
    gradient: 1e-4,
    iterations: 100,
};
/// A class with fewer held-out recordings is not asked for.
const FEWEST: usize = 3;

/// Embeddings `[recordings, dims]` with the answers of the recordings.
pub(super) struct Answered<'a> {
    pub(super) embeddings: &'a [Vec<f32>],
    pub(super) answers: &'a Answers,
}

/// AUROC on `held_out` of each question (`probe/NAME`), and the mean over the labels
/// (`probe_auroc`); what carries over to another database varies too much from epoch to epoch to
/// decide. A question that the recordings leave undefined is left out.
pub(super) fn figures(
    questions: &[Question],
    train: &Answered<'_>,
    held_out: &Answered<'_>,
) -> Result<Vec<(String, f64)>, Error> {
    let (mut figures, mut labels) = (Vec::new(), Vec::new());
    for (index, question) in questions.iter().enumerate() {
        let (train, classes) = rows(train.embeddings, &train.answers.fitted[index]);
        let (test, truth) = rows(held_out.embeddings, &held_out.answers.judged[index]);
        let count = |labels: &[usize], class| labels.iter().filter(|l| **l == class).count();
        let occurring: Vec<usize> = (0..question.classes())
            .filter(|class| count(&truth, *class) >= FEWEST && count(&classes, *class) >= FEWEST)
            .collect();
        if occurring.len() < 2 {
            continue;
        }
        let probabilities = probabilities(&train, &classes, question.classes(), &test)?;
        let values = probabilities.values();
        let value =
            macro_auroc(values, question.classes(), &truth, &occurring).map_err(EvalError::from)?;
        figures.push((format!("probe/{}", question.name()), value));
        if question.is_label() {
            labels.push(value);
        }
    }
    if !labels.is_empty() {
        let mean = labels.iter().sum::<f64>() / labels.len() as f64;
        figures.push(("probe_auroc".to_owned(), mean));
    }
    Ok(figures)
}

fn rows(embeddings: &[Vec<f32>], classes: &[Option<usize>]) -> (Vec<Vec<f64>>, Vec<usize>) {
    embeddings
        .iter()
        .zip(classes)
        .filter_map(|(row, class)| {
            let wide = row.iter().map(|v| f64::from(*v)).collect();
            class.map(|class| (wide, class))
        })
        .unzip()
}

fn probabilities(
    train: &[Vec<f64>],
    classes: &[usize],
    class_count: usize,
    test: &[Vec<f64>],
) -> Result<Matrix, Error> {
    let train = Matrix::from_rows(train).map_err(EvalError::from)?;
    let test = Matrix::from_rows(test).map_err(EvalError::from)?;
    let scale = Standardiser::fit(&train).map_err(EvalError::from)?;
    let data = TrainingData {
        features: &scale.apply(&train).map_err(EvalError::from)?,
        classes,
        class_count,
        weights: &vec![1.0; classes.len()],
    };
    let probe = LogisticRegression::fit(data, LogisticOptions { c: C, stop: STOP }, None)?;
    let test = scale.apply(&test).map_err(EvalError::from)?;
    Ok(probe.probabilities(&test).map_err(EvalError::from)?)
}
