//! Speech-like sound: a sequence of vowels and hisses without words.

use std::f32::consts::TAU;

use rand::{Rng, RngExt};

/// Formants in Hz of /a e i o u/ (Peterson and Barney 1952, men's means).
const VOWELS: [[f32; 3]; 5] = [
    [730.0, 1090.0, 2440.0],
    [530.0, 1840.0, 2480.0],
    [270.0, 2290.0, 3010.0],
    [570.0, 840.0, 2410.0],
    [300.0, 870.0, 2240.0],
];
const BANDWIDTH_HZ: f32 = 90.0;

/// Syllables of 120 to 350 ms with pauses: a pulse train of 80 to 280 Hz that glides, through
/// three formant resonators, some syllables begun by a hiss; peak 1. Formants above 45 % of
/// `rate` are left out.
pub fn vowels(length: usize, rate: u32, rng: &mut impl Rng) -> Vec<f32> {
    let mut samples = vec![0.0; length];
    let per_second = rate as f32;
    // A longer or shorter vocal tract shifts all formants; the voice's pitch is its own.
    let tract = rng.random_range(0.85..1.25_f32);
    let pitch = 80.0 * 3.0_f32.powf(rng.random::<f32>());
    let mut at = 0;
    while at < length {
        let end = (at + (per_second * rng.random_range(0.12..0.35)) as usize + 1).min(length);
        let vowel = VOWELS[rng.random_range(0..VOWELS.len())];
        let glide = pitch * rng.random_range(0.85..1.2)..pitch * rng.random_range(0.75..1.1);
        let syllable = &mut samples[at..end];
        voice(syllable, per_second, glide);
        if rng.random_bool(0.4) {
            hiss(syllable, per_second, rng);
        }
        for formant in vowel.map(|hz| hz * tract) {
            if formant < 0.45 * per_second {
                resonate(syllable, per_second, formant);
            }
        }
        swell(syllable);
        let pause = if rng.random_bool(0.2) {
            0.1..0.6
        } else {
            0.01..0.08
        };
        at = end + (per_second * rng.random_range(pause)) as usize;
    }
    let peak = samples.iter().fold(0.0_f32, |peak, x| peak.max(x.abs()));
    if peak > 0.0 {
        for sample in &mut samples {
            *sample /= peak;
        }
    }
    samples
}

/// Glottal pulses: a falling saw tooth, smoothed by one pole (12 dB per octave in all).
fn voice(samples: &mut [f32], rate: f32, glide: std::ops::Range<f32>) {
    let length = samples.len() as f32;
    let (mut phase, mut smooth) = (0.0_f32, 0.0_f32);
    for (n, sample) in samples.iter_mut().enumerate() {
        let hz = glide.start + (glide.end - glide.start) * n as f32 / length;
        phase = (phase + hz / rate).fract();
        smooth += (0.5 - phase - smooth) * (TAU * 500.0 / rate).min(1.0);
        *sample = smooth;
    }
}

/// Noise over the first fifth, as of a consonant.
fn hiss(samples: &mut [f32], rate: f32, rng: &mut impl Rng) {
    let count = samples.len().min((0.06 * rate) as usize);
    for sample in &mut samples[..count] {
        *sample += rng.random_range(-0.6..0.6);
    }
}

/// Two-pole resonator at `hz`, in series with the others (as in Klatt's cascade synthesiser).
fn resonate(samples: &mut [f32], rate: f32, hz: f32) {
    let radius = (-TAU / 2.0 * BANDWIDTH_HZ / rate).exp();
    let (b, c) = (2.0 * radius * (TAU * hz / rate).cos(), -radius * radius);
    let (mut last, mut before) = (0.0_f32, 0.0_f32);
    for sample in samples {
        let value = (1.0 - b - c) * *sample + b * last + c * before;
        (before, last) = (last, value);
        *sample = value;
    }
}

/// Rises and falls over the syllable.
fn swell(samples: &mut [f32]) {
    let length = samples.len() as f32;
    for (n, sample) in samples.iter_mut().enumerate() {
        *sample *= (TAU / 2.0 * (n as f32 + 0.5) / length).sin().sqrt();
    }
}
