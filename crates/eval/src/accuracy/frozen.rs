//! In: cached embeddings of the untouched encoder. Out: linear probes of the four official tasks,
//! and the timeline that the probe of segments gives. They show what fine-tuning adds.

use std::collections::BTreeMap;

use laennec_corpus::{DataSet, Located, Recording, Split};
use laennec_models::ear::LungHearing;
use laennec_models::networks::{EVENT_CLASSES, RECORD_CLASSES};

use super::Inputs;
use crate::embed::{Embedding, Item};
use crate::error::Error;
use crate::intervals::GroupKind;
use crate::matrix::Matrix;
use crate::predictions::Predictions;
use crate::probes::{LinearProbe, Search};
use crate::tasks::HeldOut;
use crate::tasks::sprsound::{RARE_PATIENTS, SprSoundTask, official_score};

/// A linear probe of one task.
pub(super) struct TaskProbe {
    pub(super) probe: LinearProbe,
    /// On the validation patients.
    pub(super) predictions: Predictions,
    /// Classes of [`RARE_PATIENTS`] training patients or fewer.
    pub(super) rare: Vec<usize>,
}

/// The probes of all tasks.
pub(super) struct LungProbes {
    tasks: [TaskProbe; 4],
    hearings: BTreeMap<String, LungHearing>,
}

impl LungProbes {
    /// Fits all probes on the training and calibration patients.
    pub(super) fn fit(inputs: &Inputs<'_>) -> Result<Self, Error> {
        let is_sprsound = |l: &&Located| l.recording.data_set == DataSet::SprSound;
        let located: Vec<&Located> = inputs.recordings.iter().filter(is_sprsound).collect();
        let embeddings = embeddings(inputs, &located)?;
        let recordings: Vec<&Recording> = located.iter().map(|l| &l.recording).collect();
        let fitted = SprSoundTask::ALL.map(|task| {
            (inputs.progress)("linear probes", task as usize + 1, SprSoundTask::ALL.len());
            fit(task, &recordings, &embeddings)
        });
        let [first, second, third, fourth] = fitted;
        let tasks = [first?, second?, third?, fourth?];
        let mut hearings = BTreeMap::new();
        let segments = &tasks[SprSoundTask::Segments7 as usize].probe;
        for (recording, embedding) in recordings.iter().zip(&embeddings) {
            if recording.split == Some(Split::Validation) {
                hearings.insert(recording.id.clone(), hearing(segments, embedding)?);
            }
        }
        Ok(Self { tasks, hearings })
    }

    /// The probe of a task.
    pub(super) fn of(&self, task: SprSoundTask) -> &TaskProbe {
        &self.tasks[task as usize]
    }

    /// The probe of task 1-2 on every step of a validation recording.
    pub(super) fn hearing(&self, recording: &Recording) -> Option<&LungHearing> {
        self.hearings.get(&recording.id)
    }
}

/// Embeddings of the untouched encoder, in the order of the recordings.
pub(super) fn embeddings(
    inputs: &Inputs<'_>,
    located: &[&Located],
) -> Result<Vec<Embedding>, Error> {
    let items: Vec<Item<'_>> = located
        .iter()
        .map(|located| Item {
            path: &located.path,
            audio_sha256: &located.recording.audio_sha256,
        })
        .collect();
    let total = items.len();
    inputs
        .cache
        .embed_all(&items, |done| {
            (inputs.progress)("embeddings of the untouched encoder", done, total);
        })?
        .into_iter()
        .collect()
}

fn fit(
    task: SprSoundTask,
    recordings: &[&Recording],
    embeddings: &[Embedding],
) -> Result<TaskProbe, Error> {
    let (rows, origin) = task.rows(recordings, embeddings)?;
    let splits: Vec<_> = origin
        .iter()
        .map(|&index| recordings[index].split)
        .collect();
    let held = HeldOut::by_split(&rows, &splits)?;
    let count = task.classes().len();
    let probe = LinearProbe::fit(&held.training, count, &Search::default(), official_score)?;
    let rare = (0..count)
        .filter(|&class| held.training.patients_with(class) <= RARE_PATIENTS)
        .collect();
    Ok(TaskProbe {
        predictions: probe.predict(&held.evaluation, GroupKind::Patients)?,
        probe,
        rare,
    })
}

/// The probe on every step, in the form in which the trained network gives it.
fn hearing(probe: &LinearProbe, embedding: &Embedding) -> Result<LungHearing, Error> {
    let rows: Vec<Vec<f64>> = (0..embedding.steps())
        .map(|step| {
            let start = step as f64 * embedding.step_s;
            embedding.mean_within(start, start + embedding.step_s)
        })
        .collect();
    let probabilities = probe.probabilities(&Matrix::from_rows(&rows)?)?;
    let steps = (0..probabilities.rows())
        .map(|step| in_network_order(probabilities.row(step)))
        .collect();
    Ok(LungHearing {
        record: vec![0.0; RECORD_CLASSES.len()],
        steps,
        step_s: embedding.step_s,
        embedding: Vec::new(),
        sequences: Vec::new(),
    })
}

/// From the classes of task 1-2 to [`EVENT_CLASSES`].
fn in_network_order(probabilities: &[f64]) -> Vec<f32> {
    let classes = SprSoundTask::Segments7.classes();
    EVENT_CLASSES
        .iter()
        .map(|name| {
            let mut named = classes.iter().zip(probabilities);
            named
                .find(|(class, _)| *class == name)
                .map_or(0.0, |(_, p)| *p as f32)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_class_is_lost_between_the_two_orders() {
        let probabilities: Vec<f64> = (1..=7).map(|i| f64::from(i) / 28.0).collect();
        let ordered = in_network_order(&probabilities);
        assert!((ordered.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        let wheeze = EVENT_CLASSES.iter().position(|c| *c == "Wheeze").unwrap();
        assert!((ordered[wheeze] - 3.0 / 28.0).abs() < 1e-6);
    }
}
