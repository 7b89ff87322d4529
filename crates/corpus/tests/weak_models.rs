//! Label models against snorkel, crowd-kit and `NumPy` (`fixtures/make_label_models.py`), their
//! limits, and what they recover from votes whose truth is known.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use laennec_corpus::weak::models::{
    Abstentions, CrossDomain, CrossDomainOptions, DawidSkene, DawidSkeneOptions, Shrinkage,
    Snorkel, SnorkelOptions, majority,
};
use laennec_corpus::weak::{ABSTAIN, Shares, VoteMatrix, accuracies, summary};
use rand::{RngExt as _, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;

#[derive(Deserialize)]
struct Fixture {
    cases: Vec<Case>,
    across: Domains,
}

#[derive(Deserialize)]
struct Case {
    classes: usize,
    functions: usize,
    votes: Vec<i8>,
    analysis: Analysis,
    majority: Vec<f64>,
    snorkel: Vec<SnorkelRun>,
    dawid_skene_missing: EmRun,
    dawid_skene_informative: EmRun,
}

#[derive(Deserialize)]
struct Analysis {
    whole: [f64; 3],
    functions: Vec<[f64; 3]>,
}

#[derive(Deserialize)]
struct SnorkelRun {
    options: RunOptions,
    mu: Vec<f64>,
    weights: Vec<f64>,
    probabilities: Vec<f64>,
}

#[derive(Deserialize)]
struct RunOptions {
    n_epochs: Option<usize>,
    lr: Option<f64>,
    l2: Option<f64>,
    prec_init: Option<f64>,
    mu_eps: Option<f64>,
    class_balance: Option<Vec<f64>>,
    start: f64,
}

#[derive(Deserialize)]
struct EmRun {
    iterations: usize,
    tasks: Option<Vec<usize>>,
    prior: Vec<f64>,
    confusion: Vec<f64>,
    probabilities: Vec<f64>,
}

#[derive(Deserialize)]
#[allow(
    clippy::struct_field_names,
    reason = "the names of the fixture's fields"
)]
struct Domains {
    domains: Vec<Vec<i8>>,
    functions: usize,
    start: f64,
    fits: Vec<DomainsRun>,
}

#[derive(Deserialize)]
struct DomainsRun {
    iterations: usize,
    learned: bool,
    strength: f64,
    common: Vec<f64>,
    confusion: Vec<Vec<f64>>,
    prior: Vec<Vec<f64>>,
    probabilities: Vec<Vec<f64>>,
}

fn fixture() -> Fixture {
    serde_json::from_str(include_str!("fixtures/label_models.json")).unwrap()
}

fn votes(case: &Case) -> VoteMatrix {
    VoteMatrix::new(case.functions, case.classes, case.votes.clone()).unwrap()
}

fn assert_close(ours: &[f64], theirs: &[f64], tolerance: f64, what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (index, (a, b)) in ours.iter().zip(theirs).enumerate() {
        assert!((a - b).abs() <= tolerance, "{what}[{index}]: {a}, not {b}");
    }
}

#[test]
fn coverage_overlap_and_conflict_are_those_of_snorkel() {
    for case in fixture().cases {
        let summary = summary(&votes(&case));
        let shares = |s: Shares| [s.coverage, s.overlap, s.conflict];
        let ours = summary.functions.into_iter().flat_map(shares);
        let ours: Vec<f64> = shares(summary.whole).into_iter().chain(ours).collect();
        let theirs = [&case.analysis.whole]
            .into_iter()
            .chain(&case.analysis.functions);
        let theirs: Vec<f64> = theirs.flatten().copied().collect();
        // Counts over counts: only the last bit may differ, in reading the fixture.
        assert_close(&ours, &theirs, 2e-16, "shares");
    }
}

#[test]
fn the_majority_is_that_of_snorkel() {
    for case in fixture().cases {
        assert_close(&majority(&votes(&case)), &case.majority, 1e-12, "majority");
    }
}

#[test]
fn the_matrix_completion_is_that_of_snorkel() {
    for case in fixture().cases {
        let votes = votes(&case);
        for run in &case.snorkel {
            let given = &run.options;
            let default = SnorkelOptions::default();
            let options = SnorkelOptions {
                epochs: given.n_epochs.unwrap_or(default.epochs),
                learning_rate: given.lr.unwrap_or(default.learning_rate),
                l2: given.l2.unwrap_or(default.l2),
                precision: given.prec_init.unwrap_or(default.precision),
                floor: given.mu_eps,
                class_balance: given.class_balance.clone(),
                start: Some(given.start),
                ..default
            };
            let model = Snorkel::fit(&votes, &options).unwrap();
            // The package computes in single precision.
            assert_close(model.conditionals(), &run.mu, 2e-6, "mu");
            assert_close(&model.accuracies(), &run.weights, 1e-5, "weights");
            let probabilities = model.probabilities(&votes).unwrap();
            assert_close(&probabilities, &run.probabilities, 2e-5, "probabilities");
        }
    }
}

#[test]
fn dawid_skene_is_that_of_crowd_kit_and_of_numpy() {
    for case in fixture().cases {
        let votes = votes(&case);
        for (abstentions, run) in [
            (Abstentions::Missing, &case.dawid_skene_missing),
            (Abstentions::Informative, &case.dawid_skene_informative),
        ] {
            let options = DawidSkeneOptions {
                abstentions,
                iterations: run.iterations,
                tolerance: 0.0,
            };
            let model = DawidSkene::fit(&votes, &options).unwrap();
            assert_eq!(model.iterations(), run.iterations);
            assert_close(model.prior(), &run.prior, 1e-9, "prior");
            assert_close(model.confusion(), &run.confusion, 1e-9, "confusion");
            let all: Vec<usize> = (0..votes.items()).collect();
            let tasks = votes.select(run.tasks.as_ref().unwrap_or(&all));
            let probabilities = model.probabilities(&tasks).unwrap();
            assert_close(&probabilities, &run.probabilities, 1e-9, "probabilities");
        }
    }
}

#[test]
fn the_cross_domain_model_is_that_of_numpy() {
    let fixture = fixture().across;
    let domains: Vec<VoteMatrix> = fixture
        .domains
        .iter()
        .map(|votes| VoteMatrix::new(fixture.functions, 2, votes.clone()).unwrap())
        .collect();
    for run in &fixture.fits {
        let options = CrossDomainOptions {
            shrinkage: if run.learned {
                Shrinkage::Learned {
                    start: fixture.start,
                }
            } else {
                Shrinkage::Fixed(fixture.start)
            },
            iterations: run.iterations,
            tolerance: 0.0,
            ..CrossDomainOptions::default()
        };
        let model = CrossDomain::fit(&domains, &options).unwrap();
        // Both look for the strength numerically, on a curve that is flat at its top.
        let tolerance = if run.learned { 2e-6 } else { 1e-9 };
        let ratio = model.strength() / run.strength;
        assert!(
            (ratio - 1.0).abs() < 1e-4,
            "{} {}",
            model.strength(),
            run.strength
        );
        assert_close(model.common(), &run.common, tolerance, "common");
        for (domain, votes) in domains.iter().enumerate() {
            assert_close(model.prior(domain), &run.prior[domain], tolerance, "prior");
            assert_close(
                model.confusion(domain),
                &run.confusion[domain],
                tolerance,
                "confusion",
            );
            let probabilities = model.probabilities(votes, domain).unwrap();
            assert_close(
                &probabilities,
                &run.probabilities[domain],
                tolerance,
                "probabilities",
            );
        }
    }
}

/// Votes of functions with the given share of right votes, and the truth.
fn simulated(seed: u64, items: usize, right: &[f64], positive: f64) -> (VoteMatrix, Vec<usize>) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let truth: Vec<usize> = (0..items)
        .map(|_| usize::from(rng.random::<f64>() < positive))
        .collect();
    let mut votes = Vec::with_capacity(items * right.len());
    for &class in &truth {
        for &right in right {
            let vote = if rng.random::<f64>() < right {
                class
            } else {
                1 - class
            };
            votes.push(if rng.random::<f64>() < 0.8 {
                vote as i8
            } else {
                ABSTAIN
            });
        }
    }
    (VoteMatrix::new(right.len(), 2, votes).unwrap(), truth)
}

#[test]
fn accuracies_are_recovered_without_gold() {
    let right = [0.9, 0.8, 0.7, 0.6, 0.75];
    let (votes, truth) = simulated(3, 20_000, &right, 0.3);
    let gold: Vec<Option<usize>> = truth.iter().copied().map(Some).collect();
    let measured: Vec<f64> = accuracies(&votes, &gold)
        .into_iter()
        .map(Option::unwrap)
        .collect();
    let snorkel = SnorkelOptions {
        epochs: 2000,
        learning_rate: 0.05,
        class_balance: Some(vec![0.7, 0.3]),
        ..SnorkelOptions::default()
    };
    let models = [
        (
            "Dawid-Skene",
            DawidSkene::fit(&votes, &DawidSkeneOptions::default())
                .unwrap()
                .accuracies(),
        ),
        (
            "Snorkel",
            Snorkel::fit(&votes, &snorkel).unwrap().accuracies(),
        ),
        (
            "cross-domain",
            CrossDomain::fit(std::slice::from_ref(&votes), &CrossDomainOptions::default())
                .unwrap()
                .accuracies(0),
        ),
    ];
    for (name, estimated) in models {
        assert_close(&estimated, &measured, 0.03, name);
    }
}

#[test]
fn without_shrinkage_domains_are_alone_and_with_much_they_are_one() {
    let (first, _) = simulated(5, 400, &[0.9, 0.8, 0.7, 0.6], 0.4);
    let (second, _) = simulated(6, 300, &[0.7, 0.9, 0.6, 0.8], 0.5);
    let fit = |strength| {
        let options = CrossDomainOptions {
            shrinkage: Shrinkage::Fixed(strength),
            prior_votes: 1e-6,
            tolerance: 1e-12,
            iterations: 5000,
            ..CrossDomainOptions::default()
        };
        CrossDomain::fit(&[first.clone(), second.clone()], &options).unwrap()
    };
    let options = DawidSkeneOptions {
        tolerance: 1e-12,
        iterations: 5000,
        ..DawidSkeneOptions::default()
    };
    let alone = DawidSkene::fit(&second, &options).unwrap();
    // The prevalence holds one more item of each class than Dawid and Skene's.
    assert_close(fit(0.0).confusion(1), alone.confusion(), 0.01, "alone");
    let one = fit(1e9);
    assert_close(one.confusion(0), one.confusion(1), 1e-6, "one");
    assert_close(one.confusion(0), one.common(), 1e-6, "common");
}

#[test]
fn a_small_domain_learns_from_a_large_one() {
    let right = [0.85, 0.8, 0.7, 0.65, 0.6];
    let (large, _) = simulated(11, 1500, &right, 0.3);
    let options = CrossDomainOptions::default();
    let (mut alone, mut together) = (0.0, 0.0);
    for seed in 0..20 {
        let (small, _) = simulated(100 + seed, 40, &right, 0.5);
        let error = |estimated: Vec<f64>| -> f64 {
            estimated
                .iter()
                .zip(right)
                .map(|(a, b)| (a - b).abs())
                .sum()
        };
        let single = CrossDomain::fit(std::slice::from_ref(&small), &options).unwrap();
        let joint = CrossDomain::fit(&[large.clone(), small], &options).unwrap();
        alone += error(single.accuracies(0));
        together += error(joint.accuracies(1));
    }
    assert!(together < 0.6 * alone, "{together} {alone}");
}

#[test]
fn a_new_domain_gets_its_own_prevalence() {
    let right = [0.9, 0.85, 0.8, 0.8];
    let (here, _) = simulated(21, 2000, &right, 0.2);
    let (there, truth) = simulated(22, 2000, &right, 0.7);
    let model = CrossDomain::fit(&[here], &CrossDomainOptions::default()).unwrap();
    let probabilities = model.probabilities_elsewhere(&there).unwrap();
    let expected: f64 = probabilities.iter().skip(1).step_by(2).sum::<f64>() / 2000.0;
    let actual = truth.iter().sum::<usize>() as f64 / 2000.0;
    assert!((expected - actual).abs() < 0.03, "{expected} {actual}");
}

#[test]
fn votes_without_a_solution_are_refused() {
    let silent = VoteMatrix::new(3, 2, vec![ABSTAIN; 6]).unwrap();
    let options = DawidSkeneOptions {
        abstentions: Abstentions::Missing,
        ..DawidSkeneOptions::default()
    };
    assert!(DawidSkene::fit(&silent, &options).is_err());
    let two = VoteMatrix::new(2, 2, vec![0, 1, 1, 1]).unwrap();
    let error = Snorkel::fit(&two, &SnorkelOptions::default()).unwrap_err();
    assert!(error.to_string().contains("at least 3"), "{error}");
    assert!(CrossDomain::fit(&[], &CrossDomainOptions::default()).is_err());
    let (three, _) = simulated(1, 50, &[0.8; 3], 0.5);
    let model = DawidSkene::fit(&three, &options).unwrap();
    assert!(model.probabilities(&two).is_err());
    let unbalanced = SnorkelOptions {
        class_balance: Some(vec![1.0, 0.0]),
        ..SnorkelOptions::default()
    };
    assert!(Snorkel::fit(&three, &unbalanced).is_err());
}
