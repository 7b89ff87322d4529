//! A recording comes in; what its data set says of each murmur that is heard goes out, one
//! attribute at a time.
//!
//! Where the murmur is loudest is left out: it is said of the subject, not of the recording.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::finding::{Finding, Presence};
use crate::recording::{
    Murmur, MurmurGrade, MurmurPitch, MurmurQuality, MurmurShape, MurmurTiming, Recording,
};

/// One attribute of a murmur.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MurmurTrait {
    /// Which part of systole or diastole it fills.
    Timing(MurmurTiming),
    /// Change of loudness.
    Shape(MurmurShape),
    /// Loudness.
    Grade(MurmurGrade),
    /// Pitch.
    Pitch(MurmurPitch),
    /// Character.
    Quality(MurmurQuality),
}

impl MurmurTrait {
    /// What is known of a murmur. A timing that the name of its finding says already ("systolic")
    /// is none.
    pub fn of(murmur: &Murmur) -> Vec<Self> {
        let plain = matches!(
            murmur.timing,
            MurmurTiming::Systolic | MurmurTiming::Diastolic | MurmurTiming::Continuous
        );
        let all = [
            (!plain).then_some(Self::Timing(murmur.timing)),
            murmur.shape.map(Self::Shape),
            murmur.grade.map(Self::Grade),
            murmur.pitch.map(Self::Pitch),
            murmur.quality.map(Self::Quality),
        ];
        all.into_iter().flatten().collect()
    }
}

impl fmt::Display for MurmurTrait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timing(timing) => write!(f, "timing {timing}"),
            Self::Shape(shape) => write!(f, "shape {shape}"),
            Self::Grade(grade) => write!(f, "grade {grade}"),
            Self::Pitch(pitch) => write!(f, "pitch {pitch}"),
            Self::Quality(quality) => write!(f, "quality {quality}"),
        }
    }
}

/// The finding that a murmur of this timing is.
const fn finding(timing: MurmurTiming) -> Finding {
    if timing.is_systolic() {
        Finding::SystolicMurmur
    } else if timing.is_diastolic() {
        Finding::DiastolicMurmur
    } else {
        Finding::ContinuousMurmur
    }
}

/// The attributes of the murmurs that are present. Two murmurs of one finding are not described,
/// since a text could not tell them apart.
pub(super) fn of(recording: &Recording) -> BTreeSet<(Finding, MurmurTrait)> {
    let mut by_finding: BTreeMap<Finding, Vec<&Murmur>> = BTreeMap::new();
    for murmur in &recording.murmurs {
        let finding = finding(murmur.timing);
        if recording.presence(finding) == Some(Presence::Present) {
            by_finding.entry(finding).or_default().push(murmur);
        }
    }
    by_finding
        .into_iter()
        .filter_map(|(finding, murmurs)| match murmurs[..] {
            [murmur] => Some(
                MurmurTrait::of(murmur)
                    .into_iter()
                    .map(move |attribute| (finding, attribute)),
            ),
            _ => None,
        })
        .flatten()
        .collect()
}
