//! Speed of the front ends, printed; run alone with `--ignored --nocapture`.

use std::time::Instant;

use laennec_audio::librosa::{LibrosaConfig, LibrosaLogMel};
use laennec_audio::synth::{NoiseKind, noise};
use laennec_audio::{LogMel, LogMelConfig};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// Best of 100 runs over 10 s of sound, as seconds of sound per second of computing.
fn speed(rate: u32, mut compute: impl FnMut(&[f32])) -> f64 {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let samples = noise(NoiseKind::Pink, 10 * rate as usize, rate, &mut rng);
    let best = (0..100)
        .map(|_| {
            let start = Instant::now();
            compute(&samples);
            start.elapsed().as_secs_f64()
        })
        .fold(f64::MAX, f64::min);
    10.0 / best
}

#[test]
#[ignore = "a measurement, not a check"]
fn front_ends() {
    for config in [
        LogMelConfig::efficientat_32k(),
        LogMelConfig::lung_8k(),
        LogMelConfig::heart_2k(),
    ] {
        let mut front = LogMel::new(&config).unwrap();
        let speed = speed(config.rate, |samples| {
            std::hint::black_box(front.compute(samples));
        });
        println!(
            "{} Hz, hop {}: {speed:.0} x real time",
            config.rate, config.hop
        );
    }
    let mut front = LibrosaLogMel::new(&LibrosaConfig::opera()).unwrap();
    let speed = speed(16_000, |samples| {
        std::hint::black_box(front.compute(samples));
    });
    println!("librosa, OPERA: {speed:.0} x real time");
}
