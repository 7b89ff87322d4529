//! Recordings to a Parquet file, whole or not at all.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Float32Array, Float64Array, ListArray, StringArray, StructArray, UInt16Array,
    UInt32Array,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{Field, Fields};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use super::{event_fields, finding_fields, schema};
use crate::error::Error;
use crate::recording::{Domain, Event, Quality, Recording, Sex, Split};

/// Recordings to a row group: what is held in memory at once beside the recordings.
const ROWS: usize = 8192;

/// Writes a manifest. The file appears under its name only when it is complete: it is written
/// beside, synchronised and renamed, and only its owner may read it. An existing file is
/// replaced. Same recordings, same bytes.
///
/// # Errors
/// [`Error::Io`] where the folder or file cannot be written, [`Error::Parquet`] where the
/// recordings cannot be encoded.
pub fn write(path: &Path, recordings: &[Recording]) -> Result<(), Error> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let file = tempfile::NamedTempFile::new_in(folder).map_err(Error::io(folder))?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .build();
    let schema = Arc::new(schema());
    let failed = |source| Error::Parquet {
        path: path.to_path_buf(),
        source,
    };
    let mut writer =
        ArrowWriter::try_new(file.as_file(), schema, Some(properties)).map_err(failed)?;
    for rows in recordings.chunks(ROWS) {
        let batch = batch(rows).map_err(|error| failed(error.into()))?;
        writer.write(&batch).map_err(failed)?;
        writer.flush().map_err(failed)?;
    }
    writer.close().map_err(failed)?;
    file.as_file().sync_all().map_err(Error::io(path))?;
    file.persist(path)
        .map_err(|refused| Error::io(path)(refused.error))?;
    Ok(())
}

fn batch(rows: &[Recording]) -> Result<RecordBatch, ArrowError> {
    let text = |get: fn(&Recording) -> &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(rows.iter().map(get)))
    };
    let optional = |get: fn(&Recording) -> Option<&str>| -> ArrayRef {
        Arc::new(rows.iter().map(get).collect::<StringArray>())
    };
    let sites: StringArray = rows.iter().map(|row| row.site.map(String::from)).collect();
    let rates = rows.iter().map(|row| row.sample_rate);
    let channels = rows.iter().map(|row| row.channels);
    let seconds = rows.iter().map(|row| row.seconds);
    let ages: Float32Array = rows.iter().map(|row| row.age_years).collect();
    let columns: Vec<ArrayRef> = vec![
        text(|row| &row.id),
        optional(|row| row.subject.as_deref()),
        text(|row| &row.group),
        text(|row| row.data_set.name()),
        text(|row| Domain::word(row.domain)),
        Arc::new(sites),
        optional(|row| row.device.as_deref()),
        Arc::new(UInt32Array::from_iter_values(rates)),
        Arc::new(UInt16Array::from_iter_values(channels)),
        Arc::new(Float64Array::from_iter_values(seconds)),
        text(|row| &row.audio_sha256),
        optional(|row| row.record_class.as_deref()),
        findings(rows)?,
        events(rows)?,
        optional(|row| row.quality.map(Quality::word)),
        optional(|row| row.sex.map(Sex::word)),
        Arc::new(ages),
        optional(|row| row.diagnosis.as_deref()),
        optional(|row| row.split.map(Split::word)),
        text(|row| &row.licence),
    ];
    RecordBatch::try_new(Arc::new(schema()), columns)
}

fn findings(rows: &[Recording]) -> Result<ArrayRef, ArrowError> {
    let all = || rows.iter().flat_map(|row| &row.findings);
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(
            all().map(|(finding, _)| finding.word()),
        )),
        Arc::new(StringArray::from_iter_values(
            all().map(|(_, presence)| presence.word()),
        )),
    ];
    list(
        finding_fields(),
        columns,
        rows.iter().map(|row| row.findings.len()),
    )
}

fn events(rows: &[Recording]) -> Result<ArrayRef, ArrowError> {
    let all = || rows.iter().flat_map(|row| &row.events);
    let number = |get: fn(&Event) -> f64| -> ArrayRef {
        Arc::new(Float64Array::from_iter_values(all().map(get)))
    };
    let columns: Vec<ArrayRef> = vec![
        number(|event| event.start_s),
        number(|event| event.end_s),
        Arc::new(StringArray::from_iter_values(
            all().map(|event| event.kind.word()),
        )),
    ];
    list(
        event_fields(),
        columns,
        rows.iter().map(|row| row.events.len()),
    )
}

/// A list column of structures, from its flat columns and the length of each list.
fn list(
    fields: Fields,
    columns: Vec<ArrayRef>,
    lengths: impl Iterator<Item = usize>,
) -> Result<ArrayRef, ArrowError> {
    let items = StructArray::try_new(fields, columns, None)?;
    let item = Field::new(
        "item",
        arrow::array::Array::data_type(&items).clone(),
        false,
    );
    let offsets = OffsetBuffer::from_lengths(lengths);
    Ok(Arc::new(ListArray::try_new(
        Arc::new(item),
        offsets,
        Arc::new(items),
        None,
    )?))
}
