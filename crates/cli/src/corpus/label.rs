//! `laennec corpus label`: a manifest comes in, a side file of weak labels goes out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use laennec_corpus::weak::{self, FunctionReport, Item, Options, Table};
use laennec_corpus::{Domain, manifest};
use serde::Deserialize;

use super::failure;
use super::import::{beside, listen};
use crate::arguments::Folders;
use crate::exit::{Exit, Failure};
use crate::output::{print, table};
use crate::voters::{Voters, evidence_file};

/// The arguments of `laennec corpus label`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The manifest (Parquet)
    manifest: PathBuf,
    /// The labels to write (Parquet) [default: weak.parquet beside the manifest]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Free text about recordings: JSON lines of `id` and `text`. It is read, never stored
    #[arg(long, value_name = "FILE")]
    notes: Option<PathBuf>,
    /// Folder of the bundle that votes on data sets it did not learn from [default: the built-in
    /// one]
    #[arg(long, value_name = "DIR")]
    bundle: Option<PathBuf>,
    /// Let no network vote
    #[arg(long, conflicts_with = "bundle")]
    no_networks: bool,
    /// File that keeps what was measured on sounds, so that it is done once [default: in the
    /// user's cache folder]
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,
    /// Replace the labels
    #[arg(long)]
    force: bool,
}

/// A line of the notes.
#[derive(Deserialize)]
struct Note {
    id: String,
    text: String,
}

/// Labels the recordings of the manifest and prints what the labels come from.
pub(super) fn run(arguments: &Arguments, folders: &Folders) -> Result<(), Failure> {
    let default = || arguments.manifest.with_file_name("weak.parquet");
    let out = arguments.out.clone().unwrap_or_else(default);
    if out.exists() && !arguments.force {
        return Err(
            Failure::new(Exit::Refused, format!("{} exists already", out.display()))
                .help("add --force to replace it, or give another name with --out"),
        );
    }
    let rows = manifest::read(&arguments.manifest).map_err(|error| failure(&error))?;
    let notes = arguments
        .notes
        .as_deref()
        .map_or_else(|| Ok(BTreeMap::new()), notes)?;
    let cache = beside(&arguments.manifest, "cache");
    let reading = listen(&folders.data()?, Some(&cache))?;
    let paths: BTreeMap<(&str, &str), &Path> = reading
        .located
        .iter()
        .map(|one| {
            let recording = &one.recording;
            let key = (recording.id.as_str(), recording.audio_sha256.as_str());
            (key, one.path.as_path())
        })
        .collect();
    let items: Vec<Item<'_>> = rows
        .iter()
        .map(|recording| Item {
            recording,
            path: paths
                .get(&(recording.id.as_str(), recording.audio_sha256.as_str()))
                // No function votes on what is neither heart nor lung.
                .filter(|_| recording.domain != Domain::Other)
                .copied(),
            note: notes.get(&recording.id).map(String::as_str),
        })
        .collect();
    let unheard = |item: &&Item<'_>| item.path.is_none() && item.recording.domain != Domain::Other;
    let without = items.iter().filter(unheard).count();
    if without > 0 {
        eprintln!("warning: the sounds of {without} recordings are not in the data folder");
    }
    let kept = evidence_file(arguments.evidence.as_deref())?;
    let progress = |done: usize, total: usize| {
        if done.is_multiple_of(500) || done == total {
            eprintln!("sounds: {done} of {total}");
        }
    };
    let options = Options {
        kept: Some(&kept),
        progress: &progress,
        ..Options::default()
    };
    let labels = if arguments.no_networks {
        weak::label(&items, &options)
    } else {
        let voters = Voters::open(arguments.bundle.as_deref(), folders)?;
        voters.with(|models| weak::label(&items, &Options { models, ..options }))
    };
    let labels = labels.map_err(|error| failure(&error))?;
    weak::table::write(&out, &labels).map_err(|error| failure(&error))?;
    print(&text(&labels))
}

fn notes(path: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let refused = |reason: String| {
        Failure::new(Exit::Input, format!("{}: {reason}", path.display())).help(
            "give JSON lines such as {\"id\": \"0123456789abcdef\", \"text\": \"No wheeze.\"}",
        )
    };
    let text = std::fs::read_to_string(path).map_err(|error| refused(error.to_string()))?;
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(index, line)| {
            let note: Note = serde_json::from_str(line)
                .map_err(|_| refused(format!("line {} is no note", index + 1)))?;
            Ok((note.id, note.text))
        })
        .collect()
}

/// Labels by data set and finding, and each function with its shares and estimated accuracy.
fn text(labels: &Table) -> String {
    let mut counts: BTreeMap<(&str, &str), (usize, f64)> = BTreeMap::new();
    for label in &labels.labels {
        let entry = counts
            .entry((label.data_set.name(), label.finding.word()))
            .or_default();
        entry.0 += 1;
        entry.1 += label.probability;
    }
    let mut first = vec![["DATA SET", "FINDING", "LABELS", "EXPECTED PRESENT"].map(String::from)];
    for ((data_set, finding), (count, sum)) in counts {
        let expected = format!("{sum:.0}");
        first.push([
            data_set.to_owned(),
            finding.to_owned(),
            count.to_string(),
            expected,
        ]);
    }
    let head = [
        "DATA SET", "FINDING", "FUNCTION", "COVERAGE", "OVERLAP", "CONFLICT", "ACCURACY",
    ];
    let mut second = vec![head.map(String::from)];
    second.extend(labels.functions.iter().map(|report: &FunctionReport| {
        let number = |value: f64| format!("{value:.3}");
        [
            report.data_set.name().to_owned(),
            report.finding.word().to_owned(),
            report.function.name.clone(),
            number(report.shares.coverage),
            number(report.shares.overlap),
            number(report.shares.conflict),
            number(report.accuracy),
        ]
    }));
    format!("{}\n{}", table(&first), table(&second))
}
