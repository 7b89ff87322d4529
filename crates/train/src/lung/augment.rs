//! Random changes of a lung recording that leave its labels true.
//!
//! In: samples with events. Out: samples as another stethoscope, room and moment might have given
//! them. Values of the published reference run are the recipe's defaults.

use laennec_audio::{Mel, augment, synth::NoiseKind};
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

use super::data::{LungEvent, LungExample};
use crate::checks::{Check, not_negative, positive_range, range, share};

/// Ranges are `[low, high]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LungAugment {
    /// Gain in dB, uniform.
    pub gain_db: [f32; 2],
    /// Share of recordings that are shifted in a circle, events with them.
    pub shift_share: f64,
    /// Share of recordings that get noise.
    pub noise_share: f64,
    /// Signal-to-noise ratio in dB, uniform.
    pub snr_db: [f32; 2],
    /// Share of recordings whose band is limited.
    pub band_share: f64,
    /// Lower band edge in Hz, log-uniform.
    pub low_hz: [f32; 2],
    /// Upper band edge in Hz, log-uniform.
    pub high_hz: [f32; 2],
    /// Share of recordings that pass a random smooth filter.
    pub filter_share: f64,
    /// Largest deviation of that filter in dB.
    pub filter_db: f32,
    /// Number of frequency masks.
    pub masks: usize,
    /// Widest frequency mask in bands.
    pub mask_bands: usize,
    /// Standard deviation of an offset on the scaled log-mel.
    pub level_jitter: f32,
}

impl Check for LungAugment {
    fn check(&self) -> Result<(), String> {
        for (name, value) in [
            ("shift_share", self.shift_share),
            ("noise_share", self.noise_share),
            ("band_share", self.band_share),
            ("filter_share", self.filter_share),
        ] {
            share(name, value)?;
        }
        range("gain_db", self.gain_db)?;
        range("snr_db", self.snr_db)?;
        positive_range("low_hz", self.low_hz)?;
        positive_range("high_hz", self.high_hz)?;
        not_negative("filter_db", self.filter_db.into())?;
        not_negative("level_jitter", self.level_jitter.into())
    }
}

impl LungAugment {
    /// A changed copy of samples (at `rate` Hz) and events.
    pub fn apply(
        &self,
        example: &LungExample,
        rate: u32,
        rng: &mut impl Rng,
    ) -> (Vec<f32>, Vec<LungEvent>) {
        let mut samples = example.samples.clone();
        let mut events = example.events.clone();
        if rng.random_bool(self.shift_share) {
            shift(&mut samples, &mut events, rate, rng);
        }
        augment::gain(
            &mut samples,
            rng.random_range(self.gain_db[0]..=self.gain_db[1]),
        );
        if rng.random_bool(self.filter_share) {
            augment::device_filter(&mut samples, rate, self.filter_db, rng);
        }
        if rng.random_bool(self.band_share) {
            let low = log_uniform(self.low_hz, rng);
            let high = log_uniform(self.high_hz, rng);
            augment::band_limit(&mut samples, rate, low, high);
        }
        if rng.random_bool(self.noise_share) {
            let snr = rng.random_range(self.snr_db[0]..=self.snr_db[1]);
            let kind = noise_kind(rng);
            augment::add_noise(&mut samples, rate, kind, snr, rng);
        }
        (samples, events)
    }

    /// Masks and shifts a log-mel in place.
    pub fn apply_mel(&self, mel: &mut Mel, rng: &mut impl Rng) {
        for _ in 0..self.masks {
            augment::mask_frequencies(mel, self.mask_bands, rng);
        }
        // Sum of four uniforms: close enough to a normal, and no rejection loop.
        let normal: f32 = (0..4).map(|_| rng.random_range(-0.5..0.5_f32)).sum::<f32>() * 1.732;
        for value in &mut mel.values {
            *value += normal * self.level_jitter;
        }
    }
}

/// One of the kinds of noise, each as likely.
pub fn noise_kind(rng: &mut impl Rng) -> NoiseKind {
    NoiseKind::ALL[rng.random_range(0..NoiseKind::ALL.len())]
}

/// Uniform on a logarithmic axis.
pub fn log_uniform(range: [f32; 2], rng: &mut impl Rng) -> f32 {
    rng.random_range(range[0].ln()..=range[1].ln()).exp()
}

/// Turns the recording round a cut that lies in no event, so that every event stays whole.
fn shift(samples: &mut [f32], events: &mut [LungEvent], rate: u32, rng: &mut impl Rng) {
    let seconds = samples.len() as f64 / f64::from(rate);
    let free = |cut: f64| events.iter().all(|e| cut <= e.start || cut >= e.end);
    let Some(cut) = (0..8)
        .map(|_| rng.random_range(0.0..=seconds))
        .find(|cut| free(*cut))
    else {
        return;
    };
    let at = ((cut * f64::from(rate)) as usize).min(samples.len());
    samples.rotate_left(at);
    for event in events {
        let by = if event.start >= cut {
            -cut
        } else {
            seconds - cut
        };
        event.start += by;
        event.end += by;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampling;

    #[test]
    fn shifted_events_cover_the_same_samples() {
        // The samples are 1 inside the event and 0 outside.
        let rate = 100;
        let inside = |i: usize| (300..450).contains(&i);
        let original: Vec<f32> = (0..1000).map(|i| f32::from(u8::from(inside(i)))).collect();
        for seed in 0..50 {
            let mut samples = original.clone();
            let mut events = [LungEvent {
                start: 3.0,
                end: 4.5,
                class: 1,
            }];
            shift(
                &mut samples,
                &mut events,
                rate,
                &mut sampling::rng(seed, &[]),
            );
            let [event] = events;
            assert!((event.end - event.start - 1.5).abs() < 1e-9);
            let (a, b) = (event.start * 100.0, event.end * 100.0);
            let (a, b) = (a.ceil() as usize + 1, b.floor() as usize - 1);
            assert!(samples[a..b].iter().all(|s| *s == 1.0), "seed {seed}");
        }
    }
}
