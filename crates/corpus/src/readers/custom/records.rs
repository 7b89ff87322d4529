//! A table (CSV, TSV, JSON lines) comes in; records by column name go out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::readers::sheet::{Separator, Sheet};
use crate::readers::source::text;
use crate::readers::{Draft, Trouble};

/// One row by column name. What is null or nested is not there.
pub(super) struct Record {
    pub(super) line: u64,
    pub(super) fields: BTreeMap<String, String>,
}

/// The columns of a table and its records. A table that does not open is noted and gives none;
/// so are single rows that do not parse.
pub(super) fn read(
    path: &Path,
    separator: Option<char>,
    draft: &mut Draft,
) -> Option<(BTreeSet<String>, Vec<Record>)> {
    let extension = path
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default();
    match extension {
        "jsonl" | "ndjson" => json_lines(path, draft),
        _ => {
            let default = if extension == "tsv" { '\t' } else { ',' };
            let separator = match separator.unwrap_or(default) {
                ',' => Separator::Comma,
                ';' => Separator::Semicolon,
                '\t' => Separator::Tab,
                _ => {
                    let text = "separator is none of , ; and tab".to_owned();
                    draft.problem(path, None, None, Trouble::Mapping(text));
                    return None;
                }
            };
            let sheet = Sheet::with_any_text(path, separator, draft)?;
            let header = sheet.header().to_vec();
            let records = sheet.rows.into_iter().map(|(line, fields)| Record {
                line,
                fields: header.iter().cloned().zip(fields).collect(),
            });
            let records = records.collect();
            Some((header.into_iter().collect(), records))
        }
    }
}

fn json_lines(path: &Path, draft: &mut Draft) -> Option<(BTreeSet<String>, Vec<Record>)> {
    let text = match text(path) {
        Ok(text) => text,
        Err(trouble) => {
            draft.problem(path, None, None, trouble);
            return None;
        }
    };
    let (mut columns, mut records) = (BTreeSet::new(), Vec::new());
    for (line, row) in (1..).zip(text.lines()) {
        if row.trim().is_empty() {
            continue;
        }
        let Ok(Value::Object(object)) = serde_json::from_str(row) else {
            draft.problem(path, Some(line), None, Trouble::JsonLine);
            continue;
        };
        columns.extend(object.keys().cloned());
        let fields: BTreeMap<String, String> = object
            .into_iter()
            .filter_map(|(name, value)| Some((name, scalar(value)?)))
            .collect();
        if fields
            .values()
            .any(|field| field.contains(char::is_control))
        {
            draft.problem(path, Some(line), None, Trouble::ControlCharacter);
            continue;
        }
        records.push(Record { line, fields });
    }
    Some((columns, records))
}

/// A value as text; a list of texts is joined by `+`.
fn scalar(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(u8::from(value).to_string()),
        Value::Array(items) => {
            let texts = items.iter().map(Value::as_str);
            texts
                .collect::<Option<Vec<_>>>()
                .map(|texts| texts.join("+"))
        }
        Value::Null | Value::Object(_) => None,
    }
}
