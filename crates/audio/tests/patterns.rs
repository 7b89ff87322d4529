//! Ridges, transients and rhythm against `NumPy` on real recordings (`fixtures/make_patterns.py`), and
//! on sounds whose content is known.

use std::collections::BTreeMap;
use std::f32::consts::TAU;
use std::path::Path;

use laennec_audio::measures::{rhythm, ridges, transients};
use laennec_audio::synth::{NoiseKind, noise};
use laennec_audio::{DecodeOptions, Signal, decode_file};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    ridges: Vec<[f64; 4]>,
    transients: Vec<[f64; 3]>,
    rhythm: [f64; 4],
}

fn assert_rows<const N: usize>(ours: &[[f64; N]], theirs: &[[f64; N]], what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}: {ours:?}");
    for (a, b) in ours.iter().zip(theirs) {
        for (x, y) in a.iter().zip(b) {
            // Filters compute in single precision here, in double there.
            assert!(
                (x - y).abs() <= 2e-3 * (0.01 + y.abs()),
                "{what}: {a:?}, not {b:?}"
            );
        }
    }
}

#[test]
fn real_recordings_give_what_numpy_gives() {
    let expected: BTreeMap<String, Expected> =
        serde_json::from_str(include_str!("fixtures/patterns.json")).unwrap();
    assert!(expected.len() >= 3);
    for (name, expected) in expected {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../samples")
            .join(&name);
        let signal = decode_file(&path, &DecodeOptions::default())
            .unwrap()
            .signal;
        let found: Vec<_> = ridges(&signal)
            .iter()
            .map(|r| [r.start_s, r.seconds, r.hz, r.prominence_db])
            .collect();
        assert_rows(&found, &expected.ridges, &format!("{name}: ridges"));
        let found: Vec<_> = transients(&signal)
            .iter()
            .map(|t| [t.at_s, t.ratio, t.width_s])
            .collect();
        assert_rows(&found, &expected.transients, &format!("{name}: transients"));
        let r = rhythm(&signal).unwrap();
        let found = [r.cycle_s, r.strength, r.systole_s, r.between_db];
        assert_rows(&[found], &[expected.rhythm], &format!("{name}: rhythm"));
    }
}

fn breath(rate: u32, seconds: f32, seed: u64) -> Signal {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut samples = noise(
        NoiseKind::Pink,
        (seconds * rate as f32) as usize,
        rate,
        &mut rng,
    );
    for sample in &mut samples {
        *sample *= 0.01;
    }
    Signal { samples, rate }
}

#[test]
fn a_wheeze_is_one_ridge_at_its_place_and_pitch_at_every_rate() {
    for rate in [2000, 4000, 8000, 44_100] {
        let mut signal = breath(rate, 4.0, 1);
        assert_eq!(ridges(&signal).len(), 0, "noise at {rate} Hz");
        let (start, end) = (1.0, 1.6);
        for n in (start * rate as f32) as usize..(end * rate as f32) as usize {
            signal.samples[n] += 0.05 * (TAU * 410.0 * n as f32 / rate as f32).sin();
        }
        let found = ridges(&signal);
        assert_eq!(found.len(), 1, "{rate} Hz: {found:?}");
        let ridge = found[0];
        assert!((ridge.hz - 410.0).abs() < 16.0, "{ridge:?}");
        assert!(
            (ridge.start_s - 1.0).abs() < 0.07 && (ridge.seconds - 0.6).abs() < 0.1,
            "{ridge:?}"
        );
    }
}

#[test]
fn hum_and_short_beeps_are_no_wheezes() {
    let rate = 8000;
    for (seconds, hz) in [(6.0, 400.0), (0.03, 400.0), (0.5, 90.0)] {
        let mut signal = breath(rate, 6.0, 2);
        for n in 0..(seconds * rate as f32) as usize {
            signal.samples[n] += 0.1 * (TAU * hz * n as f32 / rate as f32).sin();
        }
        assert_eq!(ridges(&signal), [], "{hz} Hz for {seconds} s");
    }
}

#[test]
fn clicks_are_counted_where_they_are() {
    for rate in [4000_u32, 8000, 44_100] {
        let mut signal = breath(rate, 4.0, 3);
        let before = transients(&signal).len();
        assert!(before <= 4, "noise at {rate} Hz has {before} transients");
        let times = [0.5, 0.9, 1.3, 2.2, 3.1];
        for time in times {
            let start = (time * rate as f32) as usize;
            for n in 0..(0.012 * rate as f32) as usize {
                let t = n as f32 / rate as f32;
                signal.samples[start + n] += 0.5 * (-t / 0.002).exp() * (TAU * 600.0 * t).sin();
            }
        }
        let found = transients(&signal);
        for time in times {
            let near = found
                .iter()
                .any(|t| (t.at_s - f64::from(time)).abs() < 0.005);
            assert!(near, "{rate} Hz, {time} s: {found:?}");
        }
        assert!(found.len() <= times.len() + before, "{rate} Hz: {found:?}");
    }
}

#[test]
fn the_rhythm_of_a_heart_is_found_and_noise_has_none() {
    let rate = 2000;
    let mut signal = breath(rate, 8.0, 4);
    let noise = rhythm(&signal).unwrap();
    assert!(noise.strength < 0.4, "{noise:?}");
    let (cycle, systole) = (0.8, 0.3);
    for beat in 0..9 {
        for (delay, level) in [(0.0, 0.5), (systole, 0.3)] {
            let start = ((0.1 + beat as f32 * cycle + delay) * rate as f32) as usize;
            for n in 0..(0.08 * rate as f32) as usize {
                let t = n as f32 / rate as f32;
                signal.samples[start + n] +=
                    level * (TAU * t / 0.16).sin() * (TAU * 100.0 * t).sin();
            }
        }
    }
    let found = rhythm(&signal).unwrap();
    assert!((found.cycle_s - 0.8).abs() < 0.021, "{found:?}");
    assert!((found.systole_s - 0.3).abs() < 0.021, "{found:?}");
    assert!(
        found.strength > 0.7 && found.between_db < noise.between_db,
        "{found:?} {noise:?}"
    );
}

#[test]
fn short_and_silent_signals_have_nothing() {
    for samples in [
        vec![],
        vec![0.0; 100],
        vec![0.0; 40_000],
        vec![0.25; 40_000],
    ] {
        let signal = Signal {
            samples,
            rate: 8000,
        };
        assert_eq!(ridges(&signal), []);
        assert_eq!(transients(&signal), []);
        assert_eq!(rhythm(&signal), None);
    }
}
