//! A file that appears under its name whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use crate::error::Error;

/// A file written beside its place, as `NAME.partial`, readable by its owner only. Dropped before
/// [`Beside::put`] it is removed; one that a killed program left is written over by the next.
#[derive(Debug)]
pub(crate) struct Beside {
    place: PathBuf,
    partial: PathBuf,
    file: File,
    done: bool,
}

impl Beside {
    /// Starts the file.
    ///
    /// # Errors
    /// [`Error::Io`] where the folder cannot be written, [`Error::Busy`] where another process
    /// writes the same file.
    pub(crate) fn create(place: &Path) -> Result<Self, Error> {
        let mut name = place.file_name().unwrap_or_default().to_os_string();
        name.push(".partial");
        let partial = place.with_file_name(name);
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&partial).map_err(Error::io(&partial))?;
        if file.try_lock().is_err() {
            return Err(Error::Busy {
                path: place.to_path_buf(),
            });
        }
        file.set_len(0).map_err(Error::io(&partial))?;
        Ok(Self {
            place: place.to_path_buf(),
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
    /// [`Error::Io`] where it cannot be synchronised or renamed.
    pub(crate) fn put(mut self) -> Result<(), Error> {
        self.file.sync_all().map_err(Error::io(&self.partial))?;
        fs::rename(&self.partial, &self.place).map_err(Error::io(&self.place))?;
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
