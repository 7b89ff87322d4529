//! Measures on signals whose answer is known, and on real recordings.

mod common;

use std::f32::consts::TAU;

use laennec_audio::measures::{FLOOR_DBFS, measure};
use laennec_audio::synth::{NoiseKind, noise};
use laennec_audio::{DecodeOptions, Signal, augment, decode_file, resample};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

fn sine(hz: f32, amplitude: f32, rate: u32, seconds: f32) -> Signal {
    let length = (seconds * rate as f32) as usize;
    let samples = (0..length)
        .map(|n| amplitude * (TAU * (hz * n as f32 / rate as f32).fract()).sin())
        .collect();
    Signal { samples, rate }
}

fn noisy(kind: NoiseKind, level: f32, rate: u32, seconds: f32, seed: u64) -> Signal {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut samples = noise(kind, (seconds * rate as f32) as usize, rate, &mut rng);
    for sample in &mut samples {
        *sample *= level;
    }
    Signal { samples, rate }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn level_peak_and_offset_of_a_sine(
        amplitude in 0.001_f32..0.9, hz in 60.0_f32..900.0, offset in -0.1_f32..0.1,
    ) {
        let mut signal = sine(hz, amplitude, 8000, 2.0);
        signal.samples.iter_mut().for_each(|x| *x += offset);
        let measures = measure(&signal);
        let level = 20.0 * (amplitude / 2.0_f32.sqrt()).log10();
        prop_assert!((measures.level_dbfs - level).abs() < 0.1);
        prop_assert!((measures.peak_dbfs - 20.0 * (amplitude + offset.abs()).log10()).abs() < 0.3);
        prop_assert!((measures.dc_offset - offset).abs() < 0.01);
        prop_assert_eq!(measures.clipped, 0.0);
        prop_assert_eq!(measures.silent, 0.0);
        prop_assert!(!measures.constant);
    }

    #[test]
    fn clipping_is_the_share_in_flat_runs(share in 0.3_f32..0.95, seed in 0..1000_u64) {
        let noise = noisy(NoiseKind::Pink, 0.1, 8000, 2.0, seed);
        for mut signal in [sine(100.0, 0.8, 8000, 2.0), noise] {
            augment::clip(&mut signal.samples, share);
            let peak = signal.samples.iter().fold(0.0_f32, |peak, x| peak.max(x.abs()));
            // A sine may by itself pass within rounding of the level that it is clipped at.
            let flat = |x: &f32| x.abs() >= peak * (1.0 - 2e-5);
            let in_runs: usize = signal
                .samples
                .chunk_by(|a, b| flat(a) == flat(b) && a.signum() == b.signum())
                .filter(|run| run.len() >= 3 && flat(&run[0]))
                .map(<[f32]>::len)
                .sum();
            let expected = in_runs as f32 / signal.samples.len() as f32;
            let measured = measure(&signal).clipped;
            // Few clipped samples cannot be told from a rounded top, so they may be left out.
            prop_assert!(measured <= expected + 1e-3);
            prop_assert!(expected < 0.05 || (measured - expected).abs() < 1e-3, "{measured} {expected}");
        }
    }

    #[test]
    fn a_few_steps_of_a_converter_are_no_clipping(steps in 2..20_i32, seed in 0..1000_u64) {
        let noise = noisy(NoiseKind::White, 0.1, 8000, 2.0, seed);
        let peak = noise.samples.iter().fold(0.0_f32, |peak, x| peak.max(x.abs()));
        let coarse = |x: &f32| (x / peak * steps as f32).round() / 32_768.0;
        let samples = noise.samples.iter().map(coarse).collect();
        prop_assert_eq!(measure(&Signal { samples, rate: 8000 }).clipped, 0.0);
    }

    #[test]
    fn noise_floor_is_the_level_of_the_quiet_part(level in 0.0005_f32..0.01, seed in 0..1000_u64) {
        let mut signal = noisy(NoiseKind::White, level, 4000, 4.0, seed);
        for sample in &mut signal.samples[..8000] {
            *sample += 0.3;
        }
        let loud = sine(200.0, 0.5, 4000, 1.0).samples;
        for (sample, loud) in signal.samples[10_000..].iter_mut().zip(&loud) {
            *sample += loud;
        }
        signal.samples[..8000].iter_mut().for_each(|x| *x -= 0.3);
        let measured = measure(&signal).noise_floor_dbfs;
        prop_assert!((measured - 20.0 * level.log10()).abs() < 1.5, "{}", measured);
    }

    #[test]
    fn a_clip_of_a_few_samples_gives_finite_measures(
        samples in prop::collection::vec(-1.0_f32..1.0, 0..80), rate in 500_u32..192_000,
    ) {
        let measures = measure(&Signal { samples, rate });
        prop_assert!(measures.bandwidth_hz.is_finite());
        prop_assert!(measures.bandwidth_hz <= rate as f32 / 2.0);
    }

    #[test]
    fn any_samples_give_finite_measures(
        samples in prop::collection::vec(-1.0_f32..1.0, 0..3000), rate in 500_u32..192_000,
    ) {
        let measures = measure(&Signal { samples, rate });
        for value in [
            measures.level_dbfs, measures.peak_dbfs, measures.dc_offset, measures.clipped,
            measures.silent, measures.noise_floor_dbfs, measures.bandwidth_hz,
        ] {
            prop_assert!(value.is_finite());
        }
        prop_assert!(measures.bandwidth_hz <= rate as f32 / 2.0);
    }
}

#[test]
fn silent_constant_and_short_signals_are_answers() {
    let silent = measure(&Signal {
        samples: vec![0.0; 8000],
        rate: 8000,
    });
    assert!(silent.constant && silent.silent == 1.0 && silent.level_dbfs == FLOOR_DBFS);
    assert_eq!(
        (silent.bandwidth_hz, silent.clipped, silent.mains_hum),
        (0.0, 0.0, None)
    );
    let offset = measure(&Signal {
        samples: vec![0.25; 8000],
        rate: 8000,
    });
    assert!(offset.constant && (offset.dc_offset - 0.25).abs() < 1e-6);
    let short = measure(&Signal {
        samples: vec![0.1, -0.1],
        rate: 8000,
    });
    assert!(!short.constant && short.seconds < 0.001);
    let empty = measure(&Signal {
        samples: Vec::new(),
        rate: 8000,
    });
    assert!(empty.constant && empty.seconds == 0.0 && empty.silent == 1.0);
}

#[test]
fn half_a_recording_of_silence_is_half_silent() {
    let mut signal = noisy(NoiseKind::White, 0.1, 8000, 4.0, 3);
    signal.samples[16_000..].fill(0.0);
    assert!((measure(&signal).silent - 0.5).abs() < 0.02);
}

#[test]
fn bandwidth_follows_the_sound_not_the_rate() {
    for kind in [NoiseKind::White, NoiseKind::Pink] {
        let full = noisy(kind, 0.1, 2000, 5.0, 1);
        let measured = measure(&full).bandwidth_hz;
        assert!(measured > 950.0, "{measured}");
        for rate in [8000, 16_000, 44_100] {
            let samples = resample(&full.samples, 2000, rate).unwrap();
            let float = measure(&Signal {
                samples: samples.clone(),
                rate,
            })
            .bandwidth_hz;
            let stored = samples
                .iter()
                .map(|x| (x * 32_768.0).round() / 32_768.0)
                .collect();
            let stored = measure(&Signal {
                samples: stored,
                rate,
            })
            .bandwidth_hz;
            for measured in [float, stored] {
                assert!((900.0..1100.0).contains(&measured), "{rate}: {measured}");
            }
        }
        let mut limited = noisy(kind, 0.1, 8000, 5.0, 2);
        augment::band_limit(&mut limited.samples, 8000, 30.0, 1500.0);
        let measured = measure(&limited).bandwidth_hz;
        assert!((1450.0..1850.0).contains(&measured), "{measured}");
    }
}

#[test]
fn mains_hum_is_found_and_told_apart() {
    for mains in [50_u32, 60] {
        for rate in [2000, 8000, 44_100] {
            let mut signal = noisy(NoiseKind::Pink, 0.1, rate, 8.0, 5);
            let before = measure(&signal).mains_hum.unwrap();
            assert!(before.prominence_db < 9.0, "{before:?}");
            let hum = sine(mains as f32, 0.1, rate, 8.0).samples;
            for (sample, hum) in signal.samples.iter_mut().zip(&hum) {
                *sample += hum;
            }
            let hum = measure(&signal).mains_hum.unwrap();
            assert_eq!(hum.hz, mains);
            assert!(hum.prominence_db > 15.0, "{rate}: {hum:?}");
        }
    }
}

#[test]
fn a_wheeze_at_a_harmonic_of_the_mains_is_no_hum() {
    for hz in [150.0, 200.0, 240.0, 300.0] {
        let mut signal = noisy(NoiseKind::Pink, 0.05, 8000, 8.0, 5);
        let tone = sine(hz, 0.2, 8000, 8.0).samples;
        for (sample, tone) in signal.samples.iter_mut().zip(&tone) {
            *sample += tone;
        }
        let hum = measure(&signal).mains_hum.unwrap();
        assert!(hum.prominence_db < 12.0, "{hz}: {hum:?}");
    }
}

#[test]
fn real_recordings_measure_as_they_are() {
    let Some(data) = common::data() else {
        return;
    };
    let folders = [
        ("physionet2016/training-a", 1000.0),
        ("sprsound/train_wav", 4000.0),
        ("kauh/audio", 2000.0),
    ];
    for (folder, nyquist) in folders {
        let paths = common::sorted_flac(&data.join(folder));
        assert!(!paths.is_empty(), "{folder}");
        let step = paths.len() / 12;
        for path in paths.iter().step_by(step.max(1)) {
            let signal = decode_file(path, &DecodeOptions::default()).unwrap().signal;
            let native = measure(&signal);
            assert!(native.bandwidth_hz > 100.0 && native.bandwidth_hz <= nyquist);
            let up = Signal {
                samples: resample(&signal.samples, signal.rate, 44_100).unwrap(),
                rate: 44_100,
            };
            let up = measure(&up);
            println!(
                "{folder}: {:.0} Hz, at 44.1 kHz {:.0} Hz, level {:.1}, floor {:.1}, silent {:.2}, clipped {:.4}, hum {:?}",
                native.bandwidth_hz,
                up.bandwidth_hz,
                native.level_dbfs,
                native.noise_floor_dbfs,
                native.silent,
                native.clipped,
                native.mains_hum,
            );
            assert!(up.bandwidth_hz <= 1.1 * nyquist, "{}", up.bandwidth_hz);
        }
    }
}
