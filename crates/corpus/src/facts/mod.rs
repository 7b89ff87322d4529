//! A recording comes in; the facts that a text about it may state go out. What a text must not
//! know (the label, where labels are hidden) is not among them.

mod device;
mod diagnosis;
mod implied;
mod murmur;
mod phase;
mod signal;
mod timing;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::diagnosis::Diagnosis;
use crate::finding::{Finding, Presence};
use crate::recording::{Domain, Quality, Recording, Sex, words};
use crate::site::Site;
use crate::wording::AgeGroup;

pub use device::Device;
pub use implied::{closed, most_specific};
pub use murmur::MurmurTrait;
pub use phase::Phase;
pub use signal::{Noise, Signal, listen};
pub(crate) use timing::shown;
pub use timing::{SPANS_NAMED, Timing, tenths};

words! {
    /// What the texts of a run may state.
    Mode {
        /// Everything that is known.
        Full = "full",
        /// Only what an encoder may learn without the evaluated labels leaking: who and where,
        /// the device, and measures of the sound; no finding, event, record class, quality label
        /// or diagnosis.
        LabelsHidden = "labels-hidden",
    }
}

/// The facts of one recording, in the terms in which texts state them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// What was listened to: heart, lung or, with both, the two of them.
    pub domains: BTreeSet<Domain>,
    /// Findings that are present, absent or uncertain, as the data set states or implies them.
    pub findings: BTreeMap<Finding, Presence>,
    /// Phases of breathing in which a finding is heard.
    pub phases: BTreeSet<(Finding, Phase)>,
    /// Attributes of the murmurs that are present.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub murmurs: BTreeSet<(Finding, MurmurTrait)>,
    /// Annotated intervals by finding.
    pub timings: Vec<Timing>,
    /// Where the stethoscope stood.
    pub site: Option<Site>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Group of ages.
    pub age: Option<AgeGroup>,
    /// Kind of device or filter.
    pub device: Option<Device>,
    /// Diagnoses of the subject; empty where the publisher gives none that texts can name.
    pub diagnoses: BTreeSet<Diagnosis>,
    /// Duration, in tenths of a second.
    pub tenths: Option<u32>,
    /// Measures of the sound.
    pub signal: Option<Signal>,
}

impl Facts {
    /// The facts of a recording that texts of `mode` may state. `signal` is what was measured on
    /// its sound, if it was.
    pub fn of(recording: &Recording, mode: Mode, signal: Option<Signal>) -> Self {
        let full = mode == Mode::Full;
        let findings = recording
            .findings
            .iter()
            .filter(|(_, presence)| full && *presence != Presence::NotAssessed)
            .copied()
            .collect();
        let poor = recording.quality == Some(Quality::Poor);
        Self {
            domains: match recording.domain {
                // Coughs have no findings, a mixture has some of each.
                Domain::Other if !recording.findings.is_empty() => {
                    BTreeSet::from([Domain::Heart, Domain::Lung])
                }
                domain => BTreeSet::from([domain]),
            },
            phases: if full {
                phase::of(recording)
            } else {
                BTreeSet::new()
            },
            murmurs: if full {
                murmur::of(recording)
            } else {
                BTreeSet::new()
            },
            timings: if full && !poor {
                timing::of(&recording.events)
            } else {
                Vec::new()
            },
            findings,
            site: recording.site,
            sex: recording.sex,
            age: recording.age_years.map(AgeGroup::of),
            device: recording.device.as_deref().and_then(Device::of),
            diagnoses: if full {
                diagnosis::of(recording)
            } else {
                BTreeSet::new()
            },
            tenths: full.then(|| tenths(recording.seconds)),
            signal: signal.filter(|_| !full),
        }
    }
}
