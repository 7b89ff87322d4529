//! Draws units for a split: a seeded, stratified draw, or the last blocks of each database.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::Unit;
use crate::recording::Recording;

/// Draws `fraction` of the units by iterative stratification (K. Sechidis, G. Tsoumakas,
/// I. Vlahavas, "On the stratification of multi-label data", 2011): the label with the fewest
/// units left is dealt first, each unit to the side that lacks it most. The drawn side is due
/// `fraction` of the units of each label. Ties go to the rest, so that a label with few units
/// stays in training. Drawn units leave `rest`.
pub(super) fn draw_stratified(
    recordings: &[Recording],
    rest: &mut Vec<Unit>,
    fraction: f64,
    seed: u64,
) -> Vec<Unit> {
    // The order in which equals are dealt.
    rest.sort_by_cached_key(|unit| Sha256::digest(format!("{seed}|{}", unit.name)).to_vec());
    let labels: Vec<BTreeSet<String>> = rest.iter().map(|unit| labels(recordings, unit)).collect();
    let mut total: BTreeMap<&str, f64> = BTreeMap::new();
    for label in labels.iter().flatten() {
        *total.entry(label).or_default() += 1.0;
    }
    let due = |share: f64| -> BTreeMap<&str, f64> {
        total
            .iter()
            .map(|(&label, count)| (label, share * count))
            .collect()
    };
    let (mut due_drawn, mut due_rest) = (due(fraction), due(1.0 - fraction));
    let mut room = (fraction * rest.len() as f64).round() as usize;
    let mut is_drawn: Vec<Option<bool>> = vec![None; rest.len()];
    while let Some((label, waiting)) = scarcest(&labels, &is_drawn) {
        for index in waiting {
            let draw = room > 0 && due_drawn[label] > due_rest[label];
            is_drawn[index] = Some(draw);
            room -= usize::from(draw);
            let due = if draw { &mut due_drawn } else { &mut due_rest };
            for label in &labels[index] {
                *due.get_mut(label.as_str())
                    .expect("every label was counted") -= 1.0;
            }
        }
    }
    let mut drawn = Vec::with_capacity(rest.len());
    let mut kept = Vec::with_capacity(rest.len());
    for (unit, is_drawn) in std::mem::take(rest).into_iter().zip(is_drawn) {
        let side = if is_drawn == Some(true) {
            &mut drawn
        } else {
            &mut kept
        };
        side.push(unit);
    }
    *rest = kept;
    drawn
}

/// The label with the fewest units not dealt yet, and those units in order.
fn scarcest<'a>(
    labels: &'a [BTreeSet<String>],
    dealt: &[Option<bool>],
) -> Option<(&'a str, Vec<usize>)> {
    let mut waiting: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, labels) in labels.iter().enumerate() {
        if dealt[index].is_none() {
            for label in labels {
                waiting.entry(label).or_default().push(index);
            }
        }
    }
    waiting.into_iter().min_by_key(|(_, indices)| indices.len())
}

/// What a unit is stratified by: its record classes and event kinds. The empty label, which all
/// units bear, holds the size of the draw.
fn labels(recordings: &[Recording], unit: &Unit) -> BTreeSet<String> {
    let mut labels = BTreeSet::from([String::new()]);
    for &index in &unit.members {
        let recording = &recordings[index];
        labels.extend(recording.record_class.clone());
        labels.extend(
            recording
                .events
                .iter()
                .map(|event| format!("event {}", event.kind)),
        );
    }
    labels
}

/// Draws, from each database (the part of a group's name before `/`), the last blocks until
/// `fraction` of its recordings is reached. Drawn units leave `rest`.
pub(super) fn draw_blocks(
    rest: &mut Vec<Unit>,
    fraction: f64,
    barrier: &BTreeSet<String>,
) -> Vec<Unit> {
    let mut databases: BTreeMap<String, Vec<Unit>> = BTreeMap::new();
    for unit in std::mem::take(rest) {
        let database = unit.name.split('/').next().unwrap_or_default().to_owned();
        databases.entry(database).or_default().push(unit);
    }
    let mut drawn = Vec::new();
    for (database, mut blocks) in databases {
        blocks.sort_by(|a, b| a.name.cmp(&b.name));
        // The blocks before the first reserved one of the database come first in line.
        let border = barrier
            .iter()
            .find(|group| group.split('/').next() == Some(&database));
        let place = border.map_or(blocks.len(), |border| {
            blocks.partition_point(|block| block.name < *border)
        });
        let after = blocks.split_off(place);
        let recordings_of = |block: &Unit| block.members.len();
        let total: usize = blocks.iter().chain(&after).map(recordings_of).sum();
        let wanted = (fraction * total as f64).round() as usize;
        let mut taken = 0;
        while taken < wanted && blocks.len() > 1 {
            let Some(block) = blocks.pop() else { break };
            taken += recordings_of(&block);
            drawn.push(block);
        }
        rest.extend(blocks);
        rest.extend(after);
    }
    drawn
}
