//! A Parquet file to recordings, batch by batch, every value checked.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use super::rows::Columns;
use super::schema::schema;
use super::{VERSION, VERSION_KEY};
use crate::error::Error;
use crate::recording::Recording;

/// Reads a manifest that [`write`](super::write()) wrote, or that another program wrote with the
/// same columns.
///
/// # Errors
/// As [`rows`] and its items.
pub fn read(path: &Path) -> Result<Vec<Recording>, Error> {
    rows(path)?.collect()
}

/// Opens a manifest to read it row by row, a batch in memory at a time.
///
/// # Errors
/// [`Error::Io`] and [`Error::Parquet`] where the file cannot be read,
/// [`Error::ManifestColumns`] where it is no Parquet file or its columns or version are others. The items are
/// [`Error::Parquet`] where the file is damaged and [`Error::ManifestValue`] where a row holds a
/// word that this version does not know.
pub fn rows(path: &Path) -> Result<Rows, Error> {
    let failed = |source| Error::Parquet {
        path: path.to_path_buf(),
        source,
    };
    let mut file = File::open(path).map_err(Error::io(path))?;
    // A file of another kind is told apart in the user's words, not in those of the library.
    let mut magic = [0; 4];
    let parquet = file.read_exact(&mut magic).is_ok() && &magic == b"PAR1";
    if !parquet {
        return Err(Error::ManifestColumns {
            path: path.to_path_buf(),
        });
    }
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(failed)?;
    let (found, expected) = (builder.schema(), schema());
    let same = found.fields().len() == expected.fields().len()
        && found
            .fields()
            .iter()
            .zip(expected.fields())
            .all(|(found, expected)| {
                found.name() == expected.name() && found.data_type() == expected.data_type()
            });
    if !same
        || found
            .metadata()
            .get(VERSION_KEY)
            .is_some_and(|version| version != VERSION)
    {
        return Err(Error::ManifestColumns {
            path: path.to_path_buf(),
        });
    }
    Ok(Rows {
        path: path.to_path_buf(),
        batches: builder.build().map_err(failed)?,
        ready: VecDeque::new(),
        count: 0,
    })
}

/// The rows of a manifest in order. After an error there are no more.
pub struct Rows {
    path: PathBuf,
    batches: ParquetRecordBatchReader,
    ready: VecDeque<Recording>,
    count: usize,
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows")
            .field("path", &self.path)
            .field("count", &self.count)
            .finish_non_exhaustive()
    }
}

impl Rows {
    /// Decodes the next batch; false at the end.
    fn fill(&mut self) -> Result<bool, Error> {
        let Some(batch) = self.batches.next() else {
            return Ok(false);
        };
        let batch = batch.map_err(|error| Error::Parquet {
            path: self.path.clone(),
            source: error.into(),
        })?;
        let columns = Columns { batch: &batch };
        for row in 0..batch.num_rows() {
            self.count += 1;
            let recording = columns
                .recording(row)
                .map_err(|column| Error::ManifestValue {
                    path: self.path.clone(),
                    row: self.count,
                    column,
                })?;
            self.ready.push_back(recording);
        }
        Ok(true)
    }
}

impl Iterator for Rows {
    type Item = Result<Recording, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(recording) = self.ready.pop_front() {
                return Some(Ok(recording));
            }
            match self.fill() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    self.ready.clear();
                    while self.batches.next().is_some() {}
                    return Some(Err(error));
                }
            }
        }
    }
}
