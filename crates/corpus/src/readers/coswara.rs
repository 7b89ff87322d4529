//! Coswara: `combined_data.csv` and a folder of sounds for each volunteer become recordings of
//! coughing and breathing.
//!
//! Folders are `yyyymmdd/ID`, below `Extracted_data/` or not, with up to nine sounds; counting and
//! vowels are voices, by which a person is known, and are left out. Health is what volunteers say
//! of themselves: `covid_status` is the class, no diagnosis is taken from it. Files
//! `annotations/NAME_labels.csv` give the quality (0 bad, 1, 2 good) of some sounds. Dates and
//! places are not read. D. Bhattacharya et al., "Coswara: A respiratory sounds and symptoms
//! dataset for remote screening of SARS-CoV-2 infection", Scientific Data 10, 2023; columns as in
//! `csv_labels_legend.json` of <https://github.com/iiscleap/Coswara-Data>.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::fields::{age, code, diagnoses, optional_code};
use super::sheet::{Separator, Sheet, index};
use super::source::{audio_files, folders, missing, table};
use super::{Draft, Row, Trouble};
use crate::diagnosis::Diagnosis;
use crate::error::Error;
use crate::ids;
use crate::recording::{DataSet, Domain, Manoeuvre, Quality, Recording, Sex};

const DATA_SET: DataSet = DataSet::Coswara;
const LIST: &str = "combined_data.csv";
const SOUNDS: [(&str, Manoeuvre); 4] = [
    ("breathing-deep", Manoeuvre::Breathing),
    ("breathing-shallow", Manoeuvre::Breathing),
    ("cough-heavy", Manoeuvre::Cough),
    ("cough-shallow", Manoeuvre::Cough),
];
const STATUS: [&str; 8] = [
    "healthy",
    "no_resp_illness_exposed",
    "resp_illness_not_identified",
    "positive_mild",
    "positive_moderate",
    "positive_asymp",
    "recovered_full",
    "under_validation",
];
/// Columns of `True` and nothing that name a disease of the vocabulary.
const DISEASES: [(&str, Diagnosis); 2] = [
    ("asthma", Diagnosis::Asthma),
    ("pneumonia", Diagnosis::Pneumonia),
];

/// What the list says of a volunteer.
#[derive(Clone)]
struct Volunteer {
    line: u64,
    status: String,
    age_years: Option<f32>,
    sex: Option<Sex>,
    smoker: Option<bool>,
    diagnoses: Vec<String>,
}

pub(super) fn read(folder: &Path) -> Result<Draft, Error> {
    let list = folder.join(LIST);
    if !list.is_file() {
        let expected = "combined_data.csv and folders yyyymmdd/ID/ of sounds";
        return Err(missing(DATA_SET, folder, LIST, expected));
    }
    let mut draft = Draft::default();
    let volunteers = volunteers(&list, &mut draft);
    let qualities = qualities(folder, &mut draft);
    let extracted = folder.join("Extracted_data");
    let root = if extracted.is_dir() {
        extracted
    } else {
        folder.to_path_buf()
    };
    let mut heard = BTreeMap::new();
    for day in folders(&root)? {
        let name = day.file_name().unwrap_or_default().to_string_lossy();
        if name.len() == 8 && name.bytes().all(|byte| byte.is_ascii_digit()) {
            for person in folders(&day)? {
                take(
                    &list,
                    &person,
                    &volunteers,
                    &qualities,
                    &mut heard,
                    &mut draft,
                )?;
            }
        }
    }
    for (path, listed) in &qualities {
        let sounds: BTreeSet<String> = draft
            .rows
            .iter()
            .map(|row| row.recording.id.clone())
            .collect();
        let ids = listed.keys().map(|name| ids::recording(DATA_SET, name));
        let absent = ids.filter(|id| !sounds.contains(id)).count();
        if absent > 0 {
            draft.problem(path, None, None, Trouble::ListedButAbsent(absent));
        }
    }
    for (person, volunteer) in &volunteers {
        if !heard.contains_key(person) {
            let id = Some(ids::subject(DATA_SET, person));
            draft.problem(&list, Some(volunteer.line), id, Trouble::NoAudio);
        }
    }
    Ok(draft)
}

/// Makes a row of each sound of a volunteer.
fn take(
    list: &Path,
    folder: &Path,
    volunteers: &BTreeMap<String, Volunteer>,
    qualities: &[(PathBuf, Qualities)],
    heard: &mut BTreeMap<String, PathBuf>,
    draft: &mut Draft,
) -> Result<(), Error> {
    let person = folder
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let subject = ids::subject(DATA_SET, &person);
    if heard.insert(person.clone(), folder.to_path_buf()).is_some() {
        draft.problem(folder, None, Some(subject), Trouble::Repeated);
        return Ok(());
    }
    let Some(volunteer) = volunteers.get(&person) else {
        draft.problem(folder, None, Some(subject), Trouble::NotListed(LIST));
        return Ok(());
    };
    for (stem, path) in audio_files(folder, draft)? {
        let Some((_, manoeuvre)) = SOUNDS.iter().find(|(name, _)| *name == stem) else {
            continue;
        };
        let published = format!("{person}_{stem}");
        let recording = Recording {
            subject: Some(subject.clone()),
            manoeuvre: Some(*manoeuvre),
            record_class: Some(volunteer.status.clone()),
            quality: qualities
                .iter()
                .find_map(|(_, listed)| listed.get(&published))
                .copied(),
            diagnoses: volunteer.diagnoses.clone(),
            sex: volunteer.sex,
            age_years: volunteer.age_years,
            smoker: volunteer.smoker,
            ..Recording::unlabelled(
                DATA_SET,
                Domain::Other,
                ids::recording(DATA_SET, &published),
                subject.clone(),
            )
        };
        let origin = list.to_path_buf();
        draft.rows.push(Row {
            recording,
            path,
            origin,
            line: Some(volunteer.line),
        });
    }
    Ok(())
}

fn volunteers(list: &Path, draft: &mut Draft) -> BTreeMap<String, Volunteer> {
    let Some(sheet) = Sheet::read(list, Separator::Comma, draft) else {
        return BTreeMap::new();
    };
    let columns = [
        "id",
        "a",
        "g",
        "covid_status",
        "smoker",
        "asthma",
        "pneumonia",
    ];
    let rows = sheet.select(list, columns, draft).into_iter();
    let rows = rows.map(|(line, fields)| (line, (line, fields)));
    index(list, rows, draft, |(line, fields): (u64, [String; 7])| {
        let [id, years, sex, status, smoker, asthma, pneumonia] = fields;
        let status = code(
            &status,
            &STATUS.map(|word| (word, word)),
            "covid_status",
            "a documented status",
        )?;
        let sexes = [
            ("male", Some(Sex::Male)),
            ("female", Some(Sex::Female)),
            ("other", None),
        ];
        let mut stated = Vec::new();
        for (text, (field, disease)) in [asthma, pneumonia].iter().zip(DISEASES) {
            if yes(text, field)? == Some(true) {
                stated.push(disease);
            }
        }
        let volunteer = Volunteer {
            line,
            status: status.to_owned(),
            age_years: age(&years, "a")?,
            sex: optional_code(&sex, &sexes, "g", "male, female or other")?.flatten(),
            smoker: yes(&smoker, "smoker")?,
            diagnoses: diagnoses(stated),
        };
        if id.is_empty() {
            return Err(Trouble::Value {
                field: "id",
                expected: "an id",
            });
        }
        Ok((id, volunteer))
    })
}

/// `True`, `False`, or nothing, which the form leaves open.
fn yes(text: &str, field: &'static str) -> Result<Option<bool>, Trouble> {
    let codes = [
        ("True", true),
        ("TRUE", true),
        ("y", true),
        ("False", false),
        ("FALSE", false),
        ("n", false),
    ];
    optional_code(text, &codes, field, "True, False or nothing")
}

/// Quality by volunteer and sound, `ID_breathing-deep`.
type Qualities = BTreeMap<String, Quality>;

/// The lists of qualities that are there.
fn qualities(folder: &Path, draft: &mut Draft) -> Vec<(PathBuf, Qualities)> {
    let mut all = Vec::new();
    for (sound, _) in SOUNDS {
        let path = folder
            .join("annotations")
            .join(format!("{sound}_labels.csv"));
        if !path.is_file() {
            continue;
        }
        let rows = table(&path, ["FILENAME", "QUALITY"], draft).rows;
        let grades = [
            ("0", Quality::Poor),
            ("1", Quality::Usable),
            ("2", Quality::Usable),
        ];
        let listed = index(&path, rows, draft, |[name, grade]: [String; 2]| {
            Ok((name, code(&grade, &grades, "QUALITY", "0, 1 or 2")?))
        });
        all.push((path, listed));
    }
    all
}
