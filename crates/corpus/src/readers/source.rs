//! Files of a data set: audio files by stem, CSV rows with their line, text with its faults.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::readers::{Draft, Trouble};

/// Extensions taken as audio, the preferred first where a stem has several.
const EXTENSIONS: [&str; 11] = [
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
    let mut rows = Vec::new();
    let text = match text(path) {
        Ok(text) => text,
        Err(trouble) => {
            draft.problem(path, None, None, trouble);
            return Table { rows };
        }
    };
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            draft.problem(path, Some(1), None, csv_trouble(&error));
            return Table { rows };
        }
    };
    let mut places = [0; N];
    for (place, column) in places.iter_mut().zip(columns) {
        let Some(found) = header.iter().position(|name| name.trim() == column) else {
            draft.problem(path, Some(1), None, Trouble::NoColumn(column));
            return Table { rows };
        };
        *place = found;
    }
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                let fields = places.map(|place| record[place].trim().to_owned());
                rows.push((line, fields));
            }
            Err(error) => {
                let line = error.position().map(csv::Position::line);
                draft.problem(path, line, None, csv_trouble(&error));
            }
        }
    }
    Table { rows }
}

fn csv_trouble(error: &csv::Error) -> Trouble {
    match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => Trouble::Fields {
            found: *len,
            expected: *expected_len,
        },
        csv::ErrorKind::Io(error) => Trouble::Unreadable(error.kind()),
        _ => Trouble::NotUtf8,
    }
}
