//! `laennec eval`: the data folder and a bundle come in, docs/accuracy.md with its diagrams goes
//! out, with progress on standard error. What is measured is in `laennec_eval::accuracy`; encoders
//! are measured by [`probe`], networks without a bundle by [`networks`].

mod networks;
mod probe;
mod weak;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use laennec_assistant::bundle;
use laennec_corpus::{DataSet, Located};
use laennec_eval::accuracy::{self, Inputs, MARKER};
use laennec_eval::embed::EmbeddingCache;
use laennec_eval::intervals::Bootstrap;

use crate::arguments::Folders;
use crate::exit::{Exit, Failure};
use crate::output;

/// File name of the untouched encoder in the models folder.
const ENCODER: &str = "mn04_as.safetensors";

/// Heart networks that the project ships for the figures on databases that were never heard.
const LEFT_OUT: [&str; 2] = [
    "models/left-out/training-a.safetensors",
    "models/left-out/training-e.safetensors",
];

/// The arguments of `laennec eval`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Measure a bundle on the validation patients and write the accuracy report
    Accuracy(Accuracy),
    /// Measure trained networks, each and their mean, on the validation patients
    Networks(networks::Networks),
    /// Measure heart networks on the database that was left out of their training
    LeftOut(networks::LeftOut),
    /// Measure labels that no gold entered against the gold they did not see
    Weak(weak::Arguments),
    /// Measure what linear probes read off the embeddings of frozen encoders
    Probe(probe::Arguments),
}

#[derive(Debug, Args)]
struct Accuracy {
    /// Folder of the bundle
    #[arg(long, value_name = "DIR", default_value = "models/ear")]
    bundle: PathBuf,
    /// The report (Markdown); its diagrams go into `figures` beside it
    #[arg(long, value_name = "FILE", default_value = "docs/accuracy.md")]
    out: PathBuf,
    /// Heart networks that never heard one of the databases
    #[arg(long, value_name = "FILE", num_args = 1.., default_values = LEFT_OUT)]
    left_out: Vec<PathBuf>,
    /// Folder that keeps embeddings of the untouched encoder between runs [default: the user's
    /// cache folder]
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
}

/// Runs `laennec eval`.
pub(crate) fn run(arguments: &Arguments, folders: &Folders) -> Result<(), Failure> {
    match &arguments.action {
        Action::Accuracy(accuracy) => measure(accuracy, folders),
        Action::Networks(arguments) => networks::measure(arguments, folders),
        Action::LeftOut(arguments) => networks::measure_left_out(arguments, folders),
        Action::Weak(weak) => weak::run(weak, folders),
        Action::Probe(probe) => probe::run(probe, folders),
    }
}

fn measure(arguments: &Accuracy, folders: &Folders) -> Result<(), Failure> {
    refuse_foreign(&arguments.out, MARKER, "accuracy report")?;
    let folder = arguments.bundle.as_path();
    let ear = bundle::open(&folder).map_err(|error| unusable(&error))?;
    let left_out = networks::left_out(&arguments.left_out)?;
    let cache = arguments.cache.clone().map_or_else(default_cache, Ok)?;
    let encoder = folders.models()?.join(ENCODER);
    if !encoder.is_file() {
        return Err(
            Failure::new(Exit::Missing, format!("{} is missing", encoder.display())).help(
                "put the encoder's initial weights there: `laennec models list` says where from",
            ),
        );
    }
    let cache = EmbeddingCache::open(&cache, &encoder).map_err(|error| failure(&error))?;
    let recordings = recordings(folders, &NEEDED)?;
    let bar = Bar::new();
    let page = accuracy::page(&Inputs {
        recordings: &recordings,
        ear: &ear,
        left_out: &left_out,
        cache: &cache,
        bootstrap: Bootstrap::default(),
        progress: &|what, done, total| bar.show(what, done, total),
    });
    bar.bar.finish_and_clear();
    let page = page.map_err(|error| failure(&error))?;
    write(&arguments.out, &page.markdown, &page.figures)?;
    output::print(&format!("written: {}\n", arguments.out.display()))
}

/// The data sets that carry the figures of the accuracy report.
const NEEDED: [DataSet; 2] = [DataSet::SprSound, DataSet::PhysioNet2016];

/// The recordings with their splits; the data sets in `needed` must be there.
fn recordings(folders: &Folders, needed: &[DataSet]) -> Result<Vec<Located>, Failure> {
    let recordings = crate::recordings::recordings(folders)?;
    for needed in needed {
        if !recordings.iter().any(|l| l.recording.data_set == *needed) {
            let folder = folders.data()?;
            let name = needed.folder_name();
            let reason = format!("{} has no folder {name}", folder.display());
            return Err(Failure::new(Exit::Missing, reason)
                .help("give the folder of the data sets: `--data DIR` or LAENNEC_DATA"));
        }
    }
    Ok(recordings)
}

/// Only a report of the kind that begins with `marker` is written over.
fn refuse_foreign(out: &Path, marker: &str, kind: &str) -> Result<(), Failure> {
    match std::fs::read(out) {
        Ok(bytes) if bytes.starts_with(marker.as_bytes()) => Ok(()),
        Ok(_) => Err(Failure::new(
            Exit::Refused,
            format!("{} exists and is no {kind}", out.display()),
        )
        .help("give another file with --out")),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(unreadable(out, &error)),
    }
}

/// Writes the report to `out` and its diagrams into `figures` beside it.
fn write<N: AsRef<Path>>(
    out: &Path,
    markdown: &str,
    diagrams: &[(N, String)],
) -> Result<(), Failure> {
    let figures = out.parent().unwrap_or(Path::new("")).join("figures");
    let failed = |path: &Path, error: &std::io::Error| {
        Failure::new(Exit::Refused, format!("{}: {error}", path.display()))
            .help("give a folder that can be written with --out")
    };
    std::fs::create_dir_all(&figures).map_err(|error| failed(&figures, &error))?;
    for (name, svg) in diagrams {
        let path = figures.join(name);
        std::fs::write(&path, svg).map_err(|error| failed(&path, &error))?;
    }
    std::fs::write(out, markdown).map_err(|error| failed(out, &error))
}

/// `$XDG_CACHE_HOME/laennec/embeddings`, else `~/.cache/laennec/embeddings`.
fn default_cache() -> Result<PathBuf, Failure> {
    crate::recordings::cache_folder()
        .map(|folder| folder.join("embeddings"))
        .ok_or_else(|| {
            Failure::new(
                Exit::Missing,
                "there is no home folder to keep embeddings in",
            )
            .help("add `--cache DIR`")
        })
}

fn unusable(error: &bundle::BundleError) -> Failure {
    let exit = match error {
        bundle::BundleError::Read { .. } => Exit::Missing,
        _ => Exit::Mismatch,
    };
    Failure::new(exit, format!("the bundle cannot be opened: {error}"))
        .help("give a folder with a bundle.toml: `--bundle DIR`")
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(Exit::Input, format!("{}: {error}", path.display()))
}

fn failure(error: &laennec_eval::Error) -> Failure {
    use laennec_eval::Error;
    match error {
        Error::Undefined(_) | Error::NoCandidate(_) => Failure::new(
            Exit::Input,
            format!("a figure of the report is not defined on these data: {error}"),
        )
        .help("the report needs SPRSound and PhysioNet 2016 with their validation lists"),
        _ => Failure::new(Exit::Input, error),
    }
}

/// A bar on a terminal; elsewhere one line for each thing that is done.
struct Bar {
    bar: ProgressBar,
    last: Mutex<String>,
}

impl Bar {
    fn new() -> Self {
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len}  {msg}");
        Self {
            bar: ProgressBar::new(0).with_style(style.expect("the template is valid")),
            last: Mutex::default(),
        }
    }

    fn show(&self, what: &str, done: usize, total: usize) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if *last != what {
            what.clone_into(&mut last);
            self.bar.set_message(what.to_owned());
            if self.bar.is_hidden() {
                eprintln!("{what}: {total}");
            }
        }
        self.bar.set_length(total as u64);
        self.bar.set_position(done as u64);
    }
}

#[cfg(test)]
mod tests {
    use laennec_eval::accuracy::Page;

    use super::*;

    #[test]
    fn only_its_own_report_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("docs/accuracy.md");
        assert!(refuse_foreign(&out, MARKER, "report").is_ok());
        let page = Page {
            markdown: format!("{MARKER}\n\n# Accuracy\n"),
            figures: vec![("a.svg", "<svg/>".to_owned())],
        };
        write(&out, &page.markdown, &page.figures).unwrap();
        assert!(folder.path().join("docs/figures/a.svg").is_file());
        assert!(refuse_foreign(&out, MARKER, "report").is_ok());
        std::fs::write(&out, "# My notes\n").unwrap();
        assert_eq!(
            refuse_foreign(&out, MARKER, "report").unwrap_err().exit,
            Exit::Refused
        );
    }
}
