//! A list of who is in which split (CSV) to recordings that hold ids and splits alone, so that a
//! published division can be checked without its data.

use std::path::Path;

use crate::error::Error;
use crate::ids;
use crate::recording::{DataSet, Domain, Recording, Split};

/// Words of other programs for our splits.
const WORDS: [(&str, Split); 8] = [
    ("train", Split::Train),
    ("calibration", Split::Calibration),
    ("validation", Split::Validation),
    ("valid", Split::Validation),
    ("val", Split::Validation),
    ("dev", Split::Validation),
    ("test", Split::Test),
    ("testing", Split::Test),
];

/// Reads a CSV file with the columns `recording`, `subject` and `split` (train, calibration,
/// validation, test and usual short forms). Ids are hashed.
///
/// # Errors
/// [`Error::Io`] where the file cannot be read, [`Error::List`] with the line where a row is not
/// as documented.
pub fn read_list(path: &Path) -> Result<Vec<Recording>, Error> {
    let text = std::fs::read_to_string(path).map_err(Error::io(path))?;
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let wrong = |line: u64| Error::List {
        path: path.to_path_buf(),
        line,
    };
    let header = reader.headers().map_err(|_| wrong(1))?.clone();
    let place = |name: &str| header.iter().position(|column| column.trim() == name);
    let places = [place("recording"), place("subject"), place("split")];
    let [Some(recording), Some(subject), Some(split)] = places else {
        return Err(wrong(1));
    };
    let mut rows = Vec::new();
    for row in reader.records() {
        let at = |error: &csv::Error| error.position().map_or(0, csv::Position::line);
        let row = row.map_err(|error| wrong(at(&error)))?;
        let line = row.position().map_or(0, csv::Position::line);
        let word = row[split].trim().to_ascii_lowercase();
        let known = WORDS.iter().find(|(known, _)| *known == word);
        let (_, split) = known.ok_or_else(|| wrong(line))?;
        let subject = ids::subject(DataSet::Custom, row[subject].trim());
        let id = ids::recording(DataSet::Custom, row[recording].trim());
        rows.push(Recording {
            subject: Some(subject.clone()),
            split: Some(*split),
            ..Recording::unlabelled(DataSet::Custom, Domain::Other, id, subject)
        });
    }
    Ok(rows)
}
