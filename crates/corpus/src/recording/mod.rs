//! The types of what is known about one recording: one row of the manifest.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::finding::{Finding, Presence};
use crate::fingerprint::Fingerprint;
use crate::site::Site;

mod attributes;
mod data_set;
mod event;
mod murmur;
mod provenance;
mod words;

pub use attributes::{Domain, Manoeuvre, OfficialSplit, Outcome, Quality, Sex, Split};
pub use data_set::DataSet;
pub use event::{Event, EventKind};
pub use murmur::{Murmur, MurmurGrade, MurmurPitch, MurmurQuality, MurmurShape, MurmurTiming};
pub use provenance::{Level, Provenance};
pub(crate) use words::words;

/// One recording, as its data set describes it. It carries no name and no path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// Opaque id, see [`ids::recording`](crate::ids::recording).
    pub id: String,
    /// Opaque id of the person, or of the manikin; none where the publisher gives no subjects.
    pub subject: Option<String>,
    /// The unit of splitting, opaque: the subject, a wider group where subjects cannot be told
    /// apart with certainty, or a block of neighbours where they are unknown.
    pub group: String,
    /// The data set it comes from.
    pub data_set: DataSet,
    /// What was listened to.
    pub domain: Domain,
    /// What the person did, for recordings without a stethoscope.
    pub manoeuvre: Option<Manoeuvre>,
    /// Where the stethoscope stood.
    pub site: Option<Site>,
    /// The device or filter, in the publisher's terms; a model, never a serial number.
    pub device: Option<String>,
    /// Samples per second of the file, in Hz.
    pub sample_rate: u32,
    /// Channels of the file.
    pub channels: u16,
    /// Duration, in s.
    pub seconds: f64,
    /// SHA-256 of the bytes of the audio file, 64 hex digits.
    pub audio_sha256: String,
    /// What stays the same when the sound is copied at another level, rate or format; empty for a
    /// sound too short or without change.
    pub fingerprint: Fingerprint,
    /// Level of the sound; none until the sound is measured.
    pub level: Option<Level>,
    /// The data set's own label of the whole recording (`CAS & DAS`, `abnormal`).
    pub record_class: Option<String>,
    /// Findings that the label states or implies. A finding that is not listed is unknown, never
    /// absent. In the order of [`Finding`], each at most once.
    pub findings: Vec<(Finding, Presence)>,
    /// Annotated intervals by start. What lies between them is unlabelled.
    pub events: Vec<Event>,
    /// Murmurs of the subject that the publisher describes: at most one systolic, one diastolic
    /// and one continuous. Whether one is heard in this recording is in `findings`.
    pub murmurs: Vec<Murmur>,
    /// Whether the publisher says that the sound can be judged.
    pub quality: Option<Quality>,
    /// Diagnoses of the subject, as lower-case codes (`copd`, `aortic_stenosis`, `healthy`), sorted.
    pub diagnoses: Vec<String>,
    /// The publisher's verdict on the subject.
    pub outcome: Option<Outcome>,
    /// Sex, where the publisher gives it.
    pub sex: Option<Sex>,
    /// Age in years, where the publisher gives it. Above 89 it is 90.
    pub age_years: Option<f32>,
    /// Height, in cm.
    pub height_cm: Option<f32>,
    /// Weight, in kg.
    pub weight_kg: Option<f32>,
    /// Body mass index, in kg/m², where the publisher gives it itself.
    pub bmi: Option<f32>,
    /// Whether the subject is pregnant.
    pub pregnant: Option<bool>,
    /// Whether the subject smokes.
    pub smoker: Option<bool>,
    /// The part of the publisher's own division.
    pub official_split: Option<OfficialSplit>,
    /// What the recording may be used for; none until [`split::assign`](crate::split::assign).
    pub split: Option<Split>,
    /// Licence of the audio, as an SPDX expression where one exists.
    pub licence: String,
    /// Which code made this row from what.
    pub provenance: Provenance,
}

impl Recording {
    /// A recording of which only origin and domain are known; its sound is not measured yet.
    pub fn unlabelled(data_set: DataSet, domain: Domain, id: String, group: String) -> Self {
        Self {
            id,
            subject: None,
            group,
            data_set,
            domain,
            manoeuvre: None,
            site: None,
            device: None,
            sample_rate: 0,
            channels: 0,
            seconds: 0.0,
            audio_sha256: String::new(),
            fingerprint: Fingerprint::default(),
            level: None,
            record_class: None,
            findings: Vec::new(),
            events: Vec::new(),
            murmurs: Vec::new(),
            quality: None,
            diagnoses: Vec::new(),
            outcome: None,
            sex: None,
            age_years: None,
            height_cm: None,
            weight_kg: None,
            bmi: None,
            pregnant: None,
            smoker: None,
            official_split: None,
            split: None,
            licence: data_set.licence().to_owned(),
            provenance: Provenance::default(),
        }
    }

    /// What is known of a finding; none where the data set does not say.
    pub fn presence(&self, finding: Finding) -> Option<Presence> {
        self.findings
            .iter()
            .find(|(known, _)| *known == finding)
            .map(|(_, presence)| *presence)
    }
}

/// A recording and where its sound lies. The path lives in memory only.
#[derive(Clone, Debug, PartialEq)]
pub struct Located {
    /// What is known about it.
    pub recording: Recording,
    /// The audio file. Names of files may identify patients: show it only to the person who
    /// gave the folder.
    pub path: PathBuf,
}
