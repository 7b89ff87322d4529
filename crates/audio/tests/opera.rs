//! OPERA's preprocessing against librosa and numpy.

use laennec_audio::librosa::{LibrosaConfig, LibrosaLogMel};
use laennec_audio::opera::{Fill, GT_SECONDS, trim, whole, windows};
use serde::Deserialize;

#[derive(Deserialize)]
struct Fixture {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    head: usize,
    body: usize,
    tail: usize,
    start: usize,
    end: usize,
    windows: Vec<Clip>,
    whole: Clip,
    zeros: Clip,
}

#[derive(Deserialize)]
struct Clip {
    length: usize,
    frames: usize,
    weighted: f64,
    band: Vec<usize>,
    frame: Vec<usize>,
    value: Vec<f32>,
}

impl Clip {
    fn assert_is(&self, samples: &[f32], front_end: &mut LibrosaLogMel) {
        assert_eq!(samples.len(), self.length);
        let weighted: f64 = samples
            .iter()
            .enumerate()
            .map(|(n, x)| f64::from(*x) * (n + 1) as f64 / samples.len() as f64)
            .sum();
        let allowed = 1e-4 * self.weighted.abs().max(1.0);
        assert!(
            (weighted - self.weighted).abs() < allowed,
            "{weighted} {}",
            self.weighted
        );
        let mel = front_end.compute(samples);
        assert_eq!(mel.frames, self.frames);
        for ((&band, &frame), value) in self.band.iter().zip(&self.frame).zip(&self.value) {
            let found = mel.band(band)[frame];
            assert!((found - value).abs() < 1e-4, "{found} {value}");
        }
    }
}

#[test]
fn clips_equal_librosa_and_numpy() {
    let fixture: Fixture = serde_json::from_str(include_str!("fixtures/opera.json")).unwrap();
    assert_eq!(fixture.cases.len(), 4);
    let mut front_end = LibrosaLogMel::new(&LibrosaConfig::opera()).unwrap();
    for case in fixture.cases {
        // The signal is described in make_opera.py.
        let samples: Vec<f32> = (0..case.head + case.body + case.tail)
            .map(|index| {
                let n = index as f64;
                if (case.head..case.head + case.body).contains(&index) {
                    (0.3 * (0.05 * n).sin() + 0.1 * (0.0001 * n * n).sin()) as f32
                } else {
                    (1e-5 * n.sin()) as f32
                }
            })
            .collect();
        assert_eq!(trim(&samples), &samples[case.start..case.end]);
        let found = windows(&samples, GT_SECONDS);
        assert_eq!(found.len(), case.windows.len());
        for (window, expected) in found.iter().zip(&case.windows) {
            expected.assert_is(window, &mut front_end);
        }
        let repeated = whole(&samples, 8.0, Fill::Repeat);
        case.whole.assert_is(&repeated, &mut front_end);
        let zeros = whole(&samples, 8.0, Fill::Zero);
        case.zeros.assert_is(&zeros, &mut front_end);
    }
}

#[test]
fn nothing_stays_nothing_and_silence_stays() {
    assert!(trim(&[]).is_empty());
    assert!(whole(&[], 8.0, Fill::Repeat).is_empty());
    assert!(windows(&[], 8.0).is_empty());
    assert_eq!(trim(&vec![0.0; 5000]).len(), 5000);
}
