//! What can go wrong in this crate, as data: the file concerned and what was expected there.

use std::path::PathBuf;

use parquet::errors::ParquetError;

use crate::generator::GenerateError;
use crate::recording::DataSet;
use crate::split::Leakage;
use crate::verify::Difference;

/// An error that ends the operation. What a reader skips over is a
/// [`Problem`](crate::readers::Problem) instead.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// An output cannot be written. The error may name a file that is being made: only its kind is told.
    #[error("{} cannot be written: {}", path.display(), source.kind())]
    Write {
        /// The file, as given.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// Where a file is to be written stands something else, which is not replaced.
    #[error("{} is no file", path.display())]
    NoFile {
        /// The path, as given.
        path: PathBuf,
    },
    /// Another process writes the same file.
    #[error("{}: another process is writing it", path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// A part without which the data set cannot be read is missing.
    #[error("{}: no {missing}; {data_set} is published with {expected}", folder.display())]
    MissingPart {
        /// The data set looked for.
        data_set: DataSet,
        /// The folder given.
        folder: PathBuf,
        /// The file or folder that is not there.
        missing: &'static str,
        /// The layout expected.
        expected: &'static str,
    },
    /// No known data set lies below the folder.
    #[error(
        "{}: no data set found; expected at least one of the folders {}",
        root.display(),
        DataSet::ALL.map(DataSet::folder_name).join(", ")
    )]
    NoDataSet {
        /// The folder given.
        root: PathBuf,
    },
    /// A list of splits is not as documented.
    #[error(
        "{}:{line}: expected a CSV table with the columns recording, subject and split (train, \
         calibration, validation or test)", path.display()
    )]
    List {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
    },
    /// A fraction of the split plan makes no sense.
    #[error("{name} is {value}; expected at least 0 and less than 0.5")]
    Fraction {
        /// Which one.
        name: &'static str,
        /// Its value.
        value: f64,
    },
    /// A manifest cannot be encoded or decoded as Parquet.
    #[error("{}: {source}", path.display())]
    Parquet {
        /// The manifest.
        path: PathBuf,
        /// What the Parquet library says.
        source: ParquetError,
    },
    /// A Parquet file is not a manifest of this version.
    #[error(
        "{}: not a manifest of version {}; expected the columns {}",
        path.display(),
        crate::manifest::VERSION,
        crate::manifest::schema().fields().iter().map(|field| field.name().as_str())
            .collect::<Vec<_>>().join(", ")
    )]
    ManifestColumns {
        /// The file.
        path: PathBuf,
    },
    /// A row of a manifest holds a word that this version does not know.
    #[error("{}: row {row}: unknown value in column {column}", path.display())]
    ManifestValue {
        /// The manifest.
        path: PathBuf,
        /// The row, from 1.
        row: usize,
        /// Its column.
        column: &'static str,
    },
    /// Votes of labelling functions from which no label model can be fitted.
    #[error("{what}; expected {expected}")]
    Votes {
        /// What was given.
        what: String,
        /// What can be used.
        expected: &'static str,
    },
    /// A line of text cannot be encoded or decoded as JSON.
    #[error("{}: {source}", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// What the JSON library says.
        source: serde_json::Error,
    },
    /// No wording of the grammar states the facts of a recording exactly.
    #[error("recording {id}: no wording states its facts: {difference}")]
    Unsayable {
        /// The opaque id.
        id: String,
        /// What the last wording said differently.
        difference: Box<Difference>,
    },
    /// A language model failed.
    #[error(transparent)]
    Generate(#[from] GenerateError),
    /// Threads for asking a language model cannot be started.
    #[error("cannot start {count} threads: {source}")]
    Threads {
        /// How many.
        count: usize,
        /// What the thread pool says.
        source: rayon::ThreadPoolBuildError,
    },
    /// A model that votes on recordings failed.
    #[error("the model {model} failed: {reason}")]
    Foreign {
        /// Its name.
        model: String,
        /// What it says.
        reason: String,
    },
    /// A Parquet file is not a table of weak labels of this version.
    #[error(
        "{}: not a table of weak labels of version {}; expected what `corpus label` writes",
        path.display(),
        crate::weak::table::VERSION
    )]
    WeakTable {
        /// The file.
        path: PathBuf,
    },
    /// A subject, group or sound stands in more than one split.
    #[error(transparent)]
    Leakage(#[from] Leakage),
}

impl Error {
    /// Adds the path to an input/output error.
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }

    /// Adds the path, as given, to an error of writing an output.
    pub(crate) fn write(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Write { path, source }
    }

    /// Adds the path to an error of writing Parquet, which may be one of the file system.
    pub(crate) fn write_parquet(path: impl Into<PathBuf>) -> impl FnOnce(ParquetError) -> Self {
        let path = path.into();
        move |source| match source {
            ParquetError::External(source) => match source.downcast::<std::io::Error>() {
                Ok(source) => Self::Write {
                    path,
                    source: *source,
                },
                Err(source) => Self::Parquet {
                    path,
                    source: ParquetError::External(source),
                },
            },
            source => Self::Parquet { path, source },
        }
    }
}
