//! `laennec corpus report`: a manifest comes in, a file of verified reports goes out, with a table
//! of how they passed.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use indicatif::ProgressBar;
use laennec_audio::{DecodeOptions, decode_file};
use laennec_corpus::facts::{Mode, Signal, listen};
use laennec_corpus::reports::{Company, Options, Table, write};
use laennec_corpus::{Error, Recording, Split, TextGenerator, Written, read_data_folder};

use super::failure;
use super::import::beside;
use super::texts::keep_foreign;
use crate::arguments::Folders;
use crate::exit::{Exit, Failure};
use crate::generator;
use crate::output::{print, table};

/// Seed of texts unless another is given.
pub(super) const SEED: u64 = 20_261_122;

/// The arguments of `laennec corpus report`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The manifest (Parquet)
    manifest: PathBuf,
    /// The file to write (JSON lines); reports in it from before are kept where nothing changed, and
    /// those of recordings that are not asked for this time are dropped
    reports: PathBuf,
    #[command(flatten)]
    writing: Writing,
    /// Seed of the wordings
    #[arg(long, default_value_t = SEED)]
    seed: u64,
    /// Only recordings of this split
    #[arg(long, value_parser = split)]
    split: Option<Split>,
    /// Only the first so many recordings, by opaque id
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

/// What reports state, and who writes them.
#[derive(Debug, Args)]
pub(super) struct Writing {
    /// What the reports may state
    #[arg(long, value_enum, default_value_t = Stating::Full)]
    mode: Stating,
    /// Who writes them
    #[arg(long, value_enum, default_value_t = Writer::Template)]
    writer: Writer,
    /// Texts that a language model may write for one report before the template takes over
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=20))]
    tries: u32,
    /// With `--mode labels-hidden`: also state tempo and background noise, measured on the sounds
    /// of the data folder
    #[arg(long)]
    listen: bool,
}

impl Writing {
    /// Refuses measures of the sounds where no report states them.
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.listen && self.mode == Stating::Full {
            let message = "--listen has no effect without `--mode labels-hidden`";
            return Err(
                Failure::new(Exit::Usage, message).help("add the mode, or leave --listen out")
            );
        }
        Ok(())
    }
}

/// [`Mode`] on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Stating {
    /// Everything that is known
    Full,
    /// Nothing that tells a label: age group, sex, site, device, measures of the sound
    LabelsHidden,
}

/// Who writes reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Writer {
    /// The grammar of this program
    Template,
    /// The language model of the models folder, from the template's text
    BuiltIn,
    /// An OpenAI-compatible endpoint, from the template's text: `LAENNEC_LM_URL`,
    /// `LAENNEC_LM_MODEL`, `LAENNEC_LM_KEY`
    Endpoint,
}

/// The split of that name.
pub(super) fn split(text: &str) -> Result<Split, String> {
    Split::from_word(text).ok_or_else(|| {
        let known: Vec<&str> = Split::ALL.iter().map(|split| split.word()).collect();
        format!("expected one of {}", known.join(", "))
    })
}

/// Writes the reports and prints the table.
pub(super) fn run(arguments: &Arguments, folders: &Folders) -> Result<(), Failure> {
    arguments.writing.check()?;
    keep_foreign::<Table>(&arguments.reports)?;
    let mut recordings = super::read(&arguments.manifest)?;
    recordings.retain(|row| arguments.split.is_none() || row.split == arguments.split);
    if let Some(limit) = arguments.limit {
        recordings.sort_by(|a, b| a.id.cmp(&b.id));
        recordings.truncate(limit);
    }
    let writing = &arguments.writing;
    let paths = if writing.listen {
        paths(folders)?
    } else {
        HashMap::new()
    };
    let path = &arguments.reports;
    let written = report(path, &recordings, &paths, writing, arguments.seed, folders)?;
    print(&text(&written))
}

/// Reports, and what the language model cost.
pub(super) struct Reported {
    /// The counts.
    pub(super) written: Written<Table>,
    /// In the unit of the prices given.
    cost: Option<f64>,
}

/// Writes the reports of recordings, whose sounds lie at `paths` by opaque id.
pub(super) fn report(
    path: &Path,
    recordings: &[Recording],
    paths: &HashMap<String, PathBuf>,
    writing: &Writing,
    seed: u64,
    folders: &Folders,
) -> Result<Reported, Failure> {
    let hear = |recording: &Recording| -> Option<Signal> {
        let path = paths.get(&recording.id).filter(|_| writing.listen)?;
        let decoded = decode_file(path, &DecodeOptions::default());
        decoded
            .ok()
            .map(|decoded| listen(&decoded.signal, recording.domain))
    };
    let (built_in, remote) = match writing.writer {
        Writer::Template => (None, None),
        Writer::BuiltIn => (Some(generator::quick(folders)?), None),
        Writer::Endpoint => (None, Some(generator::remote()?)),
    };
    let generator: Option<&dyn TextGenerator> = match (&built_in, &remote) {
        (Some(built_in), _) => Some(built_in),
        (_, Some(remote)) => Some(remote),
        _ => None,
    };
    let bar = ProgressBar::new(recordings.len() as u64);
    let company = Company {
        listen: &hear,
        generator,
        progress: &|count| bar.inc(count as u64),
        refused: &|_, _, _| {},
    };
    let options = Options {
        mode: match writing.mode {
            Stating::Full => Mode::Full,
            Stating::LabelsHidden => Mode::LabelsHidden,
        },
        seed,
        tries: writing.tries,
    };
    // Reports of a language model are kept there until all are written.
    let partial = beside(path, "partial");
    let kept = || std::fs::metadata(&partial).map_or(0, |about| about.len());
    let before = kept();
    let written = write(path, recordings, &options, company);
    bar.finish_and_clear();
    let written = written.map_err(|error| {
        if matches!(error, Error::Generate(_)) && kept() > before {
            return Failure::new(Exit::Partial, error)
                .help("run the same command again: the reports that passed are kept");
        }
        failure(&error)
    })?;
    let cost = remote.and_then(|remote| remote.cost(written.table.tokens));
    Ok(Reported { written, cost })
}

/// Where the sounds of the data folder lie, by opaque id.
fn paths(folders: &Folders) -> Result<HashMap<String, PathBuf>, Failure> {
    let reading = read_data_folder(&folders.data()?).map_err(|error| failure(&error))?;
    let located = reading.located.into_iter();
    Ok(located
        .map(|found| (found.recording.id, found.path))
        .collect())
}

/// The table and what it cost.
pub(super) fn text(reported: &Reported) -> String {
    let Reported { written, cost } = reported;
    let totals = &written.table;
    let head = [
        "DATA SET", "REPORTS", "TEMPLATE", "TRY 1", "TRY 2", "TRY 3+", "GIVEN UP", "COPIES",
    ];
    let mut rows = vec![head.map(String::from)];
    let total = totals.total();
    let all = totals
        .rows
        .iter()
        .map(|(data_set, row)| (data_set.name(), row));
    for (name, row) in all.chain([("all", &total)]) {
        let at = |attempt: usize| row.passed.get(attempt).copied().unwrap_or(0);
        let later: u64 = row.passed.iter().skip(2).sum();
        let counts = [
            row.reports,
            row.template,
            at(0),
            at(1),
            later,
            row.fallen,
            row.copied,
        ];
        let [reports, template, first, second, third, fallen, copied] =
            counts.map(|count| count.to_string());
        let name = name.to_owned();
        rows.push([
            name, reports, template, first, second, third, fallen, copied,
        ]);
    }
    let mut text = table(&rows);
    let _ = writeln!(
        text,
        "{} different texts, numbers taken for alike",
        totals.distinct
    );
    if !totals.refused.is_empty() {
        let refused = totals
            .refused
            .iter()
            .map(|(kind, count)| format!("{kind} {count}"));
        let refused: Vec<String> = refused.collect();
        let _ = writeln!(text, "texts refused for: {}", refused.join(", "));
    }
    if totals.tokens.read > 0 {
        let (read, written) = (totals.tokens.read, totals.tokens.written);
        let cost = cost.map_or_else(String::new, |cost| format!(", cost {cost:.4}"));
        let _ = writeln!(text, "tokens: {read} read, {written} written{cost}");
    }
    if written.unchanged {
        text.push_str("nothing changed: the file is as it was\n");
    }
    text
}
