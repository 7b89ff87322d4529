//! A Hugging Face `AudioFolder` comes in: `metadata.csv` or `metadata.jsonl` with `file_name`, at
//! its top or in a folder for each split, or a folder of sounds for each label; recordings go out.
//!
//! Layout: <https://huggingface.co/docs/datasets/audio_dataset#audiofolder>.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::mapping::Mapping;
use super::records::{self, Record};
use super::row::{is_code, official_split};
use super::{DATA_SET, Set, row, take};
use crate::error::Error;
use crate::readers::source::{audio_files, folders};
use crate::readers::{Draft, Row, Trouble};

/// Folders below folders that are looked into.
const DEPTH: usize = 4;
/// Labels that folders may spell: more are no classes.
const LABELS: usize = 64;

pub(super) fn read(set: &Set, mapping: &Mapping, draft: &mut Draft) -> Result<(), Error> {
    let mut tables = Vec::new();
    let mut sounds = Vec::new();
    walk(&set.folder, DEPTH, &mut tables, &mut sounds, draft)?;
    if tables.is_empty() {
        labelled_folders(set, mapping, sounds, draft);
        return Ok(());
    }
    let mut used = BTreeSet::new();
    for table in tables {
        let Some((header, records)) = records::read(&table, None, draft) else {
            continue;
        };
        let folder = table.parent().unwrap_or(&set.folder).to_path_buf();
        if !header.contains("file_name") {
            draft.problem(&table, Some(1), None, Trouble::NoColumn("file_name"));
            continue;
        }
        let known = mapping.clone().with(mapping.with_known_names(&header));
        for record in records {
            let record = relative_to(&set.folder, &folder, record);
            if let Some((mut row, file)) = take(
                set,
                &known,
                (&set.folder, &table),
                &record,
                &mut used,
                draft,
            ) {
                let parts = file.split('/').rev().skip(1);
                let part = parts.into_iter().find_map(official_split);
                row.recording.official_split = row.recording.official_split.or(part);
                draft.rows.push(row);
            }
        }
    }
    for path in sounds {
        if !used.contains(&path) {
            draft.problem(&path, None, None, Trouble::NoAnnotation);
        }
    }
    Ok(())
}

/// Finds the tables and the sounds of a folder and of those in it.
fn walk(
    folder: &Path,
    depth: usize,
    tables: &mut Vec<PathBuf>,
    sounds: &mut Vec<PathBuf>,
    draft: &mut Draft,
) -> Result<(), Error> {
    let names = ["metadata.csv", "metadata.jsonl"].map(|name| folder.join(name));
    tables.extend(names.into_iter().find(|path| path.is_file()));
    sounds.extend(audio_files(folder, draft)?.into_values());
    if depth > 0 {
        for inner in folders(folder)? {
            walk(&inner, depth - 1, tables, sounds, draft)?;
        }
    }
    Ok(())
}

/// The record with its file relative to the set instead of to the table.
fn relative_to(set: &Path, table: &Path, mut record: Record) -> Record {
    let below = table.strip_prefix(set).unwrap_or(Path::new(""));
    if let Some(file) = record.fields.get_mut("file_name") {
        let path = below.join(&*file).to_string_lossy().replace('\\', "/");
        path.trim_start_matches("./").clone_into(file);
    }
    record
}

/// Sounds without a table: the folder that holds a sound is its label, unless it names a split.
fn labelled_folders(set: &Set, mapping: &Mapping, sounds: Vec<PathBuf>, draft: &mut Draft) {
    let mut labels = BTreeSet::new();
    for path in sounds {
        let below = path
            .strip_prefix(&set.folder)
            .unwrap_or(&path)
            .to_path_buf();
        let file = below.to_string_lossy().replace('\\', "/");
        let id = set.recording_id(&file);
        let parts: Vec<&str> = file.split('/').rev().skip(1).collect();
        let label = parts
            .first()
            .copied()
            .filter(|part| official_split(part).is_none());
        let empty = Record {
            line: 1,
            fields: std::collections::BTreeMap::new(),
        };
        let recording = row::recording(set, mapping, &empty, id.clone());
        match (recording, label) {
            (Ok(mut recording), label) if label.is_none_or(is_code) => {
                recording.official_split = parts.iter().copied().find_map(official_split);
                if let Some(label) = label {
                    labels.insert(label.to_owned());
                    let stated = mapping.classes.get(label).cloned().unwrap_or_default();
                    recording.findings = stated.into_iter().collect();
                    recording.record_class = Some(label.to_owned());
                }
                let origin = set.folder.clone();
                draft.rows.push(Row {
                    recording,
                    path,
                    origin,
                    line: None,
                });
            }
            (Ok(_), _) => {
                let expected = "a short code without long numbers as name of a folder of sounds";
                let trouble = Trouble::Value {
                    field: "label",
                    expected,
                };
                draft.problem(&path, None, Some(id), trouble);
            }
            (Err(trouble), _) => draft.problem(&path, None, Some(id), trouble),
        }
    }
    if labels.len() > LABELS {
        let prefix = set.folder.clone();
        draft
            .rows
            .retain(|row| row.recording.data_set != DATA_SET || row.origin != prefix);
        let text = format!(
            "{} folders of sounds are more than {LABELS} labels",
            labels.len()
        );
        draft.problem(&set.folder, None, None, Trouble::Mapping(text));
    }
}
