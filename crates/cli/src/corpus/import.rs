//! `laennec corpus import`: the data folder comes in, a manifest with patient-safe splits goes out.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use laennec_corpus::split::{SplitPlan, assign, check};
use laennec_corpus::{Import, Located, Reading, Recording, SPLIT_SEED};

use super::{corrected, failure, stats, write};
use crate::arguments::Folders;
use crate::exit::{Exit, Failure};
use crate::output::{print, safe, safe_name, writable, writable_file, write_whole};

/// The arguments of `laennec corpus import`.
#[derive(Debug, Args)]
#[command(after_help = "\
A second import listens only to files that changed, and leaves a manifest with the same rows as it is. \
Interrupted, it leaves the manifest as it was; the next import goes on where it stopped.")]
pub(super) struct Arguments {
    /// The manifest to write (Parquet)
    manifest: PathBuf,
    /// Seed of the split; the default gives the split that training and figures use
    #[arg(long, default_value_t = SPLIT_SEED)]
    seed: u64,
    /// Where measurements are kept for the next import [default: MANIFEST.cache]
    #[arg(long, value_name = "FILE")]
    cache: Option<PathBuf>,
    /// Write what could not be read as JSON lines, by opaque id and line
    #[arg(long, value_name = "FILE")]
    problems: Option<PathBuf>,
    /// Replace a file that is no manifest, or a manifest with labels corrected by hand
    #[arg(long)]
    force: bool,
}

/// Reads, splits, checks and writes; what could not be read is told on standard error.
pub(super) fn run(arguments: &Arguments, folders: &Folders) -> Result<(), Failure> {
    let path = &arguments.manifest;
    let imported = import(
        &folders.data()?,
        path,
        arguments.cache.as_deref(),
        arguments.problems.as_deref(),
        arguments.seed,
        arguments.force,
    )?;
    if imported.unchanged {
        eprintln!("{} holds these rows already", safe_name(path));
    }
    print(&stats::text(&imported.recordings))
}

/// A manifest that was written, or found as it would be written.
pub(super) struct Imported {
    /// Its rows.
    pub(super) recordings: Vec<Recording>,
    /// Where their sounds lie, by opaque id.
    pub(super) paths: HashMap<String, PathBuf>,
    /// The manifest held these rows already.
    pub(super) unchanged: bool,
}

/// Reads a data folder and writes its manifest, if it passes.
pub(super) fn import(
    data: &Path,
    manifest: &Path,
    cache: Option<&Path>,
    problems: Option<&Path>,
    seed: u64,
    force: bool,
) -> Result<Imported, Failure> {
    let cache = cache.map_or_else(|| beside(manifest, "cache"), Path::to_path_buf);
    keep_foreign(manifest, &cache, problems, force)?;
    let reading = listen(data, Some(&cache))?;
    tell(&reading);
    if let Some(file) = problems {
        write_problems(file, &reading)?;
    }
    let (recordings, paths) = divided(reading, seed)?;
    let unchanged = !write(manifest, &recordings, force)?;
    Ok(Imported {
        recordings,
        paths,
        unchanged,
    })
}

/// Refuses, before anything is listened to, to write over files that an import did not make.
fn keep_foreign(
    manifest: &Path,
    cache: &Path,
    problems: Option<&Path>,
    force: bool,
) -> Result<(), Failure> {
    writable_file(manifest)?;
    writable_file(cache)?;
    problems.map_or(Ok(()), writable)?;
    let begins = |path: &Path, with: &[u8]| {
        let bytes = path.is_file().then(|| std::fs::read(path));
        bytes.is_none_or(|bytes| {
            bytes.is_ok_and(|bytes| bytes.is_empty() || bytes.starts_with(with))
        })
    };
    let twice = problems.is_some_and(|file| file == manifest || file == cache);
    if twice || cache == manifest {
        return Err(
            Failure::new(Exit::Usage, "one file is named for two outputs")
                .help("give manifest, cache and problems a file each"),
        );
    }
    let parquet: &[u8] = b"PAR1";
    let foreign = [
        (Some(manifest), parquet, "manifest"),
        (Some(cache), parquet, "cache of measurements"),
        (problems, b"{", "list of problems"),
    ];
    for (path, with, what) in foreign {
        if let Some(path) = path.filter(|path| !force && !begins(path, with)) {
            let reason = format!("{} exists already and is no {what}", path.display());
            return Err(Failure::new(Exit::Refused, reason)
                .help("add --force to replace it, or give another name"));
        }
    }
    match corrected(manifest) {
        0 => Ok(()),
        _ if force => Ok(()),
        rows => {
            let manifest = manifest.display();
            let message = format!("{manifest} holds {rows} recordings with corrected labels");
            Err(Failure::new(Exit::Refused, message)
                .help("name another output; --force puts the published labels back"))
        }
    }
}

/// The name of a file with something added.
pub(super) fn beside(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".");
    name.push(extension);
    path.with_file_name(name)
}

/// Reads the data folder with a bar on the terminal.
pub(crate) fn listen(data: &Path, cache: Option<&Path>) -> Result<Reading, Failure> {
    let style = "{bar:30} {pos}/{len} recordings, {per_sec}, {eta} left";
    let style = ProgressStyle::with_template(style).expect("the template is valid");
    let bar = ProgressBar::new(0).with_style(style);
    let reading = Import {
        cache,
        progress: &|progress| {
            if bar.length() != Some(progress.total as u64) {
                bar.set_length(progress.total as u64);
            }
            bar.inc(1);
        },
    }
    .read(data);
    bar.finish_and_clear();
    reading.map_err(|error| failure(&error))
}

/// Tells what was read and what was not.
fn tell(reading: &Reading) {
    for problem in &reading.problems {
        eprintln!("warning: {}", safe(&problem.to_string()));
    }
    for (data_set, counts) in &reading.counts {
        if !data_set.checked_on_real_files() {
            eprintln!("note: {data_set}: reader checked against documentation only");
        }
        if counts.problems > 0 {
            eprintln!(
                "note: {data_set}: {} problems, {} recordings read",
                counts.problems, counts.recordings
            );
        }
    }
    let (all, reused) = (reading.located.len(), reading.reused);
    eprintln!(
        "{} sounds read, {reused} known from before",
        all.saturating_sub(reused)
    );
}

/// The recordings with their splits, checked for leakage, and where their sounds lie.
fn divided(
    reading: Reading,
    seed: u64,
) -> Result<(Vec<Recording>, HashMap<String, PathBuf>), Failure> {
    let plan = SplitPlan::new(seed, reading.validation.clone());
    let mut paths = HashMap::with_capacity(reading.located.len());
    let mut recordings = Vec::with_capacity(reading.located.len());
    for Located { recording, path } in reading.located {
        paths.insert(recording.id.clone(), path);
        recordings.push(recording);
    }
    let left_out = assign(&mut recordings, &plan).map_err(|error| failure(&error))?;
    if !left_out.is_empty() {
        eprintln!(
            "warning: {} recordings are in no split, since they share a subject or a sound with a \
             reserved or tested one",
            left_out.len()
        );
    }
    check(&recordings).map_err(|leakage| failure(&leakage.into()))?;
    Ok((recordings, paths))
}

/// What could not be read, without names and paths, one JSON object a line.
fn write_problems(path: &Path, reading: &Reading) -> Result<(), Failure> {
    let mut text = String::new();
    for problem in &reading.problems {
        let line = serde_json::to_string(&problem.stored()).expect("plain data serialises");
        text.push_str(&line);
        text.push('\n');
    }
    write_whole(path, text.as_bytes(), true)
}
