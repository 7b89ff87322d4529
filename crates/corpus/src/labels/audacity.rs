//! Audacity label tracks: start and end in s and the label, with tabs between. Equal times are a
//! point. A line that begins with a backslash gives the label above a band in Hz and is passed over
//! (Audacity manual, "Importing and Exporting Labels").

use std::fmt::Write as _;

use super::{LabelError, event};
use crate::recording::Event;

pub(super) fn write(events: &[Event]) -> String {
    let mut text = String::new();
    for Event {
        start_s,
        end_s,
        kind,
    } in events
    {
        writeln!(text, "{start_s:.6}\t{end_s:.6}\t{kind}").expect("a String takes all");
    }
    text
}

pub(super) fn read(text: &str) -> Result<Vec<Event>, LabelError> {
    let mut events = Vec::new();
    for (place, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() || line.starts_with('\\') {
            continue;
        }
        let wrong = LabelError {
            place,
            expected: "start, end and label with tabs between",
        };
        let fields: Vec<&str> = line.split('\t').collect();
        let &[start, end, label] = fields.as_slice() else {
            return Err(wrong);
        };
        let number = |text: &str| text.trim().parse::<f64>().map_err(|_| wrong.clone());
        events.push(event(place, number(start)?, number(end)?, label)?);
    }
    Ok(events)
}
