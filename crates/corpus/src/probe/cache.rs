//! What was measured on audio files in earlier imports, so that only changed files are read.
//!
//! An entry holds while path, size and time of change are the same. The file (Parquet) has no
//! names: a path is the first 16 bytes of the SHA-256 of the path below the data folder.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, UNIX_EPOCH};

use arrow::array::{
    ArrayRef, AsArray, Float32Array, Float64Array, Int64Array, ListArray, StringArray, UInt16Array,
    UInt32Array, UInt64Array,
};
use arrow::datatypes::{
    DataType, Field, Float32Type, Float64Type, Int64Type, Schema, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use sha2::{Digest, Sha256};

use super::{Probed, Refusal, Sound, listen};
use crate::beside::Beside;
use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::ids::hex;
use crate::manifest::lists;
use crate::recording::Level;

/// Name of the hash of this table in the schema's metadata, and its version: raised when `listen`
/// measures something else.
const VERSION: (&str, &str) = ("laennec.probe-cache", "1");
/// An interrupted import loses no more than this.
const SAVE_EVERY: Duration = Duration::from_secs(20);
/// Entries to a row group.
const ROWS: usize = 4096;

/// What is kept of a file.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    size: u64,
    /// Nanoseconds since 1970.
    changed: i64,
    probed: Probed,
}

/// The entries by hash of the path.
type Entries = BTreeMap<String, Entry>;

/// The measurements of earlier imports and of this one.
pub(crate) struct Cache {
    root: PathBuf,
    file: Option<PathBuf>,
    known: Entries,
    now: Mutex<Now>,
}

/// What this import has seen.
struct Now {
    entries: Entries,
    reused: usize,
    saved: Instant,
}

impl Cache {
    /// The cache of a data folder. Without a file nothing is known and nothing is kept; a file
    /// that is absent, damaged or of another version knows nothing.
    pub(crate) fn open(root: &Path, file: Option<&Path>) -> Self {
        let known = file.and_then(|file| load(file).ok()).unwrap_or_default();
        Self {
            root: root.to_path_buf(),
            file: file.map(Path::to_path_buf),
            known,
            now: Mutex::new(Now {
                entries: Entries::new(),
                reused: 0,
                saved: Instant::now(),
            }),
        }
    }

    /// What is known of a file, or what listening to it tells.
    pub(crate) fn listen(&self, path: &Path) -> Result<Probed, Refusal> {
        if self.file.is_none() {
            return listen(path);
        }
        let about = fs::metadata(path)?;
        let since = about.modified()?.duration_since(UNIX_EPOCH);
        let changed = since.map_or(0, |since| since.as_nanos() as i64);
        let below = path.strip_prefix(&self.root).unwrap_or(path);
        let digest = Sha256::digest(below.as_os_str().as_encoded_bytes());
        let key = hex(&digest[..16]);
        let kept = self
            .known
            .get(&key)
            .filter(|entry| entry.size == about.len() && entry.changed == changed);
        let entry = match kept {
            Some(entry) => entry.clone(),
            None => Entry {
                size: about.len(),
                changed,
                probed: listen(path)?,
            },
        };
        let probed = entry.probed.clone();
        self.note(key, entry, kept.is_some());
        Ok(probed)
    }

    /// Files whose measurements were known already.
    pub(crate) fn reused(&self) -> usize {
        self.now
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .reused
    }

    /// Writes what this import has seen. Where another import of the same sounds is just writing,
    /// what that one has seen is kept.
    ///
    /// # Errors
    /// [`Error::Write`] and [`Error::Parquet`] where the file cannot be written.
    pub(crate) fn save(&self) -> Result<(), Error> {
        let now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        match &self.file {
            Some(file) if now.entries != self.known => match save(file, &now.entries) {
                Err(Error::Busy { .. }) => Ok(()),
                saved => saved,
            },
            _ => Ok(()),
        }
    }

    fn note(&self, key: String, entry: Entry, reused: bool) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        now.entries.insert(key, entry);
        now.reused += usize::from(reused);
        if let Some(file) = self
            .file
            .as_ref()
            .filter(|_| now.saved.elapsed() > SAVE_EVERY)
        {
            // Only a help for an interrupted import: the error shows when the whole is saved.
            let _ = save(file, &now.entries);
            now.saved = Instant::now();
        }
    }
}

fn schema() -> Schema {
    let field = |name: &str, kind: DataType| Field::new(name, kind, false);
    let step = Arc::new(Field::new("item", DataType::UInt16, false));
    let columns = vec![
        field("path_hash", DataType::Utf8),
        field("size", DataType::UInt64),
        field("changed_ns", DataType::Int64),
        field("audio_sha256", DataType::Utf8),
        field("sample_rate", DataType::UInt32),
        field("channels", DataType::UInt16),
        field("seconds", DataType::Float64),
        field("fingerprint", DataType::List(step)),
        field("rms_dbfs", DataType::Float32),
        field("peak_dbfs", DataType::Float32),
        field("clipped", DataType::Float32),
    ];
    let version = HashMap::from([(VERSION.0.to_owned(), VERSION.1.to_owned())]);
    Schema::new_with_metadata(columns, version)
}

fn save(path: &Path, entries: &Entries) -> Result<(), Error> {
    let failed = || Error::write_parquet(path);
    let beside = Beside::create(path)?;
    let mut writer =
        ArrowWriter::try_new(beside.file(), Arc::new(schema()), None).map_err(failed())?;
    let entries: Vec<_> = entries
        .iter()
        .filter_map(|(key, entry)| Some((key, entry, entry.probed.sound.as_ref()?)))
        .collect();
    for rows in entries.chunks(ROWS) {
        let batch = batch(rows).map_err(|error| failed()(error.into()))?;
        writer.write(&batch).map_err(failed())?;
        writer.flush().map_err(failed())?;
    }
    writer.close().map_err(failed())?;
    beside.put()
}

fn batch(rows: &[(&String, &Entry, &Sound)]) -> Result<RecordBatch, ArrowError> {
    let level = |get: fn(&Level) -> f32| -> ArrayRef {
        let values = rows.iter().map(|(_, _, sound)| get(&sound.level));
        Arc::new(Float32Array::from_iter_values(values))
    };
    let entries = || rows.iter().map(|(_, entry, _)| *entry);
    let prints = || rows.iter().map(|(_, _, sound)| &sound.fingerprint.0);
    let steps = UInt16Array::from_iter_values(prints().flatten().copied());
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.0))),
        Arc::new(UInt64Array::from_iter_values(entries().map(|e| e.size))),
        Arc::new(Int64Array::from_iter_values(entries().map(|e| e.changed))),
        Arc::new(StringArray::from_iter_values(
            entries().map(|e| &e.probed.sha256),
        )),
        Arc::new(UInt32Array::from_iter_values(
            entries().map(|e| e.probed.sample_rate),
        )),
        Arc::new(UInt16Array::from_iter_values(
            entries().map(|e| e.probed.channels),
        )),
        Arc::new(Float64Array::from_iter_values(
            entries().map(|e| e.probed.seconds),
        )),
        lists(Arc::new(steps), prints().map(Vec::len))?,
        level(|level| level.rms_dbfs),
        level(|level| level.peak_dbfs),
        level(|level| level.clipped),
    ];
    RecordBatch::try_new(Arc::new(schema()), columns)
}

fn load(path: &Path) -> Result<Entries, Error> {
    let failed = |source| Error::Parquet {
        path: path.to_path_buf(),
        source,
    };
    let file = File::open(path).map_err(Error::io(path))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(failed)?;
    if **builder.schema() != schema() {
        return Ok(Entries::new());
    }
    let mut entries = Entries::new();
    for batch in builder.build().map_err(failed)? {
        let batch = batch.map_err(|error| failed(error.into()))?;
        let column = |index: usize| batch.column(index);
        let texts = |index: usize| -> &StringArray { column(index).as_string() };
        let float = |index: usize| column(index).as_primitive::<Float32Type>();
        let prints: &ListArray = column(7).as_list();
        for row in 0..batch.num_rows() {
            let steps = prints.value(row);
            let sound = Sound {
                fingerprint: Fingerprint(steps.as_primitive::<UInt16Type>().values().to_vec()),
                level: Level {
                    rms_dbfs: float(8).value(row),
                    peak_dbfs: float(9).value(row),
                    clipped: float(10).value(row),
                },
            };
            let probed = Probed {
                sha256: texts(3).value(row).to_owned(),
                sample_rate: column(4).as_primitive::<UInt32Type>().value(row),
                channels: column(5).as_primitive::<UInt16Type>().value(row),
                seconds: column(6).as_primitive::<Float64Type>().value(row),
                sound: Some(sound),
            };
            let entry = Entry {
                size: column(1).as_primitive::<UInt64Type>().value(row),
                changed: column(2).as_primitive::<Int64Type>().value(row),
                probed,
            };
            entries.insert(texts(0).value(row).to_owned(), entry);
        }
    }
    Ok(entries)
}
