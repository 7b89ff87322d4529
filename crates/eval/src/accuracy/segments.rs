//! In: `SPRSound` recordings and the lung network. Out: class probabilities of the recordings and
//! their annotated segments, as predictions of the four official tasks.

use std::sync::atomic::{AtomicUsize, Ordering};

use laennec_audio::{DecodeOptions, decode_file};
use laennec_corpus::{Finding, Located, Presence, Recording};
use laennec_models::ear::{LungEar, any_of};
use laennec_models::networks::{EVENT_CLASSES, RECORD_CLASSES};
use rayon::prelude::*;

use super::{Inputs, Progress, Variant};
use crate::error::Error;
use crate::intervals::{GroupKind, number_groups};
use crate::matrix::Matrix;
use crate::predictions::Predictions;
use crate::tasks::sprsound::SprSoundTask;

/// What the lung network says of one recording.
pub(super) struct TaskProbabilities<'a> {
    recording: &'a Recording,
    /// Over [`RECORD_CLASSES`].
    record: Vec<f32>,
    /// Over [`EVENT_CLASSES`], one entry an annotated segment.
    segments: Vec<Vec<f32>>,
}

/// Hears all recordings, several at a time.
pub(super) fn hear_all<'a>(
    inputs: &Inputs<'_>,
    what: &str,
    located: &[&'a Located],
    variant: Variant,
) -> Result<Vec<TaskProbabilities<'a>>, Error> {
    hear_with(inputs.ear.lung(), inputs.progress, what, located, variant)
}

/// The same with networks that are in no bundle.
pub(super) fn hear_with<'a>(
    lung: &LungEar,
    progress: Progress<'_>,
    what: &str,
    located: &[&'a Located],
    variant: Variant,
) -> Result<Vec<TaskProbabilities<'a>>, Error> {
    let (done, total) = (AtomicUsize::new(0), located.len());
    located
        .par_iter()
        .map(|located| {
            let heard = hear(lung, located, variant);
            (progress)(what, done.fetch_add(1, Ordering::Relaxed) + 1, total);
            heard
        })
        .collect()
}

fn hear<'a>(
    lung: &LungEar,
    located: &'a Located,
    variant: Variant,
) -> Result<TaskProbabilities<'a>, Error> {
    let signal = decode_file(&located.path, &DecodeOptions::default())?.signal;
    let signal = variant.apply(signal)?;
    let hearing = lung.hear(&signal.samples, signal.rate)?;
    let events = located.recording.events.iter();
    let segments = events
        .map(|event| lung.interval(&hearing, event.start_s, event.end_s))
        .collect();
    Ok(TaskProbabilities {
        recording: &located.recording,
        record: hearing.record,
        segments,
    })
}

/// The predictions of one task, grouped by patient.
pub(super) fn predictions(
    task: SprSoundTask,
    heard: &[TaskProbabilities<'_>],
) -> Result<Predictions, Error> {
    let patients = number_groups(heard.iter().map(|one| &one.recording.group));
    let (mut rows, mut truth, mut groups) = (Vec::new(), Vec::new(), Vec::new());
    for (one, &patient) in heard.iter().zip(&patients) {
        if let Some(class) = task.record_class(one.recording) {
            rows.push(task_classes(task, &one.record));
            truth.push(class);
            groups.push(patient);
        }
        for (event, probabilities) in one.recording.events.iter().zip(&one.segments) {
            if let Some(class) = task.segment_class(event.kind) {
                rows.push(task_classes(task, probabilities));
                truth.push(class);
                groups.push(patient);
            }
        }
    }
    let matrix = Matrix::from_rows(&rows)?;
    Ok(Predictions::new(
        matrix,
        truth,
        groups,
        GroupKind::Patients,
    )?)
}

/// The probability that a recording holds any of some classes of [`RECORD_CLASSES`], if it can be
/// judged, on the recordings of which the publisher says whether the finding is there. By person.
pub(super) fn finding(
    finding: Finding,
    classes: &[&str],
    heard: &[TaskProbabilities<'_>],
) -> Result<Predictions, Error> {
    let persons = number_groups(heard.iter().map(|one| &one.recording.group));
    let (mut rows, mut truth, mut groups) = (Vec::new(), Vec::new(), Vec::new());
    for (one, &person) in heard.iter().zip(&persons) {
        let present = match one.recording.presence(finding) {
            Some(Presence::Present) => 1,
            Some(Presence::Absent) => 0,
            _ => continue,
        };
        let any = any_of(&one.record, &RECORD_CLASSES, |class| {
            classes.contains(&class)
        });
        let judged = any_of(&one.record, &RECORD_CLASSES, |class| {
            class != "Poor Quality"
        });
        let p = f64::from(any) / f64::from(judged).max(f64::MIN_POSITIVE);
        rows.push([1.0 - p, p]);
        truth.push(present);
        groups.push(person);
    }
    let matrix = Matrix::from_rows(&rows)?;
    Ok(Predictions::new(
        matrix,
        truth,
        groups,
        GroupKind::Patients,
    )?)
}

/// From the network's classes to those of the task, in the task's order.
fn task_classes(task: SprSoundTask, probabilities: &[f32]) -> Vec<f64> {
    let names: &[&str] = if task.is_of_segments() {
        &EVENT_CLASSES
    } else {
        &RECORD_CLASSES
    };
    let named = |wanted: &str| -> f64 {
        names
            .iter()
            .zip(probabilities)
            .filter(|(name, _)| **name == wanted)
            .map(|(_, p)| f64::from(*p))
            .sum()
    };
    let others: f64 = names
        .iter()
        .zip(probabilities)
        .filter(|(name, _)| !task.classes().contains(name))
        .map(|(_, p)| f64::from(*p))
        .sum();
    task.classes()
        .iter()
        .map(|&class| {
            // Only the coarse tasks have this class: it holds all that they do not tell apart.
            if class == "Adventitious" {
                others
            } else {
                named(class)
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_networks_classes_fall_into_those_of_each_task() {
        let record = [0.5, 0.1, 0.2, 0.05, 0.15];
        let close = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(x, y)| (x - y).abs() < 1e-6);
        let three = task_classes(SprSoundTask::Records3, &record);
        assert!(close(&three, &[0.5, 0.35, 0.15]), "{three:?}");
        let five = task_classes(SprSoundTask::Records5, &record);
        assert!(close(&five, &[0.5, 0.1, 0.2, 0.05, 0.15]), "{five:?}");
        let event = [0.4, 0.3, 0.1, 0.08, 0.06, 0.04, 0.02];
        let two = task_classes(SprSoundTask::Segments2, &event);
        assert!(close(&two, &[0.4, 0.6]), "{two:?}");
        let seven = task_classes(SprSoundTask::Segments7, &event);
        // Normal, Rhonchi, Wheeze, Stridor, Coarse Crackle, Fine Crackle, Wheeze+Crackle.
        assert!(
            close(&seven, &[0.4, 0.06, 0.08, 0.04, 0.1, 0.3, 0.02]),
            "{seven:?}"
        );
    }
}
