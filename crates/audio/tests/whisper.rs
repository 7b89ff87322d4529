//! Whisper's front end against `transformers`.

mod common;

use laennec_audio::whisper::{WhisperConfig, WhisperLogMel};
use serde::Deserialize;

#[derive(Deserialize)]
struct Fixture {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    samples: u32,
    bands: usize,
    padded: bool,
    frames: usize,
    band: Vec<usize>,
    frame: Vec<usize>,
    value: Vec<f32>,
}

#[test]
fn features_equal_transformers() {
    let fixture: Fixture = serde_json::from_str(include_str!("fixtures/whisper.json")).unwrap();
    assert_eq!(fixture.cases.len(), 3);
    for case in fixture.cases {
        let samples = common::described(case.samples);
        let base = if case.padded {
            WhisperConfig::padded()
        } else {
            WhisperConfig::clip()
        };
        let config = WhisperConfig {
            bands: case.bands,
            ..base
        };
        assert_eq!(config.frames(samples.len()), case.frames);
        let mel = WhisperLogMel::new(&config).unwrap().compute(&samples);
        assert_eq!((mel.bands, mel.frames), (case.bands, case.frames));
        let positions = case.band.iter().zip(&case.frame).zip(&case.value);
        let worst = positions
            .map(|((&band, &frame), value)| (mel.band(band)[frame] - value).abs())
            .fold(0.0_f32, f32::max);
        println!("{} bands: largest difference {worst:e}", case.bands);
        assert!(worst < 1e-4, "{worst}");
    }
}

#[test]
fn short_clips_and_wrong_settings() {
    let mut front_end = WhisperLogMel::new(&WhisperConfig::clip()).unwrap();
    for length in [0, 1, 200, 399] {
        let mel = front_end.compute(&vec![0.1; length]);
        assert_eq!(mel.frames, WhisperConfig::clip().frames(length));
        assert!(mel.values.iter().all(|v| v.is_finite()));
    }
    let short = WhisperConfig {
        length: Some(100),
        ..WhisperConfig::clip()
    };
    assert!(WhisperLogMel::new(&short).is_err());
}
