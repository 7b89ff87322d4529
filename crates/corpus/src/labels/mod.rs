//! Events of a recording to the label files of other programs, and back: Audacity label tracks,
//! Praat `TextGrid`s, Label Studio tasks. [`correct`] puts events that came back into a recording.
//!
//! Labels are the words of [`EventKind`]. A label that is none of them is refused with its place,
//! because an annotation that silently loses events would be believed.

use serde::{Deserialize, Serialize};

use crate::recording::{Event, EventKind, words};

mod audacity;
mod correct;
mod label_studio;
mod textgrid;

use std::fmt;

pub use correct::correct;

words! {
    /// The label files that are written and read.
    LabelFormat {
        /// Audacity label track: `start⇥end⇥label` in s, one event a line.
        Audacity = "audacity",
        /// Praat `TextGrid` in its long text form; long and short form are read.
        TextGrid = "textgrid",
        /// Label Studio: a JSON list of tasks with one annotation each.
        LabelStudio = "label-studio",
    }
}

/// Why a label file is no list of events.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("place {place}: expected {expected}")]
pub struct LabelError {
    /// The line, from 1, or in JSON the number of the label.
    pub place: usize,
    /// What is understood.
    pub expected: &'static str,
}

const KINDS: &str = "one of normal, wheeze, rhonchi, stridor, fine_crackle, coarse_crackle, \
     wheeze_and_crackle, crackle, inhalation, exhalation, s1, systole, s2, diastole";
const TIMES: &str = "0 <= start <= end in s";

impl LabelFormat {
    /// The ending of such a file, without the point.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Audacity => "txt",
            Self::TextGrid => "TextGrid",
            Self::LabelStudio => "json",
        }
    }

    /// The label file of the events of recording `id`, which lasts `seconds`. Audacity's times
    /// have six decimals, as the program writes them; the others are exact.
    pub fn write(self, id: &str, seconds: f64, events: &[Event]) -> String {
        match self {
            Self::Audacity => audacity::write(events),
            Self::TextGrid => textgrid::write(seconds, events),
            Self::LabelStudio => label_studio::write(id, events),
        }
    }

    /// The events of a label file, by start. UTF-8, or UTF-16 with a byte order mark (Praat).
    ///
    /// # Errors
    /// [`LabelError`] at the first place that is not as documented.
    pub fn read(self, bytes: &[u8]) -> Result<Vec<Event>, LabelError> {
        let text = text(bytes)?;
        let mut events = match self {
            Self::Audacity => audacity::read(&text),
            Self::TextGrid => textgrid::read(&text),
            Self::LabelStudio => label_studio::read(&text),
        }?;
        sort(&mut events);
        Ok(events)
    }
}

/// The order in which events are kept: by start, end, kind.
pub fn sort(events: &mut [Event]) {
    events.sort_by(|a, b| {
        let times = a
            .start_s
            .total_cmp(&b.start_s)
            .then(a.end_s.total_cmp(&b.end_s));
        times.then(a.kind.cmp(&b.kind))
    });
}

fn text(bytes: &[u8]) -> Result<String, LabelError> {
    let wide = |little: bool| {
        let units = bytes[2..].chunks_exact(2).map(|pair| {
            let pair = [pair[0], pair[1]];
            if little {
                u16::from_le_bytes(pair)
            } else {
                u16::from_be_bytes(pair)
            }
        });
        char::decode_utf16(units)
            .collect::<Result<String, _>>()
            .ok()
    };
    let text = match bytes {
        [0xff, 0xfe, ..] => wide(true),
        [0xfe, 0xff, ..] => wide(false),
        _ => std::str::from_utf8(bytes).ok().map(str::to_owned),
    };
    let text = text.ok_or(LabelError {
        place: 1,
        expected: "UTF-8, or UTF-16 with a byte order mark",
    })?;
    Ok(text
        .strip_prefix('\u{feff}')
        .map_or(text.clone(), str::to_owned))
}

/// One event, checked.
fn event(place: usize, start_s: f64, end_s: f64, label: &str) -> Result<Event, LabelError> {
    let wrong = |expected| LabelError { place, expected };
    // Not `!(start > end)`: NaN is no time.
    if !(0.0 <= start_s && start_s <= end_s && end_s.is_finite()) {
        return Err(wrong(TIMES));
    }
    let kind = EventKind::from_word(label.trim()).ok_or_else(|| wrong(KINDS))?;
    Ok(Event {
        start_s,
        end_s,
        kind,
    })
}
