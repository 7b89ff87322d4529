//! The models folder: a lock file's entries come in; their paths, and whether each file is here
//! and whole, go out.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::{Digest, Error, ModelFile, digest_file};

/// Where model files lie. The folder is made when the first file arrives.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
}

/// What is known of one file in the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It is here and has the expected hash.
    Verified,
    /// It is here, but has other bytes.
    Damaged(Digest),
    /// It is not here.
    Missing,
    /// It is not here, but a download that was interrupted left this many bytes.
    Partial(u64),
}

impl Folder {
    /// The folder at a path, which need not exist.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder's path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where a file belongs.
    pub fn path(&self, file: &ModelFile) -> PathBuf {
        self.root.join(&file.name)
    }

    /// Reads the file, if it is here, and compares its hash.
    pub fn state(&self, file: &ModelFile) -> Result<State, Error> {
        let path = self.path(file);
        if !path.exists() {
            return Ok(match std::fs::metadata(self.partial(file)) {
                Ok(partial) => State::Partial(partial.len()),
                Err(_) => State::Missing,
            });
        }
        let digest = digest_file(&path)?;
        Ok(if digest == file.digest() {
            State::Verified
        } else {
            State::Damaged(digest)
        })
    }

    /// Where a download of the file grows.
    pub(super) fn partial(&self, file: &ModelFile) -> PathBuf {
        let mut path = self.path(file).into_os_string();
        path.push(".part");
        path.into()
    }

    /// Makes the folder of a path below the root.
    pub(super) fn prepare(path: &Path) -> Result<(), Error> {
        let Some(parent) = path.parent() else {
            return Ok(());
        };
        std::fs::create_dir_all(parent).map_err(|source| Error::Write {
            path: parent.to_path_buf(),
            source,
        })
    }

    /// Puts a finished file in its place: synced to the disk, then renamed, so that another
    /// process sees either no file or the whole file.
    pub(super) fn place(from: &Path, to: &Path) -> Result<(), Error> {
        let write = |source| Error::Write {
            path: to.to_path_buf(),
            source,
        };
        File::options()
            .append(true)
            .open(from)
            .and_then(|file| file.sync_all())
            .map_err(write)?;
        std::fs::rename(from, to).map_err(write)
    }
}

/// Compares a file's digest with the expected one.
pub(super) fn expect(name: &str, found: &Digest, expected: &Digest) -> Result<(), Error> {
    if found == expected {
        return Ok(());
    }
    Err(Error::Mismatch {
        name: name.into(),
        found_bytes: found.bytes,
        found: found.sha256.clone(),
        expected_bytes: expected.bytes,
        expected: expected.sha256.clone(),
    })
}
