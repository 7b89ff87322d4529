//! The benchmarks' rows on the real data sets: right numbers of rows and patients, and baselines
//! that reach what the data are known for.
//!
//! Needs `LAENNEC_DATA`; skipped without it.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests: a panic is how a test fails, and a skipped one says so"
)]

use std::path::PathBuf;

use laennec_audio::{DecodeOptions, decode_file};
use laennec_corpus::split::{SplitPlan, assign};
use laennec_corpus::{DataSet, Recording, read};
use laennec_eval::Matrix;
use laennec_eval::baselines::{level_and_duration, mean_spectrum};
use laennec_eval::embed::Embedding;
use laennec_eval::intervals::Bootstrap;
use laennec_eval::tasks::HeldOut;
use laennec_eval::tasks::physionet::{ABNORMAL, HeartRows, heart_search};
use laennec_eval::tasks::sprsound::SprSoundTask;
use rayon::prelude::*;

fn load(data_set: DataSet) -> Option<(Vec<Recording>, Vec<PathBuf>)> {
    let Some(data) = std::env::var_os("LAENNEC_DATA") else {
        println!("skipped: LAENNEC_DATA is not set");
        return None;
    };
    let reading = read(data_set, &PathBuf::from(data).join(data_set.folder_name())).unwrap();
    let mut recordings = reading.recordings();
    assign(&mut recordings, &SplitPlan::new(1, reading.validation)).unwrap();
    let paths = reading.located.into_iter().map(|l| l.path).collect();
    Some((recordings, paths))
}

fn counts(classes: &[usize], class_count: usize) -> Vec<usize> {
    (0..class_count)
        .map(|class| classes.iter().filter(|&&c| c == class).count())
        .collect()
}

#[test]
fn sprsound_tasks_have_the_published_numbers() {
    let Some((recordings, _)) = load(DataSet::SprSound) else {
        return;
    };
    let recordings: Vec<&Recording> = recordings.iter().collect();
    let embeddings: Vec<Embedding> = recordings
        .iter()
        .map(|recording| Embedding {
            values: vec![0.5; 384 * (recording.seconds / 0.32).ceil() as usize],
            step_s: 0.32,
        })
        .collect();
    // The data set's own totals: classes by task, then the validation rows and patients.
    let expected: [(SprSoundTask, &[usize], usize, usize); 4] = [
        (SprSoundTask::Segments2, &[5159, 1497], 1559, 48),
        (
            SprSoundTask::Segments7,
            &[5159, 39, 452, 15, 49, 912, 30],
            1559,
            48,
        ),
        (SprSoundTask::Records3, &[1303, 469, 177], 443, 50),
        (SprSoundTask::Records5, &[1303, 126, 248, 95, 177], 443, 50),
    ];
    for (task, classes, validation, patients) in expected {
        let (rows, origin) = task.rows(&recordings, &embeddings).unwrap();
        assert_eq!(counts(&rows.classes, task.classes().len()), classes);
        assert!(
            rows.features
                .values()
                .iter()
                .all(|v| (v - 0.5).abs() < 1e-9)
        );
        let splits: Vec<_> = origin.iter().map(|&i| recordings[i].split).collect();
        let held = HeldOut::by_split(&rows, &splits).unwrap();
        assert_eq!(held.evaluation.len(), validation, "task {}", task.name());
        let groups: std::collections::HashSet<_> = held.evaluation.groups.iter().collect();
        assert_eq!(groups.len(), patients);
        assert_eq!(held.training.len() + validation, rows.len());
    }
}

#[test]
fn heart_baselines_read_the_recording_chain_of_one_database() {
    let Some((recordings, paths)) = load(DataSet::PhysioNet2016) else {
        return;
    };
    let features: Vec<(Vec<f64>, Vec<f64>)> = paths
        .par_iter()
        .map(|path| {
            let signal = decode_file(path, &DecodeOptions::default()).unwrap().signal;
            (
                mean_spectrum(&signal).unwrap(),
                level_and_duration(&signal).unwrap(),
            )
        })
        .collect();
    let (spectrum, level): (Vec<_>, Vec<_>) = features.into_iter().unzip();
    let recordings: Vec<&Recording> = recordings.iter().collect();
    let bootstrap = Bootstrap::default();
    for features in [spectrum, level] {
        let rows = HeartRows::new(&recordings, &Matrix::from_rows(&features).unwrap()).unwrap();
        assert_eq!(
            rows.databases(),
            ["training-a", "training-c", "training-d", "training-e"]
        );
        let area = |database, whole: bool| {
            let predictions = if whole {
                rows.left_out(database, &heart_search()).unwrap()
            } else {
                rows.within(database, &heart_search()).unwrap()
            };
            predictions.auroc_of(&[ABNORMAL], &bootstrap).unwrap()
        };
        // data/README: 0.98 and 0.90 within training-e, 0.67 within training-a.
        let own = area("training-e", false);
        assert!(own.value > 0.9 && own.n == 73, "{own}");
        let harder = area("training-a", false);
        assert!(harder.value < 0.75 && harder.n == 50, "{harder}");
        // What such features say of one device does not hold for another.
        let other = area("training-e", true);
        assert!(other.value < own.value - 0.1 && other.n == 483, "{other}");
    }
}
