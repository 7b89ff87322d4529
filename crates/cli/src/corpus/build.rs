//! `laennec corpus build`: a data folder comes in; a folder with everything that is made from it
//! goes out: manifest, weak labels, reports, instructions and preferences, with a table of each.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use laennec_corpus::check::check;
use laennec_corpus::{Recording, SPLIT_SEED, instructions, preferences, reports};

use super::report::SEED;
use super::texts::keep_foreign;
use super::{import, instruct, label, prefer, report, stats};
use crate::arguments::Folders;
use crate::exit::Failure;
use crate::output::{print, safe_name, unwritable};

/// The arguments of `laennec corpus build`.
#[derive(Debug, Args)]
#[command(after_help = "\
The folder then holds manifest.parquet, problems.jsonl, weak.parquet, reports.jsonl, \
instructions.jsonl and preferences.jsonl; manifest.parquet.cache and NAME.state.json are for the next \
build, which does only what changed. A step that fails leaves every file whole: those of the steps \
before it are new, the others as they were; the next build goes on there.")]
pub(super) struct Arguments {
    /// The folder of the corpus; made where it is not there
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Seed of the choice of questions and of all wordings
    #[arg(long, default_value_t = SEED)]
    seed: u64,
    /// Seed of the split; the default gives the split that training and figures use
    #[arg(long, default_value_t = SPLIT_SEED, value_name = "SEED")]
    split_seed: u64,
    #[command(flatten)]
    writing: report::Writing,
    #[command(flatten)]
    voting: label::Voting,
    /// Replace a manifest.parquet or weak.parquet that is none, or a manifest with labels corrected by
    /// hand
    #[arg(long)]
    force: bool,
}

/// The steps, in order.
const STEPS: [&str; 6] = [
    "reading and splitting the data sets",
    "checking for leakage, contradictions and identities",
    "weak labels",
    "reports",
    "instructions",
    "preferences",
];

/// Makes all files and prints their tables.
pub(super) fn run(arguments: &Arguments, folders: &Folders) -> Result<(), Failure> {
    let data = folders.data()?;
    let folder = &arguments.folder;
    arguments.writing.check()?;
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, error.kind()))?;
    label::keep_foreign(&folder.join("weak.parquet"), arguments.force)?;
    keep_foreign::<reports::Table>(&folder.join("reports.jsonl"))?;
    keep_foreign::<instructions::Table>(&folder.join("instructions.jsonl"))?;
    keep_foreign::<preferences::Table>(&folder.join("preferences.jsonl"))?;
    let corpus = Corpus { arguments, folders };
    begin(0);
    let manifest = folder.join("manifest.parquet");
    let imported = import::import(
        &data,
        &manifest,
        None,
        Some(&folder.join("problems.jsonl")),
        arguments.split_seed,
        arguments.force,
    )?;
    begin(1);
    let checked = check(&imported.recordings);
    let faults = super::check::text(&imported.recordings, &checked, false);
    if checked.is_faulty() {
        print(&faults)?;
    }
    super::check::passed(&manifest, &checked)?;
    let made = corpus.texts(&imported.recordings, &imported.paths)?;
    let recordings = &imported.recordings;
    let mut parts = vec![stats::text(recordings), stats::findings(recordings), faults];
    parts.extend(made.tables);
    print(&parts.join("\n"))?;
    if imported.unchanged && made.unchanged {
        eprintln!("nothing changed: {} is as it was", safe_name(folder));
    }
    Ok(())
}

/// Tells which step begins.
fn begin(step: usize) {
    eprintln!("step {} of {}: {}", step + 1, STEPS.len(), STEPS[step]);
}

/// What was made of the recordings.
struct Made {
    tables: Vec<String>,
    unchanged: bool,
}

/// A corpus that is built.
struct Corpus<'a> {
    arguments: &'a Arguments,
    folders: &'a Folders,
}

impl Corpus<'_> {
    /// Labels and texts of recordings whose sounds lie at `paths`.
    fn texts(
        &self,
        recordings: &[Recording],
        paths: &HashMap<String, PathBuf>,
    ) -> Result<Made, Failure> {
        let &Self { arguments, folders } = self;
        let seed = arguments.seed;
        let file = |name: &str| arguments.folder.join(name);
        let path_of = |recording: &Recording| paths.get(&recording.id).map(Path::new);
        begin(2);
        let labels = label::label(
            &file("weak.parquet"),
            recordings,
            &path_of,
            &arguments.voting,
            folders,
        )?;
        begin(3);
        let reports = report::report(
            &file("reports.jsonl"),
            recordings,
            paths,
            &arguments.writing,
            seed,
            folders,
        )?;
        let names = HashMap::new();
        begin(4);
        let pairs = instruct::instruct(&file("instructions.jsonl"), recordings, seed, &names)?;
        begin(5);
        let misses = prefer::prefer(&file("preferences.jsonl"), recordings, seed, &names)?;
        Ok(Made {
            unchanged: labels.unchanged
                && reports.written.unchanged
                && pairs.unchanged
                && misses.unchanged,
            tables: vec![
                label::counts(&labels),
                report::text(&reports),
                instruct::text(&pairs),
                prefer::text(&misses),
            ],
        })
    }
}
