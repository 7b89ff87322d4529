//! The columns of a manifest as Arrow types.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields, Schema};

use super::{VERSION, VERSION_KEY};

/// The columns of a manifest.
pub fn schema() -> Schema {
    let float = |name: &str| Field::new(name, DataType::Float32, true);
    let flag = |name: &str| Field::new(name, DataType::Boolean, true);
    let columns = vec![
        text("id"),
        optional_text("subject"),
        text("group"),
        text("data_set"),
        text("domain"),
        optional_text("manoeuvre"),
        optional_text("site"),
        optional_text("device"),
        Field::new("sample_rate", DataType::UInt32, false),
        Field::new("channels", DataType::UInt16, false),
        Field::new("seconds", DataType::Float64, false),
        text("audio_sha256"),
        list("fingerprint", DataType::UInt16),
        Field::new("level", DataType::Struct(level_fields()), true),
        optional_text("record_class"),
        list("findings", DataType::Struct(finding_fields())),
        list("events", DataType::Struct(event_fields())),
        list("murmurs", DataType::Struct(murmur_fields())),
        optional_text("quality"),
        list("diagnoses", DataType::Utf8),
        optional_text("outcome"),
        optional_text("sex"),
        float("age_years"),
        float("height_cm"),
        float("weight_kg"),
        float("bmi"),
        flag("pregnant"),
        flag("smoker"),
        optional_text("official_split"),
        optional_text("split"),
        text("licence"),
        Field::new("provenance", DataType::Struct(provenance_fields()), false),
    ];
    Schema::new_with_metadata(
        columns,
        HashMap::from([(VERSION_KEY.to_owned(), VERSION.to_owned())]),
    )
}

fn text(name: &str) -> Field {
    Field::new(name, DataType::Utf8, false)
}

fn optional_text(name: &str) -> Field {
    Field::new(name, DataType::Utf8, true)
}

fn list(name: &str, item: DataType) -> Field {
    let item = Field::new("item", item, false);
    Field::new(name, DataType::List(Arc::new(item)), false)
}

pub(super) fn level_fields() -> Fields {
    let float = |name: &str| Field::new(name, DataType::Float32, false);
    Fields::from(vec![
        float("rms_dbfs"),
        float("peak_dbfs"),
        float("clipped"),
    ])
}

pub(super) fn finding_fields() -> Fields {
    Fields::from(vec![text("finding"), text("presence")])
}

pub(super) fn event_fields() -> Fields {
    Fields::from(vec![
        Field::new("start_s", DataType::Float64, false),
        Field::new("end_s", DataType::Float64, false),
        text("kind"),
    ])
}

pub(super) fn murmur_fields() -> Fields {
    Fields::from(vec![
        text("timing"),
        optional_text("shape"),
        optional_text("grade"),
        optional_text("pitch"),
        optional_text("quality"),
        list("heard_at", DataType::Utf8),
        optional_text("loudest_at"),
    ])
}

pub(super) fn provenance_fields() -> Fields {
    Fields::from(vec![
        text("reader"),
        Field::new("reader_version", DataType::UInt32, false),
        Field::new("line", DataType::UInt64, true),
        text("source_hash"),
    ])
}
