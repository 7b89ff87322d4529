//! A table with one annotated interval a row comes in; the events of each recording go out.

use std::collections::BTreeMap;
use std::path::Path;

use super::mapping::{EventTable, Mapping, Unit};
use super::records;
use crate::readers::fields::{event_of, in_order};
use crate::readers::{Draft, Fault, Trouble};
use crate::recording::{Event, EventKind};

/// Events with their lines, or the fault of one of them.
type Located = Result<Vec<(Option<u64>, Event)>, Fault>;

/// Events by the file they belong to. A bad row spoils the recording that it names.
pub(super) struct Events(BTreeMap<String, Located>);

impl Events {
    /// The events of a file by start; none where the table has none.
    pub(super) fn take(&mut self, file: &str) -> Result<Vec<Event>, Fault> {
        in_order(self.0.remove(file).unwrap_or_else(|| Ok(Vec::new()))?)
    }
}

/// Reads the table; one that does not open, or has a row that names no recording, is noted and
/// gives none, since it is not known whose annotations are missing.
pub(super) fn read(
    path: &Path,
    part: &EventTable,
    mapping: &Mapping,
    draft: &mut Draft,
) -> Option<Events> {
    let before = draft.problems.len();
    let (columns, records) = records::read(path, part.separator, draft)?;
    for column in [&part.file, &part.start, &part.end, &part.kind] {
        if !columns.contains(column) {
            let text =
                format!("[events] names the column {column:?}, which the table does not have");
            draft.problem(path, None, None, Trouble::Mapping(text));
            return None;
        }
    }
    if draft.problems.len() > before {
        return None;
    }
    let mut events: BTreeMap<String, Located> = BTreeMap::new();
    for record in records {
        let text = |column: &String| record.fields.get(column).map_or("", String::as_str);
        let event = kind(text(&part.kind), mapping).and_then(|kind| {
            let scale = match part.unit {
                Unit::Seconds => 1.0,
                Unit::Milliseconds => 1000.0,
            };
            let time = |column| text(column).parse::<f64>().ok().map(|value| value / scale);
            event_of(time(&part.start), time(&part.end), kind)
        });
        let known = events
            .entry(text(&part.file).to_owned())
            .or_insert_with(|| Ok(Vec::new()));
        match (known.as_mut(), event) {
            (Ok(events), Ok(event)) => events.push((Some(record.line), event)),
            (Ok(_), Err(trouble)) => *known = Err((Some(record.line), trouble)),
            (Err(_), _) => {}
        }
    }
    Some(Events(events))
}

fn kind(text: &str, mapping: &Mapping) -> Result<EventKind, Trouble> {
    let word = mapping.translate("kind", text)?;
    let expected = "a kind of event such as wheeze, fine_crackle or s1";
    EventKind::from_word(word).ok_or(Trouble::Value {
        field: "kind",
        expected,
    })
}
