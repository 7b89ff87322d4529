//! Fitted models, intervals and event matching: equal to scikit-learn and `SciPy`
//! (`fixtures/make_models.py`).
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests: a panic is how a test fails"
)]

mod common;

use common::Lcg;
use laennec_eval::Matrix;
use laennec_eval::calibration::{Isotonic, Platt, Temperature};
use laennec_eval::events::{MIN_IOU, Span, count_events};
use laennec_eval::intervals::{clopper_pearson_upper, wilson};
use laennec_eval::probes::{LogisticOptions, LogisticRegression, TrainingData, class_weights};
use serde_json::Value;

fn fixture(name: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("fixtures/models.json")).unwrap();
    all[name].as_array().unwrap().clone()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn count(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

/// `logistic_case` of `cases.py`.
fn logistic_case(case: &Value, d: usize, classes: usize) -> (Matrix, Vec<usize>) {
    let mut rng = Lcg::new(case["seed"].as_u64().unwrap());
    let (mut rows, mut labels) = (Vec::new(), Vec::new());
    for _ in 0..count(&case["n"]) {
        let label = rng.below(classes as u64) as usize;
        let mut row: Vec<f64> = (0..d)
            .map(|_| (rng.below(4000) as f64 - 2000.0) / 1000.0)
            .collect();
        row[label % d] += 1.0;
        rows.push(row);
        labels.push(label);
    }
    (Matrix::from_rows(&rows).unwrap(), labels)
}

fn scores(case: &Value) -> (Vec<f64>, Vec<bool>) {
    let mut rng = Lcg::new(case["seed"].as_u64().unwrap());
    let scores: Vec<f64> = (0..count(&case["n"]))
        .map(|_| (rng.below(200) as f64 - 100.0) / 20.0)
        .collect();
    let outcomes = scores
        .iter()
        .map(|&s| rng.below(10) < if s > 0.5 { 7 } else { 2 })
        .collect();
    (scores, outcomes)
}

#[test]
fn logistic_regression_has_scikit_learns_coefficients() {
    for case in fixture("logistic") {
        let (d, classes) = (count(&case["d"]), count(&case["classes"]));
        let (features, labels) = logistic_case(&case, d, classes);
        let data = TrainingData {
            features: &features,
            classes: &labels,
            class_count: classes,
            weights: &class_weights(&labels, classes, number(&case["power"])),
        };
        let model =
            LogisticRegression::fit(data, LogisticOptions::with_c(number(&case["c"])), None)
                .unwrap();
        let expected = case["coefficients"].as_array().unwrap();
        assert_eq!(model.coefficients().rows(), expected.len());
        for (row, expected) in expected.iter().enumerate() {
            for (a, b) in model.coefficients().row(row).iter().zip(numbers(expected)) {
                assert!((a - b).abs() < 1e-4, "seed {}: {a}, {b}", case["seed"]);
            }
        }
        let probabilities = model.probabilities(&features).unwrap();
        let first = case["first_probabilities"].as_array().unwrap();
        for (row, expected) in first.iter().enumerate() {
            for (a, b) in probabilities.row(row).iter().zip(numbers(expected)) {
                assert!((a - b).abs() < 1e-4);
            }
        }
    }
}

#[test]
fn a_class_that_training_lacks_gets_no_probability() {
    let case = &fixture("logistic")[2];
    let (features, mut labels) = logistic_case(case, 6, 5);
    labels.iter_mut().filter(|l| **l == 3).for_each(|l| *l = 4);
    let data = TrainingData {
        features: &features,
        classes: &labels,
        class_count: 5,
        weights: &vec![1.0; labels.len()],
    };
    let model = LogisticRegression::fit(data, LogisticOptions::with_c(1.0), None).unwrap();
    let probabilities = model.probabilities(&features).unwrap();
    for row in 0..features.rows() {
        assert_eq!(probabilities.row(row)[3], 0.0);
        assert!((probabilities.row(row).iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}

#[test]
fn platt_scaling_equals_scikit_learns() {
    for case in fixture("platt") {
        let (scores, outcomes) = scores(&case);
        let platt = Platt::fit(&scores, &outcomes).unwrap();
        assert!(
            (platt.slope - number(&case["slope"])).abs() < 1e-4,
            "{platt:?} {case}"
        );
        assert!((platt.intercept - number(&case["intercept"])).abs() < 1e-4);
    }
}

#[test]
fn isotonic_regression_equals_scikit_learns() {
    for case in fixture("isotonic") {
        let (scores, outcomes) = scores(&case);
        let isotonic = Isotonic::fit(&scores, &outcomes).unwrap();
        for (i, expected) in numbers(&case["values"]).into_iter().enumerate() {
            let at = -6.0 + 0.5 * i as f64;
            let value = isotonic.apply(at);
            assert!(
                (value - expected).abs() < 1e-8,
                "at {at}: {value}, {expected}"
            );
        }
    }
}

#[test]
fn temperature_equals_a_bounded_scalar_search() {
    for case in fixture("temperature") {
        let (features, labels) = logistic_case(&case, 5, 5);
        let values = features.values().iter().map(|x| 3.0 * x).collect();
        let logits = Matrix::new(features.rows(), 5, values).unwrap();
        let fitted = Temperature::fit(&logits, &labels).unwrap();
        let expected = number(&case["temperature"]);
        assert!(
            (fitted.temperature / expected - 1.0).abs() < 1e-5,
            "{fitted:?} {expected}"
        );
        let probabilities = fitted.apply(&logits);
        assert!((probabilities.row(0).iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}

#[test]
fn intervals_of_proportions_equal_scipys() {
    for case in fixture("proportions") {
        let (k, n) = (count(&case["k"]), count(&case["n"]));
        let interval = wilson(k, n).unwrap().interval.unwrap();
        assert!((interval.low - number(&case["low"])).abs() < 1e-9, "{case}");
        assert!(
            (interval.high - number(&case["high"])).abs() < 1e-9,
            "{case}"
        );
        let upper = clopper_pearson_upper(k, n, 0.95).unwrap();
        assert!(
            (upper - number(&case["upper"])).abs() < 1e-9,
            "{case} {upper}"
        );
    }
}

fn spans(rng: &mut Lcg) -> Vec<Span> {
    (0..rng.below(12))
        .map(|_| {
            let start = rng.below(900);
            Span {
                start_s: start as f64 / 100.0,
                end_s: (start + 20 + rng.below(200)) as f64 / 100.0,
            }
        })
        .collect()
}

#[test]
fn event_matching_finds_as_many_pairs_as_the_assignment_problem() {
    let expected = fixture("matching");
    assert_eq!(expected.len(), 200);
    let mut most = 0;
    for (index, expected) in expected.iter().enumerate() {
        let mut rng = Lcg::new(1000 + index as u64);
        let predicted = spans(&mut rng);
        let annotated = spans(&mut rng);
        let counts = count_events(&predicted, &annotated, &annotated, MIN_IOU);
        assert_eq!(counts.hits, count(expected), "case {index}");
        assert_eq!(counts.hits + counts.misses, annotated.len());
        let unmatched = counts.false_alarms + counts.unjudged;
        assert_eq!(counts.hits + unmatched, predicted.len());
        most = most.max(counts.hits);
    }
    assert!(
        most >= 5,
        "the cases would not tell a matching from another"
    );
}
