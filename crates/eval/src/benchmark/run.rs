//! In: recordings with their splits and the contenders. Out: every contender's figures on every
//! task that the recordings allow.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use laennec_corpus::Located;
use rayon::prelude::*;

use super::compare::Scores;
use super::encoder::Contender;
use super::kept;
use super::protocol::Protocol;
use super::rows::TaskRows;
use super::task::{Task, tasks};
use crate::accuracy::{Progress, Variant};
use crate::embed::{Clip, embed_clips};
use crate::error::Error;
use crate::intervals::Bootstrap;
use crate::matrix::Matrix;
use crate::opera::OperaOptions;

/// What the benchmark is run on.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// All recordings with their splits; none may be without one.
    pub recordings: &'a [Located],
    /// The first is the start; gains are over it.
    pub contenders: &'a [Contender],
    /// Folder that keeps embeddings between runs.
    pub cache: &'a Path,
    /// How intervals are drawn.
    pub bootstrap: Bootstrap,
    /// Where progress goes.
    pub progress: Progress<'a>,
}

/// A task as it was run.
#[derive(Debug, Clone)]
pub struct TaskOutcome {
    /// The task.
    pub task: Task,
    /// Its observations.
    pub rows: TaskRows,
    /// By contender: AUROC by our protocol.
    pub nested: Vec<Scores>,
    /// By contender: AUROC by OPERA's.
    pub opera: Vec<Scores>,
    /// By contender: probabilities `[judged, classes]` by our protocol, mean over the seeds.
    pub probabilities: Vec<Matrix>,
}

/// All tasks that could be run.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// In the order of [`tasks`].
    pub tasks: Vec<TaskOutcome>,
    /// By contender, the embeddings of the recordings as they are, `[recordings, width]`; rows of
    /// recordings that no task uses are 0.
    pub embeddings: Vec<Matrix>,
}

/// Embeds what is needed and runs every task with every contender.
///
/// # Errors
/// A recording cannot be embedded, or a probe cannot be fitted.
pub fn run(inputs: &Inputs<'_>) -> Result<Outcome, Error> {
    let learned = inputs.contenders.iter().flat_map(Contender::learned);
    let learned: BTreeSet<String> = learned.cloned().collect();
    let mut usable = Vec::new();
    for task in tasks() {
        if let Some(rows) = TaskRows::new(&task, inputs.recordings, &learned)? {
            usable.push((task, rows));
        }
    }
    let features: Vec<Features> = inputs
        .contenders
        .iter()
        .map(|contender| embed(inputs, contender, &usable))
        .collect::<Result<_, _>>()?;
    let jobs: Vec<(usize, usize, Protocol)> = (0..usable.len())
        .flat_map(|task| (0..features.len()).map(move |contender| (task, contender)))
        .flat_map(|(task, contender)| {
            let theirs = OperaOptions::of(usable[task].0.opera);
            [Protocol::Nested, Protocol::Opera(theirs)].map(|protocol| (task, contender, protocol))
        })
        .collect();
    let done = AtomicUsize::new(0);
    let predicted: Vec<Vec<Matrix>> = jobs
        .par_iter()
        .map(|&(task, contender, protocol)| {
            let (task, rows) = &usable[task];
            let own = features[contender].of(task.variant);
            let result = kept::predictions(inputs.cache, protocol, rows, task.classes.len(), own);
            let count = done.fetch_add(1, Ordering::Relaxed) + 1;
            (inputs.progress)("linear probes", count, jobs.len());
            result
        })
        .collect::<Result<_, _>>()?;
    let mut outcomes = Vec::new();
    let mut parts = predicted.iter();
    for (done, (task, rows)) in usable.into_iter().enumerate() {
        let (mut nested, mut opera, mut probabilities) = (Vec::new(), Vec::new(), Vec::new());
        for _ in inputs.contenders {
            let ours = parts.next().expect("one part a contender and protocol");
            let theirs = parts.next().expect("one part a contender and protocol");
            nested.push(Scores::auroc(&rows, ours, &inputs.bootstrap)?);
            opera.push(Scores::auroc(&rows, theirs, &inputs.bootstrap)?);
            probabilities.push(mean_of(ours));
        }
        (inputs.progress)(
            "intervals",
            done + 1,
            jobs.len() / (2 * inputs.contenders.len().max(1)),
        );
        outcomes.push(TaskOutcome {
            task,
            rows,
            nested,
            opera,
            probabilities,
        });
    }
    Ok(Outcome {
        tasks: outcomes,
        embeddings: features.into_iter().map(Features::into_recorded).collect(),
    })
}

/// A contender's embeddings, for each way in which recordings are heard.
struct Features(Vec<(Variant, Matrix)>);

impl Features {
    fn of(&self, variant: Variant) -> &Matrix {
        let own = self.0.iter().find(|(v, _)| *v == variant);
        &own.expect("every task's variant was embedded").1
    }

    fn into_recorded(self) -> Matrix {
        let own = self.0.into_iter().find(|(v, _)| *v == Variant::AsRecorded);
        own.map_or_else(|| Matrix::zeros(0, 0), |(_, matrix)| matrix)
    }
}

fn embed(
    inputs: &Inputs<'_>,
    contender: &Contender,
    usable: &[(Task, TaskRows)],
) -> Result<Features, Error> {
    let mut all = Vec::new();
    let mut variants: Vec<Variant> = usable.iter().map(|(task, _)| task.variant).collect();
    variants.dedup();
    for variant in variants {
        if all.iter().any(|(known, _)| *known == variant) {
            continue;
        }
        let mut needed = BTreeSet::new();
        for (_, rows) in usable.iter().filter(|(task, _)| task.variant == variant) {
            for &index in rows.fitted.iter().chain(&rows.judged) {
                needed.insert(index);
            }
        }
        let needed: Vec<usize> = needed.into_iter().collect();
        let clips: Vec<Clip<'_>> = needed
            .iter()
            .map(|&index| Clip {
                path: &inputs.recordings[index].path,
                audio_sha256: &inputs.recordings[index].recording.audio_sha256,
                variant,
            })
            .collect();
        let what = format!("embeddings of {}, {}", contender.name, variant.name());
        let vectors = embed_clips(inputs.cache, contender, &clips, |done| {
            (inputs.progress)(&what, done, clips.len());
        })?;
        let width = vectors.first().map_or(0, Vec::len);
        let mut matrix = Matrix::zeros(inputs.recordings.len(), width);
        for (&index, vector) in needed.iter().zip(&vectors) {
            matrix.row_mut(index).copy_from_slice(vector);
        }
        all.push((variant, matrix));
    }
    Ok(Features(all))
}

fn mean_of(matrices: &[Matrix]) -> Matrix {
    let mut mean = Matrix::zeros(matrices[0].rows(), matrices[0].columns());
    for matrix in matrices {
        crate::matrix::add_scaled(
            mean.values_mut(),
            1.0 / matrices.len() as f64,
            matrix.values(),
        );
    }
    mean
}
