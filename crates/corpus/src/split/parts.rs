//! The recordings of one split come in; the part that each is in, for cross-fitting, goes out.

use std::collections::{BTreeMap, BTreeSet};

use super::is_in_blocks;
use super::stratify::{draw_blocks, draw_stratified};
use super::units::{Unit, units};
use crate::recording::{DataSet, Recording, Split};

/// Deals the recordings of `split` into `count` parts, numbered from 1, by whole units (patients, or
/// blocks of neighbours), as evenly as [`assign`](super::assign) draws. `None` for recordings of
/// other splits. The same seed gives the same parts.
pub fn parts(
    recordings: &[Recording],
    split: Split,
    count: usize,
    seed: u64,
) -> Vec<Option<usize>> {
    let mut by_set: BTreeMap<DataSet, Vec<Unit>> = BTreeMap::new();
    for unit in units(recordings) {
        if recordings[unit.members[0]].split == Some(split) {
            by_set.entry(unit.data_set).or_default().push(unit);
        }
    }
    let mut parts = vec![None; recordings.len()];
    for (data_set, mut rest) in by_set {
        let mut border = BTreeSet::new();
        for part in 1..=count {
            // What is left is shared by the parts that are left.
            let fraction = 1.0 / (count + 1 - part) as f64;
            let drawn = if part == count {
                std::mem::take(&mut rest)
            } else if is_in_blocks(data_set) {
                draw_blocks(&mut rest, fraction, &border)
            } else {
                draw_stratified(recordings, &mut rest, fraction, seed)
            };
            for unit in drawn {
                for index in unit.members {
                    parts[index] = Some(part);
                }
                border.insert(unit.name);
            }
        }
    }
    parts
}
