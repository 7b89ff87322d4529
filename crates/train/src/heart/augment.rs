//! Random changes of a heart recording that leave its label true.
//!
//! In: a window of samples. Out: the window as another device, room and heart rate might have
//! given it. The recordings at hand are denoised copies, so noise, band limits and filters are no
//! option but a must.

use laennec_audio::{Mel, augment};
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

use crate::{
    Error,
    checks::{Check, below_one, count, not_negative, positive, positive_range, range, share},
    lung::augment::{log_uniform, noise_kind},
};

/// Ranges are `[low, high]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeartAugment {
    /// Length of a training window in s.
    pub window_s: f64,
    /// Windows of a recording that are averaged outside training, evenly spread.
    pub test_windows: usize,
    /// Largest relative change of tempo, both ways.
    pub tempo: f32,
    /// Share of windows that pass a random smooth filter.
    pub filter_share: f64,
    /// Largest deviation of that filter in dB.
    pub filter_db: f32,
    /// Share of windows whose band is limited.
    pub band_share: f64,
    /// Lower band edge in Hz, log-uniform.
    pub low_hz: [f32; 2],
    /// Upper band edge in Hz, log-uniform.
    pub high_hz: [f32; 2],
    /// Share of windows that get noise.
    pub noise_share: f64,
    /// Signal-to-noise ratio in dB, uniform.
    pub snr_db: [f32; 2],
    /// Share of log-mels that take on a part of the style of another window of the batch.
    #[serde(default)]
    pub style_share: f64,
    /// Number of frequency masks.
    pub masks: usize,
    /// Widest frequency mask in bands.
    pub mask_bands: usize,
}

impl Check for HeartAugment {
    fn check(&self) -> Result<(), String> {
        for (name, value) in [
            ("noise_share", self.noise_share),
            ("band_share", self.band_share),
            ("filter_share", self.filter_share),
            ("style_share", self.style_share),
        ] {
            share(name, value)?;
        }
        positive("window_s", self.window_s)?;
        count("test_windows", self.test_windows)?;
        below_one("tempo", self.tempo.into())?;
        range("snr_db", self.snr_db)?;
        positive_range("low_hz", self.low_hz)?;
        positive_range("high_hz", self.high_hz)?;
        not_negative("filter_db", self.filter_db.into())
    }
}

impl HeartAugment {
    /// A changed random window of `samples` at `rate` Hz.
    pub fn window(
        &self,
        samples: &[f32],
        rate: u32,
        rng: &mut impl Rng,
    ) -> Result<Vec<f32>, Error> {
        let wanted = (self.window_s * f64::from(rate)) as usize;
        let factor = 1.0 + rng.random_range(-self.tempo..=self.tempo);
        let source = (wanted as f32 * factor).ceil() as usize + 1;
        let start = rng.random_range(0..=samples.len().saturating_sub(source));
        let cut = &samples[start..(start + source).min(samples.len())];
        let mut window = augment::tempo(cut, rate, factor);
        if rng.random_bool(self.filter_share) {
            augment::device_filter(&mut window, rate, self.filter_db, rng);
        }
        if rng.random_bool(self.band_share) {
            let low = log_uniform(self.low_hz, rng);
            let high = log_uniform(self.high_hz, rng);
            augment::band_limit(&mut window, rate, low, high);
        }
        if rng.random_bool(self.noise_share) {
            let snr = rng.random_range(self.snr_db[0]..=self.snr_db[1]);
            let kind = noise_kind(rng);
            augment::add_noise(&mut window, rate, kind, snr, rng);
        }
        Ok(fit(window, wanted))
    }

    /// Masks a log-mel in place.
    pub fn apply_mel(&self, mel: &mut Mel, rng: &mut impl Rng) {
        for _ in 0..self.masks {
            augment::mask_frequencies(mel, self.mask_bands, rng);
        }
    }

    /// The windows that are averaged outside training: `test_windows` of `window_s`, evenly spread
    /// from the first to the last sample; a shorter recording is one window, repeated to length.
    pub fn test_windows(&self, samples: &[f32], rate: u32) -> Vec<Vec<f32>> {
        windows(samples, rate, self.window_s, self.test_windows)
    }
}

/// `count` windows of `seconds`, evenly spread; one, repeated to length, where the recording is
/// shorter than a window.
pub fn windows(samples: &[f32], rate: u32, seconds: f64, count: usize) -> Vec<Vec<f32>> {
    let wanted = (seconds * f64::from(rate)) as usize;
    if samples.len() <= wanted {
        return vec![fit(samples.to_vec(), wanted)];
    }
    let room = samples.len() - wanted;
    (0..count)
        .map(|i| {
            let start = room * i / (count - 1).max(1);
            samples[start..start + wanted].to_vec()
        })
        .collect()
}

/// Repeats or cuts to `wanted` samples.
fn fit(mut window: Vec<f32>, wanted: usize) -> Vec<f32> {
    let length = window.len();
    if length == 0 {
        return vec![0.0; wanted];
    }
    while window.len() < wanted {
        let more = (wanted - window.len()).min(length);
        window.extend_from_within(..more);
    }
    window.truncate(wanted);
    window
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_span_the_recording() {
        let samples: Vec<f32> = (0..100).map(|i| i as f32).collect();
        let all = windows(&samples, 10, 4.0, 3);
        let starts: Vec<f32> = all.iter().map(|w| w[0]).collect();
        assert_eq!(starts, [0.0, 30.0, 60.0]);
        assert!(all.iter().all(|w| w.len() == 40));
    }

    #[test]
    fn short_recordings_repeat() {
        assert_eq!(
            windows(&[1.0, 2.0, 3.0], 1, 5.0, 4),
            [[1.0, 2.0, 3.0, 1.0, 2.0]]
        );
    }
}
