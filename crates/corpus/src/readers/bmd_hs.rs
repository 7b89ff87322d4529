//! BMD-HS: `train.csv`, `additional_metadata.csv` and the folder `train/` become heart recordings
//! of people with valvular disease by echocardiography, and of healthy ones.
//!
//! A row of `train.csv` is a patient: 1 or 0 for aortic stenosis (AS), aortic regurgitation (AR),
//! mitral regurgitation (MR), mitral stenosis (MS) and normal (N), then the names of up to eight
//! recordings, which end in posture (`sup`, `sit`) and valve area (`Mit`, `Tri`, `Pul`, `Aor`).
//! Ages are published in bands and are not kept. S. N. Ali et al., "BUET Multi-disease Heart Sound
//! Dataset", arXiv 2409.00724, 2024; files as on <https://github.com/mHealthBuet/BMD-HS-Dataset>.

use std::collections::BTreeMap;
use std::path::Path;

use super::fields::{diagnoses, flag, is_missing, presence, sex_letter};
use super::sheet::{Separator, Sheet, index};
use super::source::{AudioFiles, audio_files, missing, stem, table};
use super::{Draft, Row, Trouble};
use crate::diagnosis::Diagnosis;
use crate::error::Error;
use crate::finding::Finding;
use crate::ids;
use crate::recording::{DataSet, Domain, Recording, Sex};
use crate::site::{Area, Site};

const DATA_SET: DataSet = DataSet::BmdHs;
const PEOPLE: &str = "additional_metadata.csv";
const DISEASES: [(&str, Diagnosis); 4] = [
    ("AS", Diagnosis::AorticStenosis),
    ("AR", Diagnosis::AorticRegurgitation),
    ("MR", Diagnosis::MitralRegurgitation),
    ("MS", Diagnosis::MitralStenosis),
];
const RECORDINGS: [&str; 8] = [
    "recording_1",
    "recording_2",
    "recording_3",
    "recording_4",
    "recording_5",
    "recording_6",
    "recording_7",
    "recording_8",
];

/// Sex and smoking of a patient.
type Person = (Option<Sex>, Option<bool>);

pub(super) fn read(folder: &Path) -> Result<Draft, Error> {
    let (list, sounds) = (folder.join("train.csv"), folder.join("train"));
    let expected = "train.csv, additional_metadata.csv and the folder train/";
    if !list.is_file() {
        return Err(missing(DATA_SET, folder, "train.csv", expected));
    }
    if !sounds.is_dir() {
        return Err(missing(DATA_SET, folder, "train/", expected));
    }
    let mut draft = Draft::default();
    let people = people(&folder.join(PEOPLE), &mut draft);
    let mut audio = audio_files(&sounds, &mut draft)?;
    if let Some(sheet) = Sheet::read(&list, Separator::Comma, &mut draft) {
        let mut columns = vec!["patient_id", "N"];
        columns.extend(DISEASES.map(|(column, _)| column));
        let absent = columns
            .into_iter()
            .find(|column| sheet.column(column).is_none());
        if let Some(column) = absent {
            draft.problem(&list, Some(1), None, Trouble::NoColumn(column));
        } else {
            for (line, fields) in &sheet.rows {
                let text = |column: &str| {
                    sheet
                        .column(column)
                        .map_or("", |place| fields[place].as_str())
                };
                take(&list, *line, &text, people.as_ref(), &mut audio, &mut draft);
            }
        }
    }
    for (stem, path) in audio {
        let id = ids::recording(DATA_SET, &stem);
        draft.problem(&path, None, Some(id), Trouble::NoAnnotation);
    }
    Ok(draft)
}

fn people(path: &Path, draft: &mut Draft) -> Option<BTreeMap<String, Person>> {
    if !path.is_file() {
        draft.problem(path, None, None, Trouble::NoList("sex and smoking are"));
        return None;
    }
    let rows = table(path, ["patient_id", "Gender", "Smoker"], draft).rows;
    Some(index(
        path,
        rows,
        draft,
        |[patient, sex, smoker]: [String; 3]| {
            let smoker = (!is_missing(&smoker))
                .then(|| flag(&smoker, "Smoker"))
                .transpose()?;
            Ok((patient, (sex_letter(&sex, "Gender")?, smoker)))
        },
    ))
}

/// Makes a row of each recording of a patient, or notes what is wrong and sets its sounds aside.
fn take<'a>(
    list: &Path,
    line: u64,
    text: &impl Fn(&str) -> &'a str,
    people: Option<&BTreeMap<String, Person>>,
    audio: &mut AudioFiles,
    draft: &mut Draft,
) {
    let names = RECORDINGS
        .map(text)
        .into_iter()
        .filter(|name| !is_missing(name))
        .map(stem);
    let found: Vec<_> = names.map(|name| (name, audio.remove(name))).collect();
    let patient = text("patient_id");
    let stated = labels(text).and_then(|stated| {
        let Some(people) = people else {
            return Ok((stated, (None, None)));
        };
        let person = people
            .get(patient)
            .copied()
            .ok_or(Trouble::NotListed(PEOPLE))?;
        Ok((stated, person))
    });
    let (ill, (sex, smoker)) = match stated {
        Ok(stated) => stated,
        Err(trouble) => {
            let id = Some(ids::subject(DATA_SET, patient));
            return draft.problem(list, Some(line), id, trouble);
        }
    };
    for (name, path) in found {
        let id = ids::recording(DATA_SET, name);
        let Some(path) = path else {
            draft.problem(list, Some(line), Some(id), Trouble::NoAudio);
            continue;
        };
        let Some(area) = area(name) else {
            let pattern = "class_patient_posture_area";
            draft.problem(list, Some(line), Some(id), Trouble::Name(pattern));
            continue;
        };
        let subject = ids::subject(DATA_SET, patient);
        let recording = Recording {
            subject: Some(subject.clone()),
            site: Some(Site::Area(area)),
            record_class: Some(if ill.is_empty() { "normal" } else { "abnormal" }.to_owned()),
            findings: vec![(Finding::AbnormalHeart, presence(!ill.is_empty()))],
            diagnoses: diagnoses(if ill.is_empty() {
                vec![Diagnosis::Normal]
            } else {
                ill.clone()
            }),
            sex,
            smoker,
            ..Recording::unlabelled(DATA_SET, Domain::Heart, id, subject)
        };
        let origin = list.to_path_buf();
        draft.rows.push(Row {
            recording,
            path,
            origin,
            line: Some(line),
        });
    }
}

/// The diseases of a patient; none for a normal one.
fn labels<'a>(text: &impl Fn(&str) -> &'a str) -> Result<Vec<Diagnosis>, Trouble> {
    let mut ill = Vec::new();
    for (column, disease) in DISEASES {
        if flag(text(column), column)? {
            ill.push(disease);
        }
    }
    if flag(text("N"), "N")? != ill.is_empty() {
        return Err(Trouble::Contradiction(
            "N is 1 where no disease is, and nowhere else",
        ));
    }
    Ok(ill)
}

fn area(name: &str) -> Option<Area> {
    let (rest, area) = name.rsplit_once('_')?;
    let (_, posture) = rest.rsplit_once('_')?;
    let area = match area {
        "Mit" => Area::Apex,
        "Tri" => Area::LeftLowerSternalBorder,
        "Pul" => Area::LeftUpperSternalBorder,
        "Aor" => Area::RightUpperSternalBorder,
        _ => return None,
    };
    ["sup", "sit"].contains(&posture).then_some(area)
}
