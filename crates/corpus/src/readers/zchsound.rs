//! `ZCHSound`: two tables of children with their sounds, clean and noisy, become heart recordings
//! with a diagnosis by echocardiography.
//!
//! Columns, separated by semicolons: `fileName`, `gender` (M, F), `age(days)`, `diagnosis` (NORMAL,
//! ASD, VSD, PDA, PFO). The publisher's noisy part is of low quality. W. Jia et al., "`ZCHSound`:
//! Open-Source ZJU Paediatric Heart Sound Database With Congenital Heart Disease", IEEE
//! Transactions on Biomedical Engineering 71(8), 2024; files as on
//! <http://zchsound.ncrcch.org.cn>.

use std::path::{Path, PathBuf};

use super::fields::{age_of_days, code, diagnoses, presence, sex_letter};
use super::sheet::{Separator, Sheet};
use super::source::{audio_files, missing, stem};
use super::{Draft, Row, Trouble};
use crate::diagnosis::Diagnosis;
use crate::error::Error;
use crate::finding::Finding;
use crate::ids;
use crate::recording::{DataSet, Domain, Quality, Recording};

const DATA_SET: DataSet = DataSet::ZchSound;
const COLUMNS: [&str; 4] = ["fileName", "gender", "age(days)", "diagnosis"];
const DIAGNOSES: [(&str, Diagnosis); 5] = [
    ("NORMAL", Diagnosis::Normal),
    ("ASD", Diagnosis::AtrialSeptalDefect),
    ("VSD", Diagnosis::VentricularSeptalDefect),
    ("PDA", Diagnosis::PatentDuctusArteriosus),
    ("PFO", Diagnosis::PatentForamenOvale),
];

/// A table, how the names of its folder of sounds may begin, and its quality.
const PARTS: [(&str, &str, Quality); 2] = [
    (
        "Clean Heartsound Data Details.csv",
        "clean heartsound data",
        Quality::Usable,
    ),
    (
        "Noise Heartsound Data Details.csv",
        "noise heartsound data",
        Quality::Poor,
    ),
];

pub(super) fn read(folder: &Path) -> Result<Draft, Error> {
    let mut draft = Draft::default();
    for (name, sounds, quality) in PARTS {
        let list = folder.join(name);
        let sounds = folder_named(folder, sounds)?;
        let (true, Some(sounds)) = (list.is_file(), sounds) else {
            let expected = "Clean Heartsound Data Details.csv, Noise Heartsound Data Details.csv \
                            and the folders clean Heartsound Data/ and Noise Heartsound Data \
                            Details/";
            return Err(missing(DATA_SET, folder, name, expected));
        };
        read_part(&list, &sounds, quality, &mut draft)?;
    }
    Ok(draft)
}

/// The folder whose name begins so, in any case: copies differ.
fn folder_named(folder: &Path, begin: &str) -> Result<Option<PathBuf>, Error> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(Error::io(folder))? {
        let path = entry.map_err(Error::io(folder))?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase();
        if path.is_dir() && name.starts_with(begin) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found.into_iter().next())
}

fn read_part(list: &Path, sounds: &Path, quality: Quality, draft: &mut Draft) -> Result<(), Error> {
    let mut audio = audio_files(sounds, draft)?;
    let sheet = Sheet::read(list, Separator::Semicolon, draft);
    let rows = sheet
        .map(|sheet| sheet.select(list, COLUMNS, draft))
        .unwrap_or_default();
    for (line, fields) in rows {
        let name = stem(&fields[0]);
        let id = ids::recording(DATA_SET, name);
        let Some(path) = audio.remove(name) else {
            draft.problem(list, Some(line), Some(id), Trouble::NoAudio);
            continue;
        };
        match recording(name, &id, &fields, quality) {
            Ok(recording) => draft.rows.push(Row {
                recording,
                path,
                origin: list.to_path_buf(),
                line: Some(line),
            }),
            Err(trouble) => draft.problem(list, Some(line), Some(id), trouble),
        }
    }
    for (stem, path) in audio {
        let id = ids::recording(DATA_SET, &stem);
        draft.problem(&path, None, Some(id), Trouble::NoAnnotation);
    }
    Ok(())
}

fn recording(
    name: &str,
    id: &str,
    fields: &[String; 4],
    quality: Quality,
) -> Result<Recording, Trouble> {
    // Nothing but the sound names the child.
    let subject = ids::subject(DATA_SET, name);
    let [_, sex, days, diagnosis] = fields;
    let expected = "NORMAL, ASD, VSD, PDA or PFO";
    let diagnosis = code(diagnosis, &DIAGNOSES, "diagnosis", expected)?;
    let ill = diagnosis != Diagnosis::Normal;
    let mut findings = vec![(Finding::PoorSignal, presence(quality == Quality::Poor))];
    // A noisy sound is not said to let the disease be heard.
    if quality == Quality::Usable {
        findings.push((Finding::AbnormalHeart, presence(ill)));
    }
    Ok(Recording {
        subject: Some(subject.clone()),
        record_class: Some(if ill { "abnormal" } else { "normal" }.to_owned()),
        findings,
        quality: Some(quality),
        diagnoses: diagnoses([diagnosis]),
        sex: sex_letter(sex, "gender")?,
        age_years: age_of_days(days, "age(days)")?,
        ..Recording::unlabelled(DATA_SET, Domain::Heart, id.to_owned(), subject)
    })
}
