//! In: a heart recording. Out: what can be known of it without hearing a heart: its mean spectrum,
//! and its level and duration.
//!
//! A database is one device and population, and on some the recording chain alone tells normal
//! from abnormal. A heart model's figure counts only above the same linear probe on these.

use laennec_audio::{LogMel, LogMelConfig, Scaling, Signal, resample};

use crate::error::Error;
use crate::metrics::Undefined;

/// Mean over time of the heart front end's log-mel spectrum (128 bands, 15 to 800 Hz), before its
/// band means are removed: level and frequency response of the recording chain, nothing of the
/// rhythm.
pub fn mean_spectrum(signal: &Signal) -> Result<Vec<f64>, laennec_audio::Error> {
    let config = LogMelConfig {
        scaling: Scaling::Efficientat,
        ..LogMelConfig::heart_2k()
    };
    let samples = resample(&signal.samples, signal.rate, config.rate)?;
    let mel = LogMel::new(&config)?.compute(&samples);
    Ok((0..mel.bands)
        .map(|band| {
            let values = mel.band(band);
            values.iter().map(|&v| f64::from(v)).sum::<f64>() / values.len() as f64
        })
        .collect())
}

/// Duration (logarithm of seconds), root mean square and peak level (dB relative to full scale,
/// floored at -120 dB).
pub fn level_and_duration(signal: &Signal) -> Result<Vec<f64>, Error> {
    if signal.samples.is_empty() {
        return Err(Undefined::Empty.into());
    }
    let n = signal.samples.len() as f64;
    let power = signal
        .samples
        .iter()
        .map(|&s| f64::from(s).powi(2))
        .sum::<f64>()
        / n;
    let peak = signal
        .samples
        .iter()
        .fold(0.0, |most, &s| f64::from(s).abs().max(most));
    let decibel = |amplitude: f64| (20.0 * amplitude.max(1e-6).log10()).max(-120.0);
    Ok(vec![
        signal.seconds().ln(),
        decibel(power.sqrt()),
        decibel(peak),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hz: f32, amplitude: f32, seconds: f32) -> Signal {
        let rate = 2000;
        let samples = (0..(seconds * rate as f32) as usize)
            .map(|n| amplitude * (std::f32::consts::TAU * hz * n as f32 / rate as f32).sin())
            .collect();
        Signal { samples, rate }
    }

    #[test]
    fn levels_are_those_of_a_tone() {
        let measured = level_and_duration(&tone(100.0, 0.5, 4.0)).unwrap();
        assert!((measured[0] - 4.0_f64.ln()).abs() < 1e-12);
        assert!((measured[1] - -9.03).abs() < 0.01, "{measured:?}");
        assert!((measured[2] - -6.02).abs() < 0.01);
        let silent = level_and_duration(&tone(100.0, 0.0, 1.0)).unwrap();
        assert_eq!(silent[1..], [-120.0, -120.0]);
    }

    #[test]
    fn the_spectrum_knows_level_and_pitch_but_not_order_in_time() {
        let first = tone(60.0, 0.5, 3.0);
        let second = tone(300.0, 0.5, 3.0);
        let join = |a: &Signal, b: &Signal| Signal {
            samples: [&a.samples[..], &b.samples[..]].concat(),
            rate: 2000,
        };
        let forth = mean_spectrum(&join(&first, &second)).unwrap();
        let back = mean_spectrum(&join(&second, &first)).unwrap();
        let alone = mean_spectrum(&join(&first, &first)).unwrap();
        let distance = |a: &[f64], b: &[f64]| {
            a.iter()
                .zip(b)
                .map(|(a, b)| (a - b).abs())
                .fold(0.0, f64::max)
        };
        assert_eq!(forth.len(), 128);
        assert!(distance(&forth, &back) < 0.05 * distance(&forth, &alone));
    }
}
