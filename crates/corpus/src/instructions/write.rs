//! Recordings come in, the file of instructions about them and its table go out.

use std::path::Path;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::answers::answer;
use super::check::wrong;
use super::plan::{Asked, Plan};
use super::prompts::prompt;
use super::row::{Instruction, Length};
use super::table::{Counter, Table};
use crate::error::Error;
use crate::facts::{Facts, Mode};
use crate::output::{Inputs, Lines, Written, unchanged};
use crate::recording::Recording;
use crate::verify::Difference;
use crate::wording::Draw;

/// Version of grammar and plan.
const VERSION: u32 = 2;
/// Recordings whose pairs are in memory at once.
const CHUNK: usize = 512;
/// Wordings of an answer that are tried before it counts as unsayable.
const WORDINGS: u32 = 20;

/// How instructions are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// Seed of the choice of questions and of the wordings.
    pub seed: u64,
}

/// Writes instructions about `recordings` to `path`. `name` gives what stands in `filename`: the
/// opaque id, or, where a person asked for it, the name of the file. Where the file is there already
/// from the same recordings, names and options, nothing is done.
///
/// # Errors
/// [`Error::Write`] and [`Error::Json`] where files cannot be written, [`Error::Unsayable`] where the
/// grammar has no true answer.
pub fn write(
    path: &Path,
    recordings: &[Recording],
    options: Options,
    name: &(dyn Fn(&Recording) -> String + Sync),
) -> Result<Written<Table>, Error> {
    let inputs = Inputs::of_named(&("instructions", VERSION, options), recordings, name)?;
    if let Some(table) = unchanged(path, &inputs) {
        return Ok(Written {
            table,
            unchanged: true,
        });
    }
    let facts: Vec<Facts> = recordings
        .par_iter()
        .map(|recording| Facts::of(recording, Mode::Full, None))
        .collect();
    let mut plan = Plan::new(recordings, &facts, options.seed);
    let mut counter = Counter::default();
    let mut lines = Lines::new(path)?;
    for start in (0..recordings.len()).step_by(CHUNK) {
        let chunk = start..(start + CHUNK).min(recordings.len());
        let asked: Vec<(usize, Asked)> = chunk
            .flat_map(|at| {
                plan.ask(at, recordings, &facts)
                    .into_iter()
                    .map(move |one| (at, one))
            })
            .collect();
        let pairs: Vec<Instruction> = asked
            .par_iter()
            .map(|(at, asked)| pair(*at, asked, recordings, &facts, options.seed, name))
            .collect::<Result<_, _>>()?;
        for pair in &pairs {
            counter.count(pair);
            lines.push(pair)?;
        }
    }
    let table = counter.finish();
    lines.finish(inputs, &table)?;
    Ok(Written {
        table,
        unchanged: false,
    })
}

fn pair(
    at: usize,
    asked: &Asked,
    recordings: &[Recording],
    facts: &[Facts],
    seed: u64,
    name: &(dyn Fn(&Recording) -> String + Sync),
) -> Result<Instruction, Error> {
    let (recording, all) = (&recordings[at], &facts[at]);
    let Asked {
        item,
        style,
        length,
        second,
    } = asked;
    let second_facts = second.map(|second| &facts[second]);
    let fact = item.kind.fact();
    let mut draw = Draw::new(seed, &["instruction", &recording.id, &fact]);
    let instruction = prompt(item, all, *style, &mut draw);
    let mut last = Difference::default();
    for _ in 0..WORDINGS {
        let response = answer(item, second_facts, *length, &mut draw);
        last = wrong(item, &response, *length, all, second_facts);
        if last.is_none() {
            let mut findings = words(all);
            if let Some(second) = second_facts {
                findings.extend(
                    words(second)
                        .into_iter()
                        .map(|word| format!("second/{word}")),
                );
            }
            return Ok(Instruction {
                filename: name(recording),
                instruction,
                length_class: Length::of(&response),
                response,
                dataset: recording.data_set,
                split: recording.split,
                task: item.kind.task(),
                style: *style,
                findings,
                subject: recording
                    .subject
                    .clone()
                    .unwrap_or_else(|| recording.group.clone()),
                second_filename: second.map(|second| name(&recordings[second])),
                class: item.class.clone(),
                fact,
                gold: item.gold,
            });
        }
    }
    Err(Error::Unsayable {
        id: recording.id.clone(),
        difference: Box::new(last),
    })
}

/// What is known of a recording's findings: `wheeze:absent`.
fn words(facts: &Facts) -> Vec<String> {
    facts
        .findings
        .iter()
        .map(|(finding, presence)| format!("{finding}:{presence}"))
        .collect()
}
