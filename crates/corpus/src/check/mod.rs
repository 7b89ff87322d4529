//! Recordings come in; what is wrong with them as a corpus goes out: leakage between splits, one
//! sound under two subjects or with contradicting labels, values that may identify a person,
//! and, as remarks, repeated, silent and clipped sounds.

use crate::finding::{Finding, Presence};
use crate::fingerprint::{Fingerprint, Near, near_duplicates, pairs_of};
use crate::identity::{self, Identifying};
use crate::recording::{Domain, Recording};
use crate::split::{Leakage, leakage};

/// Quieter than this, in dB relative to full scale, is silent: below one step of 16 bits.
pub const SILENT_DBFS: f32 = -90.0;
/// A larger share of clipped samples than this is told.
pub const CLIPPED: f32 = 0.01;

/// Copies whose bits differ less than this surely are one sound, so that their labels must agree.
/// Chosen on recordings: true copies stayed below 0.12, and the manikin's sounds, which all have
/// the same beat, come to 0.23 of one another.
const SURE: f64 = 0.2;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checked {
    /// Recordings looked at.
    pub recordings: usize,
    /// Subjects, groups, sounds and copies in more than one split.
    pub leakage: Leakage,
    /// Copies of one sound under two subjects of one data set.
    pub two_subjects: Vec<Pair>,
    /// Copies of one sound of which one has a finding and the other has not.
    pub contradictions: Vec<Pair>,
    /// Values that may identify a person: id, column, how.
    pub identifying: Vec<(String, &'static str, Identifying)>,
    /// Copies within a subject or group, or between groups of unknown subjects. No fault: a
    /// device may store one recording through three filters.
    pub repeated: Vec<Pair>,
    /// Recordings without sound, by id.
    pub silent: Vec<String>,
    /// Recordings with more than a hundredth of their samples clipped, by id.
    pub clipped: Vec<String>,
}

/// Two recordings of one sound.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// Id of the one.
    pub first: String,
    /// Id of the other.
    pub second: String,
    /// Share of bits of the fingerprints that differ; 0 where the files are the same.
    pub bit_error_rate: f64,
    /// Findings on which they contradict each other.
    pub findings: Vec<Finding>,
}

impl Checked {
    /// Whether the corpus must not be used as it is. Repeated, silent and clipped sounds are no
    /// fault.
    pub fn is_faulty(&self) -> bool {
        self.leakage != Leakage::default()
            || !self.two_subjects.is_empty()
            || !self.contradictions.is_empty()
            || !self.identifying.is_empty()
    }
}

/// Looks for everything at once.
pub fn check(recordings: &[Recording]) -> Checked {
    let copies = copies(recordings);
    let mut checked = Checked {
        recordings: recordings.len(),
        leakage: leakage(recordings, &copies),
        ..Checked::default()
    };
    for near in &copies {
        let (a, b) = (&recordings[near.first], &recordings[near.second]);
        let pair = Pair {
            first: a.id.clone(),
            second: b.id.clone(),
            bit_error_rate: near.bit_error_rate,
            findings: if near.bit_error_rate < SURE {
                contradictions(a, b)
            } else {
                Vec::new()
            },
        };
        let both = a.subject.is_some() && b.subject.is_some() && a.data_set == b.data_set;
        if both && a.subject != b.subject && a.group != b.group {
            checked.two_subjects.push(pair);
        } else if pair.findings.is_empty() {
            checked.repeated.push(pair);
        } else {
            checked.contradictions.push(pair);
        }
    }
    for recording in recordings {
        let found = identity::of_recording(recording).into_iter();
        checked
            .identifying
            .extend(found.map(|(column, how)| (recording.id.clone(), column, how)));
        if let Some(level) = recording.level {
            if level.rms_dbfs < SILENT_DBFS {
                checked.silent.push(recording.id.clone());
            } else if level.clipped > CLIPPED {
                checked.clipped.push(recording.id.clone());
            }
        }
    }
    checked
}

/// Pairs of recordings with the same bytes or with fingerprints of one sound, each pair once; of
/// more than 64 that are equal, each with the first alone.
pub(crate) fn copies(recordings: &[Recording]) -> Vec<Near> {
    let prints: Vec<&Fingerprint> = recordings.iter().map(|row| &row.fingerprint).collect();
    let mut found = near_duplicates(&prints);
    let mut by_hash: Vec<(&str, usize)> = recordings
        .iter()
        .enumerate()
        .filter(|(_, row)| !row.audio_sha256.is_empty())
        .map(|(index, row)| (row.audio_sha256.as_str(), index))
        .collect();
    by_hash.sort_unstable();
    for same in by_hash.chunk_by(|a, b| a.0 == b.0) {
        let same: Vec<usize> = same.iter().map(|&(_, index)| index).collect();
        found.extend(pairs_of(&same).map(|(first, second)| Near {
            first,
            second,
            bit_error_rate: 0.0,
            steps: 0,
        }));
    }
    found.sort_by_key(|near| (near.first, near.second));
    found.dedup_by_key(|near| (near.first, near.second));
    found
}

/// Findings that one has and the other has not. A mixture of heart and lung is a copy of neither
/// part, although it sounds like the louder one, so that it contradicts nothing.
fn contradictions(a: &Recording, b: &Recording) -> Vec<Finding> {
    if a.domain == Domain::Other || b.domain == Domain::Other {
        return Vec::new();
    }
    a.findings
        .iter()
        .filter(|(finding, here)| {
            let there = b.presence(*finding);
            matches!(
                (here, there),
                (Presence::Present, Some(Presence::Absent))
                    | (Presence::Absent, Some(Presence::Present))
            )
        })
        .map(|(finding, _)| *finding)
        .collect()
}
