//! A signal to a fingerprint: 16 bits a frame that survive another level, rate or format.
//!
//! Follows J. Haitsma, T. Kalker, "A Highly Robust Audio Fingerprinting System", ISMIR 2002,
//! section 4.2: a bit is the sign of the difference, over time and over bands, of band energies.
//! On purpose different, for sounds of heart and lungs instead of music: the signal is taken at
//! [`RATE`]; 17 bands a constant ratio apart between 40 and 640 Hz, where every stethoscope has
//! sound; energies as logarithms; steps of 64 ms of half-second frames instead of 11.6 ms of
//! 0.37 s, which makes fingerprints of 31 bytes a second; and a difference over six steps, since
//! neighbouring frames hardly differ.

use crate::mel::stft::PowerSpectrum;
use crate::{Error, Signal, resample};

/// Rate at which fingerprints are taken, in Hz.
pub const RATE: u32 = 2000;
/// From one frame to the next, in seconds.
pub const STEP_SECONDS: f64 = STEP as f64 / RATE as f64;

/// Samples of a frame: 0.512 s.
const FRAME: usize = 1024;
/// Samples from one frame to the next.
const STEP: usize = 128;
/// Steps between the frames that are compared.
const LAG: usize = 6;
const BANDS: usize = 17;
/// Edges of the lowest and the highest band, in Hz.
const LOWEST: f64 = 40.0;
const HIGHEST: f64 = 640.0;
/// Added to the power of each band, as a part of the mean power of a frame: digital silence gives
/// bits of 0, whatever the level.
const FLOOR: f64 = 1e-9;

/// The fingerprint of a signal, a number of 16 bits for each step, `[steps]`. Bit `b` of step `n`
/// tells whether band `b` rises against band `b + 1` from frame `n` to frame `n + 6`. Empty for a
/// signal under 0.9 s and for one without change.
///
/// # Errors
/// [`Error::Rate`] if the rate is outside 500 Hz to 192 kHz.
pub fn fingerprint(signal: &Signal) -> Result<Vec<u16>, Error> {
    let samples = resample(&signal.samples, signal.rate, RATE)?;
    if samples.len() < FRAME + LAG * STEP {
        return Ok(Vec::new());
    }
    let mut energies = band_powers(&samples);
    let mean = energies.iter().flatten().sum::<f64>() / energies.len() as f64;
    if mean <= f64::MIN_POSITIVE {
        return Ok(Vec::new());
    }
    for power in energies.iter_mut().flatten() {
        *power = (*power + FLOOR * mean).ln();
    }
    let contrast = |frame: &[f64; BANDS], band: usize| frame[band] - frame[band + 1];
    let bits = |(before, after): (&[f64; BANDS], &[f64; BANDS])| {
        (0..BANDS - 1).fold(0, |bits, band| {
            let rises = contrast(after, band) > contrast(before, band);
            bits | u16::from(rises) << band
        })
    };
    Ok(energies.iter().zip(&energies[LAG..]).map(bits).collect())
}

/// Power of each band in each frame, `[frames][bands]`. The power of a bin is spread evenly over
/// its width, so that a band may begin and end within bins.
fn band_powers(samples: &[f32]) -> Vec<[f64; BANDS]> {
    let window: Vec<f64> = (0..FRAME)
        .map(|n| 0.5 - 0.5 * (std::f64::consts::TAU * n as f64 / FRAME as f64).cos())
        .collect();
    let mut spectrum = PowerSpectrum::<f32>::new(FRAME, &window, 0);
    let mut power = vec![0.0; spectrum.bins()];
    let edges: [f64; BANDS + 1] = std::array::from_fn(|edge| {
        let hz = LOWEST * (HIGHEST / LOWEST).powf(edge as f64 / BANDS as f64);
        // Bin `k` reaches from `k - 0.5` to `k + 0.5`.
        hz * FRAME as f64 / f64::from(RATE) + 0.5
    });
    let mut frames = Vec::with_capacity(samples.len() / STEP);
    let mut sums = vec![0.0; power.len() + 1];
    for start in (0..=samples.len() - FRAME).step_by(STEP) {
        spectrum.compute(&samples[start..start + FRAME], |sample| sample, &mut power);
        for (bin, &power) in power.iter().enumerate() {
            sums[bin + 1] = sums[bin] + f64::from(power);
        }
        let below = |edge: f64| {
            let whole = edge as usize;
            sums[whole] + edge.fract() * (sums[whole + 1] - sums[whole])
        };
        frames.push(std::array::from_fn(|band| {
            below(edges[band + 1]) - below(edges[band])
        }));
    }
    frames
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bursts of tones that wander, seeded.
    fn sound(seconds: f64, rate: u32, seed: u64) -> Signal {
        let samples = (0..(seconds * f64::from(rate)) as usize)
            .map(|n| {
                let t = n as f64 / f64::from(rate);
                let seed = seed as f64;
                let hz = 150.0 + 80.0 * (t * (1.3 + 0.1 * seed) + seed).sin();
                let loud = (t * (2.1 + 0.2 * seed)).sin().powi(2);
                let hiss = (t * 400.0 * (1.0 + 0.3 * (t * 0.7 * seed).sin())).sin();
                (0.3 * loud * (std::f64::consts::TAU * hz * t).sin() + 0.05 * hiss) as f32
            })
            .collect();
        Signal { samples, rate }
    }

    fn distance(a: &[u16], b: &[u16]) -> f64 {
        let wrong: u32 = a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum();
        f64::from(wrong) / (16 * a.len().min(b.len())) as f64
    }

    #[test]
    fn level_and_rate_hardly_matter_and_another_sound_does() {
        let one = sound(8.0, 8000, 1);
        let print = fingerprint(&one).unwrap();
        assert_eq!(print.len(), (16_000 - FRAME) / STEP + 1 - LAG);
        let quiet = Signal {
            samples: one.samples.iter().map(|sample| 0.01 * sample).collect(),
            rate: 8000,
        };
        assert!(distance(&print, &fingerprint(&quiet).unwrap()) < 0.01);
        let other_rate = Signal {
            samples: resample(&one.samples, 8000, 11_025).unwrap(),
            rate: 11_025,
        };
        assert!(distance(&print, &fingerprint(&other_rate).unwrap()) < 0.05);
        let other = fingerprint(&sound(8.0, 8000, 2)).unwrap();
        assert!(distance(&print, &other) > 0.35);
    }

    #[test]
    fn what_is_short_or_silent_has_none() {
        for samples in [Vec::new(), vec![0.1; 3000], vec![0.0; 40_000]] {
            let signal = Signal {
                samples,
                rate: 4000,
            };
            assert_eq!(fingerprint(&signal).unwrap(), Vec::<u16>::new());
        }
    }
}
