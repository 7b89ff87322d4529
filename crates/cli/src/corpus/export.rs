//! `laennec corpus export` and `annotate`: the events of a manifest go to a folder of label files for
//! other programs, and corrected label files come back into a manifest.

use std::collections::HashSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::Args;
use laennec_corpus::labels::{LabelFormat, correct};
use laennec_corpus::{DataSet, Recording, manifest};

use super::{failure, read, write};
use crate::exit::{Exit, Failure};
use crate::output::{print, safe_name, unwritable, writable_file, write_whole};

/// Names of label files without a recording that are told.
const STRAYS_NAMED: usize = 5;

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
    #[arg(long, value_name = "NAME", value_parser = data_set)]
    data_set: Option<DataSet>,
    /// Replace label files that say something else
    #[arg(long)]
    force: bool,
}

/// The data set of that name.
fn data_set(name: &str) -> Result<DataSet, String> {
    DataSet::from_name(name).ok_or_else(|| {
        let known = DataSet::ALL.map(DataSet::name);
        format!("expected one of {}", known.join(", "))
    })
}

/// The arguments of `laennec corpus annotate`.
#[derive(Debug, Args)]
#[command(after_help = "\
A recording whose label file is in the folder gets its events; the others keep theirs. What the new events \
show is present, what only the old ones showed is absent; other findings stay, and so do record classes \
and the findings of recordings of poor quality. The provenance of a changed recording says `annotate`.")]
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
    /// Replace a file that is no manifest
    #[arg(long)]
    force: bool,
}

/// Writes the label files, and counts them. Files that a person may have corrected are kept.
pub(super) fn export(arguments: &Export) -> Result<(), Failure> {
    let format = LabelFormat::from(arguments.events);
    let mut labels = Vec::new();
    let mut events = 0;
    for row in manifest::rows(&arguments.manifest).map_err(|error| failure(&error))? {
        let row = row.map_err(|error| failure(&error))?;
        let asked = arguments.data_set.is_none_or(|one| one == row.data_set);
        if row.events.is_empty() || !asked {
            continue;
        }
        let path = label_path(&arguments.folder, &row.id, format);
        labels.push((path, format.write(&row.id, row.seconds, &row.events)));
        events += row.events.len();
    }
    let folder = &arguments.folder;
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, error.kind()))?;
    let mut new = Vec::with_capacity(labels.len());
    let mut changed = Vec::new();
    for (path, text) in &labels {
        match fs::read(path) {
            Ok(found) if found == text.as_bytes() => {}
            Ok(_) => changed.push((path, text)),
            Err(error) if error.kind() == ErrorKind::NotFound => new.push((path, text)),
            Err(error) => return Err(io(path, &error)),
        }
    }
    if let (Some((first, _)), false) = (changed.first(), arguments.force) {
        let more = match changed.len() - 1 {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        let message = format!("{} exists already with other events{more}", first.display());
        return Err(Failure::new(Exit::Refused, message).help(
            "read corrected files with `laennec corpus annotate`; add --force to replace them, or \
             give another folder",
        ));
    }
    for (path, text) in new.into_iter().chain(changed) {
        write_whole(path, text.as_bytes(), arguments.force)?;
    }
    print(&format!("{} files with {events} events\n", labels.len()))
}

/// Reads the label files into a copy of the manifest.
pub(super) fn annotate(arguments: &Annotate) -> Result<(), Failure> {
    writable_file(&arguments.out)?;
    let format = LabelFormat::from(arguments.events);
    let mut recordings = read(&arguments.manifest)?;
    let (mut files, mut changed) = (0, 0);
    for row in &mut recordings {
        let path = label_path(&arguments.folder, &row.id, format);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(io(&path, &error)),
        };
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
        changed += usize::from(correct(row, events, &bytes));
    }
    if files == 0 {
        let message = format!(
            "{}: no label file ID.{} of a recording of this manifest",
            arguments.folder.display(),
            format.extension()
        );
        return Err(Failure::new(Exit::Input, message)
            .help("give the folder that `laennec corpus export` wrote, and its --events"));
    }
    warn_of_strays(&arguments.folder, format, &recordings)?;
    write(&arguments.out, &recordings, arguments.force)?;
    print(&format!(
        "{files} label files, {changed} recordings changed\n"
    ))
}

/// Tells of label files that belong to no recording: their corrections would be lost without a word.
fn warn_of_strays(
    folder: &Path,
    format: LabelFormat,
    recordings: &[Recording],
) -> Result<(), Failure> {
    let known: HashSet<PathBuf> = recordings
        .iter()
        .map(|row| label_path(folder, &row.id, format))
        .collect();
    let mut strays = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| io(folder, &error))? {
        let path = entry.map_err(|error| io(folder, &error))?.path();
        let ending = path.extension().unwrap_or_default();
        if ending == format.extension() && !known.contains(&path) {
            strays.extend(path.file_name().map(|name| safe_name(Path::new(name))));
        }
    }
    strays.sort();
    let count = strays.len();
    if count > 0 {
        let named = strays[..count.min(STRAYS_NAMED)].join(", ");
        let more = if count > STRAYS_NAMED { ", ..." } else { "" };
        eprintln!(
            "warning: {count} label files belong to no recording of the manifest: {named}{more}"
        );
    }
    Ok(())
}

fn label_path(folder: &Path, id: &str, format: LabelFormat) -> PathBuf {
    folder.join(format!("{id}.{}", format.extension()))
}

fn io(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(Exit::Input, format!("{}: {error}", path.display()))
        .help("give a folder that can be read")
}
