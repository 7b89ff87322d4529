//! Volunteers' coughs: `index.csv` and the folder `audio/` become recordings outside the scope of
//! auscultation, without any label.
//!
//! The published COVID labels contradict each other and are not read. Volunteers are unknown, so
//! a recording is its own group.

use std::path::Path;

use crate::error::Error;
use crate::ids;
use crate::readers::source::{audio_files, table};
use crate::readers::{Draft, Row, Trouble};
use crate::recording::{DataSet, Domain, Recording};

const DATA_SET: DataSet = DataSet::CoughCovid19;

/// How a cough was sent in.
const SOURCES: [&str; 2] = ["telegram", "call-center"];

pub(super) fn read(folder: &Path) -> Result<Draft, Error> {
    let (list, sounds) = (folder.join("index.csv"), folder.join("audio"));
    if !list.is_file() || !sounds.is_dir() {
        return Err(Error::MissingPart {
            data_set: DATA_SET,
            folder: folder.to_path_buf(),
            missing: if list.is_file() {
                "audio/"
            } else {
                "index.csv"
            },
            expected: "index.csv and the folder audio/",
        });
    }
    let mut draft = Draft::default();
    let mut audio = audio_files(&sounds, &mut draft)?;
    for (line, [file, source]) in table(&list, ["file", "source"], &mut draft).rows {
        let stem = Path::new(&file)
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        let id = ids::recording(DATA_SET, stem);
        let Some(path) = audio.remove(stem) else {
            draft.problem(&list, Some(line), Some(id), Trouble::NoAudio);
            continue;
        };
        if !SOURCES.contains(&source.as_str()) {
            let expected = "telegram or call-center";
            draft.problem(
                &list,
                Some(line),
                Some(id),
                Trouble::Value {
                    field: "source",
                    expected,
                },
            );
            continue;
        }
        let mut recording = Recording::unlabelled(DATA_SET, Domain::Other, id.clone(), id);
        recording.device = Some(source);
        draft.rows.push(Row {
            recording,
            path,
            origin: list.clone(),
            line: Some(line),
        });
    }
    for (stem, path) in audio {
        let id = ids::recording(DATA_SET, &stem);
        draft.problem(&path, None, Some(id), Trouble::NoAnnotation);
    }
    Ok(draft)
}
