//! Annotated intervals of a recording: breaths, adventitious sounds, the parts of a heart cycle.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::words;

words! {
    /// The kind of an annotated interval.
    EventKind {
        /// A breath without adventitious sound.
        Normal = "normal",
        /// Wheeze.
        Wheeze = "wheeze",
        /// Rhonchi.
        Rhonchi = "rhonchi",
        /// Stridor.
        Stridor = "stridor",
        /// Fine crackle.
        FineCrackle = "fine_crackle",
        /// Coarse crackle.
        CoarseCrackle = "coarse_crackle",
        /// Wheeze and crackle at once, or in the same annotated breath.
        WheezeAndCrackle = "wheeze_and_crackle",
        /// Crackle of which fine or coarse is not said (ICBHI, HF Lung).
        Crackle = "crackle",
        /// Breathing in; says nothing of adventitious sounds.
        Inhalation = "inhalation",
        /// Breathing out; says nothing of adventitious sounds.
        Exhalation = "exhalation",
        /// First heart sound.
        S1 = "s1",
        /// From the first to the second heart sound.
        Systole = "systole",
        /// Second heart sound.
        S2 = "s2",
        /// From the second to the next first heart sound.
        Diastole = "diastole",
    }
}

impl EventKind {
    /// Whether it is a continuous adventitious sound (CAS).
    pub const fn is_continuous(self) -> bool {
        matches!(
            self,
            Self::Wheeze | Self::Rhonchi | Self::Stridor | Self::WheezeAndCrackle
        )
    }

    /// Whether it is a discontinuous adventitious sound (DAS).
    pub const fn is_discontinuous(self) -> bool {
        matches!(
            self,
            Self::FineCrackle | Self::CoarseCrackle | Self::Crackle | Self::WheezeAndCrackle
        )
    }

    /// Whether it is an adventitious lung sound of any kind.
    pub const fn is_adventitious(self) -> bool {
        self.is_continuous() || self.is_discontinuous()
    }

    /// Whether it is a phase of breathing, annotated whatever is heard in it.
    pub const fn is_breath_phase(self) -> bool {
        matches!(self, Self::Inhalation | Self::Exhalation)
    }

    /// Whether it is a part of the heart cycle.
    pub const fn is_heart_cycle(self) -> bool {
        matches!(self, Self::S1 | Self::Systole | Self::S2 | Self::Diastole)
    }
}

/// An annotated interval of a recording. What it encloses depends on the data set: the sound
/// itself, or the whole breath in which it is heard (ICBHI, `SPRSound`).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Start from the beginning of the recording, in s.
    pub start_s: f64,
    /// End from the beginning of the recording, in s; after the start, or equal to it where the
    /// publisher marks a point (heart sounds of PASCAL CHSC).
    pub end_s: f64,
    /// What is heard there.
    pub kind: EventKind,
}
