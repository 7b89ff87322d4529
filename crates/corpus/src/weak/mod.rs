//! Weak supervision: recordings and what is measured on them come in; probabilistic labels that no
//! gold entered go out, with the coverage, conflict and estimated accuracy of what they come from.
//!
//! 1. [`gather`]: the [`Evidence`] of a recording, what may be known of it besides its gold. Sounds
//!    are measured, and heard by [`ForeignModel`]s, once and kept.
//! 2. [`functions`]: each votes on a finding, or not, by the columns that it declares, never by
//!    [`gold_columns`].
//! 3. [`VoteMatrix`] and [`summary`]: what they say, how much and how much against one another.
//! 4. [`models`]: from votes to probabilities.
//! 5. [`label`]: all of it, to a [`Table`]; [`table`] stores that as Parquet beside the manifest, and
//!    [`write()`] does so unless the file is there from the same inputs.

mod columns;
mod evidence;
mod foreign;
mod functions;
mod gather;
mod label;
pub mod models;
mod sound;
mod summary;
pub mod table;
mod votes;
mod write;

pub use columns::{Column, gold_columns};
pub use evidence::{Evidence, Opinion};
pub use foreign::{ForeignFinding, ForeignModel};
pub use functions::{LabellingFunction, functions};
pub use gather::{Item, gather};
pub use label::{
    DomainVotes, FindingVotes, FunctionFacts, FunctionReport, Options, Table, WeakLabel, label,
    votes,
};
pub use sound::SoundMeasures;
pub use summary::{Shares, Summary, accuracies, summary};
pub use votes::{ABSTAIN, VoteMatrix};
pub use write::{FunctionShares, LabelCount, Totals, write};
