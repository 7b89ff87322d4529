//! 1,000 random cases with ties, constant scores, missing classes and no observations: equal to scikit-learn and to the challenges'
//! formulas (`fixtures/make_metrics.py`), and undefined in just the cases where those are.

mod common;

use common::Lcg;
use laennec_eval::metrics::{
    Binning, ConfusionMatrix, HeartAnswer, HeartShares, LungScore, SeSp, Undefined, auroc,
    auroc_weighted, average_precision, brier, expected_calibration_error, icbhi, macro_auroc,
    mean_absolute_error, physionet, roc_curve, sprsound, sprsound_without,
};
use safetensors::SafeTensors;

struct Case {
    score: Vec<f64>,
    positive: Vec<bool>,
    weight: Vec<f64>,
    truth: Vec<usize>,
    predicted: Vec<usize>,
    table: Vec<f64>,
    noisy: Vec<bool>,
    answer: Vec<HeartAnswer>,
}

/// `TEST_WEIGHTS` of `make_metrics.py`.
const TEST_WEIGHTS: HeartShares = HeartShares {
    noisy_abnormal: 0.25,
    noisy_normal: 0.125,
};

/// `metric_case` of `cases.py`.
fn case(number: u64) -> Case {
    let mut rng = Lcg::new(number);
    let n = rng.below(61);
    let levels = [1, 2, 5, 10, 1_000_000][rng.below(5) as usize];
    let degenerate = rng.below(12);
    let mut case = Case {
        score: vec![],
        positive: vec![],
        weight: vec![],
        truth: vec![],
        predicted: vec![],
        table: vec![],
        noisy: vec![],
        answer: vec![],
    };
    for _ in 0..n {
        let level = rng.below(levels + 1) as f64 / levels as f64;
        case.score.push(if degenerate == 4 { 0.5 } else { level });
        let positive = rng.below(100) < 40;
        case.positive.push(match degenerate {
            0 => false,
            1 => true,
            _ => positive,
        });
        case.weight.push((1 + rng.below(9)) as f64 / 4.0);
        let class = rng.below(5) as usize;
        case.truth.push(match degenerate {
            2 => 0,
            3 => 1 + class % 4,
            _ => class,
        });
        case.predicted.push(rng.below(5) as usize);
        let row: Vec<u64> = (0..5).map(|_| 1 + rng.below(levels)).collect();
        let sum: u64 = row.iter().sum();
        case.table
            .extend(row.iter().map(|&v| v as f64 / sum as f64));
        case.noisy.push(degenerate != 5 && rng.below(100) < 15);
        case.answer.push(match rng.below(3) {
            0 => HeartAnswer::Normal,
            1 => HeartAnswer::Unsure,
            _ => HeartAnswer::Abnormal,
        });
    }
    case
}

fn value_of(case: &Case, column: &str) -> Result<f64, Undefined> {
    let Case {
        score,
        positive,
        weight,
        truth,
        predicted,
        table,
        noisy,
        answer,
    } = case;
    let called: Vec<bool> = score.iter().map(|&s| s >= 0.5).collect();
    match column {
        "auroc" => auroc(score, positive),
        "auroc_weighted" => auroc_weighted(score, positive, weight),
        "average_precision" => average_precision(score, positive),
        "se" => SeSp::new(positive, &called).map(|s| s.sensitivity),
        "sp" => SeSp::new(positive, &called).map(|s| s.specificity),
        "f1" => ConfusionMatrix::binary(positive, &called)?.f1(1),
        "balanced_accuracy" => ConfusionMatrix::new(truth, predicted, 5)?.balanced_accuracy(),
        "accuracy_weighted" => ConfusionMatrix::weighted(truth, predicted, 5, weight)?.accuracy(),
        "brier" => brier(score, positive),
        "ece_width" => expected_calibration_error(score, positive, 10, Binning::EqualWidth),
        "ece_mass" => expected_calibration_error(score, positive, 5, Binning::EqualMass),
        "macro_auroc" => macro_auroc(table, 5, truth, &[0, 1, 2, 3, 4]),
        "macro_f1" => ConfusionMatrix::new(truth, predicted, 5)?.macro_f1(),
        "sprsound_se" => sprsound(truth, predicted, 5, 0).map(|s| s.sensitivity),
        "sprsound_sp" => sprsound(truth, predicted, 5, 0).map(|s| s.specificity),
        "sprsound_score" => sprsound(truth, predicted, 5, 0).map(LungScore::score),
        "sprsound_score_without_4" => {
            sprsound_without(truth, predicted, 5, 0, 4).map(LungScore::score)
        }
        "icbhi" => icbhi(truth, predicted, 5, 0),
        "mae" => mean_absolute_error(score, weight),
        "roc_points" => roc_curve(score, positive).map(|curve| curve.len() as f64),
        "true_positives" => Ok(ConfusionMatrix::binary(positive, &called)?.count(1, 1)),
        "false_positives" => Ok(ConfusionMatrix::binary(positive, &called)?.count(0, 1)),
        "precision" => ConfusionMatrix::binary(positive, &called)?.precision(1),
        "weighted_f1" => ConfusionMatrix::new(truth, predicted, 5)?.weighted_f1(),
        "micro_f1" => ConfusionMatrix::new(truth, predicted, 5)?.micro_f1(&[0, 1, 2, 3, 4]),
        "micro_f1_without_0" => ConfusionMatrix::new(truth, predicted, 5)?.micro_f1(&[1, 2, 3, 4]),
        "physionet_se" => physionet(positive, noisy, answer, None).map(|s| s.sensitivity),
        "physionet_sp" => physionet(positive, noisy, answer, None).map(|s| s.specificity),
        "physionet_test_weights" => {
            physionet(positive, noisy, answer, Some(TEST_WEIGHTS)).map(SeSp::mean)
        }
        other => panic!("the fixture has a column {other} that nothing computes"),
    }
}

#[test]
fn equals_scikit_learn_and_the_challenges_formulas() {
    let bytes = include_bytes!("fixtures/metrics.safetensors");
    let (_, header) = SafeTensors::read_metadata(bytes).unwrap();
    let columns = header.metadata().as_ref().unwrap()["columns"].clone();
    let columns: Vec<&str> = columns.split(',').collect();
    let file = SafeTensors::deserialize(bytes).unwrap();
    let expected: Vec<f64> = file
        .tensor("expected")
        .unwrap()
        .data()
        .chunks_exact(8)
        .map(|b| f64::from_le_bytes(b.try_into().unwrap()))
        .collect();
    assert_eq!(expected.len(), 1000 * columns.len());
    let is_count = |name: &str| name.ends_with("_positives") || name == "roc_points";
    for number in 0..1000 {
        let case = case(number as u64);
        for (column, name) in columns.iter().enumerate() {
            let expected = expected[number * columns.len() + column];
            match value_of(&case, name) {
                Ok(value) if is_count(name) => {
                    assert_eq!(value, expected, "case {number}, {name}");
                }
                Ok(value) => assert!(
                    (value - expected).abs() < 1e-9,
                    "case {number}, {name}: {value}, expected {expected}"
                ),
                Err(reason) => assert!(
                    expected.is_nan(),
                    "case {number}, {name}: {reason}, expected {expected}"
                ),
            }
        }
    }
}
