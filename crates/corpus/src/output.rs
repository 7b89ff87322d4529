//! A file of JSON lines and its small companion: lines come in, a file that appears whole or not at
//! all goes out, with a note of what it was made from, so that a second run does nothing.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use crate::error::Error;
use crate::ids::hex;
use crate::recording::Recording;

/// A file that was written, or found as it would be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written<T> {
    /// The counts of what is in the file.
    pub table: T,
    /// The file was there already, from the same inputs.
    pub unchanged: bool,
}

/// What the companion `NAME.state.json` of a file says.
#[derive(Serialize, Deserialize)]
struct State<T> {
    /// SHA-256 of all that the file was made from.
    inputs: String,
    /// SHA-256 of the file.
    output: String,
    table: T,
}

/// Whether a file of texts was made by this crate: its companion, which says what it was made from, is
/// beside it.
pub fn made_here(path: &Path) -> bool {
    beside(path, ".state.json").is_file()
}

/// The path with `ending` after its name.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().map_or_else(OsString::new, OsString::from);
    name.push(ending);
    path.with_file_name(name)
}

/// The table of the file, if it was made from these inputs and has not been touched since. A
/// companion that cannot be read counts as none.
pub(crate) fn unchanged<T: DeserializeOwned>(path: &Path, inputs: &str) -> Option<T> {
    let state = std::fs::read(beside(path, ".state.json")).ok()?;
    let state: State<T> = serde_json::from_slice(&state).ok()?;
    let same = state.inputs == inputs && digest(path).ok()? == state.output;
    same.then_some(state.table)
}

fn digest(path: &Path) -> std::io::Result<String> {
    let mut file = BufReader::new(File::open(path)?);
    let mut hasher = Sha256::new();
    let mut block = vec![0; 1 << 16];
    loop {
        let count = file.read(&mut block)?;
        if count == 0 {
            return Ok(hex(&hasher.finalize()));
        }
        hasher.update(&block[..count]);
    }
}

/// SHA-256 of values, each as JSON.
pub(crate) struct Inputs(Sha256);

impl Inputs {
    pub(crate) fn new() -> Self {
        Self(Sha256::new())
    }

    pub(crate) fn add(&mut self, value: &impl Serialize) -> Result<(), Error> {
        let bytes = serde_json::to_vec(value).map_err(|source| Error::Json {
            path: PathBuf::new(),
            source,
        })?;
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(&bytes);
        Ok(())
    }

    /// The hash over `head` (kind of file, version, options) and recordings with what names them.
    pub(crate) fn of_named(
        head: &impl Serialize,
        recordings: &[Recording],
        name: &(dyn Fn(&Recording) -> String + Sync),
    ) -> Result<String, Error> {
        let mut inputs = Self::new();
        inputs.add(head)?;
        for recording in recordings {
            inputs.add(&(recording, name(recording)))?;
        }
        Ok(inputs.finish())
    }

    pub(crate) fn finish(self) -> String {
        hex(&self.0.finalize())
    }
}

/// A file of JSON lines on its way.
pub(crate) struct Lines {
    path: PathBuf,
    file: BufWriter<NamedTempFile>,
    hasher: Sha256,
}

impl Lines {
    /// Begins beside `path`, which is not touched before [`Lines::finish`].
    pub(crate) fn new(path: &Path) -> Result<Self, Error> {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let file = NamedTempFile::new_in(folder).map_err(Error::io(folder))?;
        Ok(Self {
            path: path.to_path_buf(),
            file: BufWriter::new(file),
            hasher: Sha256::new(),
        })
    }

    /// Appends a line.
    pub(crate) fn push(&mut self, row: &impl Serialize) -> Result<(), Error> {
        let mut line = serde_json::to_vec(row).map_err(|source| Error::Json {
            path: self.path.clone(),
            source,
        })?;
        line.push(b'\n');
        self.hasher.update(&line);
        self.file.write_all(&line).map_err(Error::io(&self.path))
    }

    /// Gives the file its name and notes what it was made from.
    pub(crate) fn finish<T: Serialize>(self, inputs: String, table: &T) -> Result<(), Error> {
        let Self { path, file, hasher } = self;
        let file = file
            .into_inner()
            .map_err(|error| Error::io(&path)(error.into_error()))?;
        persist(file, &path)?;
        let output = hex(&hasher.finalize());
        keep(
            &path,
            &State {
                inputs,
                output,
                table,
            },
        )
    }
}

/// Notes beside a file, which is in its place, what it was made from.
pub(crate) fn note<T: Serialize>(path: &Path, inputs: String, table: &T) -> Result<(), Error> {
    let output = digest(path).map_err(Error::io(path))?;
    keep(
        path,
        &State {
            inputs,
            output,
            table,
        },
    )
}

fn keep<T: Serialize>(path: &Path, state: &State<T>) -> Result<(), Error> {
    let beside = beside(path, ".state.json");
    let mut companion = Lines::new(&beside)?;
    companion.push(state)?;
    let file = companion.file.into_inner();
    persist(
        file.map_err(|error| Error::io(&beside)(error.into_error()))?,
        &beside,
    )
}

fn persist(file: NamedTempFile, path: &Path) -> Result<(), Error> {
    file.as_file().sync_all().map_err(Error::io(path))?;
    file.persist(path)
        .map_err(|refused| Error::io(path)(refused.error))?;
    Ok(())
}
