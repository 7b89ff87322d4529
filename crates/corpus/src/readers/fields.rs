//! The text of a field comes in; a typed value, or what is wrong with it, goes out.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::{Fault, Trouble};
use crate::diagnosis::Diagnosis;
use crate::finding::Presence;
use crate::recording::{Event, EventKind, Sex};

/// Words that publishers write where they know nothing.
const MISSING: [&str; 6] = ["", "NA", "N/A", "nan", "NaN", "None"];

/// Whether the publisher says nothing here.
pub(super) fn is_missing(text: &str) -> bool {
    MISSING.contains(&text)
}

/// One of the documented codes.
pub(super) fn code<T: Clone>(
    text: &str,
    codes: &[(&str, T)],
    field: &'static str,
    expected: &'static str,
) -> Result<T, Trouble> {
    let known = codes.iter().find(|(code, _)| *code == text);
    known
        .map(|(_, value)| value.clone())
        .ok_or(Trouble::Value { field, expected })
}

/// One of the documented codes, or nothing.
pub(super) fn optional_code<T: Clone>(
    text: &str,
    codes: &[(&str, T)],
    field: &'static str,
    expected: &'static str,
) -> Result<Option<T>, Trouble> {
    if is_missing(text) {
        return Ok(None);
    }
    code(text, codes, field, expected).map(Some)
}

/// A number in a range, or nothing.
pub(super) fn number(
    text: &str,
    range: std::ops::RangeInclusive<f32>,
    field: &'static str,
    expected: &'static str,
) -> Result<Option<f32>, Trouble> {
    if is_missing(text) {
        return Ok(None);
    }
    let value = text.parse().ok().filter(|value| range.contains(value));
    value.map(Some).ok_or(Trouble::Value { field, expected })
}

/// Age in years, or nothing; 90 for whoever is older than 89.
pub(super) fn age(text: &str, field: &'static str) -> Result<Option<f32>, Trouble> {
    let years = number(text, 0.0..=130.0, field, "years, 0 to 130")?;
    Ok(years.map(top_coded))
}

/// Age in years from an age in days, or nothing.
pub(super) fn age_of_days(text: &str, field: &'static str) -> Result<Option<f32>, Trouble> {
    let days = number(text, 0.0..=47_482.0, field, "days, 0 to 47482 (130 years)")?;
    Ok(days.map(|days| top_coded(days / 365.25)))
}

/// 90 for every age above 89 (HIPAA Safe Harbor, 45 CFR 164.514(b)(2)(i)(C)).
pub(super) fn top_coded(years: f32) -> f32 {
    if years > 89.0 { 90.0 } else { years }
}

/// `M` or `F`, or nothing.
pub(super) fn sex_letter(text: &str, field: &'static str) -> Result<Option<Sex>, Trouble> {
    let codes = [("M", Sex::Male), ("F", Sex::Female)];
    optional_code(text, &codes, field, "M or F")
}

/// `1` or `0`.
pub(super) fn flag(text: &str, field: &'static str) -> Result<bool, Trouble> {
    code(text, &[("1", true), ("0", false)], field, "0 or 1")
}

/// Present or absent.
pub(super) const fn presence(present: bool) -> Presence {
    if present {
        Presence::Present
    } else {
        Presence::Absent
    }
}

/// The words of diagnoses, sorted, each once.
pub(super) fn diagnoses(stated: impl IntoIterator<Item = Diagnosis>) -> Vec<String> {
    let words: BTreeSet<&str> = stated.into_iter().map(Diagnosis::word).collect();
    words.into_iter().map(str::to_owned).collect()
}

/// An event from its start and end in s.
pub(super) fn event(start: &str, end: &str, kind: EventKind) -> Result<Event, Trouble> {
    event_of(start.parse().ok(), end.parse().ok(), kind)
}

/// An event from its start and end in s, where they are numbers.
pub(super) fn event_of(
    start: Option<f64>,
    end: Option<f64>,
    kind: EventKind,
) -> Result<Event, Trouble> {
    match (start, end) {
        (Some(start_s), Some(end_s)) if 0.0 <= start_s && start_s < end_s && end_s.is_finite() => {
            Ok(Event {
                start_s,
                end_s,
                kind,
            })
        }
        _ => Err(Trouble::Times),
    }
}

/// Events by start. The same event twice spoils them, as a row that was copied by mistake; the
/// line is that of the second.
pub(super) fn in_order(mut events: Vec<(Option<u64>, Event)>) -> Result<Vec<Event>, Fault> {
    events.sort_by(|(_, a), (_, b)| {
        let key = |event: &Event| (event.start_s, event.end_s);
        let by_time = key(a).partial_cmp(&key(b)).unwrap_or(Ordering::Equal);
        by_time.then_with(|| a.kind.cmp(&b.kind))
    });
    let twice = events.windows(2).find(|pair| pair[0].1 == pair[1].1);
    match twice {
        Some(pair) => Err((pair[0].0.max(pair[1].0), Trouble::Repeated)),
        None => Ok(events.into_iter().map(|(_, event)| event).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_over_89_are_one_age() {
        let ages = ["89", "89.5", "90", "104", "NA"].map(|text| age(text, "age").unwrap());
        assert_eq!(ages, [Some(89.0), Some(90.0), Some(90.0), Some(90.0), None]);
        for wrong in ["131", "-1", "inf", "40 years", "4O"] {
            assert!(age(wrong, "age").is_err(), "{wrong}");
        }
    }

    #[test]
    fn impossible_times_are_refused() {
        for (start, end) in [
            ("-1", "2"),
            ("2", "1"),
            ("1", "1"),
            ("NaN", "2"),
            ("0", "inf"),
            ("", "1"),
        ] {
            assert_eq!(event(start, end, EventKind::Wheeze), Err(Trouble::Times));
        }
    }
}
