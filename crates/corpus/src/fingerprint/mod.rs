//! What stays the same when a sound is copied at another level, rate or format, and the search
//! for such copies.
//!
//! A [`Fingerprint`] has 16 bits for each 64 ms ([`laennec_audio::fingerprint`]).
//! [`near_duplicates`] finds the pairs whose bits agree over their common part.

use laennec_audio::Signal;
use serde::{Deserialize, Serialize};

mod search;

pub(crate) use search::pairs_of;
pub use search::{Near, near_duplicates};

/// The fingerprint of a sound, 16 bits a step of 64 ms; empty where the sound is shorter than 0.9 s
/// or without change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub Vec<u16>);

/// How well two fingerprints agree, one laid over the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// Share of bits that differ: 0 for the same sound, about 0.45 for two sounds of one kind.
    pub bit_error_rate: f64,
    /// Steps compared: those that both have and in which one at least has any bit set.
    pub steps: usize,
}

impl Fingerprint {
    /// The fingerprint of a signal.
    ///
    /// # Errors
    /// [`laennec_audio::Error::Rate`] for a rate outside 500 Hz to 192 kHz.
    pub fn of(signal: &Signal) -> Result<Self, laennec_audio::Error> {
        laennec_audio::fingerprint::fingerprint(signal).map(Self)
    }

    /// Lays `other` over this one so that its first step meets step `shift` of this one.
    pub fn agreement(&self, other: &Self, shift: isize) -> Agreement {
        let mine = &self.0[shift.max(0).unsigned_abs().min(self.0.len())..];
        let theirs = &other.0[shift.min(0).unsigned_abs().min(other.0.len())..];
        let (mut wrong, mut steps) = (0_u32, 0_usize);
        for (a, b) in mine.iter().zip(theirs) {
            // Where both are silent nothing is compared.
            if a | b != 0 {
                wrong += (a ^ b).count_ones();
                steps += 1;
            }
        }
        Agreement {
            bit_error_rate: f64::from(wrong) / (16 * steps.max(1)) as f64,
            steps,
        }
    }
}
