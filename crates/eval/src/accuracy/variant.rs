//! In: a recording as published. Out: the same as another device or gain would have recorded it.

use laennec_audio::augment::{band_limit, gain};
use laennec_audio::{Signal, resample};

/// What is done to a recording before it is heard.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Variant {
    /// Nothing.
    AsRecorded,
    /// Gain in dB; nothing is clipped.
    Gain(f32),
    /// Only what lies below this frequency in Hz, at the same rate.
    LowPass(f32),
    /// Resampled to this rate in Hz, where it is higher: all recordings then have one bandwidth.
    Rate(u32),
}

impl Variant {
    /// The recording so changed.
    pub fn apply(self, mut signal: Signal) -> Result<Signal, laennec_audio::Error> {
        match self {
            Self::Gain(db) => gain(&mut signal.samples, db),
            Self::LowPass(hz) => band_limit(&mut signal.samples, signal.rate, 0.0, hz),
            Self::Rate(rate) if rate < signal.rate => {
                signal.samples = resample(&signal.samples, signal.rate, rate)?;
                signal.rate = rate;
            }
            Self::AsRecorded | Self::Rate(_) => {}
        }
        Ok(signal)
    }

    /// In words.
    pub fn name(self) -> String {
        match self {
            Self::AsRecorded => "as recorded".to_owned(),
            Self::Gain(db) => format!("gain {db:+.0} dB"),
            Self::LowPass(hz) => format!("low-pass {hz:.0} Hz"),
            Self::Rate(rate) => format!("resampled to {rate} Hz"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hz: f32) -> Signal {
        let samples = (0..8000)
            .map(|n| 0.25 * (std::f32::consts::TAU * hz * n as f32 / 8000.0).sin())
            .collect();
        Signal {
            samples,
            rate: 8000,
        }
    }

    fn power(signal: &Signal) -> f32 {
        signal.samples.iter().map(|s| s * s).sum::<f32>() / signal.samples.len() as f32
    }

    #[test]
    fn each_variant_does_what_it_says() {
        let low = tone(300.0);
        let high = tone(3000.0);
        let louder = Variant::Gain(10.0).apply(low.clone()).unwrap();
        assert!((power(&louder) / power(&low) - 10.0).abs() < 0.01);
        for variant in [Variant::LowPass(2000.0), Variant::Rate(2000)] {
            let kept = variant.apply(low.clone()).unwrap();
            let lost = variant.apply(high.clone()).unwrap();
            assert!(
                (power(&kept) / power(&low) - 1.0).abs() < 0.05,
                "{variant:?}"
            );
            assert!(power(&lost) / power(&high) < 1e-3, "{variant:?}");
        }
        let same = Variant::Rate(16_000).apply(low.clone()).unwrap();
        assert_eq!(same, low);
    }
}
