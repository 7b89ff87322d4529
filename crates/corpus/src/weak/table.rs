//! Weak labels to a Parquet file beside the manifest, and back.
//!
//! One row for each recording and finding on which any function votes:
//!
//! | column | type | |
//! |---|---|---|
//! | `id` | string | the recording, as in the manifest |
//! | `data_set` | string | |
//! | `finding` | string | |
//! | `probability` | double | that the finding is present; no gold entered it |
//! | `votes` | list of `function` (string), `present` (bool) | who voted, and how |
//!
//! The schema's metadata hold `laennec.weak`, the version of this table, and
//! `laennec.weak.functions`: for each finding, data set and function, as JSON, what it reads and goes
//! by, coverage, overlap, conflict and estimated accuracy.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Array, ListArray, StringArray, StructArray,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Fields, Float64Type, Schema};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use serde::Serialize;

use super::label::{FunctionReport, Table, WeakLabel};
use crate::error::Error;
use crate::finding::Finding;
use crate::place::{Place, folder_of};
use crate::recording::DataSet;

/// Version of the columns, in the metadata under [`VERSION_KEY`].
pub const VERSION: &str = "1";
/// Key of the version in the schema's metadata.
pub const VERSION_KEY: &str = "laennec.weak";
/// Key of the functions in the schema's metadata.
pub const FUNCTIONS_KEY: &str = "laennec.weak.functions";

/// What is stored of a function.
#[derive(Serialize)]
struct StoredFunction<'a> {
    finding: Finding,
    data_set: DataSet,
    function: &'a str,
    reads: Vec<&'static str>,
    reason: &'a str,
    coverage: f64,
    overlap: f64,
    conflict: f64,
    accuracy: f64,
}

impl<'a> From<&'a FunctionReport> for StoredFunction<'a> {
    fn from(report: &'a FunctionReport) -> Self {
        Self {
            finding: report.finding,
            data_set: report.data_set,
            function: &report.function.name,
            reads: report
                .function
                .reads
                .iter()
                .map(|column| column.word())
                .collect(),
            reason: report.function.reason,
            coverage: report.shares.coverage,
            overlap: report.shares.overlap,
            conflict: report.shares.conflict,
            accuracy: report.accuracy,
        }
    }
}

fn vote_fields() -> Fields {
    Fields::from(vec![
        Field::new("function", DataType::Utf8, false),
        Field::new("present", DataType::Boolean, false),
    ])
}

fn columns() -> Vec<Field> {
    let text = |name: &str| Field::new(name, DataType::Utf8, false);
    let item = Field::new("item", DataType::Struct(vote_fields()), false);
    vec![
        text("id"),
        text("data_set"),
        text("finding"),
        Field::new("probability", DataType::Float64, false),
        Field::new("votes", DataType::List(Arc::new(item)), false),
    ]
}

/// Writes a table. The file appears under its name only when it is complete; an existing file is
/// replaced. Same table, same bytes.
///
/// # Errors
/// [`Error::Write`] where the folder or file cannot be written, [`Error::NoFile`] where no file can
/// be put, [`Error::Parquet`] where the table cannot be encoded.
pub fn write(path: &Path, table: &Table) -> Result<(), Error> {
    let place = Place::file(path)?;
    let file = tempfile::NamedTempFile::new_in(folder_of(&place)).map_err(Error::write(path))?;
    let failed = || Error::write_parquet(path);
    let functions: Vec<StoredFunction<'_>> = table.functions.iter().map(Into::into).collect();
    let functions = serde_json::to_string(&functions).expect("numbers and words serialise");
    let metadata = HashMap::from([(VERSION_KEY.to_owned(), VERSION.to_owned())]);
    let schema = Arc::new(Schema::new_with_metadata(columns(), metadata));
    // Parquet's own metadata keep their order; a schema's with two entries would not.
    let functions = parquet::file::metadata::KeyValue::new(FUNCTIONS_KEY.to_owned(), functions);
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_key_value_metadata(Some(vec![functions]))
        .build();
    let mut writer =
        ArrowWriter::try_new(file.as_file(), schema.clone(), Some(properties)).map_err(failed())?;
    let batch = batch(&table.labels, schema).map_err(|error| failed()(error.into()))?;
    writer.write(&batch).map_err(failed())?;
    writer.close().map_err(failed())?;
    file.as_file().sync_all().map_err(Error::write(path))?;
    file.persist(place)
        .map_err(|refused| Error::write(path)(refused.error))?;
    Ok(())
}

fn batch(labels: &[WeakLabel], schema: Arc<Schema>) -> Result<RecordBatch, ArrowError> {
    let words = |get: fn(&WeakLabel) -> &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(labels.iter().map(get)))
    };
    let votes = || labels.iter().flat_map(|label| &label.votes);
    let present: BooleanArray = votes().map(|(_, present)| Some(*present)).collect();
    let names = StringArray::from_iter_values(votes().map(|(name, _)| name));
    let items = StructArray::try_new(
        vote_fields(),
        vec![Arc::new(names) as ArrayRef, Arc::new(present) as ArrayRef],
        None,
    )?;
    let item = Arc::new(Field::new("item", DataType::Struct(vote_fields()), false));
    let offsets = OffsetBuffer::from_lengths(labels.iter().map(|label| label.votes.len()));
    let lists = ListArray::try_new(item, offsets, Arc::new(items), None)?;
    let probabilities = labels.iter().map(|label| label.probability);
    RecordBatch::try_new(
        schema,
        vec![
            words(|label| &label.id),
            words(|label| label.data_set.name()),
            words(|label| label.finding.word()),
            Arc::new(Float64Array::from_iter_values(probabilities)),
            Arc::new(lists),
        ],
    )
}

/// Reads the labels of a table.
///
/// # Errors
/// [`Error::Io`] and [`Error::Parquet`] where the file cannot be read, [`Error::WeakTable`] where it
/// is no table of this version or holds a word that this version does not know.
pub fn read(path: &Path) -> Result<Vec<WeakLabel>, Error> {
    let failed = |source| Error::Parquet {
        path: path.to_path_buf(),
        source,
    };
    let other = || Error::WeakTable {
        path: path.to_path_buf(),
    };
    let file = File::open(path).map_err(Error::io(path))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(failed)?;
    let found = builder.schema();
    let version = found.metadata().get(VERSION_KEY);
    let same = found
        .fields()
        .iter()
        .map(AsRef::as_ref)
        .eq(columns().iter());
    if !same || version.is_some_and(|version| version != VERSION) {
        return Err(other());
    }
    let mut labels = Vec::new();
    for batch in builder.build().map_err(failed)? {
        let batch = batch.map_err(|error| failed(error.into()))?;
        for row in 0..batch.num_rows() {
            labels.push(row_of(&batch, row).ok_or_else(other)?);
        }
    }
    Ok(labels)
}

/// One row; none where it holds an unknown word.
fn row_of(batch: &RecordBatch, row: usize) -> Option<WeakLabel> {
    let text = |column: usize| batch.column(column).as_string::<i32>().value(row);
    let votes = batch.column(4).as_list::<i32>().value(row);
    let votes = votes.as_struct();
    let (names, present) = (
        votes.column(0).as_string::<i32>(),
        votes.column(1).as_boolean(),
    );
    Some(WeakLabel {
        id: text(0).to_owned(),
        data_set: DataSet::from_name(text(1))?,
        finding: Finding::from_word(text(2))?,
        probability: batch.column(3).as_primitive::<Float64Type>().value(row),
        votes: (0..votes.len())
            .map(|index| (names.value(index).to_owned(), present.value(index)))
            .collect(),
    })
}
