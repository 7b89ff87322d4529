//! A recording comes in, the diagnoses of its subject that texts can name go out.

use std::collections::BTreeSet;

use crate::diagnosis::Diagnosis;
use crate::recording::Recording;
use crate::vocabulary::diagnosis_named;

/// The diagnoses of a recording's subject. Empty unless the vocabulary has all of them, since a text
/// with half of them would be believed.
pub(super) fn of(recording: &Recording) -> BTreeSet<Diagnosis> {
    let known: Option<BTreeSet<Diagnosis>> = recording
        .diagnoses
        .iter()
        .map(|code| diagnosis_named(code))
        .collect();
    known.unwrap_or_default()
}
