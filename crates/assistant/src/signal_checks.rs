//! What the samples themselves forbid: a signal comes in, facts, remarks and the reasons why it
//! cannot be judged go out. No network is asked.

use laennec_audio::Signal;
use laennec_audio::measures::{FLOOR_DBFS, SILENCE_DBFS, measure};

use crate::analysis::RecordingFacts;

/// Shorter signals are not judged, in seconds.
pub(crate) const SHORTEST_S: f64 = 1.0;

/// From this share of silent frames on the signal is not judged.
const MOSTLY_SILENT: f32 = 0.9;

/// From this share of clipped samples on the signal is not judged. Of the recordings of SPRSound
/// and PhysioNet 2016 none has as much.
const HEAVILY_CLIPPED: f32 = 0.1;

/// From this share of clipped samples on the clipping is mentioned.
const CLIPPED: f32 = 0.005;

/// From this prominence on mains hum is mentioned, in dB.
const CLEAR_HUM_DB: f32 = 20.0;

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Checked {
    /// Measures as they are exported; channels and format are not known here.
    pub(crate) facts: RecordingFacts,
    /// Why the signal cannot be judged; empty if it can.
    pub(crate) poor: Vec<String>,
    /// What else is to be said.
    pub(crate) notices: Vec<String>,
    /// Frequency in Hz up to which the signal holds sound.
    pub(crate) bandwidth_hz: f32,
}

/// Measures a signal and judges the measures.
pub(crate) fn check(signal: &Signal) -> Checked {
    let empty = signal.samples.is_empty();
    let measures = measure(signal);
    let seconds = if empty { 0.0 } else { measures.seconds };
    let hum = measures
        .mains_hum
        .filter(|hum| hum.prominence_db >= CLEAR_HUM_DB);
    let facts = RecordingFacts {
        seconds,
        rate_hz: signal.rate,
        channels: 1,
        format: String::new(),
        level_dbfs: measures.level_dbfs,
        peak_dbfs: measures.peak_dbfs,
        noise_floor_dbfs: measures.noise_floor_dbfs,
        dc_offset: measures.dc_offset,
        bandwidth_hz: measures.bandwidth_hz,
        clipped: measures.clipped,
        silent: measures.silent,
        mains_hum_hz: hum.map(|hum| hum.hz),
    };
    let mut poor = Vec::new();
    if empty {
        poor.push("it holds no samples".to_owned());
    } else if measures.constant && measures.peak_dbfs <= FLOOR_DBFS {
        poor.push("all its samples are zero".to_owned());
    } else if measures.constant {
        poor.push("all its samples have the same value (an offset without sound)".to_owned());
    } else if measures.silent >= MOSTLY_SILENT {
        poor.push(format!(
            "{:.0} % of it are silent (below {SILENCE_DBFS:.0} dBFS)",
            measures.silent * 100.0
        ));
    }
    if !empty && seconds < SHORTEST_S {
        poor.push(format!(
            "it lasts {seconds:.2} s, and less than {SHORTEST_S:.0} s is not judged"
        ));
    }
    let mut notices = Vec::new();
    if measures.clipped >= HEAVILY_CLIPPED {
        poor.push(format!(
            "{:.0} % of its samples are clipped",
            measures.clipped * 100.0
        ));
    } else if measures.clipped >= CLIPPED {
        notices.push(format!(
            "{:.1} % of the samples are clipped",
            measures.clipped * 100.0
        ));
    }
    if let Some(hum) = hum {
        notices.push(format!(
            "mains hum of {} Hz stands {:.0} dB above its surroundings",
            hum.hz, hum.prominence_db
        ));
    }
    Checked {
        facts,
        poor,
        notices,
        bandwidth_hz: measures.bandwidth_hz,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(seconds: f32, gain: f32) -> Signal {
        let samples = (0..(seconds * 4000.0) as usize)
            .map(|n| (gain * (n as f32 * 0.3).sin()).clamp(-1.0, 1.0))
            .collect();
        Signal {
            samples,
            rate: 4000,
        }
    }

    #[test]
    fn sound_is_not_refused() {
        let checked = check(&tone(2.0, 0.5));
        assert_eq!(checked.poor, Vec::<String>::new());
        assert!((checked.facts.seconds - 2.0).abs() < 1e-9);
    }

    #[test]
    fn what_cannot_be_judged_has_a_reason() {
        let constant = |value: f32| Signal {
            samples: vec![value; 8000],
            rate: 4000,
        };
        for (signal, reason) in [
            (
                Signal {
                    samples: Vec::new(),
                    rate: 4000,
                },
                "no samples",
            ),
            (constant(0.0), "zero"),
            (constant(0.5), "same value"),
            (tone(0.5, 0.5), "0.50 s"),
            (tone(2.0, 1e-5), "silent"),
            (tone(2.0, 4.0), "clipped"),
        ] {
            let poor = check(&signal).poor;
            assert!(
                poor.iter().any(|said| said.contains(reason)),
                "{reason}: {poor:?}"
            );
        }
    }
}
