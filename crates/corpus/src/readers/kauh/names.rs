//! The published names of KAUH's files come in; the fields that the table would have go out.
//!
//! A name is `BP1_Asthma,I E W,P L L,70,M`: filter (B bell, D diaphragm, E extended), `P` and the
//! number of the patient, diagnosis, type of sound, location, age, sex.

use std::path::Path;

use super::{DATA_SET, row};
use crate::error::Error;
use crate::ids;
use crate::readers::fields::code;
use crate::readers::source::audio_files;
use crate::readers::{Draft, Row, Trouble};

const NAME: &str = "BP1_diagnosis,sound,location,age,sex";
/// Diagnoses in lower case; two are joined by `and` or `+`.
const DIAGNOSES: [(&str, &str); 9] = [
    ("n", "normal"),
    ("asthma", "asthma"),
    ("bron", "bronchitis"),
    ("copd", "copd"),
    ("heart failure", "heart_failure"),
    ("lung fibrosis", "lung_fibrosis"),
    ("plueral effusion", "pleural_effusion"),
    ("pleural effusion", "pleural_effusion"),
    ("pneumonia", "pneumonia"),
];
/// Types of sound, the codes of the table, and whether they are a wheeze and a crackle.
const SOUNDS: [(&str, (&str, &str, &str)); 7] = [
    ("N", ("normal", "0", "0")),
    ("E W", ("expiratory_wheeze", "1", "0")),
    ("I E W", ("inspiratory_expiratory_wheeze", "1", "0")),
    ("C", ("crackles", "0", "1")),
    ("Crep", ("crepitations", "0", "1")),
    ("I C", ("inspiratory_crackles", "0", "1")),
    (
        "I C E W",
        ("inspiratory_crackles+expiratory_wheeze", "1", "1"),
    ),
];

/// Reads the folder of sounds as published.
pub(super) fn read(folder: &Path, published: &Path, draft: &mut Draft) -> Result<(), Error> {
    for path in audio_files(published, draft)?.into_values() {
        let name = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        let number = name.split('_').next().unwrap_or_default();
        let id = ids::recording(DATA_SET, number);
        let file = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy();
        match fields(name, &file).and_then(|fields| row(folder, &fields)) {
            Ok((recording, path)) => draft.rows.push(Row {
                recording,
                path,
                origin: published.to_path_buf(),
                line: None,
            }),
            Err(trouble) => draft.problem(&path, None, Some(id), trouble),
        }
    }
    Ok(())
}

/// The fields of the table, in its order.
fn fields(name: &str, file: &str) -> Result<[String; 11], Trouble> {
    let named = || {
        let (number, rest) = name.split_once('_')?;
        let filter = match number.get(..2)? {
            "BP" => "bell",
            "DP" => "diaphragm",
            "EP" => "extended",
            _ => return None,
        };
        let number: u32 = number.get(2..)?.parse().ok()?;
        let parts: Vec<_> = rest.split(',').map(str::trim).collect();
        let [diagnosis, sound, location, age, sex] = parts.try_into().ok()?;
        Some((filter, number, diagnosis, sound, location, age, sex))
    };
    let (filter, number, diagnosis, sound, location, age, sex) =
        named().ok_or(Trouble::Name(NAME))?;
    let diagnosis = diagnosis.to_lowercase().replace(" and ", "+");
    let expected = "N, Asthma, BRON, COPD, Heart Failure, Lung Fibrosis, Plueral Effusion or \
                    Pneumonia";
    let codes = diagnosis
        .split('+')
        .map(|part| code(part.trim(), &DIAGNOSES, "diagnosis", expected));
    let diagnosis = codes.collect::<Result<Vec<_>, _>>()?.join("+");
    let expected = "N, E W, I E W, C, Crep, I C or I C E W";
    let (sound, wheeze, crackle) = code(sound, &SOUNDS, "sound", expected)?;
    let person = format!("{diagnosis}|{age}|{sex}");
    Ok([
        file.to_owned(),
        format!("P{number:03}"),
        filter.to_owned(),
        diagnosis,
        sound.to_owned(),
        wheeze.to_owned(),
        crackle.to_owned(),
        location_word(location),
        age.to_owned(),
        sex.to_owned(),
        person,
    ])
}

/// `P L L` is posterior, left, lower; with fewer, more or other letters it is ambiguous.
fn location_word(location: &str) -> String {
    let letters: Vec<_> = location.split_whitespace().collect();
    let word = || {
        let [face, side, level] = letters.as_slice() else {
            return None;
        };
        let face = match *face {
            "A" => "anterior",
            "P" => "posterior",
            _ => return None,
        };
        let side = match *side {
            "L" => "left",
            "R" => "right",
            _ => return None,
        };
        let level = match *level {
            "U" => "upper",
            "M" => "middle",
            "L" => "lower",
            _ => return None,
        };
        Some(format!("{face}_{side}_{level}"))
    };
    word().unwrap_or_else(|| format!("ambiguous({location})"))
}
