//! In: a figure, its interval and what it was measured on. Out: an `Estimate` that prints as
//! `0.912 [0.880, 0.941] (n = 443, 50 patients)`.

use serde::{Deserialize, Serialize};

/// A two-sided confidence interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// What the resampled groups are, for the words beside a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// Persons.
    Patients,
    /// Runs of neighbouring recordings, where the persons are unknown.
    Blocks,
    /// Single recordings: intervals are optimistic if a person has several.
    Recordings,
}

impl GroupKind {
    fn word(self, count: usize) -> &'static str {
        match (self, count) {
            (Self::Patients, 1) => "patient",
            (Self::Patients, _) => "patients",
            (Self::Blocks, 1) => "block",
            (Self::Blocks, _) => "blocks",
            (Self::Recordings, 1) => "recording",
            (Self::Recordings, _) => "recordings",
        }
    }
}

/// A figure with its interval, the number of observations and of independent groups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The figure on the data as they are.
    pub value: f64,
    /// Its interval; absent where the data do not give one.
    pub interval: Option<Interval>,
    /// Number of observations.
    pub n: usize,
    /// Number of groups that were resampled.
    pub groups: usize,
    /// What a group is.
    pub kind: GroupKind,
    /// Resamples on which the figure was not defined and which are left out of the interval.
    pub degenerate: usize,
}

impl std::fmt::Display for Estimate {
    /// Writes the value, the interval and, in brackets, the counts. `{:#}` leaves the counts out;
    /// a precision (`{:.2}`) sets the decimals, 3 otherwise.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let decimals = f.precision().unwrap_or(3);
        write!(f, "{:.decimals$}", self.value)?;
        match self.interval {
            Some(Interval { low, high }) => write!(f, " [{low:.decimals$}, {high:.decimals$}]")?,
            None => write!(f, " [no interval]")?,
        }
        if f.alternate() {
            return Ok(());
        }
        if self.kind == GroupKind::Recordings && self.n == self.groups {
            return write!(f, " (n = {})", self.n);
        }
        let word = self.kind.word(self.groups);
        write!(f, " (n = {}, {} {word})", self.n, self.groups)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_value_interval_and_counts() {
        let mut estimate = Estimate {
            value: 0.9124,
            interval: Some(Interval {
                low: 0.88,
                high: 0.9411,
            }),
            n: 443,
            groups: 50,
            kind: GroupKind::Patients,
            degenerate: 0,
        };
        assert_eq!(
            estimate.to_string(),
            "0.912 [0.880, 0.941] (n = 443, 50 patients)"
        );
        assert_eq!(format!("{estimate:#.2}"), "0.91 [0.88, 0.94]");
        estimate.interval = None;
        estimate.groups = 1;
        assert_eq!(
            estimate.to_string(),
            "0.912 [no interval] (n = 443, 1 patient)"
        );
    }
}
