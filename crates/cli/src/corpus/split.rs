//! `laennec corpus split`: a manifest comes in, the same recordings in other splits go out.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use laennec_corpus::split::{SplitPlan, assign, check};
use laennec_corpus::{SPLIT_SEED, Split};

use super::{failure, read, stats, write};
use crate::exit::Failure;
use crate::output::{print, safe_name, writable_file};

/// The arguments of `laennec corpus split`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The manifest to read (Parquet)
    manifest: PathBuf,
    /// The manifest to write [default: the one that is read]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Seed of the draw
    #[arg(long, default_value_t = SPLIT_SEED)]
    seed: u64,
    /// Part of the patients outside validation that calibrates
    #[arg(long, default_value_t = 0.15, value_name = "PART")]
    calibration: f64,
    /// Part of the patients that validates, in data sets where none is reserved
    #[arg(long, default_value_t = 0.15, value_name = "PART")]
    validation: f64,
    /// Draw validation anew instead of keeping the groups that validate now
    #[arg(long)]
    new_validation: bool,
    /// Do not keep the publishers' own divisions
    #[arg(long)]
    no_official: bool,
    /// Replace a file that is no manifest
    #[arg(long)]
    force: bool,
}

/// Splits, checks and writes.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let out = arguments.out.as_ref().unwrap_or(&arguments.manifest);
    writable_file(out)?;
    let mut recordings = read(&arguments.manifest)?;
    let reserved: BTreeSet<String> = recordings
        .iter()
        .filter(|row| row.split == Some(Split::Validation) && !arguments.new_validation)
        .map(|row| row.group.clone())
        .collect();
    let plan = SplitPlan {
        calibration_fraction: arguments.calibration,
        validation_fraction: arguments.validation,
        official: !arguments.no_official,
        ..SplitPlan::new(arguments.seed, reserved)
    };
    let left_out = assign(&mut recordings, &plan).map_err(|error| failure(&error))?;
    if !left_out.is_empty() {
        eprintln!("warning: {} recordings are in no split", left_out.len());
    }
    check(&recordings).map_err(|leakage| failure(&leakage.into()))?;
    if !write(out, &recordings, arguments.force)? {
        eprintln!("{} holds these rows already", safe_name(out));
    }
    print(&stats::text(&recordings))
}
