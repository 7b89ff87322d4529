//! A file that appears under its name whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::place::Place;

/// A file written beside its place, as `NAME.partial`, readable by its owner only. Dropped before
/// [`Beside::put`] it is removed; one that a killed program left is written over by the next.
#[derive(Debug)]
pub(crate) struct Beside {
    /// The path as given, which may be a link to `place`.
    given: PathBuf,
    place: PathBuf,
    partial: PathBuf,
    file: File,
    done: bool,
}

impl Beside {
    /// Starts the file.
    ///
    /// # Errors
    /// [`Error::Write`] where the folder cannot be written, [`Error::NoFile`] where no file can be
    /// put, [`Error::Busy`] where another process writes the same file.
    pub(crate) fn create(given: &Path) -> Result<Self, Error> {
        let place = Place::file(given)?;
        let mut name = place.file_name().unwrap_or_default().to_os_string();
        name.push(".partial");
        let partial = place.with_file_name(name);
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&partial).map_err(Error::write(given))?;
        if file.try_lock().is_err() {
            return Err(Error::Busy {
                path: given.to_path_buf(),
            });
        }
        file.set_len(0).map_err(Error::write(given))?;
        Ok(Self {
            given: given.to_path_buf(),
            place,
            partial,
            file,
            done: false,
        })
    }

    /// Where to write.
    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// Puts the file in its place, replacing what is there.
    ///
    /// # Errors
    /// [`Error::Write`] where it cannot be synchronised or renamed.
    pub(crate) fn put(mut self) -> Result<(), Error> {
        self.file.sync_all().map_err(Error::write(&self.given))?;
        fs::rename(&self.partial, &self.place).map_err(Error::write(&self.given))?;
        self.done = true;
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.done {
            // Nothing can be done about a file that cannot be removed.
            let _ = fs::remove_file(&self.partial);
        }
    }
}
