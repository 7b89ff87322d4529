//! Folders that are replaced or removed in one step, whatever moment the program ends at.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{Error, error::io};

/// Puts the folder `new`, a sibling, in the place of `path`. A kill leaves the old one or the new
/// one; between the two renames, both of them beside under hidden names.
pub(crate) fn replace(path: &Path, new: &Path) -> Result<(), Error> {
    let old = path.exists().then(|| hide(path)).transpose()?;
    fs::rename(new, path).map_err(io(path))?;
    match old {
        Some(old) => fs::remove_dir_all(&old).map_err(io(&old)),
        None => Ok(()),
    }
}

/// Removes the folder `path`. A kill leaves all of it or none of it, and perhaps a hidden rest.
pub(crate) fn take_away(path: &Path) -> Result<(), Error> {
    let old = hide(path)?;
    fs::remove_dir_all(&old).map_err(io(&old))
}

/// Renames `path` to `.NAME.old` beside it, in place of what a kill left there.
fn hide(path: &Path) -> Result<PathBuf, Error> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let old = path.with_file_name(format!(".{name}.old"));
    let _ = fs::remove_dir_all(&old);
    fs::rename(path, &old).map_err(io(path))?;
    Ok(old)
}
