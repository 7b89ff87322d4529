//! What is known about recordings: data sets as published come in; typed recordings, patient-safe
//! splits, a manifest and clinical findings extracted from text go out.
//!
//! 1. [`readers`] read the layout a data set was published in into [`Recording`]s, and say what
//!    they could not read.
//! 2. [`split`] gives each recording to training, calibration, validation or test, so that no
//!    subject is in two of them, and refuses leakage.
//! 3. [`check`] finds sounds that occur twice, contradict each other, are silent or clipped, and
//!    values that may identify a person.
//! 4. [`manifest`] stores recordings as Parquet and reads them back.
//! 5. [`labels`] exchanges events with Audacity, Praat and Label Studio.
//! 6. [`vocabulary`] has the terms of each [`Finding`]; [`extract`] finds them, with presence and
//!    [`Site`], in clinical English and Japanese.
//! 7. [`facts`] are what a text may state of a recording; [`verify`] reads a text back and says how
//!    it differs; [`reports`], [`instructions`] and [`preferences`]
//!    are written with both. A language model comes in as a
//!    [`TextGenerator`] that the program joins.
//! 8. [`weak`] makes probabilistic labels out of what is not gold.
//!
//! Nothing here stores a file name, a path or a publisher's patient number: recordings and
//! subjects carry opaque ids (see [`ids`]).
#![forbid(unsafe_code)]

mod beside;
pub mod check;
pub mod diagnosis;
mod error;
mod extract;
pub mod facts;
pub mod finding;
pub mod fingerprint;
mod generator;
pub mod identity;
pub mod ids;
pub mod instructions;
pub mod labels;
pub mod manifest;
mod output;
pub mod place;
pub mod preferences;
mod probe;
pub mod readers;
pub mod recording;
pub mod reports;
pub mod site;
pub mod split;
pub mod verify;
pub mod vocabulary;
pub mod weak;
pub mod wording;

pub use diagnosis::Diagnosis;
pub use error::Error;
pub use extract::{Extracted, extract, extract_in, sites_named};
pub use finding::{Finding, Presence};
pub use fingerprint::Fingerprint;
pub use generator::{GenerateError, Generated, Prompt, TextGenerator, Tokens};
pub use output::{Counts, Written, made_here};
pub use readers::{Import, Progress, Reading, read, read_data_folder};
pub use recording::{
    DataSet, Domain, Event, EventKind, Level, Located, Manoeuvre, Murmur, MurmurGrade, MurmurPitch,
    MurmurQuality, MurmurShape, MurmurTiming, OfficialSplit, Outcome, Provenance, Quality,
    Recording, Sex, Split,
};
pub use site::Site;
pub use split::SPLIT_SEED;
