//! The equaliser against `NumPy`.

mod common;

use laennec_audio::equalise::{ChainSpectrum, Equaliser};
use serde::Deserialize;

#[derive(Deserialize)]
struct Fixture {
    reference: ChainSpectrum,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    samples: u32,
    rate: u32,
    /// Of the bands below the Nyquist frequency.
    spectrum: Vec<f32>,
    at: Vec<usize>,
    value: Vec<f32>,
}

#[test]
fn spectra_and_equalised_samples_equal_numpy() {
    let fixture: Fixture = serde_json::from_str(include_str!("fixtures/equalise.json")).unwrap();
    assert_eq!(fixture.cases.len(), 3);
    for case in fixture.cases {
        let samples = common::described(case.samples);
        let spectrum = ChainSpectrum::of(&samples, case.rate).unwrap();
        let found = serde_json::to_value(&spectrum).unwrap();
        let found = found
            .as_array()
            .unwrap()
            .iter()
            .filter_map(serde_json::Value::as_f64);
        let found: Vec<f64> = found.collect();
        assert_eq!(found.len(), case.spectrum.len(), "{} Hz", case.rate);
        for (found, expected) in found.iter().zip(&case.spectrum) {
            // Single precision: a quiet band 100 dB below a loud one is not exact to the thousandth.
            assert!(
                (found - f64::from(*expected)).abs() < 0.02,
                "{found} {expected}"
            );
        }
        let equaliser = Equaliser {
            reference: fixture.reference.clone(),
            share: 0.5,
            limit_db: 15.0,
        };
        let moved = equaliser.apply(&samples, case.rate);
        for (at, expected) in case.at.iter().zip(&case.value) {
            let found = moved[*at];
            assert!((found - expected).abs() < 1e-4, "{at}: {found} {expected}");
        }
    }
}
