//! A signal comes in; explosive transients, the mark of crackles, go out.
//!
//! A crackle is a click of few cycles: two cycles last under 10 ms in fine, longer in coarse ones
//! (A. R. A. Sovijärvi et al., "Definition of terms for applications of respiratory sounds", Eur.
//! Respir. Rev. 10, 2000). The Teager energy `x[n]² − x[n−L] x[n+L]` (J. F. Kaiser, "On a simple
//! algorithm to calculate the energy of a signal", 1990), with `L` of about 0.25 ms at every rate,
//! grows with both amplitude and frequency, so that a click stands out of the noise of a breath.
//! Rubbing of the stethoscope makes transients as well.

use crate::Signal;
use crate::spectral::shape;

/// Where crackles lie, in Hz: above heart sounds.
const BAND_HZ: (f32, f32) = (150.0, 1800.0);
/// The rate at which Teager's neighbours are next samples, in Hz.
const TEAGER_RATE: f64 = 4000.0;
/// Half the length over which energy is smoothed, in s.
const SMOOTH_S: f64 = 0.001;
/// Blocks whose background is taken together, and the length over which it is taken, in s.
const BLOCK_S: f64 = 0.05;
const BACKGROUND_S: f64 = 0.3;
/// How many times the background a transient's energy is.
const RATIO: f64 = 40.0;
/// How long its energy is above a quarter of its peak at most, in s.
const WIDTH_S: f64 = 0.012;
/// The shortest time between two transients, and from the ends, in s.
const APART_S: f64 = 0.01;
/// Energies below this are silence.
const SILENCE: f64 = 1e-14;

/// A click.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transient {
    /// When its energy peaks, in s.
    pub at_s: f64,
    /// Its energy over the median energy of 300 ms around it.
    pub ratio: f64,
    /// How long its energy is above a quarter of its peak, in s.
    pub width_s: f64,
}

/// Transients in order of time: Teager energy of 150 to 1800 Hz (or to 0.45 of the rate) of at
/// least 40 times the median around it, for at most 12 ms, and
/// 10 ms or more from both ends. None in less than 50 ms.
pub fn transients(signal: &Signal) -> Vec<Transient> {
    let rate = f64::from(signal.rate);
    if (signal.samples.len() as f64) < BLOCK_S * rate {
        return Vec::new();
    }
    let energy = energy(signal);
    let background = background(&energy, rate);
    let block = (BLOCK_S * rate).round() as usize;
    let ratio = |at: usize| energy[at] / background[at / block];
    // Where a recording begins or ends the filter hears a step.
    let apart = ((APART_S * rate) as usize).max(1);
    let mut peaks: Vec<usize> = (apart..energy.len() - apart)
        .filter(|&at| energy[at] > energy[at - 1] && energy[at] >= energy[at + 1])
        .filter(|&at| ratio(at) >= RATIO)
        .collect();
    // The strongest first, each keeping its surroundings to itself.
    peaks.sort_by(|&a, &b| ratio(b).total_cmp(&ratio(a)).then(a.cmp(&b)));
    let mut kept: Vec<usize> = Vec::new();
    for at in peaks {
        if kept.iter().all(|&other| other.abs_diff(at) >= apart) {
            kept.push(at);
        }
    }
    kept.sort_unstable();
    kept.into_iter()
        .map(|at| {
            let low = |&index: &usize| energy[index] <= energy[at] / 4.0;
            let start = (0..at).rev().find(low).unwrap_or(0);
            let end = (at..energy.len()).find(low).unwrap_or(energy.len() - 1);
            Transient {
                at_s: at as f64 / rate,
                ratio: ratio(at),
                width_s: (end - start) as f64 / rate,
            }
        })
        .filter(|transient| transient.width_s <= WIDTH_S)
        .collect()
}

/// Smoothed Teager energy of the band, never negative, one value a sample.
fn energy(signal: &Signal) -> Vec<f64> {
    let (mut samples, _) = super::centred(&signal.samples);
    let high = BAND_HZ.1.min(0.45 * signal.rate as f32);
    shape(&mut samples, signal.rate, |hz| {
        let above = 1.0 / (1.0 + (BAND_HZ.0 / hz.max(1e-3)).powi(8));
        above / (1.0 + (hz / high).powi(16))
    });
    let rate = f64::from(signal.rate);
    let lag = ((rate / TEAGER_RATE).round() as usize).max(1);
    let x = |index: usize| f64::from(samples[index]);
    let mut teager = vec![0.0; samples.len()];
    for n in lag..samples.len().saturating_sub(lag) {
        teager[n] = x(n) * x(n) - x(n - lag) * x(n + lag);
    }
    // Hann weights without their zeros at the ends.
    let half = ((SMOOTH_S * rate).round() as usize).max(1);
    let weights: Vec<f64> = (1..2 * half)
        .map(|k| 0.5 - 0.5 * (std::f64::consts::TAU * k as f64 / (2 * half) as f64).cos())
        .collect();
    let sum: f64 = weights.iter().sum();
    (0..teager.len())
        .map(|n| {
            let smooth: f64 = weights
                .iter()
                .enumerate()
                .filter_map(|(k, weight)| {
                    Some(weight * teager.get((n + k + 1).checked_sub(half)?)?)
                })
                .sum();
            (smooth / sum).max(0.0)
        })
        .collect()
}

/// The median energy of 300 ms around the middle of each block of 50 ms.
fn background(energy: &[f64], rate: f64) -> Vec<f64> {
    let block = (BLOCK_S * rate).round() as usize;
    let reach = (BACKGROUND_S / 2.0 * rate).round() as usize;
    let mut around = Vec::with_capacity(2 * reach);
    (0..energy.len().div_ceil(block))
        .map(|index| {
            let middle = index * block + block / 2;
            around.clear();
            let end = (middle + reach).min(energy.len());
            around.extend_from_slice(&energy[middle.saturating_sub(reach).min(end)..end]);
            let half = around.len() / 2;
            let (_, median, _) = around.select_nth_unstable_by(half, f64::total_cmp);
            median.max(SILENCE)
        })
        .collect()
}
