//! Degradations of samples and mel spectrograms for training: seeded, in place where lengths stay.
//!
//! All randomness comes from the caller's generator, so the same seed gives the same result.
//! Functions that take amounts (dB, Hz, factors) apply exactly those; where the shape of the
//! change is random, the generator is an argument.

mod filter;
mod mask;
mod style;
mod tempo;

use rand::{Rng, RngExt};

use crate::level::{amplitude, rms};
use crate::synth::{self, NoiseKind};

pub use filter::{band_limit, device_filter};
pub use mask::{mask_frequencies, mask_times};
pub use style::{BandStyle, mix_style};
pub use tempo::tempo;

/// Multiplies by a gain of `db` dB.
pub fn gain(samples: &mut [f32], db: f32) {
    let factor = amplitude(db);
    for sample in samples {
        *sample *= factor;
    }
}

/// Moves all samples `by` places later; what falls off the end comes in at the start.
/// An event at time `t` is then at `(t + by / rate) mod duration`.
pub fn circular_shift(samples: &mut [f32], by: usize) {
    if !samples.is_empty() {
        samples.rotate_right(by % samples.len());
    }
}

/// Adds noise at a signal-to-noise ratio of `snr_db` dB over the whole clip.
/// A silent clip stays as it is: there is no level to relate the noise to.
pub fn add_noise(samples: &mut [f32], rate: u32, kind: NoiseKind, snr_db: f32, rng: &mut impl Rng) {
    let noise = synth::noise(kind, samples.len(), rate, rng);
    add_sound(samples, &noise, snr_db);
}

/// Adds another sound of the same rate, repeated to length, at `snr_db` dB below the clip's level.
/// Nothing is added to or of silence.
pub fn add_sound(samples: &mut [f32], other: &[f32], snr_db: f32) {
    let (signal_level, other_level) = (rms(samples), rms(other));
    if signal_level == 0.0 || other_level == 0.0 {
        return;
    }
    let factor = signal_level / other_level * amplitude(-snr_db);
    for (sample, other) in samples.iter_mut().zip(other.iter().cycle()) {
        *sample += factor * other;
    }
}

/// Lets the level wander by up to `max_db` dB either way, in pieces of about a second joined in
/// straight lines (in dB): a hand that presses more and less.
pub fn level_drift(samples: &mut [f32], rate: u32, max_db: f32, rng: &mut impl Rng) {
    let step = rate.max(1) as usize;
    let mut from = rng.random_range(-1.0..=1.0) * max_db;
    for piece in samples.chunks_mut(step) {
        let to = rng.random_range(-1.0..=1.0) * max_db;
        for (n, sample) in piece.iter_mut().enumerate() {
            *sample *= amplitude(from + (to - from) * n as f32 / step as f32);
        }
        from = to;
    }
}

/// Clips what exceeds `level`, in parts of the clip's own peak (0 to 1).
pub fn clip(samples: &mut [f32], level: f32) {
    let peak = samples.iter().fold(0.0_f32, |peak, x| peak.max(x.abs()));
    let limit = peak * level.clamp(0.0, 1.0);
    for sample in samples {
        *sample = sample.clamp(-limit, limit);
    }
}
