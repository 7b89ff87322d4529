//! `laennec corpus`: data sets or a manifest come in; a manifest, its rows, totals and figures, the
//! proof that no patient is in two splits, or annotations for other programs go out.

mod build;
mod check;
mod export;
mod figures;
pub(crate) mod import;
mod instruct;
mod label;
mod plain;
mod prefer;
mod reading;
mod report;
mod show;
mod split;
mod stats;
mod texts;

use std::path::Path;

use clap::{Args, Subcommand};
use laennec_corpus::{Error, Recording, manifest};

use crate::arguments::Folders;
use crate::exit::{Exit, Failure};
use crate::output::unwritable;

/// The arguments of `laennec corpus`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make everything from the data folder: manifest, weak labels, reports, instructions and
    /// preferences, each only where something changed
    Build(build::Arguments),
    /// Read the data sets of the data folder, split them by patient and write a manifest
    Import(import::Arguments),
    /// Label recordings by what is not gold: probabilities with who voted how, in a side file
    Label(label::Arguments),
    /// Show a recording, or the recordings that a filter selects
    Show(show::Arguments),
    /// Show how many recordings, subjects and hours each data set and split has, with figures
    Stats(stats::Arguments),
    /// Check for patients and sounds in two splits, contradictions, silence and identities
    Check(check::Arguments),
    /// Split a manifest anew, by patient
    Split(split::Arguments),
    /// Write a verified report of each recording of a manifest, from its structured fields
    Report(report::Arguments),
    /// Draw reports for a person to read, or compare what the person found with the verifier
    Reading(reading::Arguments),
    /// Write questions about the recordings of a manifest, with answers that follow from its fields
    Instruct(texts::Texts),
    /// Write pairs of a true answer and a near miss about the recordings of a manifest
    Prefer(texts::Texts),
    /// Write events as label files for Audacity, Praat or Label Studio
    Export(export::Export),
    /// Read corrected label files into a manifest
    Annotate(export::Annotate),
}

/// Runs `laennec corpus`.
pub(crate) fn run(arguments: &Arguments, folders: &Folders) -> Result<(), Failure> {
    match &arguments.action {
        Action::Build(build) => build::run(build, folders),
        Action::Import(import) => import::run(import, folders),
        Action::Label(label) => label::run(label, folders),
        Action::Show(show) => show::run(show),
        Action::Stats(stats) => stats::run(stats),
        Action::Check(check) => check::run(check),
        Action::Split(split) => split::run(split),
        Action::Report(report) => report::run(report, folders),
        Action::Reading(reading) => reading::run(reading, folders),
        Action::Instruct(texts) => texts.run(folders, instruct::instruct, instruct::text),
        Action::Prefer(texts) => texts.run(folders, prefer::prefer, prefer::text),
        Action::Export(export) => export::export(export),
        Action::Annotate(annotate) => export::annotate(annotate),
    }
}

/// Reads a manifest.
fn read(path: &Path) -> Result<Vec<Recording>, Failure> {
    manifest::read(path).map_err(|error| failure(&error))
}

/// Writes a manifest, unless it holds the same recordings already; whether it was written.
/// A file that is no manifest is kept unless `force` is set.
fn write(path: &Path, recordings: &[Recording], force: bool) -> Result<bool, Failure> {
    if path.exists() {
        match manifest::rows(path) {
            Ok(rows) => {
                let mut known = recordings.iter();
                let same = rows
                    .into_iter()
                    .all(|row| row.is_ok_and(|row| known.next() == Some(&row)));
                if same && known.next().is_none() {
                    return Ok(false);
                }
            }
            Err(_) if !force => {
                let message = format!("{} exists already and is no manifest", path.display());
                return Err(Failure::new(Exit::Refused, message)
                    .help("add --force to replace it, or give another name"));
            }
            Err(_) => {}
        }
    }
    manifest::write(path, recordings).map_err(|error| failure(&error))?;
    Ok(true)
}

/// Rows of the manifest at `path`, if one is there, whose events were corrected by hand.
fn corrected(path: &Path) -> usize {
    let rows = manifest::rows(path).into_iter().flatten().flatten();
    rows.filter(|row| row.provenance.is_corrected()).count()
}

/// The exit code and the remedy of an error of the corpus.
fn failure(error: &Error) -> Failure {
    let (exit, help) = match error {
        Error::Write { path, source } => return unwritable(path, source.kind()),
        Error::NoFile { .. } => (Exit::Refused, "name a file"),
        Error::Leakage(_) => (
            Exit::Refused,
            "make the manifest anew with `laennec corpus import`, which splits by patient",
        ),
        Error::Busy { .. } => (Exit::Refused, "wait until it has ended"),
        Error::Fraction { .. } => (Exit::Usage, "give a fraction such as 0.15"),
        Error::Generate(_) => (
            Exit::Input,
            "run the same command again when the language model answers",
        ),
        Error::Unsayable { .. } => (
            Exit::Input,
            "compare its findings and events, which `laennec corpus show MANIFEST ID` prints, and \
             correct its events with `laennec corpus annotate`",
        ),
        Error::NoDataSet { .. } | Error::MissingPart { .. } => (
            Exit::Missing,
            "give the folder of the data sets: `--data DIR` or LAENNEC_DATA",
        ),
        Error::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
            (Exit::Missing, "give the path of an existing file")
        }
        _ => (
            Exit::Input,
            "give a manifest that `laennec corpus import` wrote",
        ),
    };
    Failure::new(exit, error).help(help)
}
