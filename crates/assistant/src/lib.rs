//! One recording and a bundle to an analysis: quality, domain, findings, events, report.
//!
//! 1. A [`Listener`] (the networks of a bundle) says what it hears, as calibrated numbers.
//! 2. [`analyze`] turns them into an [`Analysis`]: four-way answers with the thresholds of the
//!    bundle's [`BundleCard`], and a template report.
//! 3. [`verify`] reads a report back and compares it with the findings; [`reword`] lets a language
//!    model reword the report and shows the result only if it says exactly the same.
#![forbid(unsafe_code)]

pub mod analysis;
mod analyze;
pub mod bundle;
pub mod card;
pub mod decide;
mod error;
pub mod identity;
mod judge;
mod listener;
mod report;
pub mod reword;
mod schema;
mod signal_checks;
pub mod verify;
pub mod windows;
pub mod wording;

pub use analysis::{Analysis, Quality, RESEARCH_USE};
pub use analyze::{AnalyzeOptions, Listened, Source, analyze};
pub use card::{BundleCard, ClassCount, FindingRule, Gates, StatedErrors, TrainingSource};
pub use error::Error;
pub use listener::{FindingScore, Heard, Listener, TimedEvent};
pub use report::template;
pub use reword::{Rewording, reword};

/// The JSON Schema of [`Analysis`].
pub fn json_schema() -> schemars::Schema {
    schemars::schema_for!(Analysis)
}
