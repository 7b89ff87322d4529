//! Sound in pieces gives the frames of the whole clip.

use laennec_audio::librosa::{LibrosaConfig, LibrosaLogMel};
use laennec_audio::synth::{NoiseKind, noise};
use laennec_audio::{LogMel, LogMelConfig, Scaling};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

fn sound(length: usize, rate: u32, seed: u64) -> Vec<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    noise(NoiseKind::Pink, length, rate, &mut rng)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn log_mel_stream_equals_whole_clip(
        length in 0..40_000_usize, pieces in prop::collection::vec(1..5000_usize, 1..20), preset in 0..3,
    ) {
        let mut config = match preset {
            0 => LogMelConfig::efficientat_32k(),
            1 => LogMelConfig::lung_8k(),
            _ => LogMelConfig::heart_2k(),
        };
        config.scaling = Scaling::Efficientat;
        let samples = sound(length, config.rate, 1);
        let mut front = LogMel::new(&config).unwrap();
        let whole = front.compute(&samples);
        prop_assert_eq!(whole.frames, config.frames(length));
        let mut stream = front.stream();
        let mut frames = Vec::new();
        let (mut rest, mut count) = (&samples[..], 0);
        for piece in pieces.iter().cycle() {
            let (now, later) = rest.split_at((*piece).min(rest.len()));
            count += stream.push(now, &mut frames);
            // A frame is given out no later than half a transform after its centre.
            let known = length - later.len();
            let due = known.saturating_sub(config.n_fft / 2 + 1) / config.hop;
            prop_assert!(count >= due);
            rest = later;
            if rest.is_empty() {
                break;
            }
        }
        count += stream.finish(&mut frames);
        prop_assert_eq!(count, whole.frames);
        for band in 0..whole.bands {
            for (frame, value) in whole.band(band).iter().enumerate() {
                prop_assert_eq!(frames[frame * whole.bands + band], *value);
            }
        }
    }

    #[test]
    fn librosa_stream_equals_whole_clip(length in 0..40_000_usize, piece in 1..3000_usize) {
        let mut front = LibrosaLogMel::new(&LibrosaConfig::opera()).unwrap();
        let samples = sound(length, 16_000, 2);
        let mut stream = front.stream();
        for piece in samples.chunks(piece) {
            stream.push(piece);
        }
        prop_assert_eq!(stream.finish(), front.compute(&samples));
    }
}

#[test]
fn band_means_are_gone_and_level_does_not_matter() {
    let config = LogMelConfig::heart_2k();
    let mut front = LogMel::new(&config).unwrap();
    let samples = sound(20_000, 2000, 3);
    let mel = front.compute(&samples);
    for band in 0..mel.bands {
        let mean = mel.band(band).iter().sum::<f32>() / mel.frames as f32;
        assert!(mean.abs() < 1e-4);
    }
    let power = mel.values.iter().map(|v| v * v).sum::<f32>() / mel.values.len() as f32;
    assert!((power - 1.0).abs() < 1e-3);
    let louder: Vec<f32> = samples.iter().map(|x| 4.0 * x).collect();
    let louder = front.compute(&louder);
    for (a, b) in mel.values.iter().zip(&louder.values) {
        assert!((a - b).abs() < 0.02, "{a} {b}");
    }
    // With a level to be brought to, not even the offset of the logarithm tells loud from quiet.
    let config = LogMelConfig {
        rms: Some(0.1),
        ..config
    };
    let mut front = LogMel::new(&config).unwrap();
    let quiet: Vec<f32> = samples.iter().map(|x| 1e-3 * x).collect();
    let (mel, quiet) = (front.compute(&samples), front.compute(&quiet));
    for (a, b) in mel.values.iter().zip(&quiet.values) {
        assert!((a - b).abs() < 1e-3, "{a} {b}");
    }
    // Silence has no deviation to divide by.
    assert!(front.compute(&[0.0; 4000]).values.iter().all(|v| *v == 0.0));
}

#[test]
fn settings_that_cannot_work_are_named() {
    let good = LogMelConfig::lung_8k();
    let bad = [
        (
            LogMelConfig {
                rate: 100,
                ..good.clone()
            },
            "rate",
        ),
        (
            LogMelConfig {
                n_fft: 1023,
                ..good.clone()
            },
            "n_fft",
        ),
        (
            LogMelConfig {
                window: 2048,
                ..good.clone()
            },
            "window",
        ),
        (
            LogMelConfig {
                hop: 0,
                ..good.clone()
            },
            "hop",
        ),
        (
            LogMelConfig {
                bands: 0,
                ..good.clone()
            },
            "bands",
        ),
        (
            LogMelConfig {
                low_hz: 4000.0,
                ..good.clone()
            },
            "low_hz",
        ),
        (
            LogMelConfig {
                high_hz: 4001.0,
                ..good.clone()
            },
            "high_hz",
        ),
        (
            LogMelConfig {
                log_offset: 0.0,
                ..good
            },
            "log_offset",
        ),
    ];
    for (config, field) in bad {
        let error = LogMel::new(&config).err().unwrap().to_string();
        assert!(error.contains(field), "{error}");
    }
}
