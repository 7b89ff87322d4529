//! Recordings come in; their evidence goes out. What takes time, the measures of sounds and the
//! predictions of models, is kept in a file by the hash of the sound, and done only once.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use laennec_audio::{DecodeOptions, decode_file};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::evidence::{Evidence, Opinion};
use super::foreign::ForeignModel;
use super::label::Options;
use super::sound::{self, SoundMeasures};
use crate::error::Error;
use crate::finding::Finding;
use crate::recording::Recording;

/// A recording to label.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// What is known about it.
    pub recording: &'a Recording,
    /// Its sound; without one only what was kept of it is known.
    pub path: Option<&'a Path>,
    /// Free text about it. It is read and never stored.
    pub note: Option<&'a str>,
}

/// What was found of a sound by a measure or model: one line of the file.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    /// SHA-256 of the sound's bytes.
    audio: String,
    /// What found it, with its version.
    by: String,
    /// Measures, if measures found it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    sound: Option<SoundMeasures>,
    /// Probabilities, if a model found it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    opinion: Option<BTreeMap<Finding, f64>>,
}

type Known = BTreeMap<(String, String), Kept>;

/// The evidence of all items, in their order. Sounds that cannot be decoded stay unmeasured; lines of
/// the kept file that cannot be read are done again.
///
/// # Errors
/// [`Error::Io`] and [`Error::Write`] where the kept file cannot be read or written;
/// [`Error::Foreign`] where a model fails.
pub fn gather(items: &[Item<'_>], options: &Options<'_>) -> Result<Vec<Evidence>, Error> {
    let (models, kept, progress) = (options.models, options.kept, options.progress);
    let mut known = kept.map_or_else(|| Ok(Known::new()), read)?;
    let measures = format!("sound-{}", sound::VERSION);
    let names: Vec<String> = models
        .iter()
        .map(|model| format!("{}-{}", model.name(), model.weights()))
        .collect();
    let missing: Vec<&Item<'_>> = items
        .iter()
        .filter(|item| item.path.is_some())
        .filter(|item| {
            let audio = &item.recording.audio_sha256;
            let lacks = |by: &String| !known.contains_key(&(audio.clone(), by.clone()));
            lacks(&measures)
                || models
                    .iter()
                    .zip(&names)
                    .any(|(model, by)| asked(*model, item.recording) && lacks(by))
        })
        .collect();
    let writer = kept.map(append).transpose()?.map(Mutex::new);
    let done = AtomicUsize::new(0);
    let found: Vec<Vec<Kept>> = missing
        .par_iter()
        .map(|item| {
            let found = hear(item, models, &names, &measures, &known)?;
            if let (Some(writer), Some(path)) = (&writer, kept) {
                let lines: String = found.iter().map(line).collect();
                let mut file = writer
                    .lock()
                    .unwrap_or_else(std::sync::PoisonError::into_inner);
                file.write_all(lines.as_bytes())
                    .map_err(Error::write(path))?;
            }
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, missing.len());
            Ok(found)
        })
        .collect::<Result<_, Error>>()?;
    for kept in found.into_iter().flatten() {
        known.insert((kept.audio.clone(), kept.by.clone()), kept);
    }
    Ok(items
        .iter()
        .map(|item| {
            let mut evidence = Evidence::of(item.recording, item.note);
            let of = |by: &String| known.get(&(item.recording.audio_sha256.clone(), by.clone()));
            evidence.sound = of(&measures).and_then(|kept| kept.sound);
            for (model, by) in models.iter().zip(&names) {
                let opinion: Option<Opinion> = of(by).and_then(|kept| kept.opinion.clone());
                if let Some(opinion) = opinion.filter(|_| asked(*model, item.recording)) {
                    evidence.opinions.insert(model.name().to_owned(), opinion);
                }
            }
            evidence
        })
        .collect())
}

/// Whether a model votes on a recording: never on what it learned from.
fn asked(model: &dyn ForeignModel, recording: &Recording) -> bool {
    !model.learned_from().contains(&recording.data_set)
        && model
            .findings()
            .iter()
            .any(|asked| asked.domain == recording.domain)
}

/// What is not known yet of one sound.
fn hear(
    item: &Item<'_>,
    models: &[&dyn ForeignModel],
    names: &[String],
    measures: &str,
    known: &Known,
) -> Result<Vec<Kept>, Error> {
    let Some(path) = item.path else {
        return Ok(Vec::new());
    };
    let Ok(decoded) = decode_file(path, &DecodeOptions::default()) else {
        return Ok(Vec::new());
    };
    let audio = &item.recording.audio_sha256;
    let is_known = |by: &str| known.contains_key(&(audio.clone(), by.to_owned()));
    let kept = |by: &str| Kept {
        audio: audio.clone(),
        by: by.to_owned(),
        sound: None,
        opinion: None,
    };
    let mut found = Vec::new();
    if !is_known(measures) {
        found.push(Kept {
            sound: Some(SoundMeasures::of(&decoded.signal)),
            ..kept(measures)
        });
    }
    for (model, by) in models.iter().zip(names) {
        if !asked(*model, item.recording) || is_known(by) {
            continue;
        }
        let probabilities = model.probabilities(&decoded.signal).map_err(|reason| {
            let model = model.name().to_owned();
            Error::Foreign { model, reason }
        })?;
        let findings = model.findings().into_iter().map(|asked| asked.finding);
        found.push(Kept {
            opinion: Some(findings.zip(probabilities).collect()),
            ..kept(by)
        });
    }
    Ok(found)
}

fn line(kept: &Kept) -> String {
    let mut line = serde_json::to_string(kept).expect("numbers and words serialise");
    line.push('\n');
    line
}

fn read(path: &Path) -> Result<Known, Error> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Known::new()),
        Err(error) => return Err(Error::io(path)(error)),
    };
    let lines = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Kept>(line).ok());
    Ok(lines
        .map(|kept| ((kept.audio.clone(), kept.by.clone()), kept))
        .collect())
}

/// Opens the file to write at its end, on a line of its own.
fn append(path: &Path) -> Result<std::fs::File, Error> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(Error::write(path))?;
    }
    let broken = std::fs::read(path).is_ok_and(|bytes| bytes.last().is_some_and(|&b| b != b'\n'));
    let options = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path);
    let mut file = options.map_err(Error::write(path))?;
    if broken {
        // An interrupted run left half a line.
        file.write_all(b"\n").map_err(Error::write(path))?;
    }
    Ok(file)
}
