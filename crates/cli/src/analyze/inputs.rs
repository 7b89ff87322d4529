//! Paths as given come in; the audio files they mean go out, sorted, each once, with a count of what
//! was passed over.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Endings of audio files, in lower case.
const ENDINGS: [&str; 12] = [
    "wav", "wave", "rf64", "flac", "mp3", "ogg", "oga", "aif", "aiff", "aifc", "m4a", "mp4",
];

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Audio files and files that were named one by one, sorted within each folder.
    pub(super) files: Vec<PathBuf>,
    /// Files in folders that are hidden or have no ending of an audio file.
    pub(super) skipped: usize,
    /// Links to files or folders that were already found.
    pub(super) repeated: usize,
    /// Folders that could not be read, with the reason.
    pub(super) unreadable: Vec<(PathBuf, String)>,
}

/// Searches the inputs. A file that is named is taken whatever its ending.
pub(super) fn find(inputs: &[PathBuf]) -> Found {
    let mut found = Found::default();
    let mut seen = HashSet::new();
    for input in inputs {
        if input.is_dir() {
            search(input, &mut found, &mut seen);
        } else if first_time(input, &mut found, &mut seen) {
            found.files.push(input.clone());
        }
    }
    found
}

/// Whether the file or folder behind `path` was not found before. A link that leads nowhere counts
/// as new, so that reading it says what is wrong.
fn first_time(path: &Path, found: &mut Found, seen: &mut HashSet<PathBuf>) -> bool {
    let new = fs::canonicalize(path).map_or(true, |target| seen.insert(target));
    found.repeated += usize::from(!new);
    new
}

/// Searches a folder without recursion, so that no depth of folders exhausts the stack.
fn search(root: &Path, found: &mut Found, seen: &mut HashSet<PathBuf>) {
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        if !first_time(&folder, found, seen) {
            continue;
        }
        let mut entries: Vec<PathBuf> = match fs::read_dir(&folder) {
            Ok(entries) => entries
                .filter_map(|entry| Some(entry.ok()?.path()))
                .collect(),
            Err(error) => {
                found.unreadable.push((folder, error.to_string()));
                continue;
            }
        };
        entries.sort();
        let mut below = Vec::new();
        for path in entries {
            if is_hidden(&path) {
                found.skipped += 1;
            } else if path.is_dir() {
                below.push(path);
            } else if !is_audio(&path) {
                found.skipped += 1;
            } else if first_time(&path, found, seen) {
                found.files.push(path);
            }
        }
        open.extend(below.into_iter().rev());
    }
}

fn is_hidden(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

fn is_audio(path: &Path) -> bool {
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_searched_once_and_other_files_counted() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir(root.join("deep")).unwrap();
        for name in [
            "b.wav",
            "a.FLAC",
            "notes.txt",
            ".hidden.wav",
            "deep/c.mp3",
            "noending",
        ] {
            fs::write(root.join(name), b"x").unwrap();
        }
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt;
            std::os::unix::fs::symlink(root, root.join("deep/loop")).unwrap();
            std::os::unix::fs::symlink(root.join("b.wav"), root.join("deep/again.wav")).unwrap();
            let name = std::ffi::OsStr::from_bytes(b"caf\xe9.wav");
            fs::write(root.join(name), b"x").unwrap();
        }
        let found = find(&[
            root.to_path_buf(),
            root.join("noending"),
            root.join("b.wav"),
        ]);
        let names: Vec<String> = found
            .files
            .iter()
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        let (odd, repeated): (&[&str], usize) = if cfg!(unix) {
            (&["caf\u{fffd}.wav"], 3)
        } else {
            (&[], 1)
        };
        let expected = [&["a.FLAC", "b.wav"], odd, &["c.mp3", "noending"]].concat();
        let sorted = |mut names: Vec<String>| {
            names.sort();
            names
        };
        assert_eq!(
            sorted(names),
            sorted(expected.iter().map(ToString::to_string).collect())
        );
        assert_eq!(found.repeated, repeated);
        assert_eq!(found.skipped, 3);
        assert!(found.unreadable.is_empty());
    }
}
