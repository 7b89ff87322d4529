//! OPERA's linear head against PyTorch; components, t-SNE, CKA and retrieval against scikit-learn
//! and plain counting (`fixtures/make_opera_probe.py`, `fixtures/make_similarity.py`).

mod common;

use common::Lcg;
use laennec_eval::Matrix;
use laennec_eval::intervals::Bootstrap;
use laennec_eval::metrics::Undefined;
use laennec_eval::opera::{self, LinearHead, OperaOptions};
use laennec_eval::retrieval::{Direction, retrieval};
use laennec_eval::similarity::{TsneOptions, affinities, debiased_cka, principal_components, tsne};
use serde::Deserialize;

/// `logistic_case` of `cases.py`.
fn logistic_case(seed: u64, n: usize, d: usize, classes: usize) -> (Vec<Vec<f64>>, Vec<usize>) {
    let mut rng = Lcg::new(seed);
    let (mut rows, mut labels) = (Vec::new(), Vec::new());
    for _ in 0..n {
        let label = rng.below(classes as u64) as usize;
        let mut row: Vec<f64> = (0..d)
            .map(|_| (rng.below(4000) as f64 - 2000.0) / 1000.0)
            .collect();
        row[label % d] += 1.0;
        rows.push(row);
        labels.push(label);
    }
    (rows, labels)
}

fn close(what: &str, found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (index, (a, b)) in found.iter().zip(expected).enumerate() {
        assert!(
            (a - b).abs() < tolerance,
            "{what} {index}: {a}, expected {b}"
        );
    }
}

#[derive(Deserialize)]
struct Heads {
    n: usize,
    width: usize,
    classes: usize,
    epochs: usize,
    batch: usize,
    cases: Vec<HeadCase>,
}

#[derive(Deserialize)]
struct HeadCase {
    learning_rate: f64,
    penalty: f64,
    clip: f64,
    start: Vec<Vec<f64>>,
    end: Vec<Vec<f64>>,
    first_probabilities: Vec<f64>,
}

/// `order` of `make_opera_probe.py`.
fn order(n: usize, epoch: usize) -> Vec<usize> {
    let mut rng = Lcg::new(1000 + epoch as u64);
    let keys: Vec<u64> = (0..n).map(|_| rng.below(u64::MAX)).collect();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_key(|&i| (keys[i], i));
    order
}

#[test]
fn a_head_is_trained_as_pytorch_trains_it() {
    let fixture: Heads = serde_json::from_str(include_str!("fixtures/opera_probe.json")).unwrap();
    let (features, classes) = logistic_case(11, fixture.n, fixture.width, fixture.classes);
    let features = Matrix::from_rows(&features).unwrap();
    for case in fixture.cases {
        let options = OperaOptions {
            learning_rate: case.learning_rate,
            penalty: case.penalty,
            clip: case.clip,
            epochs: fixture.epochs,
            batch: fixture.batch,
            select_every: fixture.epochs,
            ..OperaOptions::default()
        };
        let start = LinearHead::from_weights(Matrix::from_rows(&case.start).unwrap());
        let order = |epoch| order(fixture.n, epoch);
        let last = |_: &LinearHead| Ok::<_, Undefined>(1.0);
        let (head, _) = opera::fit(start, &features, &classes, &options, order, last).unwrap();
        close("weight", head.weights().values(), &case.end.concat(), 1e-9);
        let first = head.probabilities(&features.select(&[0])).unwrap();
        close(
            "probability",
            first.values(),
            &case.first_probabilities,
            1e-9,
        );
    }
}

#[derive(Deserialize)]
struct Similarity {
    n: usize,
    components: Vec<[f64; 2]>,
    affinities_of_first: Vec<f64>,
    divergence: f64,
    cka: f64,
    sound_to_report: Vec<f64>,
    report_to_sound: Vec<f64>,
}

#[test]
fn maps_likeness_and_search_are_those_of_scikit_learn_and_of_counting() {
    let fixture: Similarity =
        serde_json::from_str(include_str!("fixtures/similarity.json")).unwrap();
    let n = fixture.n;
    let (mut x, labels) = logistic_case(21, n, 5, 3);
    for (row, &label) in x.iter_mut().zip(&labels) {
        row[label] += 3.0;
    }
    let (mut other, _) = logistic_case(22, n, 4, 3);
    for (row, own) in other.iter_mut().zip(&x) {
        row[0] += own[0];
    }
    let matrix = |rows: &[Vec<f64>]| Matrix::from_rows(rows).unwrap();
    let components = principal_components(&matrix(&x), 2).unwrap();
    close(
        "component",
        components.values(),
        &fixture.components.concat(),
        1e-6,
    );
    // scikit-learn finds the widths in single precision.
    let joint = affinities(&matrix(&x), 10.0).unwrap();
    close("affinity", &joint[..n], &fixture.affinities_of_first, 1e-6);
    let options = TsneOptions {
        perplexity: 10.0,
        ..TsneOptions::default()
    };
    let (_, divergence) = tsne(&matrix(&x), &options).unwrap();
    // The descent starts elsewhere and ends in another local minimum.
    let ratio = divergence / fixture.divergence;
    assert!(
        (ratio - 1.0).abs() < 0.15,
        "{divergence}, scikit-learn {}",
        fixture.divergence
    );
    let cka = debiased_cka(&matrix(&x), &matrix(&other)).unwrap();
    close("CKA", &[cka], &[fixture.cka], 1e-9);

    let (_, report_of) = logistic_case(23, n, 1, 20);
    let (text, _) = logistic_case(24, 20, 5, 3);
    for (row, &report) in x.iter_mut().zip(&report_of) {
        for (value, own) in row.iter_mut().zip(&text[report]) {
            *value += 2.0 * own;
        }
    }
    let groups: Vec<usize> = (0..n).collect();
    let found = retrieval(
        &matrix(&x),
        &matrix(&text),
        &report_of,
        &groups,
        &Bootstrap::default(),
    )
    .unwrap();
    let values = |direction: &Direction| -> Vec<f64> {
        direction
            .figures
            .iter()
            .map(|figure| figure.estimate.value)
            .collect()
    };
    close(
        "sound to report",
        &values(&found.sound_to_report),
        &fixture.sound_to_report,
        1e-9,
    );
    close(
        "report to sound",
        &values(&found.report_to_sound),
        &fixture.report_to_sound,
        1e-9,
    );
}
