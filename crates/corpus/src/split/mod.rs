//! Recordings come in; each goes out with a [`Split`], so that no subject, group, identical sound
//! or copy of a sound stands in two of them.
//!
//! - A data set that is for testing only is [`Split::Test`] whole.
//! - What the publisher divided himself stays so: his test recordings are [`Split::Test`], his
//!   validation recordings [`Split::Validation`]. A subject on both sides (ICBHI has two) keeps
//!   the tested side, and the other recordings are left out.
//! - Groups that the plan reserves are [`Split::Validation`]. Where a data set has none reserved,
//!   a fraction is drawn.
//! - Calibration is drawn from what is left: by patient and stratified, or, where subjects are
//!   unknown and a group is a block of neighbours, as the blocks just before validation.
//! - The rest is [`Split::Train`].

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Error;
use crate::recording::{DataSet, OfficialSplit, Recording, Split};

mod leakage;
mod list;
mod parts;
mod stratify;
mod units;

pub(crate) use leakage::leakage;
pub use leakage::{Crossing, Leakage, check};
pub use list::read_list;
pub use parts::parts;
use stratify::{draw_blocks, draw_stratified};
use units::{Unit, units};

/// The seed with which this project splits its data sets, for training, calibration and figures.
pub const SPLIT_SEED: u64 = 20_261_122;

/// How to split.
#[derive(Clone, Debug, PartialEq)]
pub struct SplitPlan {
    /// Seed of the draw. Same seed and same recordings, in any order: same split.
    pub seed: u64,
    /// Fraction of the groups (blocks: of the recordings) outside validation that calibrate;
    /// in `[0, 0.5)`.
    pub calibration_fraction: f64,
    /// Fraction that validates in a data set without reserved groups; in `[0, 0.5)`.
    pub validation_fraction: f64,
    /// Whether to keep a publisher's own division where there is one.
    pub official: bool,
    /// Groups reserved for validation, see [`Reading::validation`](crate::Reading::validation).
    pub validation: BTreeSet<String>,
}

impl SplitPlan {
    /// 15 % for calibration and, where nothing is reserved, 15 % for validation.
    pub fn new(seed: u64, validation: BTreeSet<String>) -> Self {
        Self {
            seed,
            calibration_fraction: 0.15,
            validation_fraction: 0.15,
            official: true,
            validation,
        }
    }
}

/// Gives every recording its split. Returns the ids of recordings that are left without one:
/// they are linked, by a copy of their sound or a shared subject, to a validation or test group
/// that must stay as it is, so that no split can hold them without leakage.
///
/// # Errors
/// [`Error::Fraction`] for a fraction outside `[0, 0.5)`.
pub fn assign(recordings: &mut [Recording], plan: &SplitPlan) -> Result<Vec<String>, Error> {
    for (name, value) in [
        ("calibration_fraction", plan.calibration_fraction),
        ("validation_fraction", plan.validation_fraction),
    ] {
        if !(0.0..0.5).contains(&value) {
            return Err(Error::Fraction { name, value });
        }
    }
    for recording in recordings.iter_mut() {
        recording.split = None;
    }
    let mut free: BTreeMap<DataSet, Vec<Unit>> = BTreeMap::new();
    let mut left_out = Vec::new();
    for unit in units(recordings) {
        let reserved = |index: &usize| plan.validation.contains(&recordings[*index].group);
        let official =
            |index: &usize, part| plan.official && recordings[*index].official_split == Some(part);
        let test = |index: &usize| {
            recordings[*index].data_set.is_test_only() || official(index, OfficialSplit::Test)
        };
        let held = |index: &usize| official(index, OfficialSplit::Validation);
        let (kept, split): (Vec<usize>, _) = if unit.members.iter().any(reserved) {
            (
                unit.members.iter().copied().filter(reserved).collect(),
                Split::Validation,
            )
        } else if unit.members.iter().any(test) {
            (
                unit.members.iter().copied().filter(test).collect(),
                Split::Test,
            )
        } else if unit.members.iter().any(held) {
            (
                unit.members.iter().copied().filter(held).collect(),
                Split::Validation,
            )
        } else {
            free.entry(unit.data_set).or_default().push(unit);
            continue;
        };
        let kept: BTreeSet<usize> = kept.into_iter().collect();
        for &index in &unit.members {
            if kept.contains(&index) {
                recordings[index].split = Some(split);
            } else {
                left_out.push(recordings[index].id.clone());
            }
        }
    }
    for (data_set, units) in free {
        assign_data_set(recordings, data_set, units, plan);
    }
    left_out.sort();
    Ok(left_out)
}

/// Draws validation (where nothing is reserved) and calibration from the free units of a data
/// set; the rest trains.
fn assign_data_set(
    recordings: &mut [Recording],
    data_set: DataSet,
    mut rest: Vec<Unit>,
    plan: &SplitPlan,
) {
    // Groups that validate already: first the reserved ones, then those drawn.
    let mut border: BTreeSet<String> = recordings
        .iter()
        .filter(|recording| recording.data_set == data_set)
        .filter(|recording| recording.split == Some(Split::Validation))
        .map(|recording| recording.group.clone())
        .collect();
    let draws = [
        (
            Split::Validation,
            if border.is_empty() {
                plan.validation_fraction
            } else {
                0.0
            },
        ),
        (Split::Calibration, plan.calibration_fraction),
    ];
    for (split, fraction) in draws {
        let drawn = if is_in_blocks(data_set) {
            draw_blocks(&mut rest, fraction, &border)
        } else {
            draw_stratified(recordings, &mut rest, fraction, plan.seed)
        };
        for unit in drawn {
            for index in unit.members {
                recordings[index].split = Some(split);
            }
            border.insert(unit.name);
        }
    }
    for index in rest.into_iter().flat_map(|unit| unit.members) {
        recordings[index].split = Some(Split::Train);
    }
}

/// Whether the groups of a data set are blocks of neighbours, in the order of their names.
const fn is_in_blocks(data_set: DataSet) -> bool {
    matches!(data_set, DataSet::PhysioNet2016)
}
