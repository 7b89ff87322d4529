//! Heart recordings ready for training: samples at the front end's rate, label, database.
//!
//! In: located recordings of PhysioNet 2016. Out: [`HeartExample`]s, in the order given.

use laennec_audio::{DecodeOptions, decode_file, resample};
use laennec_corpus::{
    Located,
    finding::{Finding, Presence},
};
use rayon::prelude::*;

use crate::Error;

/// One heart recording.
#[derive(Clone, Debug)]
pub struct HeartExample {
    /// Opaque id of the recording.
    pub id: String,
    /// Samples at the front end's rate.
    pub samples: Vec<f32>,
    /// Whether the publisher calls it abnormal.
    pub abnormal: bool,
    /// The database it comes from (`training-a` and so on): one device and population.
    pub database: String,
}

/// Decodes the recordings at `rate` Hz; unlabelled ones are left out.
pub fn load(recordings: &[&Located], rate: u32) -> Result<Vec<HeartExample>, Error> {
    recordings
        .par_iter()
        .filter_map(|located| example(located, rate).transpose())
        .collect()
}

fn example(located: &Located, rate: u32) -> Result<Option<HeartExample>, Error> {
    let recording = &located.recording;
    let abnormal = match recording.presence(Finding::AbnormalHeart) {
        Some(Presence::Present) => true,
        Some(Presence::Absent) => false,
        _ => return Ok(None),
    };
    let signal = decode_file(&located.path, &DecodeOptions::default())?.signal;
    Ok(Some(HeartExample {
        id: recording.id.clone(),
        samples: resample(&signal.samples, signal.rate, rate)?,
        abnormal,
        database: recording.device.clone().unwrap_or_default(),
    }))
}
