//! Respiratory@TR: `Labels.xlsx` and a folder of sounds named `H002_L1` become recordings of the
//! lungs of people with COPD of grade 0 to 4.
//!
//! The part before `_` is the patient, then side and number of one of twelve points on chest and
//! back; which number is which point is not documented with the files, so that only the side is
//! kept. COPD0 is risk without obstruction and no diagnosis of COPD. G. Altan et al.,
//! "Multimedia Respiratory Database (RespiratoryDatabase@TR)", Natural and Engineering Sciences
//! 2(3), 2017; files as on <https://data.mendeley.com/datasets/p9z4h98s6j/1>.

use std::collections::BTreeSet;
use std::path::Path;

use super::fields::{code, diagnoses};
use super::sheet::{Separator, Sheet, index};
use super::source::{audio_files, first_of, missing};
use super::{Draft, Row, Trouble};
use crate::diagnosis::Diagnosis;
use crate::error::Error;
use crate::ids;
use crate::recording::{DataSet, Domain, Recording};
use crate::site::{Side, Site};

const DATA_SET: DataSet = DataSet::RespiratoryTr;
const LABELS: [&str; 2] = ["Labels.xlsx", "Labels.csv"];
const SOUNDS: [&str; 2] = ["RespiratoryDatabase@TR", "."];
const NAME: &str = "patient_point, such as H002_L1";
const GRADES: [(&str, &str); 5] = [
    ("COPD0", "COPD0"),
    ("COPD1", "COPD1"),
    ("COPD2", "COPD2"),
    ("COPD3", "COPD3"),
    ("COPD4", "COPD4"),
];

pub(super) fn read(folder: &Path) -> Result<Draft, Error> {
    let expected = "Labels.xlsx and the folder RespiratoryDatabase@TR/";
    let Some(list) = first_of(folder, &LABELS, Path::is_file) else {
        return Err(missing(DATA_SET, folder, "Labels.xlsx", expected));
    };
    let Some(sounds) = first_of(folder, &SOUNDS, Path::is_dir) else {
        return Err(missing(
            DATA_SET,
            folder,
            "RespiratoryDatabase@TR/",
            expected,
        ));
    };
    let mut draft = Draft::default();
    let sheet = Sheet::read(&list, Separator::Comma, &mut draft);
    let rows = sheet.map(|sheet| sheet.select(&list, ["Patient ID", "Diagnosis"], &mut draft));
    let rows = rows.unwrap_or_default().into_iter();
    let rows = rows.map(|(line, fields)| (line, (line, fields)));
    let known = index(
        &list,
        rows,
        &mut draft,
        |(line, [patient, grade]): (u64, [String; 2])| {
            let expected = "COPD0, COPD1, COPD2, COPD3 or COPD4";
            let grade = code(&grade, &GRADES, "Diagnosis", expected)?;
            Ok((patient, (line, grade)))
        },
    );
    let mut heard = BTreeSet::new();
    for (stem, path) in audio_files(&sounds, &mut draft)? {
        let id = ids::recording(DATA_SET, &stem);
        let Some((patient, side)) = named(&stem) else {
            draft.problem(&path, None, Some(id), Trouble::Name(NAME));
            continue;
        };
        let Some((line, grade)) = known.get(patient) else {
            draft.problem(&path, None, Some(id), Trouble::NotListed(LABELS[0]));
            continue;
        };
        heard.insert(patient.to_owned());
        let subject = ids::subject(DATA_SET, patient);
        let copd = (*grade != "COPD0").then_some(Diagnosis::Copd);
        let recording = Recording {
            subject: Some(subject.clone()),
            site: Some(Site::Lung {
                side: Some(side),
                level: None,
                face: None,
            }),
            record_class: Some((*grade).to_owned()),
            diagnoses: diagnoses(copd),
            ..Recording::unlabelled(DATA_SET, Domain::Lung, id, subject)
        };
        let origin = list.clone();
        let line = Some(*line);
        draft.rows.push(Row {
            recording,
            path,
            origin,
            line,
        });
    }
    for (patient, (line, _)) in &known {
        if !heard.contains(patient) {
            let id = Some(ids::subject(DATA_SET, patient));
            draft.problem(&list, Some(*line), id, Trouble::NoAudio);
        }
    }
    Ok(draft)
}

fn named(stem: &str) -> Option<(&str, Side)> {
    let (patient, point) = stem.split_once('_')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (side, number) = (point.get(..1)?, point.get(1..)?);
    let side = match side {
        "L" => Side::Left,
        "R" => Side::Right,
        _ => return None,
    };
    let known = (1..=6).any(|known| number.parse() == Ok(known));
    (known && patient.strip_prefix('H').is_some_and(is_number)).then_some((patient, side))
}
