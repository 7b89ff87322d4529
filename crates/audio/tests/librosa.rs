//! The librosa front end against librosa 0.11 on 50 real recordings.

mod common;

use laennec_audio::librosa::{LibrosaConfig, LibrosaLogMel};
use laennec_audio::{DecodeOptions, decode_file};
use serde::Deserialize;

#[derive(Deserialize)]
struct Fixture {
    clips: Vec<Clip>,
}

#[derive(Deserialize)]
struct Clip {
    set: String,
    index: usize,
    frames: usize,
    mean_db: f64,
    low_db: f32,
    high_db: f32,
    bands: Vec<usize>,
    at: Vec<usize>,
    db: Vec<f32>,
}

#[test]
fn fifty_recordings_agree_to_a_ten_thousandth_of_a_decibel() {
    let Some(data) = common::data() else {
        return;
    };
    let fixture: Fixture = serde_json::from_str(include_str!("fixtures/librosa.json")).unwrap();
    assert_eq!(fixture.clips.len(), 50);
    let decibels = LibrosaConfig {
        min_max: false,
        ..LibrosaConfig::opera()
    };
    let mut decibels = LibrosaLogMel::new(&decibels).unwrap();
    let mut scaled = LibrosaLogMel::new(&LibrosaConfig::opera()).unwrap();
    let mut worst = 0.0_f32;
    for clip in fixture.clips {
        let path = common::sorted_flac(&data.join(&clip.set)).swap_remove(clip.index);
        let signal = decode_file(&path, &DecodeOptions::default())
            .unwrap()
            .signal;
        let mel = decibels.compute(&signal.samples);
        let unit = scaled.compute(&signal.samples);
        assert_eq!(mel.frames, clip.frames);
        for ((&band, &at), &expected) in clip.bands.iter().zip(&clip.at).zip(&clip.db) {
            let value = mel.band(band)[at];
            worst = worst.max((value - expected).abs());
            let expected = (expected - clip.low_db) / (clip.high_db - clip.low_db);
            assert!((unit.band(band)[at] - expected).abs() < 1e-5);
        }
        let mean = mel.values.iter().map(|&v| f64::from(v)).sum::<f64>() / mel.values.len() as f64;
        assert!(
            (mean - clip.mean_db).abs() < 1e-4,
            "{mean} {}",
            clip.mean_db
        );
    }
    println!("largest difference {worst:e} dB");
    assert!(worst < 1e-4, "{worst}");
}
