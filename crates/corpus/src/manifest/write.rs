//! Recordings to a Parquet file, whole or not at all.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Float32Array, Float64Array, StringArray, UInt16Array, UInt32Array,
    UInt64Array,
};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use super::arrays::{lists, optional_texts, structures, texts};
use super::schema::{
    event_fields, finding_fields, level_fields, murmur_fields, provenance_fields, schema,
};
use crate::beside::Beside;
use crate::error::Error;
use crate::recording::{
    Domain, Event, Level, Manoeuvre, Murmur, MurmurGrade, MurmurPitch, MurmurQuality, MurmurShape,
    OfficialSplit, Outcome, Quality, Recording, Sex, Split,
};
use crate::site::Area;

/// Recordings to a row group: what is held in memory at once.
const ROWS: usize = 4096;

/// Writes a manifest. Same recordings, same bytes; see [`Writer`].
///
/// # Errors
/// As [`Writer`].
pub fn write(path: &Path, recordings: &[Recording]) -> Result<(), Error> {
    let mut writer = Writer::create(path)?;
    for recording in recordings {
        writer.push(recording.clone())?;
    }
    writer.finish()
}

/// Writes a manifest row by row and holds one row group in memory. The file appears under its
/// name only with [`Writer::finish`]: it is written beside, synchronised and renamed, and only
/// its owner may read it. An existing file is replaced; a writer that is dropped leaves nothing.
pub struct Writer {
    path: PathBuf,
    beside: Beside,
    rows: Vec<Recording>,
    parquet: ArrowWriter<File>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Writer {
    /// Starts a manifest.
    ///
    /// # Errors
    /// [`Error::Write`] where the folder cannot be written, [`Error::NoFile`] where no file can be
    /// put, [`Error::Busy`] where another process writes the same manifest.
    pub fn create(path: &Path) -> Result<Self, Error> {
        let beside = Beside::create(path)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .build();
        let file = beside.file().try_clone().map_err(Error::write(path))?;
        let parquet = ArrowWriter::try_new(file, Arc::new(schema()), Some(properties))
            .map_err(Error::write_parquet(path))?;
        Ok(Self {
            path: path.to_path_buf(),
            beside,
            rows: Vec::with_capacity(ROWS),
            parquet,
        })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// [`Error::Parquet`] where the rows cannot be encoded, [`Error::Write`] where they cannot be
    /// written.
    pub fn push(&mut self, recording: Recording) -> Result<(), Error> {
        self.rows.push(recording);
        if self.rows.len() == ROWS {
            self.flush()?;
        }
        Ok(())
    }

    /// Ends the file and puts it in its place.
    ///
    /// # Errors
    /// [`Error::Parquet`] where the rows cannot be encoded, [`Error::Write`] where they cannot be
    /// written or the file not be put in its place.
    pub fn finish(mut self) -> Result<(), Error> {
        self.flush()?;
        self.parquet
            .close()
            .map_err(Error::write_parquet(&self.path))?;
        self.beside.put()
    }

    fn flush(&mut self) -> Result<(), Error> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let failed = || Error::write_parquet(&self.path);
        let batch = batch(&self.rows).map_err(|error| failed()(error.into()))?;
        self.parquet.write(&batch).map_err(failed())?;
        self.parquet.flush().map_err(failed())?;
        self.rows.clear();
        Ok(())
    }
}

fn batch(rows: &[Recording]) -> Result<RecordBatch, ArrowError> {
    let float = |get: fn(&Recording) -> Option<f32>| -> ArrayRef {
        Arc::new(rows.iter().map(get).collect::<Float32Array>())
    };
    let flag = |get: fn(&Recording) -> Option<bool>| -> ArrayRef {
        Arc::new(rows.iter().map(get).collect::<BooleanArray>())
    };
    let sites: StringArray = rows.iter().map(|row| row.site.map(String::from)).collect();
    let rates = rows.iter().map(|row| row.sample_rate);
    let channels = rows.iter().map(|row| row.channels);
    let seconds = rows.iter().map(|row| row.seconds);
    let columns: Vec<ArrayRef> = vec![
        texts(rows, |row| &row.id),
        optional_texts(rows, |row| row.subject.as_deref()),
        texts(rows, |row| &row.group),
        texts(rows, |row| row.data_set.name()),
        texts(rows, |row| Domain::word(row.domain)),
        optional_texts(rows, |row| row.manoeuvre.map(Manoeuvre::word)),
        Arc::new(sites),
        optional_texts(rows, |row| row.device.as_deref()),
        Arc::new(UInt32Array::from_iter_values(rates)),
        Arc::new(UInt16Array::from_iter_values(channels)),
        Arc::new(Float64Array::from_iter_values(seconds)),
        texts(rows, |row| &row.audio_sha256),
        fingerprints(rows)?,
        levels(rows)?,
        optional_texts(rows, |row| row.record_class.as_deref()),
        findings(rows)?,
        events(rows)?,
        murmurs(rows)?,
        optional_texts(rows, |row| row.quality.map(Quality::word)),
        diagnoses(rows)?,
        optional_texts(rows, |row| row.outcome.map(Outcome::word)),
        optional_texts(rows, |row| row.sex.map(Sex::word)),
        float(|row| row.age_years),
        float(|row| row.height_cm),
        float(|row| row.weight_kg),
        float(|row| row.bmi),
        flag(|row| row.pregnant),
        flag(|row| row.smoker),
        optional_texts(rows, |row| row.official_split.map(OfficialSplit::word)),
        optional_texts(rows, |row| row.split.map(Split::word)),
        texts(rows, |row| &row.licence),
        provenances(rows)?,
    ];
    RecordBatch::try_new(Arc::new(schema()), columns)
}

fn fingerprints(rows: &[Recording]) -> Result<ArrayRef, ArrowError> {
    let frames = rows
        .iter()
        .flat_map(|row| row.fingerprint.0.iter().copied());
    let lengths = rows.iter().map(|row| row.fingerprint.0.len());
    lists(Arc::new(UInt16Array::from_iter_values(frames)), lengths)
}

fn levels(rows: &[Recording]) -> Result<ArrayRef, ArrowError> {
    let number = |get: fn(&Level) -> f32| -> ArrayRef {
        let values = rows.iter().map(|row| row.level.as_ref().map_or(0.0, get));
        Arc::new(Float32Array::from_iter_values(values))
    };
    let columns = vec![
        number(|level| level.rms_dbfs),
        number(|level| level.peak_dbfs),
        number(|level| level.clipped),
    ];
    let valid = rows.iter().map(|row| row.level.is_some()).collect();
    structures(level_fields(), columns, Some(valid))
}

fn findings(rows: &[Recording]) -> Result<ArrayRef, ArrowError> {
    let all: Vec<_> = rows.iter().flat_map(|row| &row.findings).collect();
    let columns = vec![
        texts(&all, |(finding, _)| finding.word()),
        texts(&all, |(_, presence)| presence.word()),
    ];
    let items = structures(finding_fields(), columns, None)?;
    lists(items, rows.iter().map(|row| row.findings.len()))
}

fn events(rows: &[Recording]) -> Result<ArrayRef, ArrowError> {
    let all: Vec<&Event> = rows.iter().flat_map(|row| &row.events).collect();
    let number = |get: fn(&&Event) -> f64| -> ArrayRef {
        Arc::new(Float64Array::from_iter_values(all.iter().map(get)))
    };
    let columns = vec![
        number(|event| event.start_s),
        number(|event| event.end_s),
        texts(&all, |event| event.kind.word()),
    ];
    let items = structures(event_fields(), columns, None)?;
    lists(items, rows.iter().map(|row| row.events.len()))
}

fn murmurs(rows: &[Recording]) -> Result<ArrayRef, ArrowError> {
    let all: Vec<&Murmur> = rows.iter().flat_map(|row| &row.murmurs).collect();
    let areas = all.iter().flat_map(|murmur| &murmur.heard_at);
    let areas: ArrayRef = Arc::new(StringArray::from_iter_values(areas.map(|area| area.word())));
    let columns = vec![
        texts(&all, |murmur| murmur.timing.word()),
        optional_texts(&all, |murmur| murmur.shape.map(MurmurShape::word)),
        optional_texts(&all, |murmur| murmur.grade.map(MurmurGrade::word)),
        optional_texts(&all, |murmur| murmur.pitch.map(MurmurPitch::word)),
        optional_texts(&all, |murmur| murmur.quality.map(MurmurQuality::word)),
        lists(areas, all.iter().map(|murmur| murmur.heard_at.len()))?,
        optional_texts(&all, |murmur| murmur.loudest_at.map(Area::word)),
    ];
    let items = structures(murmur_fields(), columns, None)?;
    lists(items, rows.iter().map(|row| row.murmurs.len()))
}

fn diagnoses(rows: &[Recording]) -> Result<ArrayRef, ArrowError> {
    let all: Vec<&String> = rows.iter().flat_map(|row| &row.diagnoses).collect();
    let items = texts(&all, |code| code);
    lists(items, rows.iter().map(|row| row.diagnoses.len()))
}

fn provenances(rows: &[Recording]) -> Result<ArrayRef, ArrowError> {
    let versions = rows.iter().map(|row| row.provenance.reader_version);
    let lines: UInt64Array = rows.iter().map(|row| row.provenance.line).collect();
    let columns: Vec<ArrayRef> = vec![
        texts(rows, |row| &row.provenance.reader),
        Arc::new(UInt32Array::from_iter_values(versions)),
        Arc::new(lines),
        texts(rows, |row| &row.provenance.source_hash),
    ];
    structures(provenance_fields(), columns, None)
}
