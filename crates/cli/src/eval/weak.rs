//! `laennec eval weak`: the data folder comes in, docs/weak.md goes out.

use std::path::PathBuf;

use clap::Args;
use laennec_corpus::DataSet;
use laennec_corpus::weak::{Item, Options};
use laennec_eval::intervals::Bootstrap;
use laennec_eval::weak::{self, MARKER};

use super::{Bar, failure, recordings, refuse_foreign, unreadable};
use crate::arguments::Folders;
use crate::exit::{Exit, Failure};
use crate::output;
use crate::voters::{Voters, evidence_file};

/// The arguments of `laennec eval weak`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The report (Markdown)
    #[arg(long, value_name = "FILE", default_value = "docs/weak.md")]
    out: PathBuf,
    /// Folder of the bundle that votes on data sets it did not learn from [default: the built-in
    /// one]
    #[arg(long, value_name = "DIR")]
    bundle: Option<PathBuf>,
    /// File that keeps what was measured on sounds [default: in the user's cache folder]
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,
}

/// Labels all recordings, compares with gold and writes the report.
pub(super) fn run(arguments: &Arguments, folders: &Folders) -> Result<(), Failure> {
    refuse_foreign(&arguments.out, MARKER, "report of weak labels")?;
    let kept = evidence_file(arguments.evidence.as_deref())?;
    let voters = Voters::open(arguments.bundle.as_deref(), folders)?;
    if !voters.is_complete() {
        return Err(
            Failure::new(Exit::Missing, "the report needs the AudioSet tagger")
                .help("`laennec models pull mn04_as`"),
        );
    }
    let located = recordings(folders, &[DataSet::SprSound, DataSet::Kauh])?;
    let items: Vec<Item<'_>> = located
        .iter()
        .filter(|one| weak::DATA_SETS.contains(&one.recording.data_set))
        .map(|one| Item {
            recording: &one.recording,
            path: Some(&one.path),
            note: None,
        })
        .collect();
    let bar = Bar::new();
    let page = voters.with(|models| {
        let options = Options {
            models,
            kept: Some(&kept),
            progress: &|done, total| bar.show("sounds", done, total),
            ..Options::default()
        };
        weak::page(&items, &options, Bootstrap::default())
    });
    bar.bar.finish_and_clear();
    let page = page.map_err(|error| failure(&error))?;
    std::fs::write(&arguments.out, page).map_err(|error| unreadable(&arguments.out, &error))?;
    output::print(&format!("written: {}\n", arguments.out.display()))
}
