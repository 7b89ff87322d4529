//! `CirCor` `DigiScope` 2022: `training_data/` with a text for each subject, and a sound and a
//! segmentation for each listening point, become heart recordings with murmurs and heart cycles.
//!
//! `ABCDE.txt` has a first line (subject, number of recordings, Hz), a line for each recording
//! (location, header, sound, segmentation) and lines `#Field: value`. A line of `ABCDE_XY.tsv` is
//! start and end in s and 1 for S1, 2 systole, 3 S2, 4 diastole, 0 not annotated. Format and
//! values: <https://moody-challenge.physionet.org/2022/>, section "Data"; J. Oliveira et al.,
//! "The `CirCor` `DigiScope` Dataset", IEEE Journal of Biomedical and Health Informatics 26(6), 2022.

mod murmur;
mod subject;

use std::path::{Path, PathBuf};

use self::murmur::{Sounding, area};
use self::subject::Subject;
use super::fields::{code, event, in_order};
use super::sheet::exactly;
use super::source::{AudioFiles, audio_files, list, missing, stem, text_lines};
use super::{Draft, Fault, Row, Trouble};
use crate::error::Error;
use crate::ids;
use crate::recording::{DataSet, Domain, Event, EventKind, Recording};
use crate::site::Site;

const DATA_SET: DataSet = DataSet::CirCor2022;

/// Numbers of the waves; 0 is not annotated.
const WAVES: [(&str, Option<EventKind>); 5] = [
    ("0", None),
    ("1", Some(EventKind::S1)),
    ("2", Some(EventKind::Systole)),
    ("3", Some(EventKind::S2)),
    ("4", Some(EventKind::Diastole)),
];

pub(super) fn read(folder: &Path) -> Result<Draft, Error> {
    let sounds = folder.join("training_data");
    if !sounds.is_dir() {
        let expected = "the folder training_data/ of txt, wav, hea and tsv files";
        return Err(missing(DATA_SET, folder, "training_data/", expected));
    }
    let mut draft = Draft::default();
    let mut audio = audio_files(&sounds, &mut draft)?;
    for path in list(&sounds)? {
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let number = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        match Subject::read(&path, number) {
            Ok(subject) => take(&path, &subject, &mut audio, &mut draft),
            Err((line, trouble)) => {
                let prefix = format!("{number}_");
                audio.retain(|stem, _| !stem.starts_with(&prefix));
                let id = ids::subject(DATA_SET, number);
                draft.problem(&path, line, Some(id), trouble);
            }
        }
    }
    for (stem, path) in audio {
        let id = ids::recording(DATA_SET, &stem);
        draft.problem(&path, None, Some(id), Trouble::NoAnnotation);
    }
    Ok(draft)
}

/// Makes a row of each recording of a subject.
fn take(path: &Path, subject: &Subject, audio: &mut AudioFiles, draft: &mut Draft) {
    for part in &subject.recordings {
        let name = stem(&part.sound);
        let id = ids::recording(DATA_SET, name);
        let Some(sound) = audio.remove(name) else {
            draft.problem(path, Some(part.line), Some(id), Trouble::NoAudio);
            continue;
        };
        // The text names its files; only a name is taken, never a path that leads elsewhere.
        let segmentation = path.with_file_name(file_name(&part.segmentation));
        match segments(&segmentation) {
            Ok(events) => {
                let row = row(subject, &part.location, id, events);
                draft.rows.push(Row {
                    recording: row,
                    path: sound,
                    origin: path.to_path_buf(),
                    line: None,
                });
            }
            Err((line, trouble)) => draft.problem(&segmentation, line, Some(id), trouble),
        }
    }
}

fn file_name(text: &str) -> PathBuf {
    Path::new(text)
        .file_name()
        .map(PathBuf::from)
        .unwrap_or_default()
}

fn row(subject: &Subject, location: &str, id: String, events: Vec<Event>) -> Recording {
    // A subject of both campaigns has two numbers.
    let other = subject.other_number.as_deref().unwrap_or(&subject.number);
    let person = ids::subject(DATA_SET, other.min(&subject.number));
    let here = Sounding::at(location, &subject.murmur);
    Recording {
        subject: Some(person.clone()),
        site: area(location).map(Site::Area),
        findings: here.findings,
        murmurs: here.murmurs,
        events,
        outcome: Some(subject.outcome),
        sex: subject.sex,
        height_cm: subject.height_cm,
        weight_kg: subject.weight_kg,
        pregnant: subject.pregnant,
        ..Recording::unlabelled(DATA_SET, Domain::Heart, id, person)
    }
}

fn segments(path: &Path) -> Result<Vec<Event>, Fault> {
    if !path.is_file() {
        return Err((None, Trouble::NoSegmentation));
    }
    let (mut events, mut rows) = (Vec::new(), 0);
    for (line, text) in text_lines(path)? {
        let fields = text
            .split('\t')
            .map(|field| field.trim().to_owned())
            .collect();
        let event = exactly(fields).and_then(|[start, end, wave]| {
            let kind = code(&wave, &WAVES, "wave", "0, 1, 2, 3 or 4")?;
            // What is not annotated must still be an interval.
            let interval = event(&start, &end, kind.unwrap_or(EventKind::S1))?;
            Ok(kind.map(|_| interval))
        });
        rows += 1;
        let event = event.map_err(|trouble| (Some(line), trouble))?;
        events.extend(event.map(|event| (Some(line), event)));
    }
    if rows == 0 {
        return Err((None, Trouble::Empty));
    }
    in_order(events)
}
