//! Samples come in; what a text may say of the sound without knowing its label goes out: how fast
//! it repeats and how much background noise there is.

use std::fmt;

use laennec_audio::measures::measure;
use serde::{Deserialize, Serialize};

use crate::recording::{Domain, words};

words! {
    /// How far the quiet stretches lie below the mean level.
    Noise {
        /// By 15 dB or more.
        Low = "low",
        /// By 6 to 15 dB.
        Moderate = "moderate",
        /// By less than 6 dB.
        High = "high",
    }
}

/// Measures of a sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// Background noise.
    pub noise: Noise,
    /// Heart beats or breaths per minute, where the sound repeats clearly.
    pub tempo: Option<u32>,
}

/// Frames of the envelope per second.
const FRAMES_PER_SECOND: f64 = 50.0;
/// The least autocorrelation of the envelope, 0 to 1, that counts as repeating.
const CLEAR: f64 = 0.4;

/// Measures a signal of any length.
pub fn listen(signal: &laennec_audio::Signal, domain: Domain) -> Signal {
    let measures = measure(signal);
    let below = measures.level_dbfs - measures.noise_floor_dbfs;
    let noise = match below {
        far if far >= 15.0 => Noise::Low,
        near if near < 6.0 => Noise::High,
        _ => Noise::Moderate,
    };
    // Periods in s: hearts from 40 to 200 beats, breathing from 8 to 75 breaths a minute.
    let periods = match domain {
        Domain::Heart => Some((0.3, 1.5)),
        Domain::Lung => Some((0.8, 7.5)),
        Domain::Other => None,
    };
    let tempo = periods.and_then(|periods| {
        let frame = (f64::from(signal.rate) / FRAMES_PER_SECOND)
            .round()
            .max(1.0) as usize;
        let envelope: Vec<f64> = signal
            .samples
            .chunks_exact(frame)
            .map(|frame| frame.iter().map(|&x| f64::from(x).abs()).sum::<f64>())
            .collect();
        let rate = f64::from(signal.rate) / frame as f64;
        period(&envelope, rate, periods).map(|seconds| (60.0 / seconds).round() as u32)
    });
    Signal { noise, tempo }
}

/// The lag, in s, of the first clear maximum of the autocorrelation of an envelope sampled at
/// `rate` Hz, between the two periods; none where nothing repeats or fewer than two periods fit.
fn period(envelope: &[f64], rate: f64, (shortest, longest): (f64, f64)) -> Option<f64> {
    let mean = envelope.iter().sum::<f64>() / envelope.len().max(1) as f64;
    let centred: Vec<f64> = envelope.iter().map(|x| x - mean).collect();
    let power = centred.iter().map(|x| x * x).sum::<f64>() / centred.len().max(1) as f64;
    let first = (shortest * rate).ceil() as usize;
    let last = ((longest * rate) as usize).min(centred.len() / 2);
    if power <= 0.0 || first < 1 || last <= first {
        return None;
    }
    // Per product, so that longer lags with fewer products are not at a disadvantage.
    let at = |lag: usize| {
        let products: f64 = centred
            .iter()
            .zip(&centred[lag..])
            .map(|(x, y)| x * y)
            .sum();
        products / (centred.len() - lag) as f64 / power
    };
    let values: Vec<f64> = (first - 1..=last + 1).map(at).collect();
    let peaks =
        (1..values.len() - 1).filter(|&i| values[i] >= values[i - 1] && values[i] > values[i + 1]);
    let highest = peaks.clone().map(|i| values[i]).fold(f64::MIN, f64::max);
    // A multiple of the period has nearly the same height: the first such peak is the period.
    let found = peaks
        .into_iter()
        .find(|&i| values[i] >= CLEAR.max(0.85 * highest))?;
    Some((first - 1 + found) as f64 / rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bursts of a tone, `per_minute` of them, over a faint tone.
    fn bursts(per_minute: f64, seconds: f64, floor: f32) -> laennec_audio::Signal {
        let rate = 2000_u32;
        let samples = (0..(seconds * f64::from(rate)) as usize).map(|n| {
            let time = n as f64 / f64::from(rate);
            let phase = (time * per_minute / 60.0).fract();
            let loud = (-((phase - 0.3) / 0.07).powi(2)).exp() as f32;
            (loud + floor) * 0.3 * (time * 700.0).sin() as f32
        });
        laennec_audio::Signal {
            samples: samples.collect(),
            rate,
        }
    }

    #[test]
    fn the_tempo_of_bursts_is_found() {
        for per_minute in [50.0, 72.0, 100.0, 150.0] {
            let heard = listen(&bursts(per_minute, 10.0, 0.01), Domain::Heart);
            let tempo = f64::from(heard.tempo.unwrap());
            assert!(
                (tempo - per_minute).abs() <= 0.04 * per_minute,
                "{per_minute}: {tempo}"
            );
        }
        let breathing = listen(&bursts(20.0, 15.0, 0.01), Domain::Lung);
        assert!(
            breathing
                .tempo
                .is_some_and(|tempo| (19..=21).contains(&tempo)),
            "{breathing:?}"
        );
    }

    #[test]
    fn a_steady_or_short_sound_has_no_tempo() {
        let steady = bursts(60.0, 10.0, 50.0);
        assert_eq!(listen(&steady, Domain::Heart).noise, Noise::High);
        assert_eq!(listen(&bursts(60.0, 0.4, 0.0), Domain::Heart).tempo, None);
        let none = laennec_audio::Signal {
            samples: Vec::new(),
            rate: 2000,
        };
        assert_eq!(listen(&none, Domain::Lung).tempo, None);
    }

    #[test]
    fn noise_is_the_distance_of_the_quiet_stretches() {
        assert_eq!(
            listen(&bursts(60.0, 10.0, 0.001), Domain::Heart).noise,
            Noise::Low
        );
        assert_eq!(
            listen(&bursts(60.0, 10.0, 0.1), Domain::Heart).noise,
            Noise::Moderate
        );
    }
}
