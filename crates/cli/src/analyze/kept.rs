//! What a run over many recordings keeps while it goes, beside the table that it will write: should
//! it end early, the same command goes on from there. Analyses go in one by one, those from before
//! come out.

use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use laennec_assistant::Analysis;
use laennec_assistant::bundle::sha256;
use serde::{Deserialize, Serialize};

use super::outputs::Outputs;
use super::recording::Job;
use crate::exit::{Exit, Failure};
use crate::output::unwritable;

/// The first line.
#[derive(Serialize, Deserialize)]
struct Head {
    /// Hash of program, bundle and options.
    run: String,
}

/// Each other line.
#[derive(Serialize, Deserialize)]
struct Line {
    /// Hash of path, length and time of the recording; no name.
    recording: String,
    analysis: Analysis,
}

/// The file `TABLE.partial`, locked while it is open.
pub(super) struct Kept {
    path: PathBuf,
    file: Mutex<File>,
    known: HashMap<String, Analysis>,
}

impl Kept {
    /// Opens [`Outputs::partial`]; none is kept where no table is a file.
    pub(super) fn open(outputs: &Outputs, job: &Job) -> Result<Option<Self>, Failure> {
        let Some(path) = outputs.partial() else {
            return Ok(None);
        };
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| failed(&path, &error))?;
        if file.try_lock().is_err() {
            let message = format!("{}: another process is writing it", path.display());
            return Err(Failure::new(Exit::Refused, message).help("wait until it has ended"));
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)
            .map_err(|error| failed(&path, &error))?;
        let head = head(job);
        let known = match read(&bytes, &head) {
            Found::Nothing => HashMap::new(),
            Found::Same(known) => known,
            Found::Other(_) if outputs.force => HashMap::new(),
            Found::Other(analyses) => {
                let what = "of other options or another bundle";
                let message = format!("{} keeps {analyses} analyses {what}", path.display());
                return Err(Failure::new(Exit::Refused, message)
                    .help("give the same options to go on, or --force to begin anew"));
            }
            Found::Foreign => {
                let message = format!("{} exists already, and not from here", path.display());
                return Err(Failure::new(Exit::Refused, message)
                    .help("move it away, or name another table"));
            }
        };
        // Written anew, without what a kill cut off.
        let mut text = line(&head);
        for (recording, analysis) in &known {
            text.push_str(&line(&Line {
                recording: recording.clone(),
                analysis: analysis.clone(),
            }));
        }
        file.rewind()
            .and_then(|()| file.write_all(text.as_bytes()))
            .and_then(|()| file.set_len(text.len() as u64))
            .map_err(|error| failed(&path, &error))?;
        Ok(Some(Self {
            path,
            file: Mutex::new(file),
            known,
        }))
    }

    /// The analysis of a recording that has not changed since.
    pub(super) fn known(&self, recording: &Path) -> Option<Analysis> {
        self.known.get(&identity(recording)?).cloned()
    }

    /// Keeps an analysis.
    pub(super) fn keep(&self, recording: &Path, analysis: &Analysis) -> Result<(), Failure> {
        let Some(recording) = identity(recording) else {
            return Ok(());
        };
        let text = line(&Line {
            recording,
            analysis: analysis.clone(),
        });
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(text.as_bytes())
            .map_err(|error| failed(&self.path, &error))
    }

    /// The tables are written: nothing is left to go on with.
    pub(super) fn done(self) -> Result<(), Failure> {
        std::fs::remove_file(&self.path).map_err(|error| failed(&self.path, &error))
    }
}

/// What a file from before holds.
enum Found {
    Nothing,
    Same(HashMap<String, Analysis>),
    /// Analyses of other options or another bundle: how many, at least one.
    Other(usize),
    Foreign,
}

fn read(bytes: &[u8], head: &Head) -> Found {
    if bytes.is_empty() {
        return Found::Nothing;
    }
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.lines();
    match lines.next().map(serde_json::from_str::<Head>) {
        Some(Ok(found)) if found.run == head.run => {}
        Some(Ok(_)) => {
            let analyses = lines.filter(|line| serde_json::from_str::<Line>(line).is_ok());
            return match analyses.count() {
                0 => Found::Nothing,
                some => Found::Other(some),
            };
        }
        _ => return Found::Foreign,
    }
    let known = lines.filter_map(|text| {
        let found: Line = serde_json::from_str(text).ok()?;
        // A number that does not come back as it was written, or a line cut off, is done again.
        (line(&found).trim_end() == text).then_some((found.recording, found.analysis))
    });
    Found::Same(known.collect())
}

fn head(job: &Job) -> Head {
    let card = serde_json::to_string(job.listener.card()).expect("plain data serialises");
    let options = format!(
        "{} {:?} {:?} {} {card}",
        env!("CARGO_PKG_VERSION"),
        job.decode,
        job.options,
        job.rewriter.is_some(),
    );
    Head {
        run: sha256(options.as_bytes()),
    }
}

/// `None` where the file cannot be looked at; its analysis will say why.
fn identity(recording: &Path) -> Option<String> {
    let path = std::fs::canonicalize(recording).ok()?;
    let about: Metadata = std::fs::metadata(&path).ok()?;
    let modified = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    let text = format!("{} {modified:?} ", about.len());
    let bytes = [text.as_bytes(), path.as_os_str().as_encoded_bytes()].concat();
    Some(sha256(&bytes))
}

fn line(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain data serialises") + "\n"
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    unwritable(path, error.kind())
}
