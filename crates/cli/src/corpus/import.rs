//! `laennec corpus import`: the data folder comes in, a manifest with patient-safe splits goes out.

use std::path::PathBuf;

use clap::Args;
use laennec_corpus::split::{SplitPlan, assign, check};
use laennec_corpus::{manifest, read_data_folder};

use super::{failure, stats};
use crate::arguments::Folders;
use crate::exit::{Exit, Failure};
use crate::output::print;

/// The arguments of `laennec corpus import`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The manifest to write (Parquet)
    manifest: PathBuf,
    /// Seed of the split; the default gives the split that training and figures use
    #[arg(long, default_value_t = 20_261_122)]
    seed: u64,
    /// Replace the manifest
    #[arg(long)]
    force: bool,
}

/// Reads, splits, checks and writes; what could not be read is told on standard error.
pub(super) fn run(arguments: &Arguments, folders: &Folders) -> Result<(), Failure> {
    let path = &arguments.manifest;
    if path.exists() && !arguments.force {
        return Err(
            Failure::new(Exit::Refused, format!("{} exists already", path.display()))
                .help("add --force to replace it, or give another name"),
        );
    }
    let reading = read_data_folder(&folders.data()?).map_err(|error| failure(&error))?;
    for problem in &reading.problems {
        eprintln!("warning: {problem}");
    }
    let mut recordings = reading.recordings();
    let plan = SplitPlan::new(arguments.seed, reading.validation);
    let left_out = assign(&mut recordings, &plan).map_err(|error| failure(&error))?;
    if !left_out.is_empty() {
        eprintln!(
            "warning: {} recordings are in no split, since they are linked to a reserved patient",
            left_out.len()
        );
    }
    check(&recordings).map_err(|leakage| failure(&leakage.into()))?;
    manifest::write(path, &recordings).map_err(|error| failure(&error))?;
    print(&stats::text(&recordings))
}
