//! One line of the file of reports.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::write::Options;
use crate::facts::{Facts, Mode};
use crate::recording::{DataSet, Recording, Split};

/// Version of grammar, prompt and verification: another one is another key.
pub(super) const VERSION: u32 = 3;

/// A report that passed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Opaque id of the recording.
    pub id: String,
    /// Opaque id of the person.
    pub subject: Option<String>,
    /// Unit of splitting.
    pub group: String,
    /// Where the recording comes from.
    pub data_set: DataSet,
    /// What it may be used for.
    pub split: Option<Split>,
    /// What the report may state.
    pub mode: Mode,
    /// The report.
    pub text: String,
    /// Who wrote it: `template`, or the name of the language model.
    pub source: String,
    /// Texts that the language model wrote: the last one passed, or, where the source is
    /// `template`, none did.
    pub tries: u32,
    /// The template report that the language model was given; none without one.
    pub template: Option<String>,
    /// What it states.
    pub facts: Facts,
    /// SHA-256 of all that the text depends on.
    pub key: String,
}

/// The source of a report that the grammar wrote.
pub(super) const TEMPLATE: &str = "template";

/// The hash of all that the report of a recording depends on.
pub(super) fn key(
    recording: &Recording,
    facts: &Facts,
    options: &Options,
    model: Option<&str>,
) -> String {
    let parts = serde_json::json!([
        VERSION,
        recording.id,
        recording.split,
        facts,
        options.mode,
        options.seed,
        options.tries,
        model
    ]);
    crate::ids::hex(&Sha256::digest(parts.to_string()))
}
