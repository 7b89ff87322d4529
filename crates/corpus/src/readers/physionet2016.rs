//! PhysioNet/CinC Challenge 2016: `training-a` … `training-f`, each with `REFERENCE.csv` and
//! sounds, become heart recordings labelled normal or abnormal.
//!
//! `REFERENCE.csv` has no header: name, then 1 for abnormal or -1 for normal. The subjects are
//! not published, so neighbours in numbering may be one person: the unit of splitting is a block
//! of neighbours. Blocks never straddle the border of the reserved recordings of
//! `validation.csv` (columns database, name), and each holds about a fortieth of its database.
//! C. Liu et al., "An open access database for the evaluation of heart sound algorithms",
//! Physiological Measurement 37, 2016.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::finding::{Finding, Presence};
use crate::ids;
use crate::readers::source::{AudioFiles, audio_files, table, text};
use crate::readers::{Draft, Row, Trouble};
use crate::recording::{DataSet, Domain, Recording};

const DATA_SET: DataSet = DataSet::PhysioNet2016;
const DATABASES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
/// Blocks a database is cut into.
const BLOCKS: usize = 40;

pub(super) fn read(folder: &Path) -> Result<Draft, Error> {
    let mut draft = Draft::default();
    let reserved = reserved(&folder.join("validation.csv"), &mut draft);
    let mut found = BTreeSet::new();
    for database in DATABASES {
        let part = folder.join(format!("training-{database}"));
        if part.is_dir() {
            found.extend(read_database(database, &part, &reserved, &mut draft)?);
        } else if database == DATABASES[0] && !has_any(folder) {
            return Err(Error::MissingPart {
                data_set: DATA_SET,
                folder: folder.to_path_buf(),
                missing: "training-a/ ... training-f/",
                expected: "at least one of the folders training-a/ to training-f/",
            });
        }
    }
    let absent = reserved.difference(&found).count();
    if absent > 0 {
        draft.problem(
            &folder.join("validation.csv"),
            None,
            None,
            Trouble::ListedButAbsent(absent),
        );
    }
    Ok(draft)
}

fn has_any(folder: &Path) -> bool {
    DATABASES
        .iter()
        .any(|database| folder.join(format!("training-{database}")).is_dir())
}

/// Names reserved for validation; none where there is no list.
fn reserved(path: &Path, draft: &mut Draft) -> BTreeSet<String> {
    if !path.is_file() {
        return BTreeSet::new();
    }
    let listed = table(path, ["database", "name"], draft);
    listed.rows.into_iter().map(|(_, [_, name])| name).collect()
}

/// One row of `REFERENCE.csv` with its sound.
struct Reference {
    name: String,
    abnormal: bool,
    line: u64,
    sound: PathBuf,
}

/// Reads one database; gives the names that were found.
fn read_database(
    database: &str,
    part: &Path,
    reserved: &BTreeSet<String>,
    draft: &mut Draft,
) -> Result<Vec<String>, Error> {
    let mut audio = audio_files(part, draft)?;
    let stems: Vec<String> = audio.keys().cloned().collect();
    let blocks = blocks(&stems, reserved);
    let list = part.join("REFERENCE.csv");
    let references = references(&list, &mut audio, draft);
    for (stem, path) in audio {
        let id = ids::recording(DATA_SET, &stem);
        draft.problem(&path, None, Some(id), Trouble::NoAnnotation);
    }
    let mut names = Vec::with_capacity(references.len());
    for reference in references {
        let block = blocks.get(&reference.name).copied().unwrap_or_default();
        // Three digits, so that the order of the names is that of the blocks.
        let group = format!("training-{database}/block-{block:03}");
        if reserved.contains(&reference.name) {
            draft.validation.insert(group.clone());
        }
        draft.rows.push(Row {
            recording: recording(database, &reference, group),
            path: reference.sound,
            origin: list.clone(),
            line: Some(reference.line),
        });
        names.push(reference.name);
    }
    Ok(names)
}

/// The block of each sound of a database, by its place among all of them: a damaged row of the
/// list moves no other recording to another block.
fn blocks(stems: &[String], reserved: &BTreeSet<String>) -> BTreeMap<String, usize> {
    let size = stems.len().div_ceil(BLOCKS).max(1);
    let (mut block, mut filled) = (0, 0);
    let mut blocks = BTreeMap::new();
    for (index, stem) in stems.iter().enumerate() {
        let held = reserved.contains(stem);
        let border = index > 0 && reserved.contains(&stems[index - 1]) != held;
        if border || (filled == size && !held) {
            block += 1;
            filled = 0;
        }
        filled += 1;
        blocks.insert(stem.clone(), block);
    }
    blocks
}

fn references(list: &Path, audio: &mut AudioFiles, draft: &mut Draft) -> Vec<Reference> {
    let mut references = Vec::new();
    let text = match text(list) {
        Ok(text) => text,
        Err(trouble) => {
            draft.problem(list, None, None, trouble);
            return references;
        }
    };
    for (line, row) in (1..).zip(text.lines()) {
        if row.trim().is_empty() {
            continue;
        }
        let fields: Vec<_> = row.split(',').map(str::trim).collect();
        let &[name, label] = fields.as_slice() else {
            let found = fields.len() as u64;
            draft.problem(
                list,
                Some(line),
                None,
                Trouble::Fields { found, expected: 2 },
            );
            continue;
        };
        let id = Some(ids::recording(DATA_SET, name));
        let Some(sound) = audio.remove(name) else {
            let repeated = references
                .iter()
                .any(|known: &Reference| known.name == name);
            let trouble = if repeated {
                Trouble::Repeated
            } else {
                Trouble::NoAudio
            };
            draft.problem(list, Some(line), id, trouble);
            continue;
        };
        let abnormal = match label {
            "1" => true,
            "-1" => false,
            _ => {
                let expected = "1 (abnormal) or -1 (normal)";
                draft.problem(
                    list,
                    Some(line),
                    id,
                    Trouble::Value {
                        field: "label",
                        expected,
                    },
                );
                continue;
            }
        };
        references.push(Reference {
            name: name.to_owned(),
            abnormal,
            line,
            sound,
        });
    }
    references
}

fn recording(database: &str, reference: &Reference, group: String) -> Recording {
    let (class, presence) = if reference.abnormal {
        ("abnormal", Presence::Present)
    } else {
        ("normal", Presence::Absent)
    };
    Recording {
        device: Some(format!("training-{database}")),
        record_class: Some(class.to_owned()),
        findings: vec![(Finding::AbnormalHeart, presence)],
        ..Recording::unlabelled(
            DATA_SET,
            Domain::Heart,
            ids::recording(DATA_SET, &reference.name),
            group,
        )
    }
}
