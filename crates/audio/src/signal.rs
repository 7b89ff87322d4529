//! The one type of sound in memory: mono samples and their rate.

/// The lowest accepted sampling rate, in Hz.
pub const MIN_RATE: u32 = 500;
/// The highest accepted sampling rate, in Hz.
pub const MAX_RATE: u32 = 192_000;

/// Mono sound.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// Samples, nominally in [-1, 1].
    pub samples: Vec<f32>,
    /// Sampling rate in Hz.
    pub rate: u32,
}

impl Signal {
    /// Duration in seconds.
    pub fn seconds(&self) -> f64 {
        self.samples.len() as f64 / f64::from(self.rate)
    }
}
