//! Faster or slower at the same pitch: waveform similarity overlap-add.

use std::f32::consts::TAU;

/// Changes the tempo by `factor` (1.1: 10 % faster, so shorter) and leaves the pitch.
///
/// The result has `round(len / factor)` samples. Source: WSOLA, Verhelst and Roelands, ICASSP
/// 1993: frames of 60 ms, half overlapped; each is taken within 15 ms of its nominal place where
/// it best continues the one before. Factors are limited to 0.5 to 2; clips shorter than two
/// frames are stretched by linear interpolation instead.
pub fn tempo(samples: &[f32], rate: u32, factor: f32) -> Vec<f32> {
    let factor = factor.clamp(0.5, 2.0);
    let length = (samples.len() as f64 / f64::from(factor)).round() as usize;
    let half = (rate as usize * 30 / 1000).max(8);
    let reach = half / 2;
    if samples.len() < 4 * half {
        return interpolate(samples, length);
    }

    let window: Vec<f32> = (0..2 * half)
        .map(|n| 0.5 - 0.5 * (TAU * (n as f32 + 0.5) / (2 * half) as f32).cos())
        .collect();
    let last = samples.len() - 2 * half;
    let mut out = vec![0.0; length + 2 * half];
    let mut continuing = 0;
    let mut at = 0;
    while at < length {
        let nominal = ((at as f64 * f64::from(factor)) as usize).min(last);
        let from = nominal.saturating_sub(reach);
        let to = (nominal + reach).min(last);
        let start = if at == 0 {
            0
        } else {
            let target = &samples[continuing..continuing + half];
            best_match(samples, target, from..=to)
        };
        for (n, &weight) in window.iter().enumerate() {
            // The very first half frame has nothing before it to fade from.
            let weight = if at == 0 && n < half { 1.0 } else { weight };
            out[at + n] += weight * samples[start + n];
        }
        continuing = (start + half).min(last);
        at += half;
    }
    out.truncate(length);
    out
}

/// Start within `range` of the piece most similar to `target` (normalised correlation). Every
/// second place and sample is enough at these lengths.
fn best_match(samples: &[f32], target: &[f32], range: std::ops::RangeInclusive<usize>) -> usize {
    let fallback = usize::midpoint(*range.start(), *range.end());
    let mut best = (f32::MIN, fallback);
    for start in range.step_by(2) {
        let (mut product, mut energy) = (0.0_f32, 1e-12_f32);
        for (&a, &b) in target
            .iter()
            .zip(&samples[start..start + target.len()])
            .step_by(2)
        {
            product += a * b;
            energy += b * b;
        }
        let score = product / energy.sqrt();
        if score > best.0 {
            best = (score, start);
        }
    }
    best.1
}

fn interpolate(samples: &[f32], length: usize) -> Vec<f32> {
    let scale = samples.len().saturating_sub(1) as f64 / length.saturating_sub(1).max(1) as f64;
    (0..length)
        .map(|n| {
            let position = n as f64 * scale;
            let index = (position as usize).min(samples.len() - 1);
            let next = samples[(index + 1).min(samples.len() - 1)];
            samples[index] + (next - samples[index]) * (position - index as f64) as f32
        })
        .collect()
}
