//! A signal comes in; how periodic its loudness is, as by first and second heart sounds, goes out.
//!
//! The heart rate is the lag at which the envelope resembles itself most, as in S. E. Schmidt et
//! al., "Segmentation of heart sound recordings by a duration-dependent hidden Markov model"
//! (2010), section 2.2, which also finds the systole as the peak before half a cycle.

use crate::Signal;
use crate::spectral::shape;

/// Where the first and second heart sounds lie, in Hz.
const BAND_HZ: (f32, f32) = (25.0, 150.0);
/// Where murmurs lie, in Hz.
const MURMUR_HZ: (f32, f32) = (100.0, 400.0);
/// Length of the blocks of the envelope, in s.
const BLOCK_S: f64 = 0.02;
/// Cycles looked for, in s: 200 to 40 beats a minute.
const CYCLE_S: (f64, f64) = (0.3, 1.5);
/// The shortest systole, in s.
const SYSTOLE_S: f64 = 0.12;
/// The shortest recording that holds enough cycles, in s.
const SHORTEST_S: f64 = 3.0;

/// The rhythm of a recording.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rhythm {
    /// Length of a cycle, in s.
    pub cycle_s: f64,
    /// Autocorrelation of the envelope at that lag, at most about 1: 0 without any rhythm.
    pub strength: f64,
    /// Lag of the greatest autocorrelation from 0.12 s to half a cycle, in s: the time from the
    /// first to the second heart sound, where there are any.
    pub systole_s: f64,
    /// Level of 100 to 400 Hz in the median block of 20 ms below that of the 95th percentile, in
    /// dB: near 0 where sound fills the time between beats.
    pub between_db: f64,
}

/// The rhythm; none for recordings under 3 s or without any change of level.
pub fn rhythm(signal: &Signal) -> Option<Rhythm> {
    if signal.seconds() < SHORTEST_S {
        return None;
    }
    let envelope = envelope(signal, BAND_HZ);
    let mean = envelope.iter().sum::<f64>() / envelope.len() as f64;
    let centred: Vec<f64> = envelope.iter().map(|value| value - mean).collect();
    let correlation = |lag: usize| {
        let pairs = centred.iter().zip(&centred[lag..]);
        pairs.map(|(a, b)| a * b).sum::<f64>() / (centred.len() - lag) as f64
    };
    let variance = correlation(0);
    if variance <= f64::EPSILON * mean * mean {
        return None;
    }
    let lags = |from: f64, to: f64| (from / BLOCK_S).round() as usize..=(to / BLOCK_S) as usize;
    let strongest = |lags: std::ops::RangeInclusive<usize>| {
        lags.map(|lag| (lag, correlation(lag) / variance))
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
    };
    let (cycle, strength) = strongest(lags(CYCLE_S.0, CYCLE_S.1))?;
    let cycle_s = cycle as f64 * BLOCK_S;
    let (systole, _) = strongest(lags(SYSTOLE_S, cycle_s / 2.0))?;
    let mut levels: Vec<f64> = self::envelope(signal, MURMUR_HZ);
    levels.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| levels[((levels.len() - 1) as f64 * share).round() as usize];
    Some(Rhythm {
        cycle_s,
        strength,
        systole_s: systole as f64 * BLOCK_S,
        between_db: 20.0 * (at(0.5).max(1e-9) / at(0.95).max(1e-9)).log10(),
    })
}

/// Root mean square of a band in blocks of 20 ms; what does not fill a block is left out.
fn envelope(signal: &Signal, band_hz: (f32, f32)) -> Vec<f64> {
    let (mut samples, _) = super::centred(&signal.samples);
    shape(&mut samples, signal.rate, |hz| {
        let above = 1.0 / (1.0 + (band_hz.0 / hz.max(1e-3)).powi(8));
        above / (1.0 + (hz / band_hz.1).powi(8))
    });
    let rate = f64::from(signal.rate);
    let blocks = (samples.len() as f64 / (BLOCK_S * rate)) as usize;
    let start = |block: usize| (block as f64 * BLOCK_S * rate).round() as usize;
    (0..blocks)
        .map(|block| {
            let samples = &samples[start(block)..start(block + 1).min(samples.len())];
            let squares: f64 = samples.iter().map(|&x| f64::from(x) * f64::from(x)).sum();
            (squares / samples.len().max(1) as f64).sqrt()
        })
        .collect()
}
