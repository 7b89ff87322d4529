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
use crate::place::{Place, folder_of};
use crate::recording::Recording;

/// A file that was written, or found as it would be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written<T> {
    /// The counts of what is in the file.
    pub table: T,
    /// The file was there already, from the same inputs.
    pub unchanged: bool,
}

/// The counts of one kind of file, which its companion keeps.
pub trait Counts: Serialize + DeserializeOwned {
    /// Names the kind of file.
    const KIND: &'static str;
}

/// What the companion `NAME.state.json` of a file says.
#[derive(Serialize, Deserialize)]
struct State<T> {
    /// [`Counts::KIND`]; none in a companion of an earlier version.
    kind: Option<String>,
    /// SHA-256 of all that the file was made from.
    inputs: String,
    /// SHA-256 of the file.
    output: String,
    table: T,
}

/// Whether a file was made by this crate and has counts of type `T`: its companion says so. Where
/// that one does not name the kind, its counts tell it.
pub fn made_here<T: Counts>(path: &Path) -> bool {
    let state = std::fs::read(beside(path, ".state.json")).ok();
    let state: Option<State<serde_json::Value>> =
        state.and_then(|state| serde_json::from_slice(&state).ok());
    state.is_some_and(|state| match state.kind {
        Some(kind) => kind == T::KIND,
        None => serde_json::from_value::<T>(state.table).is_ok(),
    })
}

/// The path with `ending` after its name.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().map_or_else(OsString::new, OsString::from);
    name.push(ending);
    path.with_file_name(name)
}

/// The table of the file, if it was made from these inputs and has not been touched since. A
/// companion that cannot be read counts as none.
pub(crate) fn unchanged<T: Counts>(path: &Path, inputs: &str) -> Option<T> {
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
    /// Where `path` leads.
    place: PathBuf,
    file: BufWriter<NamedTempFile>,
    hasher: Sha256,
}

impl Lines {
    /// Begins beside `path`, which is not touched before [`Lines::finish`].
    pub(crate) fn new(path: &Path) -> Result<Self, Error> {
        let place = Place::file(path)?;
        let file = NamedTempFile::new_in(folder_of(&place)).map_err(Error::write(path))?;
        Ok(Self {
            path: path.to_path_buf(),
            place,
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
        self.file.write_all(&line).map_err(Error::write(&self.path))
    }

    /// Gives the file its name and notes what it was made from.
    pub(crate) fn finish<T: Counts>(self, inputs: String, table: &T) -> Result<(), Error> {
        let path = self.path.clone();
        let output = self.put()?;
        keep(&path, inputs, output, table)
    }

    /// Gives the file its name; its SHA-256.
    fn put(self) -> Result<String, Error> {
        let failed = || Error::write(&self.path);
        let file = self.file.into_inner();
        let file = file.map_err(|error| failed()(error.into_error()))?;
        file.as_file().sync_all().map_err(failed())?;
        file.persist(self.place)
            .map_err(|refused| failed()(refused.error))?;
        Ok(hex(&self.hasher.finalize()))
    }
}

/// Notes beside a file, which is in its place, what it was made from.
pub(crate) fn note<T: Counts>(path: &Path, inputs: String, table: &T) -> Result<(), Error> {
    let output = digest(path).map_err(Error::io(path))?;
    keep(path, inputs, output, table)
}

fn keep<T: Counts>(path: &Path, inputs: String, output: String, table: &T) -> Result<(), Error> {
    let mut companion = Lines::new(&beside(path, ".state.json"))?;
    companion.push(&State {
        kind: Some(T::KIND.to_owned()),
        inputs,
        output,
        table,
    })?;
    companion.put()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{instructions, preferences, reports};

    /// Writes an empty file with the given companion.
    fn with_state(folder: &Path, state: &impl Serialize) -> PathBuf {
        let path = folder.join("file.jsonl");
        std::fs::write(&path, "").unwrap();
        let state = serde_json::to_vec(state).unwrap();
        std::fs::write(beside(&path, ".state.json"), state).unwrap();
        path
    }

    #[test]
    fn kinds_of_files_are_told_apart_with_and_without_a_name_in_the_companion() {
        let folder = tempfile::tempdir().unwrap();
        for kind in [Some("preferences".to_owned()), None] {
            let state = State {
                kind: kind.clone(),
                inputs: String::new(),
                output: String::new(),
                table: preferences::Table::default(),
            };
            let path = with_state(folder.path(), &state);
            assert!(made_here::<preferences::Table>(&path), "{kind:?}");
            assert!(!made_here::<instructions::Table>(&path), "{kind:?}");
            assert!(!made_here::<reports::Table>(&path), "{kind:?}");
        }
        let path = with_state(folder.path(), &"of another program");
        assert!(!made_here::<preferences::Table>(&path));
    }
}
