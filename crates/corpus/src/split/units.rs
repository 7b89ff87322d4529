//! Recordings that must stay together: those that share a group, a subject or a sound, as the same
//! bytes or as copies, directly or through others.

use std::collections::HashMap;

use crate::check::copies;
use crate::recording::{DataSet, Recording};

/// Recordings that must be in the same split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// Indices of the recordings, ascending.
    pub(super) members: Vec<usize>,
    /// The first data set among them, in the order of [`DataSet`].
    pub(super) data_set: DataSet,
    /// The least group of that data set: the name of the unit, whatever the order of the
    /// recordings.
    pub(super) name: String,
}

/// The units of the recordings, sorted by name.
pub(super) fn units(recordings: &[Recording]) -> Vec<Unit> {
    let mut parent: Vec<usize> = (0..recordings.len()).collect();
    let mut seen: HashMap<(u8, &str), usize> = HashMap::new();
    for (index, recording) in recordings.iter().enumerate() {
        let links = [
            Some((0, recording.group.as_str())),
            recording.subject.as_deref().map(|subject| (1, subject)),
        ];
        for link in links.into_iter().flatten() {
            let other = *seen.entry(link).or_insert(index);
            join(&mut parent, other, index);
        }
    }
    for near in copies(recordings) {
        join(&mut parent, near.first, near.second);
    }
    let mut members: HashMap<usize, Vec<usize>> = HashMap::new();
    for index in 0..recordings.len() {
        let root = root(&mut parent, index);
        members.entry(root).or_default().push(index);
    }
    let mut units: Vec<Unit> = members
        .into_values()
        .map(|members| {
            let group = |&index: &usize| (recordings[index].data_set, &recordings[index].group);
            let (data_set, name) = members
                .iter()
                .map(group)
                .min()
                .expect("a unit has a member");
            Unit {
                data_set,
                name: name.clone(),
                members,
            }
        })
        .collect();
    units.sort_by(|a, b| a.name.cmp(&b.name));
    units
}

/// Makes two trees one.
fn join(parent: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(parent, a), root(parent, b));
    parent[a.max(b)] = a.min(b);
}

/// The root of the tree that `index` is in, with the path to it halved.
fn root(parent: &mut [usize], mut index: usize) -> usize {
    while parent[index] != index {
        parent[index] = parent[parent[index]];
        index = parent[index];
    }
    index
}
