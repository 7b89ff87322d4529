//! Annotation files damaged in many ways, seeded: a reader names the file, never panics, and never
//! lets a recording pass that its publisher's rows do not state.
//!
//! Real annotation files of the data folder (`SPRSound` JSON, PhysioNet `REFERENCE.csv`, the KAUH
//! and manikin tables, the list of coughs) with sounds made here, and the sample rows of every
//! other data set, are each read whole once and once for each mutation of one of their files.
#![expect(clippy::unwrap_used, reason = "helpers of a test fail by panic")]

#[path = "../fixture_tree/mod.rs"]
mod fixture_tree;

mod damage;
mod real;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use damage::{Damage, damaged};
use fixture_tree::{build, put};
use laennec_corpus::{DataSet, Error, Reading, Recording, read};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What the mutations of one tree did.
#[derive(Debug, Default)]
struct Tally {
    mutations: usize,
    /// Readings with a problem, or with a refusal of the whole folder.
    located: usize,
    /// Readings that equal the unmutated one.
    equal: usize,
    /// Recordings that differ and are valid.
    changed: usize,
}

/// The recordings of a reading by id, without what follows the bytes of the annotation file.
fn rows(reading: &Reading) -> BTreeMap<String, Recording> {
    let rows = reading.recordings().into_iter().map(|mut row| {
        row.provenance = laennec_corpus::Provenance::default();
        (row.id.clone(), row)
    });
    rows.collect()
}

/// Mutates the annotation files of a tree `times` times and reads it each time.
fn mutate(data_set: DataSet, root: &Path, files: &[String], times: usize, seed: u64) -> Tally {
    let whole = rows(&read(data_set, root).unwrap());
    assert!(!whole.is_empty(), "{data_set}");
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut tally = Tally::default();
    while tally.mutations < times {
        let name = &files[random.random_range(0..files.len())];
        let original = fs::read(root.join(name)).unwrap();
        let damage = Damage::ALL[random.random_range(0..Damage::ALL.len())];
        let Some(bytes) = damaged(&original, damage, &mut random) else {
            continue;
        };
        tally.mutations += 1;
        put(root, name, bytes);
        let case = format!(
            "{data_set}, mutation {}: {damage:?} in {name}",
            tally.mutations
        );
        match read(data_set, root) {
            Ok(reading) => judge(&case, &reading, &whole, damage, root, &mut tally),
            Err(Error::MissingPart { .. }) => tally.located += 1,
            Err(other) => panic!("{case}: {other}"),
        }
        put(root, name, &original);
    }
    tally
}

fn judge(
    case: &str,
    reading: &Reading,
    whole: &BTreeMap<String, Recording>,
    damage: Damage,
    root: &Path,
    tally: &mut Tally,
) {
    for problem in &reading.problems {
        assert!(problem.path.starts_with(root), "{case}: {problem}");
        let stored = serde_json::to_string(&problem.stored()).unwrap();
        let name = problem.path.file_stem().unwrap().to_string_lossy();
        let names_a_list = !name.chars().any(|c| c.is_ascii_digit());
        assert!(names_a_list || !stored.contains(&*name), "{case}: {stored}");
    }
    tally.located += usize::from(!reading.problems.is_empty());
    let found = rows(reading);
    tally.equal += usize::from(found == *whole);
    if damage.is_harmless() {
        assert!(found == *whole, "{case}: another reading of the same rows");
    }
    for id in whole.keys() {
        let is_told = found.contains_key(id) || !reading.problems.is_empty();
        assert!(is_told, "{case}: a recording vanished silently");
    }
    for (id, row) in &found {
        let known = whole
            .get(id)
            .unwrap_or_else(|| panic!("{case}: a recording of no row"));
        check(case, row);
        if row != known {
            tally.changed += 1;
            assert!(
                damage.may_leave_valid_rows() || is_less(row, known, damage, reading),
                "{case}: a wrong row\n{row:?}\n{known:?}"
            );
        }
    }
}

/// Whether a row differs by saying less, where the file that said it is named as damaged or may
/// leave it open: a truncation between two lines leaves a file that is valid in its format, and
/// lists of quality need not be complete.
fn is_less(row: &Recording, known: &Recording, damage: Damage, reading: &Reading) -> bool {
    let mut less = known.clone();
    let is_cut = damage == Damage::Truncated;
    if row.quality.is_none() && (is_cut || !reading.problems.is_empty()) {
        less.quality = None;
    }
    let fewer_events = is_cut
        && row.events.len() < known.events.len()
        && row.events.iter().all(|event| known.events.contains(event));
    if fewer_events {
        less.events.clone_from(&row.events);
        less.findings.clone_from(&row.findings);
    }
    // A mapping or a table of one's own may leave out any field.
    if row.data_set == DataSet::Custom {
        less = row.clone();
    }
    *row == less
}

/// What holds for every recording, whatever stood in its row.
fn check(case: &str, row: &Recording) {
    assert!(row.audio_sha256.len() == 64 && row.seconds > 0.0, "{case}");
    assert!(
        row.age_years.is_none_or(|age| (0.0..=90.0).contains(&age)),
        "{case}: {:?}",
        row.age_years
    );
    assert!(
        row.height_cm.is_none_or(|cm| (20.0..=250.0).contains(&cm)),
        "{case}"
    );
    assert!(
        row.weight_kg.is_none_or(|kg| (0.5..=400.0).contains(&kg)),
        "{case}"
    );
    for event in &row.events {
        let inside = 0.0 <= event.start_s && event.end_s <= row.seconds + 0.05;
        assert!(inside && event.start_s < event.end_s, "{case}: {event:?}");
    }
    assert!(
        row.events.is_sorted_by(|a, b| a.start_s <= b.start_s),
        "{case}"
    );
    assert!(
        row.findings.is_sorted_by(|a, b| a.0 < b.0),
        "{case}: {:?}",
        row.findings
    );
    for word in row
        .record_class
        .iter()
        .chain(&row.device)
        .chain(&row.diagnoses)
    {
        assert!(
            word.len() <= 40 && !word.contains(char::is_control),
            "{case}: {word}"
        );
    }
}

#[test]
fn two_hundred_mutations_of_real_annotation_files() {
    let Some(data) = std::env::var_os("LAENNEC_DATA") else {
        eprintln!("skipped: LAENNEC_DATA names no data folder");
        return;
    };
    for (seed, data_set) in (1..).zip(real::SETS) {
        let folder = tempfile::tempdir().unwrap();
        let files = real::build(data_set, Path::new(&data), folder.path());
        let tally = mutate(data_set, folder.path(), &files, 40, seed);
        eprintln!("{data_set}: {tally:?}");
        assert!(tally.located >= 15, "{data_set}: {tally:?}");
    }
}

#[test]
fn two_hundred_and_forty_mutations_of_sample_rows() {
    let sets = DataSet::ALL.into_iter().filter(|data_set| {
        let files = fixture_tree::fixtures().join(data_set.folder_name());
        files.is_dir()
    });
    for (seed, data_set) in (101..).zip(sets) {
        let folder = tempfile::tempdir().unwrap();
        let files = build(data_set, folder.path());
        // Header files and texts about names are not read, some data sets have no text at all.
        let is_read = |name: &&String| {
            let extension = Path::new(name).extension();
            extension.is_none_or(|extension| extension != "hea") && !name.ends_with("_format.txt")
        };
        let files: Vec<String> = files.iter().filter(is_read).cloned().collect();
        if files.is_empty() {
            continue;
        }
        let tally = mutate(data_set, folder.path(), &files, 24, seed);
        eprintln!("{data_set}: {tally:?}");
        assert!(tally.located >= 5, "{data_set}: {tally:?}");
    }
}
