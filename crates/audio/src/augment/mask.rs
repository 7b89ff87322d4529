//! Masks over mel spectrograms (`SpecAugment`, arXiv 1904.08779).

use rand::{Rng, RngExt};

use crate::Mel;

/// Replaces a random run of 0 to `max_bands` neighbouring bands by the mean of the clip.
pub fn mask_frequencies(mel: &mut Mel, max_bands: usize, rng: &mut impl Rng) {
    let (first, count) = run(mel.bands, max_bands, rng);
    let mean = mean(mel);
    mel.values[first * mel.frames..(first + count) * mel.frames].fill(mean);
}

/// Replaces a random run of 0 to `max_frames` neighbouring frames by the mean of the clip.
pub fn mask_times(mel: &mut Mel, max_frames: usize, rng: &mut impl Rng) {
    let (first, count) = run(mel.frames, max_frames, rng);
    let mean = mean(mel);
    if mel.frames > 0 {
        for row in mel.values.chunks_exact_mut(mel.frames) {
            row[first..first + count].fill(mean);
        }
    }
}

fn run(length: usize, longest: usize, rng: &mut impl Rng) -> (usize, usize) {
    let count = rng.random_range(0..=longest.min(length));
    (rng.random_range(0..=length - count), count)
}

fn mean(mel: &Mel) -> f32 {
    let sum: f64 = mel.values.iter().map(|&value| f64::from(value)).sum();
    (sum / mel.values.len().max(1) as f64) as f32
}
