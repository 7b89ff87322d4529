//! Sounds made from numbers: examples that are neither heart nor lung, and noise to add.
//!
//! Everything is seeded by the caller's generator and has a peak or RMS level as stated.

mod speech;

use std::f32::consts::TAU;

use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

use crate::level::rms;
use crate::spectral::shape;

pub use speech::vowels;

/// Kinds of noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoiseKind {
    /// Equal power per Hz.
    White,
    /// Power falls with 3 dB per octave.
    Pink,
    /// Power falls with 6 dB per octave.
    Brown,
    /// Mains hum: 50 or 60 Hz and its harmonics up to the seventh.
    Hum,
    /// Handling: bursts of low rustle of 20 to 300 ms over a little pink noise.
    Bursts,
}

impl NoiseKind {
    /// All kinds, to choose from.
    pub const ALL: [NoiseKind; 5] = [
        NoiseKind::White,
        NoiseKind::Pink,
        NoiseKind::Brown,
        NoiseKind::Hum,
        NoiseKind::Bursts,
    ];
}

/// Noise of `length` samples with an RMS level of 1 (coloured noise starts at 10 Hz).
pub fn noise(kind: NoiseKind, length: usize, rate: u32, rng: &mut impl Rng) -> Vec<f32> {
    let mut samples = match kind {
        NoiseKind::White => gaussian(length, rng),
        NoiseKind::Pink => coloured(length, rate, 0.5, rng),
        NoiseKind::Brown => coloured(length, rate, 1.0, rng),
        NoiseKind::Hum => hum(length, rate, rng),
        NoiseKind::Bursts => bursts(length, rate, rng),
    };
    let level = rms(&samples);
    if level > 0.0 {
        for sample in &mut samples {
            *sample /= level;
        }
    }
    samples
}

/// One to four tones of 40 Hz to 45 % of `rate`, steady or trembling, peak at most 1.
pub fn tones(length: usize, rate: u32, rng: &mut impl Rng) -> Vec<f32> {
    let mut samples = vec![0.0; length];
    let count = rng.random_range(1..=4);
    for _ in 0..count {
        let highest: f32 = 0.45 * rate as f32;
        let hz = 40.0 * (highest / 40.0).max(1.0).powf(rng.random::<f32>());
        let level = rng.random_range(0.2..=1.0) / count as f32;
        let depth = if rng.random_bool(0.5) {
            rng.random::<f32>()
        } else {
            0.0
        };
        let tremble = rng.random_range(0.5..8.0_f32) / rate as f32;
        let mut phase = rng.random::<f32>();
        for (n, sample) in samples.iter_mut().enumerate() {
            let swell = 1.0 - depth * (0.5 + 0.5 * (TAU * tremble * n as f32).sin());
            *sample += level * swell * (TAU * phase).sin();
            phase = (phase + hz / rate as f32).fract();
        }
    }
    samples
}

/// Clicks at a rate of 0.5 to 20 per second, regular or not, each a ring of 0.5 to 10 ms; peak 1.
pub fn clicks(length: usize, rate: u32, rng: &mut impl Rng) -> Vec<f32> {
    let mut samples = vec![0.0; length];
    let per_second = 0.5 * 40.0_f32.powf(rng.random::<f32>());
    let regular = rng.random_bool(0.5);
    let ring_hz = rng.random_range(0.05..0.4) * rate as f32;
    let decay = rate as f32 * rng.random_range(0.0005..0.010);
    let ring = (6.0 * decay) as usize + 1;
    let mut at = rng.random::<f32>() * rate as f32 / per_second;
    while at < length as f32 {
        let start = at as usize;
        for (n, sample) in samples[start..].iter_mut().take(ring).enumerate() {
            *sample += (-(n as f32) / decay).exp() * (TAU * ring_hz * n as f32 / rate as f32).cos();
        }
        let gap = if regular {
            1.0
        } else {
            rng.random_range(0.2..1.8)
        };
        at += (gap * rate as f32 / per_second).max(1.0);
    }
    let peak = samples.iter().fold(0.0_f32, |peak, x| peak.max(x.abs()));
    if peak > 1.0 {
        for sample in &mut samples {
            *sample /= peak;
        }
    }
    samples
}

/// Normal deviates (Box and Muller).
fn gaussian(length: usize, rng: &mut impl Rng) -> Vec<f32> {
    let mut samples = Vec::with_capacity(length + 1);
    while samples.len() < length {
        let radius = (-2.0 * (1.0 - rng.random::<f32>()).ln()).sqrt();
        let (sin, cos) = (TAU * rng.random::<f32>()).sin_cos();
        samples.push(radius * cos);
        samples.push(radius * sin);
    }
    samples.truncate(length);
    samples
}

/// Noise whose amplitude falls with the frequency to the power of `slope`.
fn coloured(length: usize, rate: u32, slope: f32, rng: &mut impl Rng) -> Vec<f32> {
    const LOWEST_HZ: f32 = 10.0;
    let mut samples = gaussian(length, rng);
    shape(&mut samples, rate, |hz| {
        if hz < LOWEST_HZ {
            0.0
        } else {
            (LOWEST_HZ / hz).powf(slope)
        }
    });
    samples
}

fn hum(length: usize, rate: u32, rng: &mut impl Rng) -> Vec<f32> {
    let mains = if rng.random_bool(0.5) { 50.0 } else { 60.0 };
    let mut samples = vec![0.0; length];
    for harmonic in 1..=7 {
        let hz = mains * harmonic as f32;
        let level = rng.random::<f32>() / harmonic as f32;
        let phase = rng.random::<f32>();
        if hz < rate as f32 / 2.0 {
            for (n, sample) in samples.iter_mut().enumerate() {
                let turns = f64::from(hz) * n as f64 / f64::from(rate) + f64::from(phase);
                *sample += level * (TAU * turns.fract() as f32).sin();
            }
        }
    }
    samples
}

fn bursts(length: usize, rate: u32, rng: &mut impl Rng) -> Vec<f32> {
    let mut samples = coloured(length, rate, 0.5, rng);
    let quiet = 0.05;
    let mut envelope = vec![quiet; length];
    let count = (length as f32 / rate as f32 * rng.random_range(0.5..4.0)).ceil() as usize;
    for _ in 0..count {
        let width = (rate as f32 * rng.random_range(0.02..0.3)) as usize + 1;
        let start = rng.random_range(0..length.max(1));
        let level = rng.random_range(0.3..=1.0);
        for (n, value) in envelope[start.min(length)..]
            .iter_mut()
            .take(width)
            .enumerate()
        {
            let rise = (TAU / 2.0 * (n as f32 + 0.5) / width as f32).sin();
            *value = f32::max(*value, level * rise);
        }
    }
    for (sample, level) in samples.iter_mut().zip(&envelope) {
        *sample *= level;
    }
    samples
}
