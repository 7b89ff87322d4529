//! A recording comes in; the phases of breathing in which its findings are heard go out.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::recording::{DataSet, Recording, words};

words! {
    /// A phase of breathing.
    Phase {
        /// Breathing in.
        Inspiratory = "inspiratory",
        /// Breathing out.
        Expiratory = "expiratory",
    }
}

impl Phase {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Inspiratory => Self::Expiratory,
            Self::Expiratory => Self::Inspiratory,
        }
    }
}

/// KAUH's labels (`inspiratory_crackles+expiratory_wheeze`) name phases; no other reader's do.
pub(super) fn of(recording: &Recording) -> BTreeSet<(Finding, Phase)> {
    let mut phases = BTreeSet::new();
    if recording.data_set != DataSet::Kauh {
        return phases;
    }
    for code in recording
        .record_class
        .as_deref()
        .unwrap_or_default()
        .split('+')
    {
        let finding = match code.rsplit('_').next() {
            Some("wheeze") => Finding::Wheeze,
            Some("crackles") => Finding::Discontinuous,
            _ => continue,
        };
        for &phase in Phase::ALL {
            if code.split('_').any(|word| word == phase.word()) {
                phases.insert((finding, phase));
            }
        }
    }
    phases
}
