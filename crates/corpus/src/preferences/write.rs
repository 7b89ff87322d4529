//! Recordings come in, the file of preference pairs about them and its table go out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::near_miss::near_misses;
use super::row::{Attribute, Preference};
use crate::error::Error;
use crate::facts::{Facts, Mode};
use crate::instructions::{Item, Length, answer, items, prompt, styles, wrong};
use crate::output::{Counts, Inputs, Lines, Written, unchanged};
use crate::recording::{Recording, Split};
use crate::verify::refuted;
use crate::wording::Draw;

/// Version of grammar and rules.
const VERSION: u32 = 2;
/// Recordings whose pairs are in memory at once.
const CHUNK: usize = 512;
/// Wordings that are tried for a pair.
const WORDINGS: u32 = 10;

/// How preferences are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// Seed of the choice of questions, the near misses and the wordings.
    pub seed: u64,
}

/// What a file of preferences holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Pairs by what is wrong in the near miss.
    pub attributes: BTreeMap<Attribute, usize>,
    /// Pairs by split; recordings without one under no key.
    pub splits: BTreeMap<Split, usize>,
    /// Recordings with a pair.
    pub recordings: usize,
}

impl Counts for Table {
    const KIND: &'static str = "preferences";
}

impl Table {
    /// All pairs.
    pub fn pairs(&self) -> usize {
        self.attributes.values().sum()
    }
}

/// Writes preference pairs about `recordings` to `path`: of each recording at most one for each
/// attribute that can be got wrong there. `name` and the rest are as in
/// [`instructions::write`](crate::instructions::write).
///
/// # Errors
/// [`Error::Write`] and [`Error::Json`] where files cannot be written.
pub fn write(
    path: &Path,
    recordings: &[Recording],
    options: Options,
    name: &(dyn Fn(&Recording) -> String + Sync),
) -> Result<Written<Table>, Error> {
    let inputs = Inputs::of_named(&("preferences", VERSION, options), recordings, name)?;
    if let Some(table) = unchanged(path, &inputs) {
        return Ok(Written {
            table,
            unchanged: true,
        });
    }
    let mut table = Table::default();
    let mut lines = Lines::new(path)?;
    for chunk in recordings.chunks(CHUNK) {
        let pairs: Vec<Vec<Preference>> = chunk
            .par_iter()
            .map(|recording| pairs(recording, options.seed, name))
            .collect();
        for pairs in &pairs {
            table.recordings += usize::from(!pairs.is_empty());
            for pair in pairs {
                *table.attributes.entry(pair.attribute).or_default() += 1;
                if let Some(split) = pair.split {
                    *table.splits.entry(split).or_default() += 1;
                }
                lines.push(pair)?;
            }
        }
    }
    lines.finish(inputs, &table)?;
    Ok(Written {
        table,
        unchanged: false,
    })
}

/// The pairs of one recording, one for each attribute.
fn pairs(
    recording: &Recording,
    seed: u64,
    name: &(dyn Fn(&Recording) -> String + Sync),
) -> Vec<Preference> {
    let all = Facts::of(recording, Mode::Full, None);
    let mut draw = Draw::new(seed, &["preferences", &recording.id]);
    let mut candidates = items(&all);
    draw.shuffle(&mut candidates);
    let mut done = BTreeSet::new();
    let mut pairs = Vec::new();
    for item in &candidates {
        for (attribute, miss) in near_misses(item, &all, &mut draw) {
            if done.contains(&attribute) {
                continue;
            }
            let style = *draw.pick(styles(&item.kind));
            let told = (0..WORDINGS).find_map(|_| told(item, &miss, &all, &mut draw));
            let Some((response_chosen, response_rejected)) = told else {
                continue;
            };
            done.insert(attribute);
            pairs.push(Preference {
                filename: name(recording),
                instruction: prompt(item, &all, style, &mut draw),
                response_chosen,
                response_rejected,
                attribute,
                dataset: recording.data_set,
                split: recording.split,
                task: item.kind.task(),
                style,
                subject: recording
                    .subject
                    .clone()
                    .unwrap_or_else(|| recording.group.clone()),
                fact: item.kind.fact(),
            });
        }
    }
    pairs
}

/// The item and its near miss in the same words: the first true, the second refuted.
fn told(item: &Item, miss: &Item, all: &Facts, draw: &mut Draw) -> Option<(String, String)> {
    let mut same = draw.clone();
    let chosen = answer(item, None, Length::Long, draw);
    let rejected = answer(miss, None, Length::Long, &mut same);
    let is_true = wrong(item, &chosen, Length::Long, all, None).is_none();
    (is_true && !refuted(&rejected, all).is_empty()).then_some((chosen, rejected))
}
