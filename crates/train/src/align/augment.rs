//! Random changes of a recording that leave its report true: samples in; samples as another
//! stethoscope, room and moment might have given them out.

use laennec_audio::{Mel, augment};
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

use super::window::window;
use crate::checks::{Check, not_negative, positive_range, range, share};
use crate::lung::augment::{log_uniform, noise_kind};

/// Ranges are `[low, high]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Augment {
    /// Gain in dB, uniform.
    pub gain_db: [f32; 2],
    /// Share of clips that pass a random smooth filter, as another device would have.
    pub filter_share: f64,
    /// Largest deviation of that filter in dB.
    pub filter_db: f32,
    /// Share of clips whose band is limited.
    pub band_share: f64,
    /// Lower band edge in Hz, log-uniform.
    pub low_hz: [f32; 2],
    /// Upper band edge as a part of the recording's Nyquist frequency, log-uniform.
    pub high_part: [f32; 2],
    /// Share of clips that get noise.
    pub noise_share: f64,
    /// Signal-to-noise ratio in dB, uniform.
    pub snr_db: [f32; 2],
    /// Share of clips that start elsewhere, the beginning behind the end.
    pub shift_share: f64,
    /// Number of frequency masks.
    pub masks: usize,
    /// Widest frequency mask in bands.
    pub mask_bands: usize,
}

impl Check for Augment {
    fn check(&self) -> Result<(), String> {
        for (name, value) in [
            ("noise_share", self.noise_share),
            ("band_share", self.band_share),
            ("filter_share", self.filter_share),
            ("shift_share", self.shift_share),
        ] {
            share(name, value)?;
        }
        range("gain_db", self.gain_db)?;
        range("snr_db", self.snr_db)?;
        positive_range("low_hz", self.low_hz)?;
        positive_range("high_part", self.high_part)?;
        share("high_part", self.high_part[1].into())?;
        not_negative("filter_db", self.filter_db.into())
    }
}

impl Augment {
    /// A changed clip of `seconds` of `samples` at `rate` Hz.
    pub fn apply(&self, samples: &[f32], rate: u32, seconds: f64, rng: &mut impl Rng) -> Vec<f32> {
        let mut clip = window(samples, rate, seconds, rng.random_range(0.0..=1.0));
        if rng.random_bool(self.shift_share) {
            let by = rng.random_range(0..clip.len().max(1));
            augment::circular_shift(&mut clip, by);
        }
        let db = rng.random_range(self.gain_db[0]..=self.gain_db[1]);
        augment::gain(&mut clip, db);
        if rng.random_bool(self.filter_share) {
            augment::device_filter(&mut clip, rate, self.filter_db, rng);
        }
        if rng.random_bool(self.band_share) {
            let low = log_uniform(self.low_hz, rng);
            let high = log_uniform(self.high_part, rng) * rate as f32 / 2.0;
            augment::band_limit(&mut clip, rate, low, high);
        }
        if rng.random_bool(self.noise_share) {
            let snr = rng.random_range(self.snr_db[0]..=self.snr_db[1]);
            let kind = noise_kind(rng);
            augment::add_noise(&mut clip, rate, kind, snr, rng);
        }
        clip
    }

    /// Masks a spectrogram in place.
    pub fn apply_mel(&self, mel: &mut Mel, rng: &mut impl Rng) {
        for _ in 0..self.masks {
            augment::mask_frequencies(mel, self.mask_bands, rng);
        }
    }
}
