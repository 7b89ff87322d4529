//! Files of a data set: audio files by stem, CSV rows with their line, text with its faults.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::sheet::{Separator, Sheet};
use super::{Draft, Fault, Trouble};
use crate::error::Error;
use crate::recording::DataSet;

/// Extensions taken as audio, the preferred first where a stem has several.
pub(super) const EXTENSIONS: [&str; 11] = [
    "wav", "flac", "aiff", "aif", "m4a", "mp4", "aac", "ogg", "oga", "mp3", "wave",
];

/// The audio files directly in a folder, by stem.
pub(super) type AudioFiles = BTreeMap<String, PathBuf>;

/// Lists the audio files of a folder. A stem with several files keeps the preferred format and
/// is noted.
pub(super) fn audio_files(folder: &Path, draft: &mut Draft) -> Result<AudioFiles, Error> {
    let mut ranked: BTreeMap<String, Vec<(usize, PathBuf)>> = BTreeMap::new();
    for path in list(folder)? {
        let extension = path
            .extension()
            .and_then(|e| e.to_str())
            .map(str::to_ascii_lowercase);
        let rank = extension.and_then(|e| EXTENSIONS.iter().position(|known| *known == e));
        let Some(rank) = rank else { continue };
        match path.file_stem().and_then(|stem| stem.to_str()) {
            Some(stem) => ranked
                .entry(stem.to_owned())
                .or_default()
                .push((rank, path)),
            None => draft.problem(&path, None, None, Trouble::NotUtf8),
        }
    }
    let mut files = AudioFiles::new();
    for (stem, mut candidates) in ranked {
        candidates.sort();
        if candidates.len() > 1 {
            draft.problem(
                &candidates[0].1,
                None,
                None,
                Trouble::SeveralAudio(candidates.len()),
            );
        }
        files.insert(stem, candidates.swap_remove(0).1);
    }
    Ok(files)
}

/// The files directly in a folder, sorted by name.
pub(super) fn list(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::io(folder))? {
        let path = entry.map_err(Error::io(folder))?.path();
        if path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// The folders directly in a folder, sorted by name.
pub(super) fn folders(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::io(folder))? {
        let path = entry.map_err(Error::io(folder))?.path();
        if path.is_dir() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The text of a file, without a byte order mark.
pub(super) fn text(path: &Path) -> Result<String, Trouble> {
    let bytes = fs::read(path).map_err(|error| Trouble::Unreadable(error.kind()))?;
    let text = String::from_utf8(bytes).map_err(|_| Trouble::NotUtf8)?;
    Ok(text
        .strip_prefix('\u{feff}')
        .map_or_else(|| text.clone(), str::to_owned))
}

/// A CSV table: the fields asked for, in the order asked for, of each row.
pub(super) struct Table<const N: usize> {
    /// Line of the file, from 1, and the trimmed fields.
    pub(super) rows: Vec<(u64, [String; N])>,
}

/// Reads the named columns of a CSV file with a header. Rows that do not parse are noted and
/// left out; a file that does not open or lacks a column is noted and gives no rows.
pub(super) fn table<const N: usize>(
    path: &Path,
    columns: [&'static str; N],
    draft: &mut Draft,
) -> Table<N> {
    let sheet = Sheet::read(path, Separator::Comma, draft);
    let rows = sheet.map(|sheet| sheet.select(path, columns, draft));
    Table {
        rows: rows.unwrap_or_default(),
    }
}

/// The lines of a text that are not blank, from 1, without what stands around them. A control
/// character other than a tab gives the line that holds it.
pub(super) fn text_lines(path: &Path) -> Result<Vec<(u64, String)>, Fault> {
    let text = text(path).map_err(|trouble| (None, trouble))?;
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.contains(|c: char| c.is_control() && c != '\t') {
            return Err((Some(number), Trouble::ControlCharacter));
        }
        if !line.is_empty() {
            lines.push((number, line.to_owned()));
        }
    }
    Ok(lines)
}

/// The first of the names that is a folder (or, with `is_file`, a file) there.
pub(super) fn first_of(
    folder: &Path,
    names: &[&str],
    is_wanted: fn(&Path) -> bool,
) -> Option<PathBuf> {
    let paths = names.iter().map(|name| folder.join(name));
    paths.into_iter().find(|path| is_wanted(path))
}

/// The refusal of a folder that lacks a part of the layout.
pub(super) fn missing(
    data_set: DataSet,
    folder: &Path,
    missing: &'static str,
    expected: &'static str,
) -> Error {
    Error::MissingPart {
        data_set,
        folder: folder.to_path_buf(),
        missing,
        expected,
    }
}

/// The name of a file without its extension, as a publisher's list may write it with or without.
pub(super) fn stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let extension = name.rsplit_once('.');
    extension.map_or(name, |(stem, extension)| {
        let known = EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str());
        if known { stem } else { name }
    })
}
