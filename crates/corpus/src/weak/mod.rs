//! Weak supervision: recordings and what is measured on them come in; probabilistic labels that no
//! gold entered go out, with the coverage, conflict and estimated accuracy of what they come from.
//!
//! - [`VoteMatrix`]: what labelling functions say of items.
//! - [`models`]: label models, from votes to probabilities.
//! - [`summary`]: coverage, overlap and conflict of the functions.

pub mod models;
mod summary;
mod votes;

pub use summary::{Shares, Summary, accuracies, summary};
pub use votes::{ABSTAIN, VoteMatrix};
