//! PASCAL Classifying Heart Sounds Challenge 2011: a folder of sounds for each class of set A
//! (telephones) and set B (a hospital) become heart recordings.
//!
//! Folders as the challenge publishes them (`Atraining_normal`, `Btraining_murmur` with
//! `Btraining_noisymurmur` in it, `Bunlabelledtest`, ...), or the folders `set_a` and `set_b` of
//! the copy on Kaggle, where the class begins the name (`normal__...`, `normal_noisynormal_...`).
//! Names of set A are times, names of set B are `patient_time_point`. The instants of S1 and S2
//! that the challenge gives for some normal sounds are no intervals and are not read. P. Bentley
//! et al., <https://istethoscope.peterjbentley.com/heartchallenge/index.html>.

use std::path::Path;

use super::source::{audio_files, folders, missing};
use super::{Draft, Row, Trouble};
use crate::error::Error;
use crate::finding::{Finding, Presence};
use crate::ids;
use crate::recording::{DataSet, Domain, OfficialSplit, Quality, Recording};

const DATA_SET: DataSet = DataSet::PascalChsc2011;

/// Names of folders, wherever they lie, with their set (A or B) and class; no class for the folders
/// of the copy on Kaggle, whose names of files say it.
const FOLDERS: [(&str, char, Option<&str>); 16] = [
    ("Atraining_artifact", 'A', Some("artifact")),
    ("Atraining_extrahls", 'A', Some("extrahls")),
    ("Atraining_extrahs", 'A', Some("extrahls")),
    ("Atraining_murmur", 'A', Some("murmur")),
    ("Atraining_normal", 'A', Some("normal")),
    ("Aunlabelledtest", 'A', Some("unlabelled")),
    ("Btraining_extrastole", 'B', Some("extrasystole")),
    ("Btraining_extrasystole", 'B', Some("extrasystole")),
    ("Btraining_murmur", 'B', Some("murmur")),
    ("Btraining_noisymurmur", 'B', Some("murmur")),
    ("Btraining_normal", 'B', Some("normal")),
    ("Training B Normal", 'B', Some("normal")),
    ("Btraining_noisynormal", 'B', Some("normal")),
    ("Bunlabelledtest", 'B', Some("unlabelled")),
    ("set_a", 'A', None),
    ("set_b", 'B', None),
];
/// Folders in folders that are looked into: archives unpack to a folder in a folder of their name.
const DEPTH: usize = 3;

/// How a name begins in the copy on Kaggle, the longer first.
const PREFIXES: [(&str, &str); 9] = [
    ("normal_noisynormal_", "normal"),
    ("murmur_noisymurmur_", "murmur"),
    ("normal__", "normal"),
    ("murmur__", "murmur"),
    ("artifact__", "artifact"),
    ("extrahls__", "extrahls"),
    ("extrastole__", "extrasystole"),
    ("Aunlabelledtest__", "unlabelled"),
    ("Bunlabelledtest__", "unlabelled"),
];

pub(super) fn read(folder: &Path) -> Result<Draft, Error> {
    let mut draft = Draft::default();
    if !read_below(folder, DEPTH, &mut draft)? {
        let expected = "the folders of the challenge (Atraining_normal/ ... Bunlabelledtest/), or \
                        set_a/ and set_b/";
        return Err(missing(DATA_SET, folder, "Atraining_normal/", expected));
    }
    Ok(draft)
}

/// Reads the known folders in a folder; whether there is any.
fn read_below(folder: &Path, depth: usize, draft: &mut Draft) -> Result<bool, Error> {
    let mut is_any = false;
    for inner in folders(folder)? {
        let name = inner.file_name().unwrap_or_default().to_string_lossy();
        let known = FOLDERS.iter().find(|(known, ..)| *known == name);
        if let Some((_, set, class)) = known {
            is_any = true;
            read_folder(&inner, *set, *class, draft)?;
        }
        if depth > 0 {
            is_any |= read_below(&inner, depth - 1, draft)?;
        }
    }
    Ok(is_any)
}

fn read_folder(
    folder: &Path,
    set: char,
    class: Option<&str>,
    draft: &mut Draft,
) -> Result<(), Error> {
    for (stem, path) in audio_files(folder, draft)? {
        let split = match class {
            Some(class) => Some((class, stem.as_str())),
            None => PREFIXES
                .iter()
                .find_map(|(prefix, class)| Some((*class, stem.strip_prefix(prefix)?))),
        };
        let named = split.and_then(|(class, rest)| Some((class, person(set, rest)?, rest)));
        let Some((class, person, rest)) = named else {
            let id = ids::recording(DATA_SET, &stem);
            let pattern = "yyyymmddhhmm in set A, patient_time_point in set B";
            draft.problem(&path, None, Some(id), Trouble::Name(pattern));
            continue;
        };
        draft.rows.push(Row {
            recording: recording(set, class, &person, rest),
            path,
            origin: folder.to_path_buf(),
            line: None,
        });
    }
    Ok(())
}

/// The patient of set B; the day of set A, whose persons are unknown.
fn person(set: char, name: &str) -> Option<String> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if set == 'A' {
        let minute = name.get(..12).filter(|minute| is_number(minute))?;
        return Some(minute[..8].to_owned());
    }
    let mut parts = name.splitn(3, '_');
    let (patient, time, point) = (parts.next()?, parts.next()?, parts.next()?);
    (is_number(patient) && is_number(time) && !point.is_empty()).then(|| patient.to_owned())
}

fn recording(set: char, class: &str, person: &str, rest: &str) -> Recording {
    let published = format!("{set}/{person}");
    let id = ids::recording(DATA_SET, &format!("{set}/{rest}"));
    let (subject, group) = if set == 'A' {
        (None, ids::group(DATA_SET, &published))
    } else {
        let subject = ids::subject(DATA_SET, &published);
        (Some(subject.clone()), subject)
    };
    let (present, absent) = (Presence::Present, Presence::Absent);
    let findings = match class {
        "normal" => vec![(Finding::AbnormalHeart, absent), (Finding::Murmur, absent)],
        "murmur" => vec![
            (Finding::AbnormalHeart, present),
            (Finding::Murmur, present),
        ],
        // A third or fourth sound, which one is not said.
        "extrahls" => vec![(Finding::AbnormalHeart, present)],
        "extrasystole" => vec![
            (Finding::AbnormalHeart, present),
            (Finding::Arrhythmia, present),
        ],
        "artifact" => vec![(Finding::PoorSignal, present)],
        _ => Vec::new(),
    };
    let is_labelled = class != "unlabelled";
    Recording {
        subject,
        device: Some(
            if set == 'A' {
                "iStethoscope Pro"
            } else {
                "DigiScope"
            }
            .to_owned(),
        ),
        record_class: is_labelled.then(|| class.to_owned()),
        findings,
        quality: (class == "artifact").then_some(Quality::Poor),
        official_split: Some(if is_labelled {
            OfficialSplit::Train
        } else {
            OfficialSplit::Test
        }),
        ..Recording::unlabelled(DATA_SET, Domain::Heart, id, group)
    }
}
