//! The log of a run: one step in, a JSON line and `TensorBoard` records out.
//!
//! Neither file has a clock in it, so a run that was killed and resumed leaves the same bytes as an
//! uninterrupted one.

use std::{
    fs::{File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value, json};

use super::Progress;
use crate::{Error, error::io, events};

/// One JSON object a step.
pub(super) const LINES: &str = "log.jsonl";
/// What `TensorBoard` reads: it looks for "tfevents" in the name.
pub(super) const EVENTS: &str = "events.out.tfevents.0.laennec";

/// Bytes of both files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Lengths {
    pub(super) lines: u64,
    pub(super) events: u64,
}

/// The open files.
pub(super) struct Log {
    lines: (PathBuf, File),
    events: (PathBuf, File),
}

impl Log {
    /// Opens the log in `folder`; what lies behind `lengths` belongs to steps that are done again.
    pub(super) fn open(folder: &Path, lengths: Lengths) -> Result<Self, Error> {
        let open = |name: &str, length: u64| {
            let path = folder.join(name);
            let options = OpenOptions::new().create(true).append(true).open(&path);
            let file = options.map_err(io(&path))?;
            let found = file.metadata().map_err(io(&path))?.len();
            if found < length {
                return Err(Error::Checkpoint {
                    reason: format!(
                        "has {found} bytes where the checkpoint counts on {length}; put the log \
                         back, or remove the folder to restart"
                    ),
                    path,
                });
            }
            file.set_len(length).map_err(io(&path))?;
            Ok::<_, Error>((path, file))
        };
        let mut log = Self {
            lines: open(LINES, lengths.lines)?,
            events: open(EVENTS, lengths.events)?,
        };
        if lengths.events == 0 {
            write(&mut log.events, &events::header())?;
        }
        Ok(log)
    }

    /// Adds a step.
    pub(super) fn append(&mut self, progress: &Progress, norm: f32) -> Result<(), Error> {
        let mut figures = vec![
            ("loss", f64::from(progress.loss)),
            ("gradient_norm", f64::from(norm)),
            ("learning_rate", progress.learning_rate),
        ];
        let terms = progress.terms.iter();
        figures.extend(terms.map(|(name, term)| (*name, f64::from(*term))));
        let ends = progress.figures.iter();
        figures.extend(ends.map(|(name, value)| (name.as_str(), *value)));

        let mut line = Map::new();
        line.insert("step".into(), json!(progress.step));
        for (name, value) in &figures {
            line.insert((*name).to_owned(), json!(value));
        }
        let mut text = Value::Object(line).to_string();
        text.push('\n');
        write(&mut self.lines, text.as_bytes())?;
        write(&mut self.events, &events::scalars(progress.step, &figures))
    }

    /// Makes both files durable and says how long they are.
    pub(super) fn sync(&self) -> Result<Lengths, Error> {
        let length = |(path, file): &(PathBuf, File)| {
            file.sync_all()
                .and_then(|()| file.metadata())
                .map(|metadata| metadata.len())
                .map_err(io(path))
        };
        Ok(Lengths {
            lines: length(&self.lines)?,
            events: length(&self.events)?,
        })
    }
}

fn write((path, file): &mut (PathBuf, File), bytes: &[u8]) -> Result<(), Error> {
    file.write_all(bytes).map_err(io(path))
}
