//! `laennec corpus`: data sets or a manifest come in; a manifest, its totals, or the proof that no
//! patient is in two splits go out.

mod import;
mod stats;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use laennec_corpus::{Error, Recording, manifest, split};

use crate::arguments::Folders;
use crate::exit::{Exit, Failure};
use crate::output::print;

/// The arguments of `laennec corpus`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Read the data sets of the data folder, split them by patient and write a manifest
    Import(import::Arguments),
    /// Show how many recordings, subjects and hours each data set and split has
    Stats(ManifestFile),
    /// Check that no subject, group or identical sound is in two splits
    Check(ManifestFile),
}

#[derive(Debug, Args)]
struct ManifestFile {
    /// The manifest (Parquet)
    manifest: PathBuf,
}

/// Runs `laennec corpus`.
pub(crate) fn run(arguments: &Arguments, folders: &Folders) -> Result<(), Failure> {
    match &arguments.action {
        Action::Import(import) => import::run(import, folders),
        Action::Stats(file) => print(&stats::text(&read(file)?)),
        Action::Check(file) => {
            let recordings = read(file)?;
            split::check(&recordings).map_err(|leakage| failure(&leakage.into()))?;
            let split = recordings.iter().filter(|row| row.split.is_some()).count();
            print(&format!(
                "{split} recordings in splits: no subject, group or sound is in two of them\n"
            ))
        }
    }
}

fn read(file: &ManifestFile) -> Result<Vec<Recording>, Failure> {
    manifest::read(&file.manifest).map_err(|error| failure(&error))
}

/// The exit code and the remedy of an error of the corpus.
fn failure(error: &Error) -> Failure {
    let (exit, help) = match error {
        Error::Leakage(_) => (
            Exit::Refused,
            "make the manifest anew with `laennec corpus import`, which splits by patient",
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
