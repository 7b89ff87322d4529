//! What a file of instructions holds: rows come in, counts go out.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::row::{Instruction, Length, Style, Task};
use crate::output::Counts;
use crate::recording::Split;

/// The counts of a file of instructions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// By task.
    pub tasks: BTreeMap<Task, Row>,
    /// Different questions, word for word.
    pub prompts: usize,
    /// Recordings that are asked about.
    pub recordings: usize,
    /// The most pairs of one recording, those counted in which it comes second.
    pub most: usize,
}

/// The counts of one task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Pairs of question and answer.
    pub pairs: usize,
    /// Of these, with an answer that follows from fields of the data set.
    pub gold: usize,
    /// Different (recording, fact): a pair that asks the same in other words is not counted again.
    pub facts: usize,
    /// Different classes of answers.
    pub classes: usize,
    /// By style.
    pub styles: BTreeMap<Style, usize>,
    /// By length of the answer.
    pub lengths: BTreeMap<Length, usize>,
    /// By split; recordings without one under no key.
    pub splits: BTreeMap<Split, usize>,
}

impl Counts for Table {
    const KIND: &'static str = "instructions";
}

impl Table {
    /// All pairs.
    pub fn pairs(&self) -> usize {
        self.tasks.values().map(|row| row.pairs).sum()
    }
}

/// What is counted while rows go by: hashes, not texts.
#[derive(Default)]
pub(super) struct Counter {
    table: Table,
    prompts: HashSet<u64>,
    facts: HashSet<u64>,
    classes: HashSet<u64>,
    pairs: HashMap<u64, usize>,
    asked: HashSet<u64>,
}

impl Counter {
    pub(super) fn count(&mut self, pair: &Instruction) {
        let row = self.table.tasks.entry(pair.task).or_default();
        row.pairs += 1;
        row.gold += usize::from(pair.gold);
        *row.styles.entry(pair.style).or_default() += 1;
        *row.lengths.entry(pair.length_class).or_default() += 1;
        if let Some(split) = pair.split {
            *row.splits.entry(split).or_default() += 1;
        }
        let second = pair.second_filename.as_deref().unwrap_or_default();
        row.facts += usize::from(
            self.facts
                .insert(hash(&[&pair.filename, second, &pair.fact])),
        );
        row.classes += usize::from(self.classes.insert(hash(&[pair.task.word(), &pair.class])));
        self.prompts.insert(hash(&[&pair.instruction]));
        self.asked.insert(hash(&[&pair.filename]));
        for name in [Some(&pair.filename), pair.second_filename.as_ref()]
            .into_iter()
            .flatten()
        {
            *self.pairs.entry(hash(&[name])).or_default() += 1;
        }
    }

    pub(super) fn finish(mut self) -> Table {
        self.table.prompts = self.prompts.len();
        self.table.recordings = self.asked.len();
        self.table.most = self.pairs.values().copied().max().unwrap_or(0);
        self.table
    }
}

fn hash(parts: &[&str]) -> u64 {
    crate::wording::Draw::new(0, parts).number()
}
