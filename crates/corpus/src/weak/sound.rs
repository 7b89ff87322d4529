//! A signal comes in; the few numbers of it that labelling functions read go out.

use laennec_audio::Signal;
use laennec_audio::measures::{rhythm, ridges, transients};
use serde::{Deserialize, Serialize};

/// Raised when the same sound gives other numbers: what was kept is then measured again.
pub(super) const VERSION: u32 = 1;

/// The shortest ridge counted as high-pitched, in s, and from which frequency, in Hz.
const HIGH_RIDGE: (f64, f64) = (0.1, 250.0);
/// The length of time in which transients make a burst, in s.
const BURST_S: f64 = 0.25;

/// Measures of a recording's sound; see [`laennec_audio::measures`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SoundMeasures {
    /// Duration, in s.
    pub seconds: f64,
    /// Rate of the file, in Hz.
    pub rate_hz: u32,
    /// Length of all tonal ridges together, in s.
    pub ridge_s: f64,
    /// How far the clearest ridge stands out, in dB; 0 without any.
    pub ridge_db: f64,
    /// Ridges of 100 ms and more at 250 Hz and above.
    pub high_ridges: usize,
    /// Transients in a second.
    pub transients_per_s: f64,
    /// The most transients within 250 ms.
    pub burst: usize,
    /// Strength of the rhythm, see [`laennec_audio::measures::Rhythm`].
    pub rhythm: Option<f64>,
    /// Cycles in a minute, where there is a rhythm.
    pub per_minute: Option<f64>,
    /// Level between beats, in dB, where there is a rhythm.
    pub between_db: Option<f64>,
}

impl SoundMeasures {
    /// Measures a signal of any length.
    pub fn of(signal: &Signal) -> Self {
        let ridges = ridges(signal);
        let transients = transients(signal);
        let rhythm = rhythm(signal);
        let seconds = signal.seconds();
        let burst = transients.iter().map(|first| {
            let within = |at: f64| (first.at_s..first.at_s + BURST_S).contains(&at);
            transients.iter().filter(|other| within(other.at_s)).count()
        });
        let high = ridges
            .iter()
            .filter(|ridge| ridge.seconds >= HIGH_RIDGE.0 && ridge.hz >= HIGH_RIDGE.1);
        Self {
            seconds,
            rate_hz: signal.rate,
            ridge_s: ridges.iter().map(|ridge| ridge.seconds).sum(),
            ridge_db: ridges
                .iter()
                .fold(0.0, |most, ridge| ridge.prominence_db.max(most)),
            high_ridges: high.count(),
            transients_per_s: if seconds > 0.0 {
                transients.len() as f64 / seconds
            } else {
                0.0
            },
            burst: burst.max().unwrap_or(0),
            rhythm: rhythm.map(|rhythm| rhythm.strength),
            per_minute: rhythm.map(|rhythm| 60.0 / rhythm.cycle_s),
            between_db: rhythm.map(|rhythm| rhythm.between_db),
        }
    }
}
