//! Reports that cost a language model: each is kept as soon as it passed, so that a run that was
//! cut short goes on where it stopped.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::row::Report;
use crate::error::Error;
use crate::output::beside;

/// Reports of earlier runs by key, and the partial file of this one.
pub(super) struct Journal {
    path: PathBuf,
    known: HashMap<String, Report>,
    file: Mutex<Option<File>>,
}

impl Journal {
    /// Reads `path` and its partial file, where they are there.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let partial = beside(path, ".partial");
        let mut known = HashMap::new();
        for path in [path, &partial] {
            match File::open(path) {
                Ok(file) => known.extend(reports(file).map(|report| (report.key.clone(), report))),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(Error::io(path)(error)),
            }
        }
        Ok(Self {
            path: partial,
            known,
            file: Mutex::new(None),
        })
    }

    /// The report of an earlier run with this key.
    pub(super) fn get(&self, key: &str) -> Option<&Report> {
        self.known.get(key)
    }

    /// Keeps a report in the partial file.
    pub(super) fn keep(&self, report: &Report) -> Result<(), Error> {
        let mut line = serde_json::to_vec(report).map_err(|source| Error::Json {
            path: self.path.clone(),
            source,
        })?;
        // A line that was cut off before stays alone on its line.
        line.insert(0, b'\n');
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let io = || Error::write(&self.path);
        if file.is_none() {
            let opened = File::options()
                .create(true)
                .append(true)
                .open(&self.path)
                .map_err(io())?;
            *file = Some(opened);
        }
        match file.as_mut() {
            Some(file) => file.write_all(&line).map_err(io()),
            None => Ok(()),
        }
    }

    /// Removes the partial file, when the whole one is written.
    pub(super) fn finish(self) -> Result<(), Error> {
        drop(self.file);
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::write(&self.path)(error))
            }
            _ => Ok(()),
        }
    }
}

/// The lines that are reports. Others (cut off, of another version) are written anew.
fn reports(file: File) -> impl Iterator<Item = Report> {
    let lines = BufReader::new(file).split(b'\n').map_while(Result::ok);
    lines.filter_map(|line| serde_json::from_slice(&line).ok())
}
