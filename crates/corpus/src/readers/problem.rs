//! What a reader could not read: with path and line for the person at the terminal, with an
//! opaque id and line for what is stored.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

use crate::probe::Refusal;

/// One file or row that was left out. Its `Display` shows the path and is for the terminal of
/// the person who gave the folder; whatever is stored uses [`Problem::stored`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub path: PathBuf,
    /// The line in it, from 1, where the fault has one.
    pub line: Option<u64>,
    /// The opaque id of the recording, where it is known.
    pub id: Option<String>,
    /// What is wrong.
    pub trouble: Trouble,
}

/// A [`Problem`] without path or name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoredProblem {
    /// The opaque id of the recording, where it is known.
    pub id: Option<String>,
    /// The line in its annotation file, from 1.
    pub line: Option<u64>,
    /// What is wrong, without any text of the file.
    pub trouble: String,
}

/// What is wrong with a file or row. No variant holds text of a data file, which may name a
/// patient.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Trouble {
    /// The file cannot be opened or read.
    #[error("cannot be read ({0:?})")]
    Unreadable(std::io::ErrorKind),
    /// The file is not UTF-8.
    #[error("is not UTF-8 text")]
    NotUtf8,
    /// The file is not the JSON that the publisher documents.
    #[error("is not the expected JSON: an object with record_annotation and event_annotation")]
    Json,
    /// A line is not one JSON object.
    #[error("is not a JSON object on one line")]
    JsonLine,
    /// A row has the wrong number of fields.
    #[error("has {found} fields, expected {expected}")]
    Fields {
        /// Fields of this row.
        found: u64,
        /// Fields of the header.
        expected: u64,
    },
    /// The header lacks a column.
    #[error("has no column {0}")]
    NoColumn(&'static str),
    /// A field holds none of the values the publisher documents.
    #[error("field {field} has an unknown value; expected {expected}")]
    Value {
        /// The field.
        field: &'static str,
        /// What is documented.
        expected: &'static str,
    },
    /// A file name does not follow the publisher's pattern.
    #[error("name does not follow {0}")]
    Name(&'static str),
    /// An event does not end after it starts, or starts before the recording, or is no number.
    #[error("event {0} has impossible times; expected 0 <= start < end in ms")]
    EventTimes(usize),
    /// An event ends after the sound does.
    #[error("an event ends after the sound does")]
    EventAfterEnd,
    /// No audio file belongs to the annotation.
    #[error("no audio file of this name (wav, flac, mp3, ogg, aiff, m4a)")]
    NoAudio,
    /// No annotation belongs to the audio file.
    #[error("no annotation for this audio file")]
    NoAnnotation,
    /// Two rows or files describe the same recording; the first is kept.
    #[error("describes a recording that was read before")]
    Repeated,
    /// Several audio files bear the name; the first by format (wav, flac, ...) is kept.
    #[error("{0} audio files of this name; one is used")]
    SeveralAudio(usize),
    /// The list of validation patients or recordings names one that is not there.
    #[error("names {0} entries for which there is no recording")]
    ListedButAbsent(usize),
    /// A table has no row, not even a header.
    #[error("is empty")]
    Empty,
    /// A line holds a control character, such as a NUL byte or a line break inside a field.
    #[error("holds a control character or a line break inside a field")]
    ControlCharacter,
    /// A field holds a quotation mark that quotes nothing.
    #[error("holds a stray quotation mark")]
    StrayQuote,
    /// The file is not the Excel workbook that the publisher documents.
    #[error("is not an Excel workbook (xlsx) with a first sheet")]
    Xlsx,
    /// A text that describes a subject or recording lacks a field.
    #[error("has no field {0}")]
    NoField(&'static str),
    /// An interval does not end after it starts, or starts before the recording, or is no number.
    #[error("has impossible times; expected 0 <= start < end")]
    Times,
    /// A list that gives part of the annotations is not there; that part is unknown.
    #[error("is not there; {0} unknown")]
    NoList(&'static str),
    /// A list has no readable row for this recording, so that its annotation is not whole.
    #[error("has no readable row in {0}")]
    NotListed(&'static str),
    /// The segmentation that belongs to a recording is not there.
    #[error("is not there, so that the recording has no segmentation")]
    NoSegmentation,
    /// Two fields of a row cannot both be true.
    #[error("contradicts itself: {0}")]
    Contradiction(&'static str),
    /// A file announces another number of parts than it has.
    #[error("announces {announced} recordings and lists {listed}")]
    Count {
        /// The number announced.
        announced: usize,
        /// The number listed.
        listed: usize,
    },
    /// A mapping file (`laennec.toml`) cannot be understood.
    #[error("is no mapping: {0}")]
    Mapping(String),
    /// A field holds a date, a long number, an address or free text; it is left empty.
    #[error("field {0} may identify a person and is left empty")]
    Identifying(&'static str),
    /// The sound cannot be decoded.
    #[error("cannot be decoded as sound")]
    Undecodable,
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Io(error) => Self::Unreadable(error.kind()),
            Refusal::Decode(_) => Self::Undecodable,
        }
    }
}

impl Problem {
    /// The same without path or name.
    pub fn stored(&self) -> StoredProblem {
        StoredProblem {
            id: self.id.clone(),
            line: self.line,
            trouble: self.trouble.to_string(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.trouble)
    }
}
