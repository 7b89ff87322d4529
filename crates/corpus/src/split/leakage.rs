//! Refuses splits that share a subject, a group or an identical sound.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::recording::{Recording, Split};

/// What stands in more than one split. All ids are opaque.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leakage {
    /// Subjects in several splits.
    pub subjects: Vec<Crossing>,
    /// Groups in several splits.
    pub groups: Vec<Crossing>,
    /// Audio hashes in several splits: the same sound under several recordings.
    pub sounds: Vec<Crossing>,
}

/// One thing that stands in several splits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crossing {
    /// The subject, group or audio hash.
    pub id: String,
    /// The splits it is in, two or more.
    pub splits: Vec<Split>,
    /// The recordings concerned, by opaque id.
    pub recordings: Vec<String>,
}

impl std::error::Error for Leakage {}

impl fmt::Display for Leakage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("leakage between splits:")?;
        let kinds = [
            ("subjects", &self.subjects),
            ("groups", &self.groups),
            ("sounds", &self.sounds),
        ];
        let mut separator = " ";
        for (kind, crossings) in kinds {
            let Some(first) = crossings.first() else {
                continue;
            };
            let splits: Vec<_> = first.splits.iter().map(|split| split.word()).collect();
            write!(
                f,
                "{separator}{} {kind} (first: {} with {} recordings in {})",
                crossings.len(),
                first.id,
                first.recordings.len(),
                splits.join(", "),
            )?;
            separator = "; ";
        }
        Ok(())
    }
}

/// Checks that no subject, group or identical sound is in more than one split. Recordings
/// without a split take part in nothing and are not looked at.
///
/// # Errors
/// [`Leakage`], which names everything that crosses.
pub fn check(recordings: &[Recording]) -> Result<(), Leakage> {
    let crossing = |key: fn(&Recording) -> Option<&str>| crossings(recordings, key);
    let leakage = Leakage {
        subjects: crossing(|recording| recording.subject.as_deref()),
        groups: crossing(|recording| Some(&recording.group)),
        sounds: crossing(|recording| Some(&recording.audio_sha256)),
    };
    if leakage == Leakage::default() {
        Ok(())
    } else {
        Err(leakage)
    }
}

fn crossings(recordings: &[Recording], key: fn(&Recording) -> Option<&str>) -> Vec<Crossing> {
    let mut found: BTreeMap<&str, (BTreeSet<Split>, Vec<String>)> = BTreeMap::new();
    for recording in recordings {
        if let (Some(key), Some(split)) = (key(recording), recording.split) {
            let (splits, members) = found.entry(key).or_default();
            splits.insert(split);
            members.push(recording.id.clone());
        }
    }
    found
        .into_iter()
        .filter(|(_, (splits, _))| splits.len() > 1)
        .map(|(id, (splits, recordings))| Crossing {
            id: id.to_owned(),
            splits: splits.into_iter().collect(),
            recordings,
        })
        .collect()
}
