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

/// What is wrong with a file or row. No variant holds text of the file, which may name a patient.
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
