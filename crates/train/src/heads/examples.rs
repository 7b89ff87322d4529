//! Examples of heart, lung and neither, brought to the same bands and noise.
//!
//! In: recordings and a seed. Out: what the encoders make of random windows of them.

use laennec_audio::{
    DecodeOptions, augment, decode_file, resample,
    synth::{clicks, noise, tones, vowels},
};
use laennec_corpus::{Domain, Located, Split};
use laennec_models::ear::{HeartEar, LungEar};
use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::HeadsRecipe;
use crate::{
    Error,
    lung::augment::{log_uniform, noise_kind},
    sampling,
};

/// Classes of the domain head, in order.
pub(super) const DOMAINS: [Domain; 3] = [Domain::Heart, Domain::Lung, Domain::Other];

/// Rate at which examples are made, in Hz: that of the lung front end.
const RATE: u32 = 8000;

/// Level of synthesised sounds, RMS.
const SYNTHETIC_LEVEL: f32 = 0.05;

/// One example.
pub(super) struct Heard {
    /// Index into [`DOMAINS`].
    pub(super) class: usize,
    /// Whether it is one of the calibration recordings, which choose the penalty.
    pub(super) calibrates: bool,
    /// Embedding of the lung encoder.
    pub(super) embedding: Vec<f32>,
    /// Pattern of the heart encoder.
    pub(super) pattern: Vec<f32>,
}

/// Windows of all training and calibration recordings and of synthesised sounds. Coughs are few,
/// so each gives two.
pub(super) fn domain_examples(
    recipe: &HeadsRecipe,
    recordings: &[Located],
    lung: &LungEar,
    heart: &HeartEar,
) -> Result<Vec<Heard>, Error> {
    let mut jobs = Vec::new();
    for (index, located) in recordings.iter().enumerate() {
        let recording = &located.recording;
        let calibrates = match recording.split {
            Some(Split::Train) => false,
            Some(Split::Calibration) => true,
            _ => continue,
        };
        if recording.data_set.is_test_only() {
            continue;
        }
        let class = class_of(recording.domain);
        let copies = if recording.domain == Domain::Other {
            2
        } else {
            1
        };
        jobs.extend((0..copies).map(|copy| Job {
            class,
            calibrates,
            from: From::Recording(located),
            position: [index as u64, copy],
        }));
    }
    for kind in 0..SYNTHESISERS.len() {
        jobs.extend((0..recipe.synthetic as u64).map(|n| Job {
            class: class_of(Domain::Other),
            calibrates: n % 6 == 0,
            from: From::Synthesiser(kind),
            position: [u64::MAX - kind as u64, n],
        }));
    }
    jobs.par_iter()
        .map(|job| {
            let mut rng = sampling::rng(recipe.seed, &job.position);
            let samples = job.samples(recipe, &mut rng)?;
            Ok(Heard {
                class: job.class,
                calibrates: job.calibrates,
                embedding: lung.hear(&samples, RATE)?.embedding,
                pattern: heart.hear(&samples, RATE)?.pattern,
            })
        })
        .collect()
}

fn class_of(domain: Domain) -> usize {
    DOMAINS.iter().position(|d| *d == domain).unwrap_or(2)
}

struct Job<'a> {
    class: usize,
    calibrates: bool,
    from: From<'a>,
    position: [u64; 2],
}

enum From<'a> {
    Recording(&'a Located),
    Synthesiser(usize),
}

type Synthesiser = fn(usize, u32, &mut ChaCha8Rng) -> Vec<f32>;

const SYNTHESISERS: [Synthesiser; 4] = [
    |length, rate, rng| {
        let kind = noise_kind(rng);
        noise(kind, length, rate, rng)
    },
    |length, rate, rng| tones(length, rate, rng),
    |length, rate, rng| clicks(length, rate, rng),
    |length, rate, rng| vowels(length, rate, rng),
];

impl Job<'_> {
    fn samples(&self, recipe: &HeadsRecipe, rng: &mut ChaCha8Rng) -> Result<Vec<f32>, Error> {
        let seconds = rng.random_range(recipe.seconds[0]..=recipe.seconds[1]);
        let length = (seconds * f64::from(RATE)) as usize;
        let mut samples = match self.from {
            From::Recording(located) => window(&decode(located)?, length, rng),
            From::Synthesiser(kind) => {
                let mut samples = SYNTHESISERS[kind](length, RATE, rng);
                scale_to(&mut samples, SYNTHETIC_LEVEL);
                samples
            }
        };
        augment::gain(&mut samples, rng.random_range(-10.0..=10.0));
        if rng.random_bool(recipe.filter_share) {
            augment::device_filter(&mut samples, RATE, recipe.filter_db, rng);
        }
        if rng.random_bool(recipe.noise_share) {
            let snr = rng.random_range(recipe.snr_db[0]..=recipe.snr_db[1]);
            let kind = noise_kind(rng);
            augment::add_noise(&mut samples, RATE, kind, snr, rng);
        }
        if rng.random_bool(recipe.band_share) {
            let low = log_uniform(recipe.low_hz, rng);
            let high = log_uniform(recipe.high_hz, rng);
            augment::band_limit(&mut samples, RATE, low, high);
        }
        Ok(samples)
    }
}

/// Samples of a recording at [`RATE`].
pub(super) fn decode(located: &Located) -> Result<Vec<f32>, Error> {
    let signal = decode_file(&located.path, &DecodeOptions::default())?.signal;
    Ok(resample(&signal.samples, signal.rate, RATE)?)
}

/// A random window of `length` samples, or the whole recording where it is shorter.
pub(super) fn window(samples: &[f32], length: usize, rng: &mut impl Rng) -> Vec<f32> {
    let room = samples.len().saturating_sub(length);
    let start = rng.random_range(0..=room);
    samples[start..(start + length).min(samples.len())].to_vec()
}

fn scale_to(samples: &mut [f32], level: f32) {
    let power: f32 = samples.iter().map(|s| s * s).sum::<f32>() / samples.len().max(1) as f32;
    if power > 0.0 {
        let factor = level / power.sqrt();
        for sample in samples {
            *sample *= factor;
        }
    }
}
