//! Lung recordings ready for training: samples at SPRSound's own rate, class indices, events.
//!
//! In: located recordings of SPRSound. Out: [`LungExample`]s, in the order given.

use laennec_audio::{DecodeOptions, decode_file, resample};
use laennec_corpus::{EventKind, Located};
use laennec_models::networks::RECORD_CLASSES;
use rayon::prelude::*;

use crate::Error;

/// Rate of the samples in Hz: that of the data set. They are augmented at this rate and resampled to
/// the front end's afterwards.
pub const RATE: u32 = 8000;

/// One lung recording.
#[derive(Clone, Debug)]
pub struct LungExample {
    /// Opaque id of the recording.
    pub id: String,
    /// Opaque id of the patient.
    pub subject: String,
    /// Samples at [`RATE`].
    pub samples: Vec<f32>,
    /// Index into [`RECORD_CLASSES`].
    pub record: usize,
    /// Annotated intervals: start and end in s, index into
    /// [`laennec_models::networks::EVENT_CLASSES`].
    pub events: Vec<LungEvent>,
}

/// One annotated interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LungEvent {
    /// Start in s.
    pub start: f64,
    /// End in s.
    pub end: f64,
    /// Index into [`laennec_models::networks::EVENT_CLASSES`].
    pub class: usize,
}

/// Decodes the recordings. Poor-quality recordings carry no events.
pub fn load(recordings: &[&Located]) -> Result<Vec<LungExample>, Error> {
    recordings
        .par_iter()
        .filter_map(|located| example(located).transpose())
        .collect()
}

/// `None` for a recording whose label is none of SPRSound's.
fn example(located: &Located) -> Result<Option<LungExample>, Error> {
    let recording = &located.recording;
    let class = recording.record_class.as_deref();
    let Some(record) = RECORD_CLASSES.iter().position(|c| Some(*c) == class) else {
        return Ok(None);
    };
    let signal = decode_file(&located.path, &DecodeOptions::default())?.signal;
    let samples = resample(&signal.samples, signal.rate, RATE)?;
    let events = recording
        .events
        .iter()
        .filter_map(|event| {
            Some(LungEvent {
                start: event.start_s,
                end: event.end_s,
                class: class_of(event.kind)?,
            })
        })
        .collect();
    Ok(Some(LungExample {
        id: recording.id.clone(),
        subject: recording.group.clone(),
        samples,
        record,
        events,
    }))
}

/// Index into [`laennec_models::networks::EVENT_CLASSES`]; none for kinds of other data sets.
pub(super) fn class_of(kind: EventKind) -> Option<usize> {
    Some(match kind {
        EventKind::Normal => 0,
        EventKind::FineCrackle => 1,
        EventKind::CoarseCrackle => 2,
        EventKind::Wheeze => 3,
        EventKind::Rhonchi => 4,
        EventKind::Stridor => 5,
        EventKind::WheezeAndCrackle => 6,
        _ => return None,
    })
}
