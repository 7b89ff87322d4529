//! Where an output goes: a path as given comes in; what it leads to, through links, goes out.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// Links that are followed, as many as Linux does.
const LINKS: usize = 40;

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A file or nothing yet: the path without links.
    File(PathBuf),
    /// A folder.
    Folder,
    /// A device, a pipe or a socket, which is written through and never replaced.
    Stream,
}

impl Place {
    /// What `path` leads to.
    pub fn of(path: &Path) -> Self {
        match fs::metadata(path) {
            Ok(about) if about.is_dir() => Self::Folder,
            Ok(about) if !about.is_file() => Self::Stream,
            _ => Self::File(target(path)),
        }
    }

    /// The file that `path` leads to, so that it is replaced and not a link to it.
    ///
    /// # Errors
    /// [`Error::NoFile`] where a folder, a device or a pipe stands there.
    pub(crate) fn file(path: &Path) -> Result<PathBuf, Error> {
        match Self::of(path) {
            Self::File(file) => Ok(file),
            Self::Folder | Self::Stream => Err(Error::NoFile {
                path: path.to_path_buf(),
            }),
        }
    }
}

fn target(path: &Path) -> PathBuf {
    let mut target = path.to_path_buf();
    for _ in 0..LINKS {
        match fs::read_link(&target) {
            Ok(next) => target = folder_of(&target).join(next),
            Err(_) => break,
        }
    }
    target
}

/// The folder that a path lies in.
pub fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_are_followed_and_what_is_no_file_is_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), b"x").unwrap();
        symlink("file", at("link")).unwrap();
        symlink("link", at("chain")).unwrap();
        symlink("later", at("dangling")).unwrap();
        symlink("round", at("round")).unwrap();
        assert_eq!(Place::of(&at("chain")), Place::File(at("file")));
        assert_eq!(Place::of(&at("dangling")), Place::File(at("later")));
        assert_eq!(Place::of(&at("round")), Place::File(at("round")));
        assert_eq!(Place::of(Path::new("new")), Place::File("new".into()));
        assert_eq!(Place::of(folder.path()), Place::Folder);
        assert_eq!(Place::of(Path::new("/dev/null")), Place::Stream);
        assert!(Place::file(Path::new("/dev/null")).is_err());
    }
}
