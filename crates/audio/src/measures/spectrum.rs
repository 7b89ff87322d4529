//! What the long-term spectrum tells: bandwidth and mains hum.

use std::f64::consts::TAU;

use serde::{Deserialize, Serialize};

use crate::mel::stft::PowerSpectrum;
use crate::spectral::smooth_length;

/// The mains in a recording.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MainsHum {
    /// The mains frequency that fits better: 50 or 60 Hz.
    pub hz: u32,
    /// How far its strongest harmonic (of the first five) stands above the spectrum beside it, in
    /// dB. Chance alone gives up to about 8 dB; clear hum has 15 dB and more.
    pub prominence_db: f32,
}

/// Mean power spectrum over half-overlapped windows (Welch) of about `seconds`, relative to
/// a full-scale density of 1; with the width of a bin in Hz. None for fewer than 8 samples.
fn long_term(samples: &[f32], rate: u32, seconds: f64) -> Option<(Vec<f64>, f64)> {
    if samples.len() < 8 {
        return None;
    }
    let wanted = (f64::from(rate) * seconds) as usize;
    let length = smooth_length(wanted.clamp(8, samples.len().max(8)));
    let mut padded;
    let samples = if samples.len() < length {
        padded = samples.to_vec();
        padded.resize(length, 0.0);
        &padded
    } else {
        samples
    };
    let window = blackman_harris(length);
    let energy: f64 = window.iter().map(|w| w * w).sum();
    let mut spectrum = PowerSpectrum::<f64>::new(length, &window, 0);
    let mut power = vec![0.0; length / 2 + 1];
    let mut sum = vec![0.0; length / 2 + 1];
    let mut count = 0.0;
    for start in (0..=samples.len() - length).step_by(length / 2) {
        spectrum.compute(&samples[start..], f64::from, &mut power);
        for (sum, power) in sum.iter_mut().zip(&power) {
            *sum += power;
        }
        count += 1.0;
    }
    for value in &mut sum {
        *value /= count * energy;
    }
    Some((sum, f64::from(rate) / length as f64))
}

/// Four-term Blackman-Harris window, periodic: what leaks is 92 dB down, so an empty band next to
/// a full one looks empty. Source: Harris, Proc. IEEE 66 (1978), table 1.
fn blackman_harris(length: usize) -> Vec<f64> {
    (0..length)
        .map(|n| {
            let turn = TAU * n as f64 / length as f64;
            0.35875 - 0.48829 * turn.cos() + 0.14128 * (2.0 * turn).cos()
                - 0.01168 * (3.0 * turn).cos()
        })
        .collect()
}

/// The band limit of the recording chain, in Hz: the lower of
/// - the highest frequency within 85 dB of the strongest density (what is weaker is rounding of
///   the computation, not of the recording), and
/// - the edge of a cliff: a frequency `f` from 400 Hz on such that everything from `1.03 f` on is
///   at least 18 dB below the mean density of `0.9 f` to `0.97 f`, a fall of more than 100 dB per octave
///   to a floor, as anti-aliasing filters leave and bodies do not. The edge is the highest
///   frequency halfway (in dB) between that mean and the floor, at most 30 dB below the mean.
pub(super) fn bandwidth_hz(samples: &[f32], rate: u32) -> f32 {
    const WINDOW_SECONDS: f64 = 0.128;
    const RANGE: f64 = 3.2e-9;
    const CLIFF: f64 = 63.0;
    const LOWEST_HZ: f64 = 400.0;
    let Some((power, bin_hz)) = long_term(samples, rate, WINDOW_SECONDS) else {
        return 0.0;
    };
    // Five bins together, so that one bin of noise does not decide.
    let last = power.len() - 1;
    let smooth: Vec<f64> = (0..=last)
        .map(|bin| {
            let near = &power[bin.saturating_sub(2)..=(bin + 2).min(last)];
            near.iter().sum::<f64>() / near.len() as f64
        })
        .collect();
    let strongest = smooth.iter().copied().fold(0.0, f64::max);
    let heard = smooth
        .iter()
        .rposition(|&power| power > RANGE * strongest)
        .unwrap_or(0);

    let mut highest_above = smooth.clone();
    for bin in (0..last).rev() {
        highest_above[bin] = highest_above[bin].max(highest_above[bin + 1]);
    }
    let below = |bin: usize| {
        let bins = &smooth[bin * 90 / 100..=bin * 97 / 100];
        bins.iter().sum::<f64>() / bins.len() as f64
    };
    let floor_from = |bin: usize| (bin * 103).div_ceil(100) + 2;
    let floor = |bin: usize| highest_above[floor_from(bin)];
    // Above the last candidate there are too few bins to be a floor; in the spectrum of a clip of
    // a few samples there may be none.
    let candidates = (LOWEST_HZ / bin_hz) as usize..last * 9 / 10;
    let cliff = candidates
        .rev()
        .filter(|&bin| floor_from(bin) <= last)
        .find(|&bin| below(bin) > CLIFF * floor(bin));
    let edge = cliff.map_or(last, |bin| {
        let halfway = (below(bin) * floor(bin)).sqrt().max(1e-3 * below(bin));
        let above_halfway = |&power: &f64| power > halfway;
        smooth.iter().rposition(above_halfway).unwrap_or(bin)
    });
    ((heard.min(edge) as f64 * bin_hz) as f32).min(rate as f32 / 2.0)
}

/// Prominence of 50 and 60 Hz and their harmonics.
pub(super) fn mains_hum(samples: &[f32], rate: u32) -> Option<MainsHum> {
    const WINDOW_SECONDS: f64 = 2.0;
    const SHORTEST_SECONDS: f64 = 0.5;
    /// More cannot be told: beside a pure tone lies only what computing leaves.
    const MOST_DB: f32 = 100.0;
    if (samples.len() as f64) < SHORTEST_SECONDS * f64::from(rate) {
        return None;
    }
    let (power, bin_hz) = long_term(samples, rate, WINDOW_SECONDS)?;
    let judge = |hz: u32| {
        let prominences: Vec<f32> = (1..=5)
            .filter_map(|harmonic| prominence_db(&power, bin_hz, f64::from(hz * harmonic)))
            .collect();
        let sum: f32 = prominences.iter().map(|db| db.max(0.0)).sum();
        // One harmonic without the fundamental may be a wheeze.
        let fundamental = prominence_db(&power, bin_hz, f64::from(hz));
        let mut sorted = prominences;
        sorted.sort_unstable_by(|a, b| b.total_cmp(a));
        let second = sorted.get(1).copied();
        let best = fundamental.into_iter().chain(second).fold(0.0, f32::max);
        (
            sum,
            MainsHum {
                hz,
                prominence_db: best.min(MOST_DB),
            },
        )
    };
    let (fifty, sixty) = (judge(50), judge(60));
    Some(if sixty.0 > fifty.0 { sixty.1 } else { fifty.1 })
}

/// The strongest bin within 1 Hz of `hz` over the median of its neighbours up to 12 Hz away.
fn prominence_db(power: &[f64], bin_hz: f64, hz: f64) -> Option<f32> {
    let bin = |hz: f64| (hz / bin_hz).round().max(1.0) as usize;
    if bin(hz + 12.0) >= power.len() {
        return None;
    }
    let line = power[bin(hz - 1.0)..=bin(hz + 1.0)]
        .iter()
        .copied()
        .fold(0.0, f64::max);
    // The window spreads a line over four bins either side.
    let guard = (2.5_f64).max(4.5 * bin_hz);
    let mut beside: Vec<f64> = power[bin(hz - 12.0)..bin(hz - guard).max(bin(hz - 12.0))].to_vec();
    beside.extend_from_slice(&power[bin(hz + guard)..=bin(hz + 12.0).max(bin(hz + guard))]);
    beside.sort_by(f64::total_cmp);
    let median = beside.get(beside.len() / 2).copied()?;
    if median <= 0.0 || line <= 0.0 {
        return None;
    }
    Some((10.0 * (line / median).log10()) as f32)
}
