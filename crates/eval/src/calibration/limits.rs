//! In: rates of error. Out: `ErrorLimits`, which decides whether a number of wrong answers is allowed.

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::intervals::clopper_pearson_upper;

/// The errors allowed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ErrorLimits {
    /// Most positives that may be called absent, as share of all positives.
    pub miss_rate: f64,
    /// Most negatives that may be called present, as share of all negatives.
    pub false_alarm_rate: f64,
    /// Most wrong answers among those called absent, and among those called present.
    pub error_among_decided: f64,
    /// If set, [`Self::error_among_decided`] must hold for the exact one-sided upper bound at this
    /// confidence, not only for the share counted. The bound takes recordings as independent.
    pub confidence: Option<f64>,
}

impl Default for ErrorLimits {
    /// 10 % each, as counted.
    fn default() -> Self {
        Self {
            miss_rate: 0.1,
            false_alarm_rate: 0.1,
            error_among_decided: 0.1,
            confidence: None,
        }
    }
}

impl ErrorLimits {
    pub(super) fn check(&self) -> Result<(), Error> {
        for (name, value) in [
            ("miss_rate", self.miss_rate),
            ("false_alarm_rate", self.false_alarm_rate),
            ("error_among_decided", self.error_among_decided),
        ] {
            if !(0.0..=1.0).contains(&value) {
                return Err(Error::Option {
                    name,
                    value,
                    accepted: "a share from 0 to 1",
                });
            }
        }
        match self.confidence {
            Some(level) if !(level > 0.0 && level < 1.0) => Err(Error::Option {
                name: "confidence",
                value: level,
                accepted: "a level between 0 and 1",
            }),
            _ => Ok(()),
        }
    }

    /// Whether `wrong` of `called` answers, out of `kind` recordings that could have been wrong,
    /// are within the limits.
    pub(super) fn allow(&self, wrong: usize, called: usize, kind: usize, rate: f64) -> bool {
        let share = match self.confidence {
            None => wrong as f64 / called as f64,
            Some(level) => clopper_pearson_upper(wrong, called, level).unwrap_or(1.0),
        };
        share <= self.error_among_decided && wrong as f64 <= rate * kind as f64
    }
}
