//! `laennec corpus instruct`: a manifest comes in, a file of questions and answers about its
//! recordings goes out, with a table of what it holds.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use laennec_corpus::instructions::{Length, Options, Style, Table, write};
use laennec_corpus::{Recording, Split, read_data_folder};

use super::failure;
use super::report::SEED;
use crate::arguments::Folders;
use crate::exit::Failure;
use crate::output::{print, table};

/// The arguments of `laennec corpus instruct`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) texts: Texts,
}

/// What `instruct` and `prefer` share.
#[derive(Debug, Args)]
pub(super) struct Texts {
    /// The manifest (Parquet)
    pub(super) manifest: PathBuf,
    /// The file to write (JSON lines)
    pub(super) output: PathBuf,
    /// Seed of the choice of questions and of the wordings
    #[arg(long, default_value_t = SEED)]
    pub(super) seed: u64,
    /// Write the names of the audio files in place of opaque ids; names of public data sets carry
    /// age, sex and diagnosis
    #[arg(long)]
    keep_names: bool,
}

impl Texts {
    /// The recordings of the manifest.
    pub(super) fn recordings(&self) -> Result<Vec<Recording>, Failure> {
        super::read(&self.manifest)
    }

    /// The names of the audio files by opaque id, if they were asked for.
    pub(super) fn names(&self, folders: &Folders) -> Result<HashMap<String, String>, Failure> {
        if !self.keep_names {
            return Ok(HashMap::new());
        }
        let reading = read_data_folder(&folders.data()?).map_err(|error| failure(&error))?;
        let name = |path: &Path| path.file_name()?.to_str().map(str::to_owned);
        let located = reading.located.into_iter();
        Ok(located
            .filter_map(|found| Some((found.recording.id, name(&found.path)?)))
            .collect())
    }
}

/// The name of a recording, or its opaque id.
pub(super) fn named(recording: &Recording, names: &HashMap<String, String>) -> String {
    names.get(&recording.id).unwrap_or(&recording.id).clone()
}

/// Writes the instructions and prints the table.
pub(super) fn run(arguments: &Arguments, folders: &Folders) -> Result<(), Failure> {
    let texts = &arguments.texts;
    let recordings = texts.recordings()?;
    let names = texts.names(folders)?;
    let name = |recording: &Recording| named(recording, &names);
    let options = Options { seed: texts.seed };
    let written =
        write(&texts.output, &recordings, options, &name).map_err(|error| failure(&error))?;
    print(&text(&written.table, written.unchanged))
}

/// One row for each task.
fn text(totals: &Table, unchanged: bool) -> String {
    let mut head = vec!["TASK", "PAIRS", "GOLD", "FACTS", "CLASSES"];
    head.extend(Style::ALL.iter().map(|style| style.word()));
    head.extend(Length::ALL.iter().map(|length| length.word()));
    head.push(Split::Validation.word());
    let mut rows = vec![
        head.iter()
            .map(|word| word.to_uppercase())
            .collect::<Vec<_>>(),
    ];
    for (task, row) in &totals.tasks {
        let mut cells = vec![task.word().to_owned()];
        cells.extend([row.pairs, row.gold, row.facts, row.classes].map(|count| count.to_string()));
        let style = |style: &Style| row.styles.get(style).copied().unwrap_or(0).to_string();
        cells.extend(Style::ALL.iter().map(style));
        let length = |length: &Length| row.lengths.get(length).copied().unwrap_or(0).to_string();
        cells.extend(Length::ALL.iter().map(length));
        let validation = row.splits.get(&Split::Validation).copied().unwrap_or(0);
        cells.push(validation.to_string());
        rows.push(cells);
    }
    let rows: Vec<[String; 13]> = rows
        .into_iter()
        .filter_map(|row| row.try_into().ok())
        .collect();
    let mut text = table(&rows);
    let _ = writeln!(
        text,
        "{} pairs about {} recordings, at most {} of one; {} different questions",
        totals.pairs(),
        totals.recordings,
        totals.most,
        totals.prompts
    );
    if unchanged {
        text.push_str("nothing changed: the file is as it was\n");
    }
    text
}
