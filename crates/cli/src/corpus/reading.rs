//! `laennec corpus reading`: a manifest comes in; reports for a person to read, with the fields of
//! their recordings, and apart from them what the verifier says go out. What the person found comes
//! in, and where the verifier disagrees goes out.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use clap::Args;
use laennec_corpus::facts::Mode;
use laennec_corpus::reports::{Company, Options, Report, write};
use laennec_corpus::verify::{Difference, stated};
use laennec_corpus::wording::Draw;
use laennec_corpus::{Finding, Presence, Recording, Split, TextGenerator};
use serde::{Deserialize, Serialize};

use super::report::SEED;
use super::{failure, plain};
use crate::arguments::Folders;
use crate::exit::{Exit, Failure};
use crate::generator;
use crate::output::{print, unwritable};

/// Reports that the language model is asked for at once, and at most in all.
const CHUNK: usize = 10;
const MOST_ASKED: usize = 400;

/// The arguments of `laennec corpus reading`.
#[derive(Debug, Args)]
#[command(after_help = "\
Without --compare: writes reports.jsonl (index, text, fields, labels) and verdicts.jsonl (index, who \
wrote the text, what the verifier and the extractor say). Half of the texts are the template's, half \
the language model's first texts, of these half refused by the verifier; copies of the template are \
passed over. With --compare: reads reading.jsonl, one line for each report: index, agrees (does the text \
say what the fields say and nothing else), wrong (in words), and findings (what the text states, as \
{\"wheeze\": \"present\"}), and prints where verifier and extractor disagree with it.")]
pub(super) struct Arguments {
    /// The manifest (Parquet)
    manifest: PathBuf,
    /// The folder to write to, or that was written to
    folder: PathBuf,
    /// Texts of each writer
    #[arg(long, default_value_t = 50, value_name = "N")]
    n: usize,
    /// Seed of the draw and of the wordings
    #[arg(long, default_value_t = SEED)]
    seed: u64,
    /// Compare with what a person wrote into reading.jsonl
    #[arg(long)]
    compare: bool,
}

/// A report for a person.
#[derive(Serialize, Deserialize)]
struct Sheet {
    index: usize,
    text: String,
    fields: Vec<String>,
    labels: Vec<String>,
}

/// What the program says of it.
#[derive(Serialize, Deserialize)]
struct Verdict {
    index: usize,
    id: String,
    data_set: String,
    writer: String,
    passes: bool,
    difference: String,
    extracted: BTreeMap<Finding, Vec<Presence>>,
}

/// What the person says of it.
#[derive(Deserialize)]
struct Reading {
    index: usize,
    agrees: bool,
    #[serde(default)]
    wrong: Option<String>,
    #[serde(default)]
    findings: Option<BTreeMap<Finding, Presence>>,
}

/// A text and what the verifier says.
struct Written {
    id: String,
    text: String,
    writer: String,
    difference: Difference,
}

/// Draws, or compares.
pub(super) fn run(arguments: &Arguments, folders: &Folders) -> Result<(), Failure> {
    if arguments.compare {
        let (verdicts, readings) = (
            lines::<Verdict>(&arguments.folder.join("verdicts.jsonl"))?,
            lines::<Reading>(&arguments.folder.join("reading.jsonl"))?,
        );
        return print(&compared(&verdicts, &readings));
    }
    let folder = &arguments.folder;
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, error.kind()))?;
    let recordings = spread(&super::read(&arguments.manifest)?, arguments.seed);
    let of = |written: &Written| recordings.iter().find(|one| one.id == written.id);
    let (n, seed) = (arguments.n, arguments.seed);
    let mut all = texts(&recordings[..n.min(recordings.len())], seed, None)?;
    let rest = &recordings[all.len()..];
    let generator = generator::quick(folders)?;
    let (mut passed, mut refused) = (Vec::new(), Vec::new());
    for chunk in rest.chunks(CHUNK).take(MOST_ASKED / CHUNK) {
        for written in texts(chunk, seed, Some(&generator))? {
            let half = n / 2;
            let (side, most) = if written.difference.is_none() {
                (&mut passed, n - half)
            } else {
                (&mut refused, half)
            };
            if side.len() < most {
                side.push(written);
            }
        }
        if passed.len() + refused.len() == n {
            break;
        }
    }
    all.extend(passed);
    all.extend(refused);
    Draw::new(seed, &["reading"]).shuffle(&mut all);
    let (mut sheets, mut verdicts) = (Vec::new(), Vec::new());
    for (index, written) in all.iter().enumerate() {
        let Some(recording) = of(written) else {
            continue;
        };
        sheets.push(Sheet {
            index,
            text: written.text.clone(),
            fields: plain::fields(recording),
            labels: plain::labels(recording),
        });
        let extracted = stated(&written.text);
        verdicts.push(Verdict {
            index,
            id: written.id.clone(),
            data_set: recording.data_set.name().to_owned(),
            writer: written.writer.clone(),
            passes: written.difference.is_none(),
            difference: written.difference.to_string(),
            extracted: extracted
                .into_iter()
                .map(|(finding, said)| (finding, said.into_iter().collect()))
                .collect(),
        });
    }
    put(&folder.join("reports.jsonl"), &sheets)?;
    put(&folder.join("verdicts.jsonl"), &verdicts)?;
    let refused = verdicts.iter().filter(|verdict| !verdict.passes).count();
    print(&format!(
        "{} reports to read, {refused} of them refused by the verifier\n",
        sheets.len()
    ))
}

/// Recordings in a drawn order in which data sets and splits take turns.
fn spread(recordings: &[Recording], seed: u64) -> Vec<Recording> {
    let mut boxes: BTreeMap<(&str, Option<&str>), Vec<&Recording>> = BTreeMap::new();
    for recording in recordings {
        let split = recording.split.map(Split::word);
        let key = (recording.data_set.name(), split);
        boxes.entry(key).or_default().push(recording);
    }
    let mut ranked: Vec<(usize, usize, &Recording)> = Vec::new();
    for (at, members) in boxes.values_mut().enumerate() {
        Draw::new(seed, &["spread", &at.to_string()]).shuffle(members);
        ranked.extend(
            members
                .iter()
                .enumerate()
                .map(|(turn, &one)| (turn, at, one)),
        );
    }
    ranked.sort_by_key(|&(turn, at, _)| (turn, at));
    ranked.into_iter().map(|(.., one)| one.clone()).collect()
}

/// The template's reports, or the language model's first texts that are no copies.
fn texts(
    recordings: &[Recording],
    seed: u64,
    generator: Option<&dyn TextGenerator>,
) -> Result<Vec<Written>, Failure> {
    let folder = tempfile::tempdir().map_err(|error| Failure::new(Exit::Internal, error))?;
    let path = folder.path().join("reports.jsonl");
    let refused = Mutex::new(HashMap::new());
    let company = Company {
        listen: &|_| None,
        generator,
        progress: &|count| eprint!("{}", ".".repeat(count)),
        refused: &|id, text, difference| {
            let mut refused = refused.lock().unwrap_or_else(PoisonError::into_inner);
            refused.insert(id.to_owned(), (text.to_owned(), difference.clone()));
        },
    };
    let options = Options {
        mode: Mode::Full,
        seed,
        tries: 1,
    };
    write(&path, recordings, &options, company).map_err(|error| failure(&error))?;
    let refused = refused.into_inner().unwrap_or_else(PoisonError::into_inner);
    let reports: Vec<Report> = lines(&path)?;
    let written = reports.into_iter().filter_map(|report| {
        let (text, difference) = match refused.get(&report.id) {
            Some((text, difference)) => (text.clone(), difference.clone()),
            None => (report.text.clone(), Difference::default()),
        };
        let copied = report.template.as_ref() == Some(&text);
        (!copied).then(|| Written {
            id: report.id,
            text,
            writer: generator.map_or_else(|| "template".to_owned(), TextGenerator::name),
            difference,
        })
    });
    Ok(written.collect())
}

/// Where verifier and extractor disagree with the person.
fn compared(verdicts: &[Verdict], readings: &[Reading]) -> String {
    let mut text = String::new();
    let mut counts: BTreeMap<&str, [usize; 5]> = BTreeMap::new();
    for verdict in verdicts {
        let Some(reading) = readings.iter().find(|one| one.index == verdict.index) else {
            continue;
        };
        let said = reading.findings.as_ref().map(|findings| {
            let one = |(&finding, &presence)| (finding, vec![presence]);
            findings.iter().map(one).collect::<BTreeMap<_, _>>()
        });
        let read_otherwise = said.as_ref().is_some_and(|said| *said != verdict.extracted);
        let of = counts.entry(&verdict.writer).or_default();
        of[0] += 1;
        of[1] += usize::from(verdict.passes);
        of[2] += usize::from(verdict.passes && !reading.agrees);
        of[3] += usize::from(!verdict.passes && reading.agrees);
        of[4] += usize::from(read_otherwise);
        if verdict.passes != reading.agrees || read_otherwise {
            let (index, wrong) = (verdict.index, reading.wrong.as_deref().unwrap_or(""));
            let difference = &verdict.difference;
            let _ = writeln!(
                text,
                "{index}: the person: agrees {} {wrong}",
                reading.agrees
            );
            let _ = writeln!(
                text,
                "   the verifier: passes {} {difference}",
                verdict.passes
            );
            if read_otherwise {
                let _ = writeln!(
                    text,
                    "   read {:?}, extracted {:?}",
                    said, verdict.extracted
                );
            }
        }
    }
    for (writer, [all, passed, wrong, right, otherwise]) in counts {
        let refused = all - passed;
        let _ = writeln!(
            text,
            "{writer}: {all} read; {wrong} of {passed} passed are wrong, {right} of {refused} refused \
             are right; findings read otherwise in {otherwise}"
        );
    }
    text
}

fn lines<T: for<'a> Deserialize<'a>>(path: &Path) -> Result<Vec<T>, Failure> {
    let unread = |line: usize, error: &dyn std::fmt::Display| {
        Failure::new(Exit::Input, format!("{}:{line}: {error}", path.display()))
            .help("`laennec corpus reading --help` tells what the lines hold")
    };
    let text = fs::read_to_string(path).map_err(|error| unread(0, &error))?;
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.is_empty());
    lines
        .map(|(at, line)| serde_json::from_str(line).map_err(|error| unread(at + 1, &error)))
        .collect()
}

fn put(path: &Path, rows: &[impl Serialize]) -> Result<(), Failure> {
    let mut text = String::new();
    for row in rows {
        text.push_str(&serde_json::to_string(row).expect("plain data serialises"));
        text.push('\n');
    }
    fs::write(path, text).map_err(|error| unwritable(path, error.kind()))
}
