//! Divisions that were published with patients on both sides are refused, with the counts that
//! are known of them (`fixtures/splits/make_split_lists.py` names the sources).

#![expect(clippy::unwrap_used, reason = "helpers of a test fail by panic")]

use std::collections::BTreeSet;
use std::path::PathBuf;

use laennec_corpus::check::check;
use laennec_corpus::split::{SplitPlan, assign, check as check_split, read_list};
use laennec_corpus::{Error, OfficialSplit, Recording, Split};

fn list(name: &str) -> Vec<Recording> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/splits");
    read_list(&folder.join(name)).unwrap()
}

/// Subjects in the training part and in any other.
fn on_both_sides(rows: &[Recording]) -> usize {
    let leakage = check(rows).leakage;
    let trains = |splits: &[Split]| splits.contains(&Split::Train);
    leakage
        .subjects
        .iter()
        .filter(|crossing| trains(&crossing.splits))
        .count()
}

fn subjects(rows: &[Recording]) -> usize {
    let all: BTreeSet<_> = rows.iter().map(|row| &row.subject).collect();
    all.len()
}

#[test]
fn the_published_overlaps_are_found_and_refused() {
    for (name, recordings, patients, overlap) in [
        ("kauh_opera.csv", 234, 78, 49),
        ("sprsound.csv", 2496, 288, 156),
        ("icbhi.csv", 920, 126, 2),
    ] {
        let rows = list(name);
        assert_eq!(
            (rows.len(), subjects(&rows)),
            (recordings, patients),
            "{name}"
        );
        assert_eq!(on_both_sides(&rows), overlap, "{name}");
        assert!(check(&rows).is_faulty());
        assert!(check_split(&rows).is_err());
    }
}

/// An official division is kept as far as it does not leak: a patient on both sides keeps the
/// tested recordings.
#[test]
fn an_official_division_is_kept_without_its_overlap() {
    let mut rows = list("icbhi.csv");
    for row in &mut rows {
        row.official_split = Some(match row.split {
            Some(Split::Test) => OfficialSplit::Test,
            _ => OfficialSplit::Train,
        });
    }
    let left_out = assign(&mut rows, &SplitPlan::new(7, BTreeSet::new())).unwrap();
    check_split(&rows).unwrap();
    let tested = |row: &&Recording| row.split == Some(Split::Test);
    assert_eq!(rows.iter().filter(tested).count(), 381);
    let official = |row: &&Recording| row.official_split == Some(OfficialSplit::Test);
    assert!(rows.iter().filter(tested).all(|row| official(&row)));
    // Two of 79 patients with seven training recordings, dealt in turn.
    assert!((12..=14).contains(&left_out.len()), "{}", left_out.len());

    let free = SplitPlan {
        official: false,
        ..SplitPlan::new(7, BTreeSet::new())
    };
    assert!(assign(&mut rows, &free).unwrap().is_empty());
    assert!(rows.iter().all(|row| row.split != Some(Split::Test)));
}

#[test]
fn a_list_that_is_not_as_documented_names_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list.csv");
    for (text, wrong) in [
        ("recording,split\na,train\n", 1),
        ("recording,subject,split\na,b,train\nc,d,holdout\n", 3),
        ("recording,subject,split\na,b\n", 2),
    ] {
        std::fs::write(&path, text).unwrap();
        match read_list(&path) {
            Err(Error::List { line, .. }) => assert_eq!(line, wrong, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}
