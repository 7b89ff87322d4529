//! King Abdullah University Hospital: the folder `Audio Files` as it is published, or
//! `recordings.csv` and the audio files it names, become recordings of adults' lungs, never trained
//! on.
//!
//! The published names of files carry all that is known; the table has the same, spelt out.
//! The bell, diaphragm and extended files of one patient are one recording through three
//! filters. Several patient numbers share diagnosis, age and sex and may be one person, so the
//! unit of splitting is `person_key`, hashed. M. Fraiwan et al., "A dataset of lung sounds
//! recorded from the chest wall using an electronic stethoscope", Data in Brief 35, 2021.

mod names;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::finding::{Finding, Presence};
use crate::ids;
use crate::readers::fields::{age, sex_letter};
use crate::readers::source::{audio_files, missing, table};
use crate::readers::{Draft, Row, Trouble};
use crate::recording::{DataSet, Domain, Recording};
use crate::site::{Face, Level, Side, Site};

const DATA_SET: DataSet = DataSet::Kauh;
/// The folder of sounds as published.
const PUBLISHED: &str = "Audio Files";
const COLUMNS: [&str; 11] = [
    "file",
    "patient_id",
    "filter",
    "diagnosis",
    "sound",
    "wheeze",
    "crackle",
    "location",
    "age",
    "sex",
    "person_key",
];

/// Codes that may be stored; any other text in these columns could be free text.
const FILTERS: [&str; 3] = ["bell", "diaphragm", "extended"];
const DIAGNOSES: [&str; 8] = [
    "normal",
    "asthma",
    "bronchitis",
    "copd",
    "heart_failure",
    "lung_fibrosis",
    "pleural_effusion",
    "pneumonia",
];
const SOUNDS: [&str; 6] = [
    "normal",
    "crackles",
    "crepitations",
    "inspiratory_crackles",
    "expiratory_wheeze",
    "inspiratory_expiratory_wheeze",
];

pub(super) fn read(folder: &Path) -> Result<Draft, Error> {
    let (list, published) = (folder.join("recordings.csv"), folder.join(PUBLISHED));
    let mut draft = Draft::default();
    if !list.is_file() && published.is_dir() {
        names::read(folder, &published, &mut draft)?;
        return Ok(draft);
    }
    if !list.is_file() {
        let expected = "the folder Audio Files/, or recordings.csv and the audio files it names";
        return Err(missing(DATA_SET, folder, "Audio Files/", expected));
    }
    let mut listed = BTreeSet::new();
    for (line, fields) in table(&list, COLUMNS, &mut draft).rows {
        listed.insert(folder.join(&fields[0]));
        let id = stem(&fields[0]).map(|stem| ids::recording(DATA_SET, stem));
        match row(folder, &fields) {
            Ok((recording, path)) => draft.rows.push(Row {
                recording,
                path,
                origin: list.clone(),
                line: Some(line),
            }),
            Err(trouble) => draft.problem(&list, Some(line), id, trouble),
        }
    }
    let folders: BTreeSet<&Path> = listed.iter().filter_map(|path| path.parent()).collect();
    for inner in folders.into_iter().filter(|inner| inner.is_dir()) {
        for (stem, path) in audio_files(inner, &mut draft)? {
            if !listed.contains(&path) {
                let id = ids::recording(DATA_SET, &stem);
                draft.problem(&path, None, Some(id), Trouble::NoAnnotation);
            }
        }
    }
    Ok(draft)
}

/// The part of the name that both layouts share: `BP1`.
fn stem(file: &str) -> Option<&str> {
    let stem = Path::new(file).file_stem().and_then(|stem| stem.to_str())?;
    Some(stem.split_once('_').map_or(stem, |(number, _)| number))
}

/// The recording of a row, and its sound.
fn row(folder: &Path, fields: &[String; 11]) -> Result<(Recording, PathBuf), Trouble> {
    let [
        file,
        patient,
        filter,
        diagnosis,
        sound,
        wheeze,
        crackle,
        location,
        years,
        sex_field,
        person,
    ] = fields;
    let path = folder.join(file);
    let stem = stem(file)
        .filter(|_| path.is_file())
        .ok_or(Trouble::NoAudio)?;
    let number = patient.strip_prefix('P').unwrap_or_default();
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        let expected = "P and a number";
        let field = "patient_id";
        return Err(Trouble::Value { field, expected });
    }
    if *person != format!("{diagnosis}|{years}|{sex_field}") {
        let what = "person_key is diagnosis, age and sex";
        return Err(Trouble::Contradiction(what));
    }
    let wheeze = flag(wheeze, "wheeze")?;
    let crackle = flag(crackle, "crackle")?;
    codes(filter, diagnosis, sound)?;
    let either = if wheeze == Presence::Present {
        wheeze
    } else {
        crackle
    };
    // Only wheeze and crackle are annotated: fine or coarse, rhonchi or stridor is not said, so
    // that continuous sounds are known to be there with a wheeze and absent where all is normal.
    let mut findings = vec![
        (Finding::Adventitious, either),
        (Finding::Wheeze, wheeze),
        (Finding::Discontinuous, crackle),
    ];
    if wheeze == Presence::Present || sound == "normal" {
        findings.insert(1, (Finding::Continuous, wheeze));
    }
    let recording = Recording {
        subject: Some(ids::subject(DATA_SET, patient)),
        site: site(location)?,
        device: Some(filter.clone()),
        record_class: Some(sound.clone()),
        findings,
        sex: sex_letter(sex_field, "sex")?,
        age_years: age(years, "age")?,
        diagnoses: diagnoses(diagnosis),
        ..Recording::unlabelled(
            DATA_SET,
            Domain::Lung,
            ids::recording(DATA_SET, stem),
            ids::group(DATA_SET, person),
        )
    };
    Ok((recording, path))
}

/// Refuses what is not a known code in the columns that are stored as they are.
fn codes(filter: &str, diagnosis: &str, sound: &str) -> Result<(), Trouble> {
    for (field, text, codes, expected) in [
        (
            "filter",
            filter,
            &FILTERS[..],
            "bell, diaphragm or extended",
        ),
        (
            "diagnosis",
            diagnosis,
            &DIAGNOSES[..],
            "codes such as asthma or copd joined by +",
        ),
        (
            "sound",
            sound,
            &SOUNDS[..],
            "codes such as normal or crackles joined by +",
        ),
    ] {
        if !text.split('+').all(|code| codes.contains(&code)) {
            return Err(Trouble::Value { field, expected });
        }
    }
    Ok(())
}

/// Codes joined by `+`, sorted.
fn diagnoses(text: &str) -> Vec<String> {
    let codes: BTreeSet<String> = text.split('+').map(str::to_owned).collect();
    codes.into_iter().collect()
}

fn flag(text: &str, field: &'static str) -> Result<Presence, Trouble> {
    match text {
        "1" => Ok(Presence::Present),
        "0" => Ok(Presence::Absent),
        _ => Err(Trouble::Value {
            field,
            expected: "0 or 1",
        }),
    }
}

/// `face_side_level`; locations that the file calls ambiguous, or leaves open, give none.
fn site(location: &str) -> Result<Option<Site>, Trouble> {
    if location.is_empty() || location.starts_with("ambiguous(") {
        return Ok(None);
    }
    let parts: Vec<_> = location.split('_').collect();
    let site = match parts.as_slice() {
        [face, side, level] => Face::from_word(face).and_then(|face| {
            Some(Site::lung(
                Side::from_word(side)?,
                Some(Level::from_word(level)?),
                face,
            ))
        }),
        _ => None,
    };
    let expected = "face_side_level, ambiguous(...) or nothing";
    let field = "location";
    site.map(Some).ok_or(Trouble::Value { field, expected })
}
