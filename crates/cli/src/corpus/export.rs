//! `laennec corpus export` and `annotate`: the events of a manifest go to a folder of label files for
//! other programs, and corrected label files come back into a manifest.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use laennec_corpus::labels::LabelFormat;
use laennec_corpus::manifest;

use super::{failure, read, write};
use crate::exit::{Exit, Failure};
use crate::output::print;

/// The formats on the command line.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// Audacity label track (ID.txt)
    Audacity,
    /// Praat `TextGrid` (ID.TextGrid)
    Textgrid,
    /// Label Studio task (ID.json)
    LabelStudio,
}

impl From<Format> for LabelFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Audacity => Self::Audacity,
            Format::Textgrid => Self::TextGrid,
            Format::LabelStudio => Self::LabelStudio,
        }
    }
}

/// The arguments of `laennec corpus export`.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// The manifest (Parquet)
    manifest: PathBuf,
    /// The folder to write, one file a recording with events, named by its id
    folder: PathBuf,
    /// Format of the label files
    #[arg(long, value_enum, default_value = "audacity")]
    events: Format,
    /// Only this data set
    #[arg(long, value_name = "NAME")]
    data_set: Option<String>,
}

/// The arguments of `laennec corpus annotate`.
#[derive(Debug, Args)]
#[command(after_help = "\
A recording whose label file is in the folder gets its events; the others keep theirs. Findings and \
record classes stay as they are.")]
pub(super) struct Annotate {
    /// The manifest (Parquet)
    manifest: PathBuf,
    /// The folder with label files, named by the ids of recordings
    folder: PathBuf,
    /// Format of the label files
    #[arg(long, value_enum, default_value = "audacity")]
    events: Format,
    /// The manifest to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Writes the label files, and counts them.
pub(super) fn export(arguments: &Export) -> Result<(), Failure> {
    let format = LabelFormat::from(arguments.events);
    fs::create_dir_all(&arguments.folder).map_err(|error| io(&arguments.folder, &error))?;
    let (mut files, mut events) = (0, 0);
    for row in manifest::rows(&arguments.manifest).map_err(|error| failure(&error))? {
        let row = row.map_err(|error| failure(&error))?;
        let other = arguments
            .data_set
            .as_deref()
            .is_some_and(|name| name != row.data_set.name());
        if row.events.is_empty() || other {
            continue;
        }
        let path = arguments
            .folder
            .join(format!("{}.{}", row.id, format.extension()));
        let text = format.write(&row.id, row.seconds, &row.events);
        fs::write(&path, text).map_err(|error| io(&path, &error))?;
        files += 1;
        events += row.events.len();
    }
    print(&format!("{files} files with {events} events\n"))
}

/// Reads the label files into a copy of the manifest.
pub(super) fn annotate(arguments: &Annotate) -> Result<(), Failure> {
    let format = LabelFormat::from(arguments.events);
    let mut recordings = read(&arguments.manifest)?;
    let (mut files, mut changed) = (0, 0);
    for row in &mut recordings {
        let path = arguments
            .folder
            .join(format!("{}.{}", row.id, format.extension()));
        if !path.is_file() {
            continue;
        }
        let bytes = fs::read(&path).map_err(|error| io(&path, &error))?;
        let events = format.read(&bytes).map_err(|wrong| {
            Failure::new(Exit::Input, format!("{}: {wrong}", path.display()))
                .help("correct the label file; no manifest was written")
        })?;
        if events.iter().any(|event| event.end_s > row.seconds + 0.05) {
            let message = format!("{}: an event ends after the sound does", path.display());
            return Err(Failure::new(Exit::Input, message)
                .help("correct the label file; no manifest was written"));
        }
        files += 1;
        changed += usize::from(events != row.events);
        row.events = events;
    }
    write(&arguments.out, &recordings, false)?;
    print(&format!(
        "{files} label files, {changed} recordings changed\n"
    ))
}

fn io(path: &std::path::Path, error: &std::io::Error) -> Failure {
    Failure::new(Exit::Input, format!("{}: {error}", path.display()))
        .help("give a folder that can be read and written")
}
