//! UK COVID-19 Vocal Audio Dataset, open access edition: `audio_metadata.csv`,
//! `participant_metadata.csv`, `train_test_splits.csv` and the folder `audio/` become recordings of
//! coughs and exhalations.
//!
//! A row of `audio_metadata.csv` names three sounds of a participant: an exhalation, a cough and
//! three coughs. The class is the result of the test for SARS-CoV-2; the column `splits` of the
//! third table is the official split, of which `long` (recorded later) counts as test. J. Budd et
//! al., "A large-scale and PCR-referenced vocal audio dataset for COVID-19", Scientific Data 11,
//! 2024; files as on <https://zenodo.org/records/10043978>.

use std::collections::BTreeMap;
use std::path::Path;

use super::fields::{age, diagnoses, is_missing, optional_code};
use super::sheet::index;
use super::source::{AudioFiles, audio_files, missing, stem, table};
use super::{Draft, Row, Trouble};
use crate::diagnosis::Diagnosis;
use crate::error::Error;
use crate::ids;
use crate::recording::{DataSet, Domain, Manoeuvre, OfficialSplit, Recording, Sex};

const DATA_SET: DataSet = DataSet::UkCovid19;
const AUDIO: &str = "audio_metadata.csv";
const PEOPLE: &str = "participant_metadata.csv";
const SPLITS: &str = "train_test_splits.csv";
const SOUNDS: [Manoeuvre; 3] = [Manoeuvre::Exhalation, Manoeuvre::Cough, Manoeuvre::Cough];

/// What is said of a participant.
#[derive(Clone)]
struct Person {
    result: Option<&'static str>,
    age_years: Option<f32>,
    sex: Option<Sex>,
    has_asthma: bool,
}

pub(super) fn read(folder: &Path) -> Result<Draft, Error> {
    let expected = "audio_metadata.csv, participant_metadata.csv, train_test_splits.csv and the \
                    folder audio/";
    for part in [AUDIO, PEOPLE, SPLITS] {
        if !folder.join(part).is_file() {
            return Err(missing(DATA_SET, folder, part, expected));
        }
    }
    let sounds = folder.join("audio");
    if !sounds.is_dir() {
        return Err(missing(DATA_SET, folder, "audio/", expected));
    }
    let mut draft = Draft::default();
    let people = people(&folder.join(PEOPLE), &mut draft);
    let splits = splits(&folder.join(SPLITS), &mut draft);
    let mut audio = audio_files(&sounds, &mut draft)?;
    let list = folder.join(AUDIO);
    let columns = [
        "participant_identifier",
        "exhalation_file_name",
        "cough_file_name",
        "three_cough_file_name",
    ];
    for (line, [participant, names @ ..]) in table(&list, columns, &mut draft).rows {
        let person = people.get(&participant).ok_or(Trouble::NotListed(PEOPLE));
        let split = splits.get(&participant).ok_or(Trouble::NotListed(SPLITS));
        let known = person.and_then(|person| Ok((person, *split?)));
        take(
            &list,
            line,
            &participant,
            &names,
            &known,
            &mut audio,
            &mut draft,
        );
    }
    for (stem, path) in audio {
        let id = ids::recording(DATA_SET, &stem);
        draft.problem(&path, None, Some(id), Trouble::NoAnnotation);
    }
    Ok(draft)
}

/// Makes a row of each sound of a participant, or notes why there is none.
fn take(
    list: &Path,
    line: u64,
    participant: &str,
    names: &[String; 3],
    known: &Result<(&Person, Option<OfficialSplit>), Trouble>,
    audio: &mut AudioFiles,
    draft: &mut Draft,
) {
    for (name, manoeuvre) in names.iter().zip(SOUNDS) {
        if is_missing(name) {
            continue;
        }
        let id = ids::recording(DATA_SET, stem(name));
        let Some(path) = audio.remove(stem(name)) else {
            draft.problem(list, Some(line), Some(id), Trouble::NoAudio);
            continue;
        };
        let (person, official_split) = match known {
            Ok(known) => *known,
            Err(trouble) => {
                draft.problem(list, Some(line), Some(id), trouble.clone());
                continue;
            }
        };
        let subject = ids::subject(DATA_SET, participant);
        let covid = (person.result == Some("positive")).then_some(Diagnosis::Covid19);
        let asthma = person.has_asthma.then_some(Diagnosis::Asthma);
        let recording = Recording {
            subject: Some(subject.clone()),
            manoeuvre: Some(manoeuvre),
            record_class: person.result.map(str::to_owned),
            diagnoses: diagnoses(covid.into_iter().chain(asthma)),
            sex: person.sex,
            age_years: person.age_years,
            official_split,
            ..Recording::unlabelled(DATA_SET, Domain::Other, id, subject)
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

fn people(path: &Path, draft: &mut Draft) -> BTreeMap<String, Person> {
    let columns = [
        "participant_identifier",
        "covid_test_result",
        "age",
        "gender",
        "respiratory_condition_asthma",
    ];
    let rows = table(path, columns, draft).rows;
    index(
        path,
        rows,
        draft,
        |[id, result, years, sex, asthma]: [String; 5]| {
            let results = [
                ("Positive", Some("positive")),
                ("Negative", Some("negative")),
                ("Unknown/Void", None),
            ];
            let sexes = [
                ("Female", Some(Sex::Female)),
                ("Male", Some(Sex::Male)),
                ("Other", None),
                ("Unknown", None),
                ("Prefer not to say", None),
            ];
            let flags = [
                ("1", true),
                ("1.0", true),
                ("True", true),
                ("0", false),
                ("0.0", false),
                ("False", false),
            ];
            let expected = "Positive, Negative or Unknown/Void";
            let result = optional_code(&result, &results, "covid_test_result", expected)?.flatten();
            let expected = "Female, Male, Other, Unknown or Prefer not to say";
            let asthma = optional_code(&asthma, &flags, "respiratory_condition_asthma", "0 or 1")?;
            let person = Person {
                result,
                age_years: age(&years, "age")?,
                sex: optional_code(&sex, &sexes, "gender", expected)?.flatten(),
                has_asthma: asthma == Some(true),
            };
            Ok((id, person))
        },
    )
}

fn splits(path: &Path, draft: &mut Draft) -> BTreeMap<String, Option<OfficialSplit>> {
    let rows = table(path, ["participant_identifier", "splits"], draft).rows;
    index(path, rows, draft, |[id, split]: [String; 2]| {
        let codes = [
            ("train", OfficialSplit::Train),
            ("val", OfficialSplit::Validation),
            ("test", OfficialSplit::Test),
            ("long", OfficialSplit::Test),
        ];
        Ok((
            id,
            optional_code(&split, &codes, "splits", "train, val, test or long")?,
        ))
    })
}
