//! A publisher's word for a device comes in, its kind goes out.

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::recording::words;

words! {
    /// The kind of a device, or the filter of an electronic stethoscope.
    Device {
        /// Filter that sounds like the bell: low frequencies.
        Bell = "bell",
        /// Filter that sounds like the diaphragm: high frequencies.
        Diaphragm = "diaphragm",
        /// Filter of extended range.
        Extended = "extended",
        /// Electronic stethoscope.
        Electronic = "electronic_stethoscope",
        /// Microphone coupled to the skin.
        Microphone = "microphone",
    }
}

impl Device {
    /// The kind of a device as data sets name it; none for what only names a database.
    pub fn of(published: &str) -> Option<Self> {
        match published.to_ascii_lowercase().as_str() {
            "bell" => Some(Self::Bell),
            "diaphragm" => Some(Self::Diaphragm),
            "extended" => Some(Self::Extended),
            // The devices of ICBHI 2017 and of CirCor DigiScope 2022.
            "meditron" | "littc2se" | "litt3200" | "littmann 3200" => Some(Self::Electronic),
            "akgc417l" => Some(Self::Microphone),
            _ => None,
        }
    }

    /// How a text names it after "recorded".
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Bell => "with the bell filter",
            Self::Diaphragm => "with the diaphragm filter",
            Self::Extended => "with the extended-range filter",
            Self::Electronic => "with an electronic stethoscope",
            Self::Microphone => "with a contact microphone",
        }
    }
}
