//! Models that learned on other data sets, as labelling functions: this crate says what it needs of
//! one, the program brings it.

use laennec_audio::Signal;

use crate::finding::Finding;
use crate::recording::{DataSet, Domain};

/// A model whose predictions may vote on data sets that it has not learned from.
pub trait ForeignModel: Sync {
    /// Its name in tables: short, lower case.
    fn name(&self) -> &str;

    /// A hash of its weights: what changes when its predictions do.
    fn weights(&self) -> &str;

    /// The data sets whose gold it learned from, calibrated on or chose thresholds on. It is never
    /// asked about them.
    fn learned_from(&self) -> &[DataSet];

    /// The findings that it votes on, and from which probability on it votes.
    fn findings(&self) -> Vec<ForeignFinding>;

    /// Its probability of each of [`ForeignModel::findings`], in that order, for a recording.
    ///
    /// # Errors
    /// What went wrong, in words.
    fn probabilities(&self, signal: &Signal) -> Result<Vec<f64>, String>;
}

/// A finding that a foreign model votes on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ForeignFinding {
    /// The finding.
    pub finding: Finding,
    /// The recordings that it votes on.
    pub domain: Domain,
    /// At this probability and above it votes for presence.
    pub present_at: f64,
    /// Below this one it votes for absence; in between it abstains.
    pub absent_below: f64,
}
