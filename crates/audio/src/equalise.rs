//! Recordings as another chain of chest wall, stethoscope and filter would have given them: a device that a
//! network never heard is moved towards those that taught it.
//!
//! In: samples and a reference spectrum. Out: samples whose long-term spectrum has gone a part of the way to
//! the reference; level and events stay. The long-term spectrum is the median over time of each band, so that
//! it is of the chain and the breath, not of the events. The whole way would also take away what tells a
//! breath from another; recorded differences are halved at `share` 0.5.

use realfft::RealFftPlanner;
use serde::{Deserialize, Serialize};

use crate::level::amplitude;
use crate::spectral::shape;

/// Bands, evenly spread over the logarithm of frequency.
const BANDS: usize = 24;
/// The lowest and the highest, in Hz: where lungs sound, and where devices of 4 kHz still record.
const RANGE_HZ: [f32; 2] = [50.0, 1900.0];
/// Length of an analysed frame, in s; they overlap by half.
const FRAME_S: f32 = 0.128;
/// Added to powers: silence has a logarithm.
const FLOOR: f32 = 1e-12;

/// The median power of each band, in dB; not a number above the Nyquist frequency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChainSpectrum(Vec<f32>);

impl ChainSpectrum {
    /// The spectrum of a recording at `rate` Hz; none where it is shorter than a frame or silent.
    pub fn of(samples: &[f32], rate: u32) -> Option<Self> {
        let frame = (FRAME_S * rate as f32) as usize;
        if samples.len() < frame || frame < 2 || samples.iter().all(|s| *s == 0.0) {
            return None;
        }
        let powers = median_powers(samples, frame);
        let hz_a_bin = rate as f32 / frame as f32;
        let nyquist = rate as f32 / 2.0;
        let band = |index| {
            let hz = hz_of(index);
            if hz > nyquist {
                return f32::NAN;
            }
            let at = (hz / hz_a_bin).min((powers.len() - 1) as f32);
            let (below, between) = (at as usize, at.fract());
            let above = (below + 1).min(powers.len() - 1);
            let db = |power: f32| 10.0 * (power + FLOOR).log10();
            db(powers[below]) * (1.0 - between) + db(powers[above]) * between
        };
        Some(Self((0..BANDS).map(band).collect()))
    }

    /// The median of several, band by band, each at the same level; none of no spectra.
    pub fn median(all: &[Self]) -> Option<Self> {
        let level: Vec<Vec<f32>> = all.iter().map(|one| one.without_level(|_| true)).collect();
        let band = |index: usize| {
            let mut values: Vec<f32> = level
                .iter()
                .map(|bands| bands[index])
                .filter(|value| value.is_finite())
                .collect();
            middle(&mut values)
        };
        (!all.is_empty()).then(|| Self((0..BANDS).map(band).collect()))
    }

    /// The bands less their mean over those that `counts`.
    fn without_level(&self, counts: impl Fn(usize) -> bool) -> Vec<f32> {
        let counted: Vec<f32> = (0..self.0.len())
            .filter(|&i| counts(i) && self.0[i].is_finite())
            .map(|i| self.0[i])
            .collect();
        let mean = counted.iter().sum::<f32>() / counted.len().max(1) as f32;
        self.0.iter().map(|value| value - mean).collect()
    }
}

/// Moves recordings towards the spectrum of others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Equaliser {
    /// The spectrum to move to.
    pub reference: ChainSpectrum,
    /// How much of the way, 0 to 1.
    pub share: f32,
    /// Largest change of a band in dB, up or down: what is hidden in noise cannot be brought back.
    pub limit_db: f32,
}

impl Equaliser {
    /// The recording so moved, at its old level; as it is where it is too short or silent.
    pub fn apply(&self, samples: &[f32], rate: u32) -> Vec<f32> {
        let mut moved = samples.to_vec();
        let Some(own) = ChainSpectrum::of(samples, rate) else {
            return moved;
        };
        let both = |i: usize| own.0[i].is_finite() && self.reference.0[i].is_finite();
        let (from, to) = (own.without_level(both), self.reference.without_level(both));
        let gains: Vec<f32> = (0..from.len().min(to.len()))
            .take_while(|&i| both(i))
            .map(|i| (self.share * (to[i] - from[i])).clamp(-self.limit_db, self.limit_db))
            .collect();
        let Some(last) = gains.len().checked_sub(1) else {
            return moved;
        };
        shape(&mut moved, rate, |hz| {
            let at = position_of(hz).clamp(0.0, last as f32);
            let (below, between) = (at as usize, at.fract());
            let above = (below + 1).min(last);
            amplitude(gains[below] * (1.0 - between) + gains[above] * between)
        });
        let factor = (power(samples) / power(&moved).max(FLOOR)).sqrt();
        for sample in &mut moved {
            *sample *= factor;
        }
        moved
    }
}

/// The middle of a band, in Hz.
fn hz_of(band: usize) -> f32 {
    let [low, high] = RANGE_HZ;
    low * (high / low).powf(band as f32 / (BANDS - 1) as f32)
}

/// The band of a frequency, between bands where it lies there.
fn position_of(hz: f32) -> f32 {
    let [low, high] = RANGE_HZ;
    (hz.max(low) / low).ln() / (high / low).ln() * (BANDS - 1) as f32
}

/// The median over time of the power in each bin.
fn median_powers(samples: &[f32], frame: usize) -> Vec<f32> {
    let fft = RealFftPlanner::<f32>::new().plan_fft_forward(frame);
    let (mut input, mut output) = (fft.make_input_vec(), fft.make_output_vec());
    let mut scratch = fft.make_scratch_vec();
    let window: Vec<f32> = (0..frame)
        .map(|n| 0.5 - 0.5 * (std::f32::consts::TAU * n as f32 / (frame - 1) as f32).cos())
        .collect();
    let mut bins: Vec<Vec<f32>> = vec![Vec::new(); output.len()];
    for start in (0..=samples.len() - frame).step_by(frame / 2) {
        for ((slot, sample), weight) in input.iter_mut().zip(&samples[start..]).zip(&window) {
            *slot = sample * weight;
        }
        fft.process_with_scratch(&mut input, &mut output, &mut scratch)
            .expect("the buffers are of the planned length");
        for (bin, value) in bins.iter_mut().zip(&output) {
            bin.push(value.norm_sqr());
        }
    }
    bins.iter_mut().map(|bin| middle(bin)).collect()
}

/// The median; of an even number the mean of both in the middle, of none not a number.
fn middle(values: &mut [f32]) -> f32 {
    values.sort_unstable_by(f32::total_cmp);
    let half = values.len() / 2;
    match values {
        [] => f32::NAN,
        _ if values.len() % 2 == 1 => values[half],
        _ => f32::midpoint(values[half - 1], values[half]),
    }
}

fn power(samples: &[f32]) -> f32 {
    samples.iter().map(|s| s * s).sum::<f32>() / samples.len().max(1) as f32
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::synth::{NoiseKind, noise};

    const RATE: u32 = 4000;

    fn hiss(seed: u64) -> Vec<f32> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        noise(NoiseKind::Pink, 40_000, RATE, &mut rng)
    }

    /// As a chain that falls by 6 dB an octave would have recorded it.
    fn dull(samples: &[f32]) -> Vec<f32> {
        let mut dull = samples.to_vec();
        shape(&mut dull, RATE, |hz| 100.0 / hz.max(50.0));
        dull
    }

    /// Largest difference between two spectra at one level, in dB.
    fn apart(a: &[f32], b: &[f32]) -> f32 {
        let spectrum = |samples: &[f32]| {
            let spectrum = ChainSpectrum::of(samples, RATE).unwrap();
            spectrum.without_level(|_| true)
        };
        let pairs = spectrum(a).into_iter().zip(spectrum(b));
        pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
    }

    fn towards(reference: &[f32], share: f32) -> Equaliser {
        Equaliser {
            reference: ChainSpectrum::of(reference, RATE).unwrap(),
            share,
            limit_db: 40.0,
        }
    }

    #[test]
    fn the_whole_way_gives_the_reference_and_half_of_it_half() {
        let (reference, heard) = (hiss(1), dull(&hiss(2)));
        let before = apart(&reference, &heard);
        assert!(before > 12.0, "{before}");
        let whole = towards(&reference, 1.0).apply(&heard, RATE);
        assert!(
            apart(&reference, &whole) < 2.0,
            "{}",
            apart(&reference, &whole)
        );
        let half = apart(&reference, &towards(&reference, 0.5).apply(&heard, RATE));
        assert!((half - before / 2.0).abs() < 1.5, "{half} of {before}");
    }

    #[test]
    fn level_and_likeness_stay() {
        let heard = dull(&hiss(3));
        let moved = towards(&hiss(4), 0.5).apply(&heard, RATE);
        assert!((power(&moved) / power(&heard) - 1.0).abs() < 1e-3);
        let same = towards(&heard, 1.0).apply(&heard, RATE);
        let worst = same.iter().zip(&heard).map(|(a, b)| (a - b).abs());
        assert!(worst.fold(0.0, f32::max) < 1e-4 * power(&heard).sqrt().max(1.0));
    }

    #[test]
    fn silence_and_snippets_are_left_alone() {
        let equaliser = towards(&hiss(5), 0.5);
        assert_eq!(equaliser.apply(&[0.0; 4000], RATE), [0.0; 4000]);
        assert_eq!(equaliser.apply(&[0.5; 10], RATE), [0.5; 10]);
        assert!(equaliser.apply(&[], RATE).is_empty());
    }

    #[test]
    fn a_lower_rate_moves_only_what_it_holds() {
        let heard: Vec<f32> = dull(&hiss(6)).into_iter().step_by(2).collect();
        let moved = towards(&hiss(7), 0.5).apply(&heard, 2000);
        assert!(moved.iter().all(|s| s.is_finite()));
        let spectrum = ChainSpectrum::of(&heard, 2000).unwrap();
        assert!(spectrum.0[BANDS - 1].is_nan() && spectrum.0[0].is_finite());
    }
}
