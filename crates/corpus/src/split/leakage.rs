//! Refuses splits that share a subject, a group, an identical sound or copies of one sound.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::check::copies;
use crate::fingerprint::Near;
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
    /// Pairs of copies of one sound (see [`fingerprint`](crate::fingerprint)) in two splits; the
    /// id is that of the first recording.
    pub copies: Vec<Crossing>,
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
            ("copies of a sound", &self.copies),
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

/// Checks that no subject, group, identical sound or copy of a sound is in more than one split.
/// Recordings without a split take part in nothing and are not looked at; without a fingerprint
/// copies are not found.
///
/// # Errors
/// [`Leakage`], which names everything that crosses.
pub fn check(recordings: &[Recording]) -> Result<(), Leakage> {
    let leakage = leakage(recordings, &copies(recordings));
    if leakage == Leakage::default() {
        Ok(())
    } else {
        Err(leakage)
    }
}

/// Everything that crosses, where the copies are known.
pub(crate) fn leakage(recordings: &[Recording], copies: &[Near]) -> Leakage {
    let crossing = |key: fn(&Recording) -> Option<&str>| crossings(recordings, key);
    let sound = |row: &Recording| !row.audio_sha256.is_empty();
    let copies = copies.iter().filter_map(|near| {
        let (a, b) = (&recordings[near.first], &recordings[near.second]);
        let (first, second) = (a.split?, b.split?);
        let same_file = sound(a) && a.audio_sha256 == b.audio_sha256;
        (first != second && !same_file).then(|| Crossing {
            id: a.id.clone(),
            splits: vec![first.min(second), first.max(second)],
            recordings: vec![a.id.clone(), b.id.clone()],
        })
    });
    Leakage {
        subjects: crossing(|recording| recording.subject.as_deref()),
        groups: crossing(|recording| Some(&recording.group)),
        sounds: crossing(|row| Some(row.audio_sha256.as_str()).filter(|hash| !hash.is_empty())),
        copies: copies.collect(),
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
