//! ICBHI 2017 Respiratory Sound Database: a folder of sounds with one text of cycles each, and
//! lists of diagnoses, demographics and the official split, become lung recordings with events.
//!
//! A sound is named `patient_index_location_mode_device`. A line of its text is one respiratory
//! cycle: start and end in s, crackles 0 or 1, wheezes 0 or 1, separated by tabs. B. M. Rocha et
//! al., "An open access database for the evaluation of respiratory sound classification
//! algorithms", Physiological Measurement 40, 2019; file names as on
//! <https://bhichallenge.med.auth.gr>, or as in the copy on Kaggle.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::fields::{age, code, diagnoses, event, flag, in_order, number, presence, sex_letter};
use super::sheet::{Separator, exactly, index, lines};
use super::source::{audio_files, first_of, missing, text_lines};
use super::{Draft, Fault, Row, Trouble};
use crate::diagnosis::Diagnosis;
use crate::error::Error;
use crate::finding::{Finding, Presence};
use crate::ids;
use crate::recording::{DataSet, Domain, Event, EventKind, OfficialSplit, Recording, Sex};
use crate::site::{Area, Face, Side, Site};

const DATA_SET: DataSet = DataSet::Icbhi2017;
const SOUNDS: [&str; 2] = ["ICBHI_final_database", "audio_and_txt_files"];
const DIAGNOSES: [&str; 2] = ["ICBHI_Challenge_diagnosis.txt", "patient_diagnosis.csv"];
const PEOPLE: [&str; 2] = [
    "ICBHI_Challenge_demographic_information.txt",
    "demographic_info.txt",
];
const SPLIT: [&str; 1] = ["ICBHI_challenge_train_test.txt"];
const NAME: &str = "patient_index_location_mode_device";
const DEVICES: [&str; 4] = ["AKGC417L", "LittC2SE", "Litt3200", "Meditron"];

pub(super) fn read(folder: &Path) -> Result<Draft, Error> {
    let Some(sounds) = first_of(folder, &SOUNDS, Path::is_dir) else {
        let expected = "the folder ICBHI_final_database/ of wav and txt files, \
                        ICBHI_Challenge_diagnosis.txt, \
                        ICBHI_Challenge_demographic_information.txt and \
                        ICBHI_challenge_train_test.txt";
        return Err(missing(DATA_SET, folder, "ICBHI_final_database/", expected));
    };
    let mut draft = Draft::default();
    let lists = Lists::read(folder, &mut draft);
    for (stem, path) in audio_files(&sounds, &mut draft)? {
        let cycles = sounds.join(format!("{stem}.txt"));
        let id = ids::recording(DATA_SET, &stem);
        if !cycles.is_file() {
            draft.problem(&path, None, Some(id), Trouble::NoAnnotation);
            continue;
        }
        match recording(&stem, &id, &cycles, &lists) {
            Ok(recording) => draft.rows.push(Row {
                recording,
                path,
                origin: cycles,
                line: None,
            }),
            Err((line, trouble)) => draft.problem(&cycles, line, Some(id), trouble),
        }
    }
    for path in super::source::list(&sounds)? {
        let stem = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        let is_text = path.extension().is_some_and(|extension| extension == "txt");
        // The folder also holds texts about the naming of files.
        let is_cycles = is_text && Named::parse(stem).is_ok();
        if is_cycles && audio_is_absent(&sounds, stem) {
            let id = ids::recording(DATA_SET, stem);
            draft.problem(&path, None, Some(id), Trouble::NoAudio);
        }
    }
    Ok(draft)
}

fn audio_is_absent(sounds: &Path, stem: &str) -> bool {
    !["wav", "flac"]
        .iter()
        .any(|extension| sounds.join(format!("{stem}.{extension}")).is_file())
}

/// What the lists say of patients and recordings; none for a list that is not there.
struct Lists {
    diagnoses: Option<BTreeMap<String, Diagnosis>>,
    people: Option<BTreeMap<String, Person>>,
    split: Option<BTreeMap<String, OfficialSplit>>,
}

#[derive(Clone)]
struct Person {
    age_years: Option<f32>,
    sex: Option<Sex>,
    bmi: Option<f32>,
    weight_kg: Option<f32>,
    height_cm: Option<f32>,
}

impl Lists {
    fn read(folder: &Path, draft: &mut Draft) -> Self {
        let find = |names: &[&str], unknown, draft: &mut Draft| -> Option<PathBuf> {
            let found = first_of(folder, names, Path::is_file);
            if found.is_none() {
                draft.problem(&folder.join(names[0]), None, None, Trouble::NoList(unknown));
            }
            found
        };
        let diagnoses = find(&DIAGNOSES, "diagnoses are", draft).map(|path| {
            let is_csv = path.extension().is_some_and(|extension| extension == "csv");
            let separator = if is_csv {
                Separator::Comma
            } else {
                Separator::Blanks
            };
            let rows = lines(&path, separator, draft).unwrap_or_default();
            index(&path, rows, draft, diagnosis)
        });
        let people = find(&PEOPLE, "age and sex are", draft).map(|path| {
            let rows = lines(&path, Separator::Blanks, draft).unwrap_or_default();
            index(&path, rows, draft, person)
        });
        let split = find(&SPLIT, "the official split is", draft).map(|path| {
            let rows = lines(&path, Separator::Blanks, draft).unwrap_or_default();
            index(&path, rows, draft, part)
        });
        Self {
            diagnoses,
            people,
            split,
        }
    }
}

fn diagnosis(fields: Vec<String>) -> Result<(String, Diagnosis), Trouble> {
    let [patient, diagnosis] = exactly(fields)?;
    let codes = [
        ("COPD", Diagnosis::Copd),
        ("Healthy", Diagnosis::Normal),
        ("URTI", Diagnosis::UpperRespiratoryInfection),
        ("LRTI", Diagnosis::LowerRespiratoryInfection),
        ("Asthma", Diagnosis::Asthma),
        ("Bronchiectasis", Diagnosis::Bronchiectasis),
        ("Bronchiolitis", Diagnosis::Bronchiolitis),
        ("Pneumonia", Diagnosis::Pneumonia),
    ];
    let expected = "COPD, Healthy, URTI, LRTI, Asthma, Bronchiectasis, Bronchiolitis or Pneumonia";
    let diagnosis = code(&diagnosis, &codes, "diagnosis", expected)?;
    Ok((patient_number(patient)?, diagnosis))
}

fn person(fields: Vec<String>) -> Result<(String, Person), Trouble> {
    let [patient, years, sex, bmi, weight, height] = exactly(fields)?;
    let person = Person {
        age_years: age(&years, "age")?,
        sex: sex_letter(&sex, "sex")?,
        bmi: number(&bmi, 5.0..=100.0, "BMI", "kg/m², 5 to 100")?,
        weight_kg: number(&weight, 0.5..=400.0, "weight", "kg, 0.5 to 400")?,
        height_cm: number(&height, 20.0..=250.0, "height", "cm, 20 to 250")?,
    };
    Ok((patient_number(patient)?, person))
}

fn part(fields: Vec<String>) -> Result<(String, OfficialSplit), Trouble> {
    let [name, part] = exactly(fields)?;
    let codes = [
        ("train", OfficialSplit::Train),
        ("test", OfficialSplit::Test),
    ];
    Ok((name, code(&part, &codes, "set", "train or test")?))
}

fn patient_number(text: String) -> Result<String, Trouble> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let expected = "a number";
    let field = "patient";
    if is_number {
        Ok(text)
    } else {
        Err(Trouble::Value { field, expected })
    }
}

/// What a present list says of a key; a key that it lacks leaves the recording incomplete.
fn listed<T: Clone>(
    list: Option<&BTreeMap<String, T>>,
    key: &str,
    name: &'static str,
) -> Result<Option<T>, Fault> {
    let Some(list) = list else { return Ok(None) };
    let found = list.get(key).cloned();
    found.map(Some).ok_or((None, Trouble::NotListed(name)))
}

fn recording(stem: &str, id: &str, cycles: &Path, lists: &Lists) -> Result<Recording, Fault> {
    let named = Named::parse(stem).map_err(|trouble| (None, trouble))?;
    let events = events(cycles)?;
    let diagnosis = listed(lists.diagnoses.as_ref(), named.patient, DIAGNOSES[0])?;
    let person = listed(lists.people.as_ref(), named.patient, PEOPLE[0])?;
    let official_split = listed(lists.split.as_ref(), stem, SPLIT[0])?;
    let subject = ids::subject(DATA_SET, named.patient);
    let mut recording = Recording {
        subject: Some(subject.clone()),
        site: Some(named.site),
        device: Some(named.device.to_owned()),
        findings: findings(&events),
        events,
        diagnoses: diagnoses(diagnosis),
        official_split,
        ..Recording::unlabelled(DATA_SET, Domain::Lung, id.to_owned(), subject)
    };
    if let Some(person) = person {
        recording.age_years = person.age_years;
        recording.sex = person.sex;
        recording.bmi = person.bmi;
        recording.weight_kg = person.weight_kg;
        recording.height_cm = person.height_cm;
    }
    Ok(recording)
}

/// What the name of a sound says.
struct Named<'a> {
    patient: &'a str,
    site: Site,
    device: &'static str,
}

impl<'a> Named<'a> {
    fn parse(stem: &'a str) -> Result<Self, Trouble> {
        let named = || {
            let parts: Vec<_> = stem.split('_').collect();
            let [patient, index, location, mode, device] = parts.try_into().ok()?;
            let lung = |side, face| Site::lung(side, None, face);
            let site = match location {
                "Tc" => Site::Area(Area::Trachea),
                "Al" => lung(Side::Left, Face::Anterior),
                "Ar" => lung(Side::Right, Face::Anterior),
                "Pl" => lung(Side::Left, Face::Posterior),
                "Pr" => lung(Side::Right, Face::Posterior),
                "Ll" => lung(Side::Left, Face::Lateral),
                "Lr" => lung(Side::Right, Face::Lateral),
                _ => return None,
            };
            let device = DEVICES.into_iter().find(|known| *known == device)?;
            let known = !patient.is_empty() && !index.is_empty() && ["sc", "mc"].contains(&mode);
            known.then_some(Self {
                patient,
                site,
                device,
            })
        };
        named().ok_or(Trouble::Name(NAME))
    }
}

fn events(cycles: &Path) -> Result<Vec<Event>, Fault> {
    let mut events = Vec::new();
    for (line, text) in text_lines(cycles)? {
        let fields = text.split_whitespace().map(str::to_owned).collect();
        let event = exactly(fields).and_then(|[start, end, crackles, wheezes]| {
            let kind = match (flag(&crackles, "crackles")?, flag(&wheezes, "wheezes")?) {
                (false, false) => EventKind::Normal,
                (true, false) => EventKind::Crackle,
                (false, true) => EventKind::Wheeze,
                (true, true) => EventKind::WheezeAndCrackle,
            };
            event(&start, &end, kind)
        });
        events.push((Some(line), event.map_err(|trouble| (Some(line), trouble))?));
    }
    if events.is_empty() {
        return Err((None, Trouble::Empty));
    }
    in_order(events)
}

/// Crackles and wheezes of any cycle. Which crackle, and whether a wheeze is one or rhonchi, is
/// not annotated, so that continuous sounds are known to be absent only where every cycle is
/// normal.
fn findings(events: &[Event]) -> Vec<(Finding, Presence)> {
    let wheeze = events.iter().any(|event| event.kind.is_continuous());
    let crackle = events.iter().any(|event| event.kind.is_discontinuous());
    let mut findings = vec![(Finding::Adventitious, presence(wheeze || crackle))];
    if wheeze || !crackle {
        findings.push((Finding::Continuous, presence(wheeze)));
    }
    findings.push((Finding::Wheeze, presence(wheeze)));
    findings.push((Finding::Discontinuous, presence(crackle)));
    findings
}
