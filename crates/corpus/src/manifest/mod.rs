//! Recordings go to a Parquet file, one row each, and come back; the file opens in Python with
//! pandas, pyarrow or `datasets.load_dataset("parquet", data_files=...)`.
//!
//! | column | type | meaning |
//! |---|---|---|
//! | `id` | string | opaque id of the recording |
//! | `subject` | string, may be null | opaque id of the person |
//! | `group` | string | unit of splitting |
//! | `data_set` | string | [`DataSet::name`](crate::DataSet::name) |
//! | `domain` | string | `heart`, `lung`, `other` |
//! | `manoeuvre` | string, may be null | `cough`, `breathing`, `exhalation`, `vowel`, `speech` |
//! | `site` | string, may be null | `left_lower_posterior`, `apex`, ... |
//! | `device` | string, may be null | device, filter or database |
//! | `sample_rate` | uint32 | Hz |
//! | `channels` | uint16 | |
//! | `seconds` | double | duration |
//! | `audio_sha256` | string | SHA-256 of the audio file |
//! | `fingerprint` | list of uint16 | see [`fingerprint`](crate::fingerprint) |
//! | `level` | {`rms_dbfs`, `peak_dbfs`, `clipped`: float}, may be null | level of the sound |
//! | `record_class` | string, may be null | the data set's own label |
//! | `findings` | list of {`finding`: string, `presence`: string} | what is stated or implied |
//! | `events` | list of {`start_s`: double, `end_s`: double, `kind`: string} | annotated intervals |
//! | `murmurs` | list of {`timing`: string, `shape`, `grade`, `pitch`, `quality`: string, may be null, `heard_at`: list of string, `loudest_at`: string, may be null} | see [`Murmur`](crate::Murmur) |
//! | `quality` | string, may be null | `usable`, `poor` |
//! | `diagnoses` | list of string | lower-case codes |
//! | `outcome` | string, may be null | `normal`, `abnormal` |
//! | `sex` | string, may be null | `female`, `male` |
//! | `age_years` | float, may be null | 90 stands for above 89 |
//! | `height_cm`, `weight_kg`, `bmi` | float, may be null | |
//! | `pregnant`, `smoker` | bool, may be null | |
//! | `official_split` | string, may be null | the publisher's: `train`, `validation`, `test` |
//! | `split` | string, may be null | `train`, `calibration`, `validation`, `test` |
//! | `licence` | string | SPDX |
//! | `provenance` | {`reader`: string, `reader_version`: uint32, `line`: uint64, may be null, `source_hash`: string} | see [`Provenance`](crate::Provenance) |
//!
//! The schema's metadata hold `laennec.manifest`, the version of this table. There is no path and
//! no published name in the file.

mod arrays;
mod read;
mod rows;
mod schema;
mod write;

pub(crate) use arrays::lists;
pub use read::{Rows, read, rows};
pub use schema::schema;
pub use write::{Writer, write};

/// Version of the columns, in the metadata under [`VERSION_KEY`].
pub const VERSION: &str = "2";
/// Key of the version in the schema's metadata.
pub const VERSION_KEY: &str = "laennec.manifest";
