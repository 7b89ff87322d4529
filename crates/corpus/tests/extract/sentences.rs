//! The sentences of `fixtures/sentences`, with what each states: one JSON object a line.
//!
//! `report`, `general`, `clinician`, `lung`, `heart` and `clinical` were written before the rules
//! that they test; `independent` by another hand, who did not see the rules, and whose sentences
//! were not read while the rules were made. `SHA256SUMS` freezes them all.

use std::fs;
use std::path::PathBuf;

use laennec_corpus::{Finding, Presence, Site};
use serde::Deserialize;

/// The files, without `.jsonl`.
pub(crate) const FILES: [&str; 15] = [
    "clinical_ja",
    "clinician_en",
    "general_en",
    "heart_en",
    "independent2_en",
    "independent2_ja",
    "independent3_en",
    "independent3_ja",
    "independent4_en",
    "independent4_ja",
    "independent_en",
    "independent_ja",
    "lung_en",
    "report_en",
    "report_ja",
];

/// A text and what it states.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) text: String,
    pub(crate) findings: Vec<Stated>,
}

/// A finding that a text states, with the site where it is stated of the finding.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stated {
    pub(crate) finding: Finding,
    pub(crate) presence: Presence,
    pub(crate) site: Option<Site>,
    pub(crate) murmur: Option<StatedMurmur>,
}

/// The attributes of a murmur, in the terms of `CirCor DigiScope`; a grade is `3/6` or `3`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatedMurmur {
    pub(crate) timing: Option<String>,
    pub(crate) shape: Option<String>,
    pub(crate) grade: Option<String>,
    pub(crate) pitch: Option<String>,
    pub(crate) quality: Option<String>,
}

/// The bytes of a file of sentences or of `SHA256SUMS`.
pub(crate) fn bytes(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sentences");
    let path = folder.join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The sentences of one file.
pub(crate) fn cases(file: &str) -> Vec<Case> {
    let text = String::from_utf8(bytes(&format!("{file}.jsonl"))).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{file}: {error}")))
        .collect()
}
