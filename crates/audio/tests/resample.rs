//! Resampling against what a sampled sine must be, which no filter decides.

use std::f64::consts::TAU;

use laennec_audio::{Error, resample};
use proptest::prelude::*;

fn sine(hz: f64, rate: u32, length: usize) -> Vec<f32> {
    (0..length)
        .map(|n| (TAU * hz * n as f64 / f64::from(rate)).sin() as f32)
        .collect()
}

#[test]
fn a_sine_stays_the_same_sine() {
    let rates = [
        (2000, 32_000),
        (4000, 32_000),
        (8000, 32_000),
        (44_100, 8000),
        (44_100, 32_000),
        (48_000, 16_000),
        (8000, 2000),
        (22_050, 44_100),
        (7919, 8000),
        (192_000, 500),
    ];
    for (from, to) in rates {
        let nyquist = f64::from(from.min(to)) / 2.0;
        for part in [0.02, 0.3, 0.9] {
            let hz = part * nyquist;
            let input = sine(hz, from, 3 * from as usize + 17);
            let output = resample(&input, from, to).unwrap();
            let length = (input.len() as f64 * f64::from(to) / f64::from(from)).round() as usize;
            assert_eq!(output.len(), length);
            let expected = sine(hz, to, length);
            let margin = length / 5;
            let worst = output[margin..length - margin]
                .iter()
                .zip(&expected[margin..])
                .map(|(a, b)| (a - b).abs())
                .fold(0.0, f32::max);
            assert!(worst < 1e-3, "{from} to {to}, {hz} Hz: {worst}");
        }
    }
}

#[test]
fn what_the_new_rate_cannot_hold_is_gone() {
    for hz in [4200.0, 6000.0, 15_000.0] {
        let output = resample(&sine(hz, 44_100, 44_100), 44_100, 8000).unwrap();
        let worst = output[1600..6400]
            .iter()
            .fold(0.0_f32, |w, x| w.max(x.abs()));
        assert!(worst < 1e-4, "{hz}: {worst}");
    }
}

#[test]
fn an_impulse_stays_where_it_is() {
    for (from, to) in [(8000, 32_000), (44_100, 16_000), (2000, 44_100)] {
        let mut input = vec![0.0; from as usize];
        input[from as usize / 4] = 1.0;
        let output = resample(&input, from, to).unwrap();
        let peak = (0..output.len())
            .max_by(|&a, &b| output[a].total_cmp(&output[b]))
            .unwrap();
        assert!(
            peak.abs_diff(to as usize / 4) <= 1,
            "{from} to {to}: {peak}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_rates_give_the_stated_length(from in 500..192_001_u32, to in 500..192_001_u32, length in 0..3000_usize) {
        let output = resample(&vec![0.5; length], from, to).unwrap();
        let expected = (length as f64 * f64::from(to) / f64::from(from)).round();
        prop_assert!((output.len() as f64 - expected).abs() < 1.0);
        prop_assert!(output.iter().all(|x| x.is_finite()));
    }
}

#[test]
fn rates_out_of_range_are_refused() {
    for (from, to) in [(0, 8000), (8000, 0), (499, 8000), (8000, 192_001)] {
        assert!(matches!(
            resample(&[0.0; 10], from, to),
            Err(Error::Rate { .. })
        ));
    }
    assert_eq!(resample(&[0.1, 0.2], 8000, 8000).unwrap(), [0.1, 0.2]);
    assert!(resample(&[], 8000, 2000).unwrap().is_empty());
}
