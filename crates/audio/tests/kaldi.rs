//! The Kaldi filter bank against kaldi-native-fbank.

use laennec_audio::kaldi::{Fbank, FbankConfig};
use serde::Deserialize;

#[derive(Deserialize)]
struct Fixture {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    rate: u32,
    bands: usize,
    frames: usize,
    by_frame: Vec<f32>,
}

#[test]
fn features_equal_kaldi() {
    let fixture: Fixture = serde_json::from_str(include_str!("fixtures/kaldi.json")).unwrap();
    // The signal is described in make_kaldi.py.
    let samples: Vec<f32> = (0..4000_u32)
        .map(|index| {
            let n = f64::from(index);
            let saw = f64::from(37 * index % 101) / 50.0 - 1.0;
            (0.3 * (0.05 * n).sin() + 0.1 * (0.0001 * n * n).sin() + 0.02 * saw + 0.01) as f32
        })
        .collect();
    for case in fixture.cases {
        let config = FbankConfig {
            bands: case.bands,
            ..FbankConfig::standard(case.rate)
        };
        let mel = Fbank::new(&config).unwrap().compute(&samples);
        assert_eq!((mel.bands, mel.frames), (case.bands, case.frames));
        let mut worst = 0.0_f32;
        for (frame, expected) in case.by_frame.chunks_exact(case.bands).enumerate() {
            for (band, &expected) in expected.iter().enumerate() {
                worst = worst.max((mel.band(band)[frame] - expected).abs());
            }
        }
        println!("{} Hz: largest difference {worst:e}", case.rate);
        assert!(worst < 1e-3, "{worst}");
    }
}
