//! Anything else, below `custom/`: a folder with a column mapping (`laennec.toml`) for a table of
//! CSV, TSV or JSON lines, or a Hugging Face `AudioFolder`, becomes recordings.
//!
//! What is stored are words of this crate, numbers, and codes that the mapping lists: any other
//! text of a table could be a name, a date or free text, and is refused with its line.

mod audio_folder;
mod events;
mod mapping;
mod records;
mod row;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use self::mapping::{Mapping, Role};
use self::records::Record;
use super::source::{EXTENSIONS, audio_files, folders, missing};
use super::{Draft, Row, Trouble};
use crate::error::Error;
use crate::ids;
use crate::recording::DataSet;

const DATA_SET: DataSet = DataSet::Custom;
/// Name of the mapping file.
const MAPPING: &str = "laennec.toml";

/// A folder that holds one set: its name is part of the ids, so that two sets may use the same
/// file names.
struct Set {
    name: String,
    folder: PathBuf,
}

impl Set {
    /// The opaque id of a recording, from its file without the extension.
    fn recording_id(&self, file: &str) -> String {
        let path = Path::new(file);
        let known = path.extension().is_some_and(|extension| {
            EXTENSIONS.contains(&extension.to_string_lossy().to_ascii_lowercase().as_str())
        });
        let stem = if known {
            path.with_extension("")
        } else {
            path.to_path_buf()
        };
        ids::recording(DATA_SET, &self.own(&stem.to_string_lossy()))
    }

    fn own(&self, published: &str) -> String {
        format!("{}/{published}", self.name)
    }
}

pub(super) fn read(folder: &Path) -> Result<Draft, Error> {
    let mut draft = Draft::default();
    let mut sets = Vec::new();
    if is_set(folder)? {
        sets.push(Set {
            name: String::new(),
            folder: folder.to_path_buf(),
        });
    } else {
        for inner in folders(folder)? {
            let name = inner
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            sets.push(Set {
                name,
                folder: inner,
            });
        }
    }
    if sets.is_empty() {
        let expected = "folders that each hold a laennec.toml, or metadata.csv or metadata.jsonl, \
                        or a folder of sounds for each label";
        return Err(missing(DATA_SET, folder, "set", expected));
    }
    for set in sets {
        read_set(&set, &mut draft)?;
    }
    Ok(draft)
}

/// Whether the folder is a set itself rather than a folder of sets.
fn is_set(folder: &Path) -> Result<bool, Error> {
    let marks = [MAPPING, "metadata.csv", "metadata.jsonl"];
    let marked = marks.iter().any(|name| folder.join(name).is_file());
    Ok(marked || !audio_files(folder, &mut Draft::default())?.is_empty())
}

fn read_set(set: &Set, draft: &mut Draft) -> Result<(), Error> {
    let file = set.folder.join(MAPPING);
    let mapping = if file.is_file() {
        match Mapping::read(&file) {
            Ok(mapping) => mapping,
            Err((line, trouble)) => {
                draft.problem(&file, line, None, trouble);
                return Ok(());
            }
        }
    } else {
        Mapping::audio_folder()
    };
    match &mapping.table {
        Some(table) => read_table(set, &mapping, &set.folder.join(table), &file, draft),
        None => audio_folder::read(set, &mapping, draft),
    }
}

/// Reads the table that a mapping names.
fn read_table(
    set: &Set,
    mapping: &Mapping,
    table: &Path,
    file: &Path,
    draft: &mut Draft,
) -> Result<(), Error> {
    let Some((columns, records)) = records::read(table, mapping.separator, draft) else {
        return Ok(());
    };
    let absent = mapping.columns().find(|column| !columns.contains(*column));
    if let Some(column) = absent {
        let text = format!("it names the column {column:?}, which the table does not have");
        draft.problem(file, None, None, Trouble::Mapping(text));
        return Ok(());
    }
    let mut events = match &mapping.events {
        Some(part) => match events::read(&set.folder.join(&part.table), part, mapping, draft) {
            Some(events) => Some(events),
            None => return Ok(()),
        },
        None => None,
    };
    let sounds = set
        .folder
        .join(mapping.audio.as_deref().unwrap_or(Path::new(".")));
    let mut used = BTreeSet::new();
    for record in records {
        let found = take(set, mapping, (&sounds, table), &record, &mut used, draft);
        if let Some((mut row, file)) = found {
            match events.as_mut().map(|events| events.take(&file)) {
                Some(Ok(events)) => row.recording.events = events,
                Some(Err((line, trouble))) => {
                    let part = mapping
                        .events
                        .as_ref()
                        .map_or(table, |part| part.table.as_path());
                    let id = Some(row.recording.id);
                    draft.problem(&set.folder.join(part), line, id, trouble);
                    continue;
                }
                None => {}
            }
            draft.rows.push(row);
        }
    }
    for path in audio_files(&sounds, draft)?.into_values() {
        if !used.contains(&path) {
            draft.problem(&path, None, None, Trouble::NoAnnotation);
        }
    }
    Ok(())
}

/// Makes a row of a record and adds its sound to `used`, or notes what is wrong. Also gives the
/// file as the table writes it.
fn take(
    set: &Set,
    mapping: &Mapping,
    (sounds, table): (&Path, &Path),
    record: &Record,
    used: &mut BTreeSet<PathBuf>,
    draft: &mut Draft,
) -> Option<(Row, String)> {
    let line = Some(record.line);
    let Some(file) = mapping.text(Role::File, record) else {
        let trouble = Trouble::Value {
            field: "file",
            expected: "a file name",
        };
        draft.problem(table, line, None, trouble);
        return None;
    };
    let id = set.recording_id(file);
    let Some(path) = find(&sounds.join(file)) else {
        draft.problem(table, line, Some(id), Trouble::NoAudio);
        return None;
    };
    used.insert(path.clone());
    match row::recording(set, mapping, record, id.clone()) {
        Ok(recording) => {
            let origin = table.to_path_buf();
            let row = Row {
                recording,
                path,
                origin,
                line,
            };
            Some((row, file.to_owned()))
        }
        Err(trouble) => {
            draft.problem(table, line, Some(id), trouble);
            None
        }
    }
}

/// The file, or the file with the extension of a sound.
fn find(path: &Path) -> Option<PathBuf> {
    if path.is_file() {
        return Some(path.to_path_buf());
    }
    let with = EXTENSIONS.iter().map(|extension| {
        let mut name = path.as_os_str().to_owned();
        name.push(".");
        name.push(extension);
        PathBuf::from(name)
    });
    with.into_iter().find(|path| path.is_file())
}
