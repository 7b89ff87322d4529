//! In: how many recordings got which answer, and how many of those were wrong. Out: coverage and
//! error rates.

use serde::{Deserialize, Serialize};

use crate::metrics::Undefined;

/// What thresholds do on a set of labelled recordings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionCounts {
    /// Recordings.
    pub total: usize,
    /// Recordings with the finding.
    pub positives: usize,
    /// Answered absent.
    pub absent: usize,
    /// Answered absent, but the finding is there.
    pub missed: usize,
    /// Answered present.
    pub present: usize,
    /// Answered present, but the finding is not there.
    pub false_alarms: usize,
}

impl DecisionCounts {
    /// Share of the recordings that got an answer other than uncertain.
    pub fn coverage(&self) -> Result<f64, Undefined> {
        share(self.absent + self.present, self.total, "counted")
    }

    /// Share of wrong answers among those.
    pub fn error(&self) -> Result<f64, Undefined> {
        let wrong = self.missed + self.false_alarms;
        share(wrong, self.absent + self.present, "decided")
    }

    /// Share of the positives that were called absent.
    pub fn miss_rate(&self) -> Result<f64, Undefined> {
        share(self.missed, self.positives, "positive")
    }

    /// Share of the negatives that were called present.
    pub fn false_alarm_rate(&self) -> Result<f64, Undefined> {
        share(self.false_alarms, self.total - self.positives, "negative")
    }
}

fn share(part: usize, whole: usize, kind: &'static str) -> Result<f64, Undefined> {
    if whole == 0 {
        Err(Undefined::NoneOf(kind))
    } else {
        Ok(part as f64 / whole as f64)
    }
}
