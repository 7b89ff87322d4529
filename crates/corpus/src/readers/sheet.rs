//! A table of a data set (commas, semicolons, tabs, blanks, or the first sheet of an Excel file)
//! comes in; rows with their line go out, damaged rows as located problems.

use std::collections::BTreeMap;
use std::path::Path;

use super::source::text;
use super::xlsx;
use super::{Draft, Trouble};

/// What stands between the fields of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    Comma,
    Semicolon,
    /// Tabs; quotes have no meaning.
    Tab,
    /// Any run of blanks or tabs; quotes have no meaning.
    Blanks,
}

/// A line of a file, from 1, and its trimmed fields.
pub(super) type Line = (u64, Vec<String>);

/// The rows below a header.
pub(super) struct Sheet {
    header: Vec<String>,
    pub(super) rows: Vec<Line>,
}

impl Sheet {
    /// Reads a table whose first row names the columns; an Excel file by its extension. A file
    /// that does not open, or opens without a header, is noted and gives none.
    pub(super) fn read(path: &Path, separator: Separator, draft: &mut Draft) -> Option<Self> {
        let mut sheet = Self::with_any_text(path, separator, draft)?;
        // No published table quotes anything inside a field: a mark there is a stray one.
        sheet.rows.retain(|(line, fields)| {
            let stray = fields.iter().any(|field| field.contains('"'));
            if stray {
                draft.problem(path, Some(*line), None, Trouble::StrayQuote);
            }
            !stray
        });
        Some(sheet)
    }

    /// The same for tables of which some columns may hold any text.
    pub(super) fn with_any_text(
        path: &Path,
        separator: Separator,
        draft: &mut Draft,
    ) -> Option<Self> {
        let is_excel = path
            .extension()
            .is_some_and(|extension| extension == "xlsx");
        let mut rows = if is_excel {
            match xlsx::rows(path) {
                Ok(rows) => rows,
                Err(trouble) => {
                    draft.problem(path, None, None, trouble);
                    return None;
                }
            }
        } else {
            lines(path, separator, draft)?
        };
        if rows.is_empty() {
            draft.problem(path, Some(1), None, Trouble::Empty);
            return None;
        }
        let (_, header) = rows.remove(0);
        let width = header.len();
        rows.retain(|(line, fields)| {
            let fits = fields.len() == width;
            if !fits {
                draft.problem(path, Some(*line), None, unequal(fields.len(), width));
            }
            fits
        });
        Some(Self { header, rows })
    }

    /// The names of the columns.
    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// The place of a column, where the table has it once.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        let mut places = (0..self.header.len()).filter(|&place| self.header[place] == name);
        places.next().filter(|_| places.next().is_none())
    }

    /// The fields of the named columns, in the order asked for; a column that is not there, or
    /// there twice, is noted and gives no rows.
    pub(super) fn select<const N: usize>(
        self,
        path: &Path,
        columns: [&'static str; N],
        draft: &mut Draft,
    ) -> Vec<(u64, [String; N])> {
        let mut places = [0; N];
        for (place, name) in places.iter_mut().zip(columns) {
            let Some(found) = self.column(name) else {
                draft.problem(path, Some(1), None, Trouble::NoColumn(name));
                return Vec::new();
            };
            *place = found;
        }
        let pick = |(line, fields): Line| (line, places.map(|place| fields[place].clone()));
        self.rows.into_iter().map(pick).collect()
    }
}

/// All rows of a file, header or not, of whatever length. Rows that do not parse, or hold a
/// control character, are noted and left out; a file that does not open is noted and gives none.
pub(super) fn lines(path: &Path, separator: Separator, draft: &mut Draft) -> Option<Vec<Line>> {
    let text = match text(path) {
        Ok(text) => text,
        Err(trouble) => {
            draft.problem(path, None, None, trouble);
            return None;
        }
    };
    let mut rows = Vec::new();
    match separator {
        Separator::Tab | Separator::Blanks => {
            for (line, row) in (1..).zip(text.lines()) {
                let fields: Vec<String> = match separator {
                    Separator::Tab => row
                        .split('\t')
                        .map(|field| field.trim().to_owned())
                        .collect(),
                    _ => row.split_whitespace().map(str::to_owned).collect(),
                };
                if fields.iter().any(|field| !field.is_empty()) {
                    push(path, (line, fields), &mut rows, draft);
                }
            }
        }
        Separator::Comma | Separator::Semicolon => {
            let delimiter = if separator == Separator::Comma {
                b','
            } else {
                b';'
            };
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .delimiter(delimiter)
                .from_reader(text.as_bytes());
            for record in reader.records() {
                match record {
                    Ok(record) => {
                        let line = record.position().map_or(0, csv::Position::line);
                        let fields = record.iter().map(|field| field.trim().to_owned());
                        push(path, (line, fields.collect()), &mut rows, draft);
                    }
                    Err(error) => {
                        let line = error.position().map(csv::Position::line);
                        draft.problem(path, line, None, Trouble::NotUtf8);
                    }
                }
            }
        }
    }
    Some(rows)
}

/// Keeps a row unless it holds a control character. A line break inside a field is one: no data
/// set has it on purpose, and a lost quotation mark joins rows by it.
fn push(path: &Path, row: Line, rows: &mut Vec<Line>, draft: &mut Draft) {
    if row.1.iter().any(|field| field.contains(char::is_control)) {
        draft.problem(path, Some(row.0), None, Trouble::ControlCharacter);
    } else {
        rows.push(row);
    }
}

/// What a list says of each key (a patient, a file). The first of several rows of a key counts;
/// rows that `parse` refuses, or that repeat a key, are noted.
pub(super) fn index<T, R>(
    path: &Path,
    rows: impl IntoIterator<Item = (u64, R)>,
    draft: &mut Draft,
    parse: impl Fn(R) -> Result<(String, T), Trouble>,
) -> BTreeMap<String, T> {
    let mut known = BTreeMap::new();
    for (line, row) in rows {
        match parse(row) {
            Ok((key, _)) if known.contains_key(&key) => {
                draft.problem(path, Some(line), None, Trouble::Repeated);
            }
            Ok((key, value)) => {
                known.insert(key, value);
            }
            Err(trouble) => draft.problem(path, Some(line), None, trouble),
        }
    }
    known
}

/// The fields of a row that must be as many as `N`.
pub(super) fn exactly<const N: usize>(fields: Vec<String>) -> Result<[String; N], Trouble> {
    fields
        .try_into()
        .map_err(|fields: Vec<String>| unequal(fields.len(), N))
}

fn unequal(found: usize, expected: usize) -> Trouble {
    Trouble::Fields {
        found: found as u64,
        expected: expected as u64,
    }
}
