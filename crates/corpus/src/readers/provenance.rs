//! Rows of a reader come in; each learns the hash of the annotation that it was made from.
//!
//! An annotation file is read once, however many rows stem from it.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use crate::ids;
use crate::readers::{Row, VERSION};
use crate::recording::{DataSet, Provenance};

/// Fills in [`Provenance`] of all rows. A file that cannot be read any more leaves the hash empty.
pub(super) fn fill(data_set: DataSet, rows: &mut [Row]) {
    let mut by_file: BTreeMap<PathBuf, Vec<usize>> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        by_file.entry(row.origin.clone()).or_default().push(index);
    }
    for (path, indices) in by_file {
        let bytes = fs::read(&path).unwrap_or_default();
        let lines: Vec<&[u8]> = bytes.split(|&byte| byte == b'\n').collect();
        for index in indices {
            let row = &mut rows[index];
            let source = match row.line {
                Some(line) => usize::try_from(line)
                    .ok()
                    .and_then(|line| lines.get(line.checked_sub(1)?).copied()),
                None => Some(bytes.as_slice()),
            };
            row.recording.provenance = Provenance {
                reader: data_set.name().to_owned(),
                reader_version: VERSION,
                line: row.line,
                source_hash: source.map(ids::of_bytes).unwrap_or_default(),
            };
        }
    }
}
