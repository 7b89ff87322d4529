//! Recordings go to a Parquet file, one row each, and come back; the file opens in Python with
//! pandas, pyarrow or `datasets.load_dataset("parquet", data_files=...)`.
//!
//! | column | type | meaning |
//! |---|---|---|
//! | `id` | string | opaque id of the recording |
//! | `subject` | string, may be null | opaque id of the person |
//! | `group` | string | unit of splitting |
//! | `data_set` | string | `sprsound`, `physionet2016`, `kauh`, `hls-cmds`, `cough-covid19` |
//! | `domain` | string | `heart`, `lung`, `other` |
//! | `site` | string, may be null | `left_lower_posterior`, `apex`, ... |
//! | `device` | string, may be null | device, filter or database |
//! | `sample_rate` | uint32 | Hz |
//! | `channels` | uint16 | |
//! | `seconds` | double | duration |
//! | `audio_sha256` | string | SHA-256 of the audio file |
//! | `record_class` | string, may be null | the data set's own label |
//! | `findings` | list of {`finding`: string, `presence`: string} | what is stated or implied |
//! | `events` | list of {`start_s`: double, `end_s`: double, `kind`: string} | annotated intervals |
//! | `quality` | string, may be null | `usable`, `poor` |
//! | `sex` | string, may be null | `female`, `male` |
//! | `age_years` | float, may be null | 90 stands for above 89 |
//! | `diagnosis` | string, may be null | the publisher's, as codes joined by `+` |
//! | `split` | string, may be null | `train`, `calibration`, `validation`, `test` |
//! | `licence` | string | SPDX |
//!
//! The schema's metadata hold `laennec.manifest`, the version of this table. There is no path and
//! no published name in the file.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields, Schema};

mod read;
mod write;

pub use read::read;
pub use write::write;

/// Version of the columns, in the metadata under [`VERSION_KEY`].
pub const VERSION: &str = "1";
/// Key of the version in the schema's metadata.
pub const VERSION_KEY: &str = "laennec.manifest";

/// The columns of a manifest.
pub fn schema() -> Schema {
    let text = |name: &str| Field::new(name, DataType::Utf8, false);
    let optional_text = |name: &str| Field::new(name, DataType::Utf8, true);
    let list = |name: &str, fields: Fields| {
        let item = Field::new("item", DataType::Struct(fields), false);
        Field::new(name, DataType::List(Arc::new(item)), false)
    };
    let columns = vec![
        text("id"),
        optional_text("subject"),
        text("group"),
        text("data_set"),
        text("domain"),
        optional_text("site"),
        optional_text("device"),
        Field::new("sample_rate", DataType::UInt32, false),
        Field::new("channels", DataType::UInt16, false),
        Field::new("seconds", DataType::Float64, false),
        text("audio_sha256"),
        optional_text("record_class"),
        list("findings", finding_fields()),
        list("events", event_fields()),
        optional_text("quality"),
        optional_text("sex"),
        Field::new("age_years", DataType::Float32, true),
        optional_text("diagnosis"),
        optional_text("split"),
        text("licence"),
    ];
    Schema::new_with_metadata(
        columns,
        HashMap::from([(VERSION_KEY.to_owned(), VERSION.to_owned())]),
    )
}

fn finding_fields() -> Fields {
    Fields::from(vec![
        Field::new("finding", DataType::Utf8, false),
        Field::new("presence", DataType::Utf8, false),
    ])
}

fn event_fields() -> Fields {
    Fields::from(vec![
        Field::new("start_s", DataType::Float64, false),
        Field::new("end_s", DataType::Float64, false),
        Field::new("kind", DataType::Utf8, false),
    ])
}
