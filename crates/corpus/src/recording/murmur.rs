//! A heart murmur in the words in which `CirCor` `DigiScope` 2022 documents one: timing, shape, grade,
//! pitch, quality, and where on the chest it is heard.
//!
//! J. Oliveira et al., "The `CirCor` `DigiScope` Dataset: From Murmur Detection to Murmur
//! Classification", IEEE Journal of Biomedical and Health Informatics 26(6), 2022, section III.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::words;
use crate::site::Area;

words! {
    /// When in the heart cycle a murmur is heard.
    MurmurTiming {
        /// In systole; which part is not said.
        Systolic = "systolic",
        /// Early systole.
        EarlySystolic = "early_systolic",
        /// Mid systole.
        MidSystolic = "mid_systolic",
        /// Late systole.
        LateSystolic = "late_systolic",
        /// All of systole (pansystolic).
        Holosystolic = "holosystolic",
        /// In diastole; which part is not said.
        Diastolic = "diastolic",
        /// Early diastole.
        EarlyDiastolic = "early_diastolic",
        /// Mid diastole.
        MidDiastolic = "mid_diastolic",
        /// Late diastole (presystolic).
        LateDiastolic = "late_diastolic",
        /// All of diastole.
        Holodiastolic = "holodiastolic",
        /// Through systole into diastole.
        Continuous = "continuous",
    }
}

impl MurmurTiming {
    /// Whether it lies in systole alone.
    pub const fn is_systolic(self) -> bool {
        matches!(
            self,
            Self::Systolic
                | Self::EarlySystolic
                | Self::MidSystolic
                | Self::LateSystolic
                | Self::Holosystolic
        )
    }

    /// Whether it lies in diastole alone.
    pub const fn is_diastolic(self) -> bool {
        matches!(
            self,
            Self::Diastolic
                | Self::EarlyDiastolic
                | Self::MidDiastolic
                | Self::LateDiastolic
                | Self::Holodiastolic
        )
    }
}

words! {
    /// How the loudness of a murmur changes while it lasts.
    MurmurShape {
        /// Growing.
        Crescendo = "crescendo",
        /// Fading.
        Decrescendo = "decrescendo",
        /// Growing, then fading (crescendo-decrescendo).
        Diamond = "diamond",
        /// Even.
        Plateau = "plateau",
    }
}

words! {
    /// Loudness. Systolic murmurs are graded of six (Levine), diastolic ones of four. `CirCor`
    /// writes `III/VI` for three or louder.
    MurmurGrade {
        /// 1 of 6.
        Grade1Of6 = "I/VI",
        /// 2 of 6.
        Grade2Of6 = "II/VI",
        /// 3 of 6.
        Grade3Of6 = "III/VI",
        /// 4 of 6.
        Grade4Of6 = "IV/VI",
        /// 5 of 6.
        Grade5Of6 = "V/VI",
        /// 6 of 6.
        Grade6Of6 = "VI/VI",
        /// 1 of 4.
        Grade1Of4 = "I/IV",
        /// 2 of 4.
        Grade2Of4 = "II/IV",
        /// 3 of 4.
        Grade3Of4 = "III/IV",
        /// 4 of 4.
        Grade4Of4 = "IV/IV",
    }
}

words! {
    /// Pitch of a murmur.
    MurmurPitch {
        /// Low.
        Low = "low",
        /// Medium.
        Medium = "medium",
        /// High.
        High = "high",
    }
}

words! {
    /// Character of a murmur.
    MurmurQuality {
        /// Blowing.
        Blowing = "blowing",
        /// Harsh.
        Harsh = "harsh",
        /// Musical.
        Musical = "musical",
        /// Rumbling.
        Rumbling = "rumbling",
    }
}

/// A murmur that is present. What the publisher does not say is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Murmur {
    /// When in the heart cycle.
    pub timing: MurmurTiming,
    /// Change of loudness.
    pub shape: Option<MurmurShape>,
    /// Loudness.
    pub grade: Option<MurmurGrade>,
    /// Pitch.
    pub pitch: Option<MurmurPitch>,
    /// Character.
    pub quality: Option<MurmurQuality>,
    /// Where the subject's murmur is heard, in the order of [`Area`]; empty where it is not said.
    pub heard_at: Vec<Area>,
    /// Where it is heard best.
    pub loudest_at: Option<Area>,
}

impl Murmur {
    /// A murmur of which only the timing is known.
    pub const fn of(timing: MurmurTiming) -> Self {
        Self {
            timing,
            shape: None,
            grade: None,
            pitch: None,
            quality: None,
            heard_at: Vec::new(),
            loudest_at: None,
        }
    }
}
