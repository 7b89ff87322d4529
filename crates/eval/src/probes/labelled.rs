//! In: features, classes and patients. Out: the labelled set that probes are fitted on.

use std::collections::HashSet;

use crate::matrix::Matrix;

/// A labelled set: features `[observations, features]`, class and group of every row.
#[derive(Debug, Clone, PartialEq)]
pub struct Labelled {
    /// Features, `[observations, features]`.
    pub features: Matrix,
    /// Class of every observation.
    pub classes: Vec<usize>,
    /// Patient or block of every observation.
    pub groups: Vec<usize>,
}

impl Labelled {
    /// The given observations.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        Self {
            features: self.features.select(rows),
            classes: rows.iter().map(|&row| self.classes[row]).collect(),
            groups: rows.iter().map(|&row| self.groups[row]).collect(),
        }
    }

    /// Number of groups that have an observation of `class`.
    pub fn patients_with(&self, class: usize) -> usize {
        let groups: HashSet<usize> = self
            .groups
            .iter()
            .zip(&self.classes)
            .filter(|&(_, &c)| c == class)
            .map(|(&group, _)| group)
            .collect();
        groups.len()
    }

    /// Number of observations.
    pub fn len(&self) -> usize {
        self.classes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }
}
