//! A quick look at an encoder after each epoch: a linear probe on the training recordings, scored on
//! held-out ones. `laennec eval probe` is the measurement proper.

use laennec_eval::{
    Error as EvalError, Matrix,
    metrics::auroc,
    probes::{LogisticOptions, LogisticRegression, Standardiser, Stop, TrainingData},
};

use super::labels::Labels;
use crate::Error;

/// Penalty of the probe; chosen once, so that figures of different runs can be compared.
const C: f64 = 0.01;
/// Coarse: the figure ranks epochs.
const STOP: Stop = Stop {
    gradient: 1e-4,
    iterations: 200,
};

/// Embeddings `[recordings, dims]` with the labels of the recordings.
pub(super) struct Labelled<'a> {
    pub(super) embeddings: &'a [Vec<f32>],
    pub(super) labels: &'a [Labels],
}

/// AUROC on `held_out` of adventitious lung sounds, of abnormal heart sounds, and their mean
/// (`probe_auroc`); a figure that the recordings leave undefined is left out.
pub(super) fn figures(
    train: &Labelled<'_>,
    held_out: &Labelled<'_>,
) -> Result<Vec<(String, f64)>, Error> {
    type Target = fn(Labels) -> Option<bool>;
    let targets: [(&str, Target); 2] = [
        ("probe_lung", Labels::adventitious),
        ("probe_heart", |labels| labels.abnormal),
    ];
    let mut figures = Vec::new();
    for (name, target) in targets {
        let (train, classes) = rows(train, target);
        let (test, truth) = rows(held_out, target);
        let both = |labels: &[bool]| labels.contains(&true) && labels.contains(&false);
        if both(&classes) && both(&truth) {
            let scores = scores(&train, &classes, &test)?;
            let value = auroc(&scores, &truth).map_err(EvalError::from)?;
            figures.push((name.to_owned(), value));
        }
    }
    if !figures.is_empty() {
        let mean = figures.iter().map(|(_, v)| v).sum::<f64>() / figures.len() as f64;
        figures.push(("probe_auroc".to_owned(), mean));
    }
    Ok(figures)
}

fn rows(from: &Labelled<'_>, target: fn(Labels) -> Option<bool>) -> (Vec<Vec<f64>>, Vec<bool>) {
    from.embeddings
        .iter()
        .zip(from.labels)
        .filter_map(|(row, labels)| {
            let wide = row.iter().map(|v| f64::from(*v)).collect();
            target(*labels).map(|label| (wide, label))
        })
        .unzip()
}

fn scores(train: &[Vec<f64>], classes: &[bool], test: &[Vec<f64>]) -> Result<Vec<f64>, Error> {
    let train = Matrix::from_rows(train).map_err(EvalError::from)?;
    let test = Matrix::from_rows(test).map_err(EvalError::from)?;
    let scale = Standardiser::fit(&train).map_err(EvalError::from)?;
    let classes: Vec<usize> = classes.iter().map(|c| usize::from(*c)).collect();
    let data = TrainingData {
        features: &scale.apply(&train).map_err(EvalError::from)?,
        classes: &classes,
        class_count: 2,
        weights: &vec![1.0; classes.len()],
    };
    let probe = LogisticRegression::fit(data, LogisticOptions { c: C, stop: STOP }, None)?;
    let test = scale.apply(&test).map_err(EvalError::from)?;
    let probabilities = probe.probabilities(&test).map_err(EvalError::from)?;
    Ok((0..test.rows())
        .map(|row| probabilities.row(row)[1])
        .collect())
}
