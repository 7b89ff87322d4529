//! Degradations do exactly what they say, and the same seed gives the same result.

use std::f32::consts::TAU;

use laennec_audio::synth::{self, NoiseKind, noise};
use laennec_audio::{LogMel, LogMelConfig, augment};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

const RATE: u32 = 8000;

fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn sine(hz: f32, length: usize) -> Vec<f32> {
    (0..length)
        .map(|n| 0.5 * (TAU * (hz * n as f32 / RATE as f32).fract()).sin())
        .collect()
}

fn rms(samples: &[f32]) -> f32 {
    (samples.iter().map(|x| x * x).sum::<f32>() / samples.len() as f32).sqrt()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn noise_has_the_ratio_asked_for(snr_db in -10.0_f32..40.0, kind in 0..5_usize, seed in any::<u64>()) {
        let clean = sine(200.0, 16_000);
        let mut noisy = clean.clone();
        augment::add_noise(&mut noisy, RATE, NoiseKind::ALL[kind], snr_db, &mut rng(seed));
        let added: Vec<f32> = noisy.iter().zip(&clean).map(|(a, b)| a - b).collect();
        let measured = 20.0 * (rms(&clean) / rms(&added)).log10();
        prop_assert!((measured - snr_db).abs() < 0.1, "{} {}", measured, snr_db);
        let mut again = clean.clone();
        augment::add_noise(&mut again, RATE, NoiseKind::ALL[kind], snr_db, &mut rng(seed));
        prop_assert_eq!(noisy, again);
    }

    #[test]
    fn device_filter_stays_within_its_limit(max_db in 0.0_f32..15.0, hz in 30.0_f32..3500.0, seed in any::<u64>()) {
        let mut samples = sine(hz, 16_000);
        augment::device_filter(&mut samples, RATE, max_db, &mut rng(seed));
        let gain = 20.0 * (rms(&samples[2000..14_000]) / rms(&sine(hz, 16_000)[2000..14_000])).log10();
        prop_assert!(gain.abs() < max_db + 0.3, "{}", gain);
    }

    #[test]
    fn tempo_changes_length_and_keeps_pitch(factor in 0.8_f32..1.25, hz in 100.0_f32..800.0) {
        let samples = sine(hz, 16_000);
        let changed = augment::tempo(&samples, RATE, factor);
        prop_assert_eq!(changed.len(), (16_000.0 / f64::from(factor)).round() as usize);
        let crossings = |x: &[f32]| x.windows(2).filter(|w| w[0] < 0.0 && w[1] >= 0.0).count();
        let found = crossings(&changed) as f32 / changed.len() as f32 * RATE as f32;
        prop_assert!((found / hz - 1.0).abs() < 0.02, "{} {}", found, hz);
        prop_assert!((rms(&changed) / rms(&samples) - 1.0).abs() < 0.05);
    }

    #[test]
    fn masks_cover_a_run_of_at_most_the_width(width in 0..200_usize, seed in any::<u64>()) {
        let config = LogMelConfig::lung_8k();
        let samples = noise(NoiseKind::Pink, 8000, RATE, &mut rng(seed));
        let mel = LogMel::new(&config).unwrap().compute(&samples);
        let mut masked = mel.clone();
        augment::mask_frequencies(&mut masked, width, &mut rng(seed));
        let changed: Vec<usize> = (0..mel.bands).filter(|&b| mel.band(b) != masked.band(b)).collect();
        prop_assert!(changed.len() <= width);
        prop_assert!(changed.windows(2).all(|pair| pair[1] == pair[0] + 1));
        let mut masked = mel.clone();
        augment::mask_times(&mut masked, width, &mut rng(seed));
        let frames = (0..mel.frames).filter(|&t| {
            (0..mel.bands).any(|b| mel.band(b)[t] != masked.band(b)[t])
        });
        prop_assert!(frames.count() <= width);
    }

    #[test]
    fn odd_lengths_and_rates_do_not_matter(length in 0..300_usize, rate in 500_u32..192_000, seed in any::<u64>()) {
        let mut samples = noise(NoiseKind::White, length, rate, &mut rng(seed));
        augment::band_limit(&mut samples, rate, 20.0, 100.0);
        augment::device_filter(&mut samples, rate, 10.0, &mut rng(seed));
        augment::level_drift(&mut samples, rate, 6.0, &mut rng(seed));
        augment::circular_shift(&mut samples, length * 3 + 1);
        for kind in NoiseKind::ALL {
            augment::add_noise(&mut samples, rate, kind, 10.0, &mut rng(seed));
        }
        samples = augment::tempo(&samples, rate, 1.1);
        augment::clip(&mut samples, 0.5);
        for made in [
            samples,
            synth::tones(length, rate, &mut rng(seed)),
            synth::clicks(length, rate, &mut rng(seed)),
            synth::vowels(length, rate, &mut rng(seed)),
        ] {
            prop_assert!(made.iter().all(|x| x.is_finite()));
        }
    }

    #[test]
    fn synthesised_sounds_are_seeded_and_bounded(seed in any::<u64>(), rate in 2000_u32..48_000) {
        let length = 2 * rate as usize;
        let make = |which: usize, seed: u64| match which {
            0 => synth::tones(length, rate, &mut rng(seed)),
            1 => synth::clicks(length, rate, &mut rng(seed)),
            _ => synth::vowels(length, rate, &mut rng(seed)),
        };
        for which in 0..3 {
            let sound = make(which, seed);
            prop_assert_eq!(sound.len(), length);
            let peak = sound.iter().fold(0.0_f32, |peak, x| peak.max(x.abs()));
            prop_assert!(peak > 0.05 && peak <= 1.01, "{} {}", which, peak);
            prop_assert_eq!(&sound, &make(which, seed));
            prop_assert!(sound != make(which, seed.wrapping_add(1)));
        }
    }
}

#[test]
fn band_limits_keep_the_inside_and_remove_the_outside() {
    let limited = |hz: f32| {
        let mut samples = sine(hz, 16_000);
        augment::band_limit(&mut samples, RATE, 100.0, 1000.0);
        rms(&samples[2000..14_000]) / rms(&sine(hz, 16_000)[2000..14_000])
    };
    for hz in [110.0, 300.0, 990.0] {
        assert!((limited(hz) - 1.0).abs() < 0.01, "{hz}: {}", limited(hz));
    }
    for hz in [20.0, 70.0, 1250.0, 3000.0] {
        assert!(limited(hz) < 1e-3, "{hz}: {}", limited(hz));
    }
    let mut untouched = sine(300.0, 1000);
    augment::band_limit(&mut untouched, RATE, 0.0, 4000.0);
    assert_eq!(untouched, sine(300.0, 1000));
}

#[test]
fn coloured_noise_falls_with_frequency() {
    for (kind, per_octave) in [
        (NoiseKind::White, 0.0),
        (NoiseKind::Pink, 3.01),
        (NoiseKind::Brown, 6.02),
    ] {
        let samples = noise(kind, 80_000, RATE, &mut rng(5));
        assert!((rms(&samples) - 1.0).abs() < 1e-3);
        // Level in a band of 100 Hz around 200 Hz and around 1600 Hz, three octaves up.
        let level = |low: f32| {
            let mut band = samples.clone();
            augment::band_limit(&mut band, RATE, low, low + 100.0);
            20.0 * rms(&band).log10()
        };
        // The cut-off edges are a fixed ratio wide, so compare equal relative bands per Hz.
        let width = |low: f32| 10.0 * ((low + 100.0) * 1.1 - low / 1.1).log10();
        let fall = (level(150.0) - width(150.0)) - (level(1550.0) - width(1550.0));
        let octaves = (1600.0_f32 / 200.0).log2();
        assert!(
            (fall - per_octave * octaves).abs() < 1.5,
            "{kind:?}: {fall}"
        );
    }
}

#[test]
fn small_changes_are_exact() {
    let mut samples = vec![0.1, 0.2, 0.3];
    augment::circular_shift(&mut samples, 1);
    assert_eq!(samples, [0.3, 0.1, 0.2]);
    augment::gain(&mut samples, 20.0);
    assert!((samples[0] - 3.0).abs() < 1e-5);
    augment::clip(&mut samples, 0.5);
    assert_eq!(samples, [1.5, 1.0, 1.5]);
}
