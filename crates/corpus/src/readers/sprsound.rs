//! `SPRSound` 2022: `train_wav/NAME.wav` and `train_json/NAME.json` become recordings of children's
//! lungs with events.
//!
//! NAME is `patient_age_sex_site_number`: age in years, sex 0 male and 1 female, site p1 left
//! posterior, p2 left lateral, p3 right posterior, p4 right lateral. The JSON holds
//! `record_annotation` and `event_annotation` (start and end in ms, type); Q. Zhang et al.,
//! "`SPRSound`: Open-Source SJTU Paediatric Respiratory Sound Database", 2022.
//! The official test lies in folders beside them (`test_wav`, `test_json/inter_test_json` and
//! `intra_test_json`, or `test2022_...`). `validation_patients.txt`, one patient a line, reserves
//! patients for validation.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::Error;
use crate::finding::{Finding, Presence};
use crate::ids;
use crate::readers::fields::in_order;
use crate::readers::source::{self, AudioFiles, audio_files, list, text};
use crate::readers::{Draft, Row, Trouble};
use crate::recording::{DataSet, Domain, Event, EventKind, OfficialSplit, Quality, Recording, Sex};
use crate::site::{Face, Side, Site};

const DATA_SET: DataSet = DataSet::SprSound;
const NAME: &str = "patient_age_sex_site_number";

#[derive(Deserialize)]
struct Annotation {
    record_annotation: String,
    event_annotation: Vec<AnnotatedEvent>,
}

#[derive(Deserialize)]
struct AnnotatedEvent {
    start: Milliseconds,
    end: Milliseconds,
    r#type: String,
}

/// Published as text; other editions write numbers.
#[derive(Deserialize)]
#[serde(untagged)]
enum Milliseconds {
    Text(String),
    Number(f64),
}

impl Milliseconds {
    fn seconds(&self) -> Option<f64> {
        let value = match self {
            Self::Text(text) => text.trim().parse().ok()?,
            Self::Number(number) => *number,
        };
        (value.is_finite() && value >= 0.0).then_some(value / 1000.0)
    }
}

/// Folders of sounds and of annotations for training: as tests and the challenge name them, and
/// as they lie in the publisher's repository.
const TRAIN: [(&str, &str); 3] = [
    ("train_wav", "train_json"),
    ("train2022_wav", "train2022_json"),
    ("BioCAS2022/train2022_wav", "BioCAS2022/train2022_json"),
];
/// The same for the official test, whose annotations lie in two folders: patients that training
/// has too, and others.
const TEST: [(&str, &str); 3] = [
    ("test_wav", "test_json"),
    ("test2022_wav", "test2022_json"),
    ("BioCAS2022/test2022_wav", "BioCAS2022/test2022_json"),
];
const TEST_PARTS: [&str; 2] = ["inter_test_json", "intra_test_json"];

pub(super) fn read(folder: &Path) -> Result<Draft, Error> {
    let is_there = |(sounds, annotations): &&(&str, &str)| {
        folder.join(sounds).is_dir() && folder.join(annotations).is_dir()
    };
    let Some((sounds, annotations)) = TRAIN.iter().find(is_there) else {
        let missing = if folder.join("train_wav").is_dir() {
            "train_json/"
        } else {
            "train_wav/"
        };
        let expected = "the folders train_wav/ and train_json/, or BioCAS2022/train2022_wav/ and \
                        BioCAS2022/train2022_json/";
        return Err(source::missing(DATA_SET, folder, missing, expected));
    };
    let mut draft = Draft::default();
    let annotations = [folder.join(annotations)];
    let split = OfficialSplit::Train;
    read_part(&folder.join(sounds), &annotations, split, &mut draft)?;
    if let Some((sounds, annotations)) = TEST.iter().find(is_there) {
        let parts = TEST_PARTS.map(|part| folder.join(annotations).join(part));
        let parts: Vec<_> = parts.into_iter().filter(|part| part.is_dir()).collect();
        read_part(
            &folder.join(sounds),
            &parts,
            OfficialSplit::Test,
            &mut draft,
        )?;
    }
    validation(&folder.join("validation_patients.txt"), &mut draft);
    Ok(draft)
}

/// Reads a folder of sounds with its folders of annotations.
fn read_part(
    sounds: &Path,
    annotations: &[PathBuf],
    split: OfficialSplit,
    draft: &mut Draft,
) -> Result<(), Error> {
    let mut audio = audio_files(sounds, draft)?;
    for folder in annotations {
        for path in list(folder)? {
            if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                match row(&path, &mut audio) {
                    Ok(mut row) => {
                        row.recording.official_split = Some(split);
                        draft.rows.push(row);
                    }
                    Err((line, id, trouble)) => draft.problem(&path, line, id, trouble),
                }
            }
        }
    }
    for (stem, path) in audio {
        let id = ids::recording(DATA_SET, &stem);
        draft.problem(&path, None, Some(id), Trouble::NoAnnotation);
    }
    Ok(())
}

/// Line, id and trouble of a file that cannot be read.
type Fault = (Option<u64>, Option<String>, Trouble);

/// Reads one annotation file and takes its sound out of `audio`.
fn row(path: &Path, audio: &mut AudioFiles) -> Result<Row, Fault> {
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    let stem = stem.ok_or((None, None, Trouble::NotUtf8))?;
    let id = ids::recording(DATA_SET, stem);
    let sound = audio.remove(stem);
    let fault = |line, trouble| (line, Some(id.clone()), trouble);
    let sound = sound.ok_or_else(|| fault(None, Trouble::NoAudio))?;
    let named = named(stem).ok_or_else(|| fault(None, Trouble::Name(NAME)))?;
    let text = text(path).map_err(|trouble| fault(None, trouble))?;
    let annotation: Annotation = serde_json::from_str(&text)
        .map_err(|error| fault(Some(error.line() as u64), Trouble::Json))?;
    let events = events(&annotation.event_annotation).map_err(|t| fault(None, t))?;
    let events = events.into_iter().map(|event| (None, event)).collect();
    let events = in_order(events).map_err(|(_, trouble)| fault(None, trouble))?;
    let (quality, findings) = judge(&annotation.record_annotation, &events).ok_or_else(|| {
        let expected = "Normal, CAS, DAS, CAS & DAS or Poor Quality";
        fault(
            None,
            Trouble::Value {
                field: "record_annotation",
                expected,
            },
        )
    })?;
    let subject = ids::subject(DATA_SET, named.patient);
    let recording = Recording {
        subject: Some(subject.clone()),
        site: Some(named.site),
        record_class: Some(annotation.record_annotation),
        findings,
        events,
        quality: Some(quality),
        sex: Some(named.sex),
        age_years: Some(named.age),
        ..Recording::unlabelled(DATA_SET, Domain::Lung, id.clone(), subject)
    };
    Ok(Row {
        recording,
        path: sound,
        origin: path.to_path_buf(),
        line: None,
    })
}

/// What the name of a recording says.
struct Named<'a> {
    patient: &'a str,
    age: f32,
    sex: Sex,
    site: Site,
}

fn named(stem: &str) -> Option<Named<'_>> {
    let [patient, age, sex, site, number] = stem.split('_').collect::<Vec<_>>().try_into().ok()?;
    let age: f32 = age.parse().ok()?;
    let sex = match sex {
        "0" => Sex::Male,
        "1" => Sex::Female,
        _ => return None,
    };
    let site = match site {
        "p1" => Site::lung(Side::Left, None, Face::Posterior),
        "p2" => Site::lung(Side::Left, None, Face::Lateral),
        "p3" => Site::lung(Side::Right, None, Face::Posterior),
        "p4" => Site::lung(Side::Right, None, Face::Lateral),
        _ => return None,
    };
    let plausible = !patient.is_empty() && !number.is_empty() && (0.0..=130.0).contains(&age);
    plausible.then_some(Named {
        patient,
        age: age.min(90.0),
        sex,
        site,
    })
}

fn events(annotated: &[AnnotatedEvent]) -> Result<Vec<Event>, Trouble> {
    let event = |(index, annotated): (usize, &AnnotatedEvent)| {
        let kind = match annotated.r#type.as_str() {
            "Normal" => EventKind::Normal,
            "Wheeze" => EventKind::Wheeze,
            "Rhonchi" => EventKind::Rhonchi,
            "Stridor" => EventKind::Stridor,
            "Fine Crackle" => EventKind::FineCrackle,
            "Coarse Crackle" => EventKind::CoarseCrackle,
            "Wheeze+Crackle" => EventKind::WheezeAndCrackle,
            _ => {
                let expected = "Normal, Wheeze, Rhonchi, Stridor, Fine Crackle, Coarse Crackle \
                                or Wheeze+Crackle";
                return Err(Trouble::Value {
                    field: "type",
                    expected,
                });
            }
        };
        match (annotated.start.seconds(), annotated.end.seconds()) {
            (Some(start_s), Some(end_s)) if start_s < end_s => Ok(Event {
                start_s,
                end_s,
                kind,
            }),
            _ => Err(Trouble::EventTimes(index + 1)),
        }
    };
    annotated.iter().enumerate().map(event).collect()
}

/// Quality and findings that the record label and the event types state. A poor recording says
/// nothing of the lung. `None` for an unknown label.
fn judge(label: &str, events: &[Event]) -> Option<(Quality, Vec<(Finding, Presence)>)> {
    let (continuous, discontinuous) = match label {
        "Poor Quality" => {
            return Some((
                Quality::Poor,
                vec![(Finding::PoorSignal, Presence::Present)],
            ));
        }
        "Normal" => (false, false),
        "CAS" => (true, false),
        "DAS" => (false, true),
        "CAS & DAS" => (true, true),
        _ => return None,
    };
    let heard = |kind| events.iter().any(|event| event.kind == kind);
    let both = heard(EventKind::WheezeAndCrackle);
    let mut findings = vec![
        (Finding::PoorSignal, Presence::Absent),
        (Finding::Adventitious, presence(continuous || discontinuous)),
        (Finding::Continuous, presence(continuous)),
        (Finding::Wheeze, presence(heard(EventKind::Wheeze) || both)),
        (Finding::Rhonchi, presence(heard(EventKind::Rhonchi))),
        (Finding::Stridor, presence(heard(EventKind::Stridor))),
        (Finding::Discontinuous, presence(discontinuous)),
    ];
    for (finding, kind) in [
        (Finding::FineCrackle, EventKind::FineCrackle),
        (Finding::CoarseCrackle, EventKind::CoarseCrackle),
    ] {
        // "Wheeze+Crackle" does not say which crackle.
        if heard(kind) || !both {
            findings.push((finding, presence(heard(kind))));
        }
    }
    Some((Quality::Usable, findings))
}

fn presence(present: bool) -> Presence {
    if present {
        Presence::Present
    } else {
        Presence::Absent
    }
}

/// Reads the list of validation patients, where there is one.
fn validation(path: &Path, draft: &mut Draft) {
    if !path.is_file() {
        return;
    }
    let text = match text(path) {
        Ok(text) => text,
        Err(trouble) => return draft.problem(path, None, None, trouble),
    };
    let patients = text.lines().map(str::trim).filter(|line| !line.is_empty());
    draft.validation = patients
        .map(|patient| ids::subject(DATA_SET, patient))
        .collect();
    let known: BTreeSet<_> = draft
        .rows
        .iter()
        .map(|row| row.recording.group.clone())
        .collect();
    let absent = draft.validation.difference(&known).count();
    if absent > 0 {
        draft.problem(path, None, None, Trouble::ListedButAbsent(absent));
    }
}
