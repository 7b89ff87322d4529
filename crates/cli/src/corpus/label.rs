//! `laennec corpus label`: a manifest comes in, a side file of weak labels goes out.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use clap::Args;
use laennec_corpus::weak::{self, Item, Options, Totals};
use laennec_corpus::{Domain, Recording, Written, manifest};
use serde::Deserialize;

use super::failure;
use super::import::{beside, listen};
use crate::arguments::Folders;
use crate::exit::{Exit, Failure};
use crate::output::{print, table, writable_file};
use crate::voters::{Voters, evidence_file};

/// The arguments of `laennec corpus label`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The manifest (Parquet)
    manifest: PathBuf,
    /// The labels to write (Parquet) [default: weak.parquet beside the manifest]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    voting: Voting,
    /// Replace a file that is no table of weak labels
    #[arg(long)]
    force: bool,
}

/// Who votes.
#[derive(Debug, Args)]
pub(super) struct Voting {
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
    keep_foreign(&out, arguments.force)?;
    let rows = manifest::read(&arguments.manifest).map_err(|error| failure(&error))?;
    let cache = beside(&arguments.manifest, "cache");
    let reading = listen(&folders.data()?, Some(&cache))?;
    let paths: HashMap<(&str, &str), &Path> = reading
        .located
        .iter()
        .map(|one| {
            let recording = &one.recording;
            let key = (recording.id.as_str(), recording.audio_sha256.as_str());
            (key, one.path.as_path())
        })
        .collect();
    let path_of = |recording: &Recording| {
        let key = (recording.id.as_str(), recording.audio_sha256.as_str());
        paths.get(&key).copied()
    };
    let voting = &arguments.voting;
    let written = label(&out, &rows, &path_of, voting, folders)?;
    print(&text(&written))
}

/// Refuses, before any work, to write over a file that is no table of weak labels.
pub(super) fn keep_foreign(out: &Path, force: bool) -> Result<(), Failure> {
    writable_file(out)?;
    if out.exists() && !force && weak::table::read(out).is_err() {
        let message = format!(
            "{} exists already and is no table of weak labels",
            out.display()
        );
        return Err(Failure::new(Exit::Refused, message)
            .help("add --force to replace it, or give another name"));
    }
    Ok(())
}

/// Labels recordings, of which `path_of` gives the sound where it is at hand.
pub(super) fn label<'a>(
    out: &Path,
    rows: &'a [Recording],
    path_of: &dyn Fn(&Recording) -> Option<&'a Path>,
    voting: &Voting,
    folders: &Folders,
) -> Result<Written<Totals>, Failure> {
    let notes = voting
        .notes
        .as_deref()
        .map_or_else(|| Ok(BTreeMap::new()), notes)?;
    let items: Vec<Item<'_>> = rows
        .iter()
        .map(|recording| Item {
            recording,
            // No function votes on what is neither heart nor lung.
            path: path_of(recording).filter(|_| recording.domain != Domain::Other),
            note: notes.get(&recording.id).map(String::as_str),
        })
        .collect();
    let unheard = |item: &&Item<'_>| item.path.is_none() && item.recording.domain != Domain::Other;
    let without = items.iter().filter(unheard).count();
    if without > 0 {
        eprintln!("warning: the sounds of {without} recordings are not in the data folder");
    }
    let kept = evidence_file(voting.evidence.as_deref())?;
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
    let written = if voting.no_networks {
        weak::write(out, &items, &options)
    } else {
        let voters = Voters::open(voting.bundle.as_deref(), folders)?;
        voters.with(|models| weak::write(out, &items, &Options { models, ..options }))
    };
    written.map_err(|error| failure(&error))
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
fn text(written: &Written<Totals>) -> String {
    let head = [
        "DATA SET", "FINDING", "FUNCTION", "COVERAGE", "OVERLAP", "CONFLICT", "ACCURACY",
    ];
    let mut rows = vec![head.map(String::from)];
    rows.extend(written.table.functions.iter().map(|function| {
        let number = |value: f64| format!("{value:.3}");
        [
            function.data_set.name().to_owned(),
            function.finding.word().to_owned(),
            function.function.clone(),
            number(function.coverage),
            number(function.overlap),
            number(function.conflict),
            number(function.accuracy),
        ]
    }));
    format!("{}\n{}", counts(written), table(&rows))
}

/// Labels by data set and finding.
pub(super) fn counts(written: &Written<Totals>) -> String {
    let mut rows = vec![["DATA SET", "FINDING", "LABELS", "EXPECTED PRESENT"].map(String::from)];
    rows.extend(written.table.labels.iter().map(|count| {
        [
            count.data_set.name().to_owned(),
            count.finding.word().to_owned(),
            count.labels.to_string(),
            format!("{:.0}", count.expected),
        ]
    }));
    let mut text = table(&rows);
    if written.unchanged {
        text.push_str("nothing changed: the file is as it was\n");
    }
    text
}
