//! Text that may identify a person, found by its form: dates, long numbers, addresses, free text.
//!
//! Readers store only words they know. This is the second gate: no value passes into a recording,
//! and none stays in a manifest unnoticed, that could be a name with a birth date, a record or
//! serial number, a telephone number, an address or a sentence.

use crate::diagnosis::Diagnosis;
use crate::finding::Finding;
use crate::ids;
use crate::recording::{EventKind, Recording};

/// Longest value that is a code, in characters.
const LONGEST: usize = 64;
/// Words of a code; more is free text.
const MOST_WORDS: usize = 8;
/// Digits in a row that a code may have; serial numbers, years of birth and dates have more.
const MOST_DIGITS: usize = 3;
/// Numbers of more digits that are models of stethoscopes (3M Littmann 3200 and 4100).
const MODELS: [&str; 2] = ["3200", "4100"];

/// What makes a value identifying.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Identifying {
    /// Four digits or more in a row: a year, a serial or record number.
    Number,
    /// Three numbers with the same mark between them, or a number beside the name of a month.
    Date,
    /// `@`, `://` or a path.
    Address,
    /// More words than a code has.
    FreeText,
    /// An id that is not opaque.
    Id,
    /// An age above 90, which stands for all above 89.
    Age,
}

/// What makes a text that should be a code identifying; none for a code.
pub fn of_text(text: &str) -> Option<Identifying> {
    if text.contains(['@', '\\', '/']) {
        return Some(Identifying::Address);
    }
    if has_date(text) {
        return Some(Identifying::Date);
    }
    let long = |digits: &str| digits.chars().count() > MOST_DIGITS && !MODELS.contains(&digits);
    if text.split(|c: char| !c.is_numeric()).any(long) {
        return Some(Identifying::Number);
    }
    let words = text.split_whitespace().count();
    let sentence = text.contains(['.', ';', '!', '?', '"', '\n', '\t']) || text.contains(", ");
    (sentence || words > MOST_WORDS || text.chars().count() > LONGEST)
        .then_some(Identifying::FreeText)
}

/// Numbers such as `3-5-61` or `3.5.61`, or a month with a number beside it.
fn has_date(text: &str) -> bool {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let lower = text.to_lowercase();
    let parts: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect();
    let is_number = |part: &str| part.chars().all(char::is_numeric);
    let is_month = |part: &str| MONTHS.iter().any(|month| part.starts_with(month));
    let in_a_row = parts
        .windows(3)
        .any(|three| three.iter().all(|part| is_number(part)));
    let beside = parts.windows(2).any(|two| {
        let day = |part: &str| {
            part.trim_end_matches(['s', 't', 'n', 'd', 'r', 'h', '.'])
                .parse::<u32>()
        };
        (is_month(two[0]) && day(two[1]).is_ok()) || (day(two[0]).is_ok() && is_month(two[1]))
    });
    in_a_row || beside
}

/// Whether an id says nothing: sixteen hex digits, or a block of neighbours
/// (`training-a/block-001`).
pub fn is_opaque(id: &str) -> bool {
    let hex = id.len() == ids::LENGTH && id.chars().all(|c| c.is_ascii_hexdigit());
    let block = id.strip_prefix("training-").is_some_and(|rest| {
        let (database, block) = rest.split_once("/block-").unwrap_or_default();
        database.len() == 1
            && block.len() == 3
            && database.chars().all(|c| c.is_ascii_lowercase())
            && block.chars().all(|c| c.is_ascii_digit())
    });
    hex || block
}

/// Words of devices and labels that are no names of persons, beside our own.
const COMMON: &[&str] = &[
    "3m",
    "akg",
    "android",
    "bell",
    "diaphragm",
    "digital",
    "digiscope",
    "eko",
    "extended",
    "iphone",
    "jabes",
    "littmann",
    "meditron",
    "microphone",
    "phone",
    "stethoscope",
    "thinklabs",
    "welch",
    "allyn",
    "abnormal",
    "absent",
    "both",
    "cough",
    "covid",
    "crackle",
    "crackles",
    "extrasystole",
    "fine",
    "coarse",
    "healthy",
    "heart",
    "lung",
    "murmur",
    "negative",
    "none",
    "normal",
    "other",
    "positive",
    "present",
    "sound",
    "sounds",
    "unknown",
    "wheezes",
    "wheezing",
];

/// Whether every word of a text is one of ours (findings, events, diagnoses) or of devices and
/// labels in general; numbers and single letters aside.
pub(crate) fn is_known(text: &str) -> bool {
    let ours = |word: &str| {
        let part = |known: &str| known.split('_').any(|part| part == word);
        Finding::ALL.iter().any(|finding| part(finding.word()))
            || EventKind::ALL.iter().any(|kind| part(kind.word()))
            || Diagnosis::ALL
                .iter()
                .any(|diagnosis| part(diagnosis.word()))
            || COMMON.contains(&word)
    };
    let lower = text.to_lowercase();
    lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() > 1 && !word.chars().all(char::is_numeric))
        .all(ours)
}

/// The columns of a recording that may identify a person, and how.
pub fn of_recording(recording: &Recording) -> Vec<(&'static str, Identifying)> {
    let mut found = Vec::new();
    for (column, id) in [
        ("id", Some(&recording.id)),
        ("subject", recording.subject.as_ref()),
        ("group", Some(&recording.group)),
    ] {
        if id.is_some_and(|id| !is_opaque(id)) {
            found.push((column, Identifying::Id));
        }
    }
    for (column, text) in [
        ("device", recording.device.as_deref()),
        ("record_class", recording.record_class.as_deref()),
        ("licence", Some(recording.licence.as_str())),
    ] {
        found.extend(text.and_then(of_code(column)).map(|how| (column, how)));
    }
    let diagnoses = recording.diagnoses.iter();
    found.extend(diagnoses.filter_map(|code| Some(("diagnoses", of_text(code)?))));
    if recording.age_years.is_some_and(|age| age > 90.0) {
        found.push(("age_years", Identifying::Age));
    }
    found
}

/// Licences have version numbers (`CC-BY-4.0`), no other column has.
fn of_code(column: &str) -> fn(&str) -> Option<Identifying> {
    if column == "licence" {
        |text| {
            of_text(text).filter(|how| !matches!(how, Identifying::FreeText) || text.contains(' '))
        }
    } else {
        of_text
    }
}

/// Takes what may identify a person out of the columns that hold a publisher's codes, and gives
/// the names of those columns.
pub(crate) fn remove(recording: &mut Recording) -> Vec<&'static str> {
    let mut removed = Vec::new();
    for (column, text) in [
        ("device", &mut recording.device),
        ("record_class", &mut recording.record_class),
    ] {
        if text.as_deref().and_then(of_text).is_some() {
            *text = None;
            removed.push(column);
        }
    }
    let before = recording.diagnoses.len();
    recording.diagnoses.retain(|code| of_text(code).is_none());
    if recording.diagnoses.len() < before {
        removed.push("diagnoses");
    }
    if of_code("licence")(&recording.licence).is_some() {
        recording
            .data_set
            .licence()
            .clone_into(&mut recording.licence);
        removed.push("licence");
    }
    if let Some(age) = recording.age_years.as_mut().filter(|age| **age > 90.0) {
        *age = 90.0;
    }
    removed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_the_data_sets_pass() {
        for code in [
            "CAS & DAS",
            "Late Diastolic Murmur + Rhonchi",
            "inspiratory_expiratory_wheeze",
            "training-a",
            "Litt3200",
            "copd",
            "call-center",
            "AKGC417L",
            "heart_failure",
        ] {
            assert_eq!(of_text(code), None, "{code}");
        }
        assert!(is_opaque("f9dbe7c41063fd50") && is_opaque("training-e/block-039"));
        for licence in [
            "CC-BY-4.0",
            "ODC-By-1.0",
            "MIT",
            "OGL-UK-3.0",
            "CC-BY-NC-4.0",
            "NOASSERTION",
        ] {
            assert_eq!(of_code("licence")(licence), None, "{licence}");
        }
    }

    #[test]
    fn what_identifies_is_told_by_its_form() {
        for (text, how) in [
            ("born 3.5.61", Identifying::Date),
            ("1961-05-03", Identifying::Date),
            ("3rd May", Identifying::Date),
            ("SN 0048812", Identifying::Number),
            ("anna@example.org", Identifying::Address),
            ("/home/anna/a.wav", Identifying::Address),
            (
                "Anna said that it hurts, since Monday",
                Identifying::FreeText,
            ),
        ] {
            assert_eq!(of_text(text), Some(how), "{text}");
        }
        for id in [
            "",
            "patient 7",
            "41043478_7.8_1",
            "F9",
            "training-a/block-1",
        ] {
            assert!(!is_opaque(id), "{id}");
        }
    }
}
