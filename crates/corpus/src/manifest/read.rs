//! A Parquet file to recordings, every value checked.

use std::fs::File;
use std::path::Path;

use arrow::array::{Array, AsArray, ListArray, StringArray, StructArray};
use arrow::datatypes::{Float32Type, Float64Type, UInt16Type, UInt32Type};
use arrow::record_batch::RecordBatch;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::{VERSION, VERSION_KEY, schema};
use crate::error::Error;
use crate::finding::{Finding, Presence};
use crate::recording::{DataSet, Domain, Event, EventKind, Quality, Recording, Sex, Split};

/// Reads a manifest that [`write`](super::write) wrote, or that another program wrote with the
/// same columns.
///
/// # Errors
/// [`Error::Io`] and [`Error::Parquet`] where the file cannot be read,
/// [`Error::ManifestColumns`] where its columns or version are others, [`Error::ManifestValue`]
/// where a row holds a word that this version does not know.
pub fn read(path: &Path) -> Result<Vec<Recording>, Error> {
    let failed = |source| Error::Parquet {
        path: path.to_path_buf(),
        source,
    };
    let file = File::open(path).map_err(Error::io(path))?;
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
    let mut recordings = Vec::new();
    for batch in builder.build().map_err(failed)? {
        let batch = batch.map_err(|error| failed(error.into()))?;
        let columns = Columns { batch: &batch };
        for row in 0..batch.num_rows() {
            let recording = columns
                .recording(row)
                .map_err(|column| Error::ManifestValue {
                    path: path.to_path_buf(),
                    row: recordings.len() + 1,
                    column,
                })?;
            recordings.push(recording);
        }
    }
    Ok(recordings)
}

/// Columns of a batch whose types were compared with the schema.
struct Columns<'a> {
    batch: &'a RecordBatch,
}

/// The name of the column that holds an unknown value.
type Unknown = &'static str;

impl Columns<'_> {
    fn recording(&self, row: usize) -> Result<Recording, Unknown> {
        let site = self
            .optional("site", row)
            .map(str::to_owned)
            .map(TryInto::try_into);
        Ok(Recording {
            id: self.text("id", row)?,
            subject: self.optional_text("subject", row),
            group: self.text("group", row)?,
            data_set: self.word("data_set", row, DataSet::from_name)?,
            domain: self.word("domain", row, Domain::from_word)?,
            site: site.transpose().map_err(|_| "site")?,
            device: self.optional_text("device", row),
            sample_rate: self
                .column("sample_rate")
                .as_primitive::<UInt32Type>()
                .value(row),
            channels: self
                .column("channels")
                .as_primitive::<UInt16Type>()
                .value(row),
            seconds: self
                .column("seconds")
                .as_primitive::<Float64Type>()
                .value(row),
            audio_sha256: self.text("audio_sha256", row)?,
            record_class: self.optional_text("record_class", row),
            findings: self.findings(row)?,
            events: self.events(row)?,
            quality: self.optional_word("quality", row, Quality::from_word)?,
            sex: self.optional_word("sex", row, Sex::from_word)?,
            age_years: {
                let ages = self.column("age_years").as_primitive::<Float32Type>();
                ages.is_valid(row).then(|| ages.value(row))
            },
            diagnosis: self.optional_text("diagnosis", row),
            split: self.optional_word("split", row, Split::from_word)?,
            licence: self.text("licence", row)?,
        })
    }

    fn findings(&self, row: usize) -> Result<Vec<(Finding, Presence)>, Unknown> {
        let items = self.items("findings", row);
        let words = |column| strings(&items, column);
        let pair = |index| {
            let finding = Finding::from_word(words(0).value(index))?;
            Some((finding, Presence::from_word(words(1).value(index))?))
        };
        (0..items.len())
            .map(|index| pair(index).ok_or("findings"))
            .collect()
    }

    fn events(&self, row: usize) -> Result<Vec<Event>, Unknown> {
        let items = self.items("events", row);
        let time = |column: usize, index| {
            items
                .column(column)
                .as_primitive::<Float64Type>()
                .value(index)
        };
        let event = |index| {
            let kind = EventKind::from_word(strings(&items, 2).value(index))?;
            Some(Event {
                start_s: time(0, index),
                end_s: time(1, index),
                kind,
            })
        };
        (0..items.len())
            .map(|index| event(index).ok_or("events"))
            .collect()
    }

    fn column(&self, name: &str) -> &dyn Array {
        self.batch
            .column_by_name(name)
            .expect("the columns were compared with the schema")
    }

    fn items(&self, name: &str, row: usize) -> StructArray {
        let lists: &ListArray = self.column(name).as_list();
        lists.value(row).as_struct().clone()
    }

    fn optional(&self, name: &str, row: usize) -> Option<&str> {
        let texts: &StringArray = self.column(name).as_string();
        texts.is_valid(row).then(|| texts.value(row))
    }

    fn optional_text(&self, name: &str, row: usize) -> Option<String> {
        self.optional(name, row).map(str::to_owned)
    }

    fn text(&self, name: Unknown, row: usize) -> Result<String, Unknown> {
        self.optional_text(name, row).ok_or(name)
    }

    fn word<T>(
        &self,
        name: Unknown,
        row: usize,
        parse: fn(&str) -> Option<T>,
    ) -> Result<T, Unknown> {
        self.optional(name, row).and_then(parse).ok_or(name)
    }

    fn optional_word<T>(
        &self,
        name: Unknown,
        row: usize,
        parse: fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Unknown> {
        self.optional(name, row)
            .map(|word| parse(word).ok_or(name))
            .transpose()
    }
}

fn strings(items: &StructArray, column: usize) -> &StringArray {
    items.column(column).as_string()
}
