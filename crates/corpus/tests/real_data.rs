//! The readers and the split on the real data sets below `LAENNEC_DATA`; without it these tests
//! say so and pass.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use laennec_corpus::split::{self, SplitPlan};
use laennec_corpus::{
    DataSet, EventKind, Finding, Presence, Quality, Reading, Recording, Split, read,
    read_data_folder,
};

/// The data folder; none where the environment names none.
fn data() -> Option<PathBuf> {
    let folder = std::env::var_os("LAENNEC_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: LAENNEC_DATA names no data folder");
    }
    folder
}

fn read_one(data_set: DataSet) -> Option<Reading> {
    let folder = data()?.join(data_set.folder_name());
    Some(read(data_set, &folder).expect("the data set is readable"))
}

fn tally<K: Ord>(items: impl Iterator<Item = K>) -> BTreeMap<K, usize> {
    items.fold(BTreeMap::new(), |mut counts, item| {
        *counts.entry(item).or_default() += 1;
        counts
    })
}

fn classes(reading: &Reading) -> BTreeMap<String, usize> {
    tally(
        reading
            .located
            .iter()
            .filter_map(|found| found.recording.record_class.clone()),
    )
}

fn counted<const N: usize>(pairs: [(&str, usize); N]) -> BTreeMap<String, usize> {
    pairs
        .into_iter()
        .map(|(name, count)| (name.to_owned(), count))
        .collect()
}

#[test]
fn sprsound_has_the_published_totals() {
    let Some(reading) = read_one(DataSet::SprSound) else {
        return;
    };
    assert_eq!(reading.problems, []);
    let counts = reading.counts[&DataSet::SprSound];
    assert_eq!(
        (counts.recordings, counts.subjects, counts.events),
        (1949, 251, 6656)
    );
    assert_eq!(reading.validation.len(), 50);
    let expected = counted([
        ("Normal", 1303),
        ("DAS", 248),
        ("Poor Quality", 177),
        ("CAS", 126),
        ("CAS & DAS", 95),
    ]);
    assert_eq!(classes(&reading), expected);
    let kinds = tally(
        reading
            .located
            .iter()
            .flat_map(|found| &found.recording.events)
            .map(|event| event.kind),
    );
    let expected = BTreeMap::from([
        (EventKind::Normal, 5159),
        (EventKind::FineCrackle, 912),
        (EventKind::Wheeze, 452),
        (EventKind::CoarseCrackle, 49),
        (EventKind::Rhonchi, 39),
        (EventKind::WheezeAndCrackle, 30),
        (EventKind::Stridor, 15),
    ]);
    assert_eq!(kinds, expected);
}

/// The publisher's record label is what its event types imply, except where quality is poor.
#[test]
fn sprsound_labels_agree_with_their_events() {
    let Some(reading) = read_one(DataSet::SprSound) else {
        return;
    };
    for Recording {
        findings,
        events,
        quality,
        id,
        ..
    } in reading.recordings()
    {
        let known: BTreeMap<_, _> = findings.into_iter().collect();
        if quality == Some(Quality::Poor) {
            assert!(
                events.is_empty() && !known.contains_key(&Finding::Continuous),
                "{id}"
            );
            continue;
        }
        for (finding, heard) in [
            (
                Finding::Continuous,
                events.iter().any(|event| event.kind.is_continuous()),
            ),
            (
                Finding::Discontinuous,
                events.iter().any(|event| event.kind.is_discontinuous()),
            ),
        ] {
            assert_eq!(
                known[&finding] == Presence::Present,
                heard,
                "{id}: {finding}"
            );
        }
    }
}

#[test]
fn physionet_has_the_copied_part_and_whole_blocks() {
    let Some(reading) = read_one(DataSet::PhysioNet2016) else {
        return;
    };
    assert_eq!(reading.problems, []);
    assert_eq!(
        classes(&reading),
        counted([("abnormal", 418), ("normal", 459)])
    );
    let devices = tally(
        reading
            .located
            .iter()
            .filter_map(|found| found.recording.device.clone()),
    );
    let expected = counted([
        ("training-a", 328),
        ("training-c", 24),
        ("training-d", 42),
        ("training-e", 483),
    ]);
    assert_eq!(devices, expected);
    assert_eq!(reading.validation.len(), 4);
    let held = reading
        .located
        .iter()
        .filter(|f| reading.validation.contains(&f.recording.group));
    let held = tally(held.filter_map(|found| found.recording.device.clone()));
    let expected = counted([
        ("training-a", 50),
        ("training-c", 4),
        ("training-d", 7),
        ("training-e", 73),
    ]);
    assert_eq!(held, expected);
}

#[test]
fn the_test_sets_and_coughs_have_their_totals() {
    let Some(reading) = read_one(DataSet::Kauh) else {
        return;
    };
    let counts = reading.counts[&DataSet::Kauh];
    assert_eq!(
        (counts.recordings, counts.subjects, counts.problems),
        (220, 77, 0)
    );
    let groups: BTreeSet<_> = reading
        .located
        .iter()
        .map(|found| &found.recording.group)
        .collect();
    assert_eq!(groups.len(), 62);
    let present = |finding| {
        let with = |found: &&laennec_corpus::Located| {
            found.recording.presence(finding) == Some(Presence::Present)
        };
        reading.located.iter().filter(with).count()
    };
    assert_eq!(
        (present(Finding::Wheeze), present(Finding::Discontinuous)),
        (95, 54)
    );

    let Some(reading) = read_one(DataSet::HlsCmds) else {
        return;
    };
    let counts = reading.counts[&DataSet::HlsCmds];
    assert_eq!(
        (counts.recordings, counts.subjects, counts.problems),
        (535, 1, 0)
    );

    let Some(reading) = read_one(DataSet::CoughCovid19) else {
        return;
    };
    let counts = reading.counts[&DataSet::CoughCovid19];
    assert_eq!(
        (counts.recordings, counts.subjects, counts.problems),
        (300, 0, 0)
    );
    assert!(
        reading
            .located
            .iter()
            .all(|found| found.recording.findings.is_empty())
    );
    let rates = tally(
        reading
            .located
            .iter()
            .map(|found| found.recording.sample_rate),
    );
    assert_eq!(rates, BTreeMap::from([(8_000, 187), (48_000, 113)]));
}

#[test]
fn the_split_of_the_data_folder_keeps_patients_apart() {
    let Some(folder) = data() else { return };
    let reading = read_data_folder(&folder).expect("the data folder is readable");
    let mut recordings = reading.recordings();
    let plan = SplitPlan::new(20, reading.validation.clone());
    assert_eq!(
        split::assign(&mut recordings, &plan).expect("the plan is valid"),
        [""; 0]
    );
    split::check(&recordings).expect("nothing leaks");

    let of = |data_set, split| {
        let chosen = recordings.iter().filter(move |recording| {
            recording.data_set == data_set && recording.split == Some(split)
        });
        chosen.collect::<Vec<_>>()
    };
    let subjects = |recordings: &[&Recording]| {
        recordings
            .iter()
            .map(|recording| recording.group.clone())
            .collect::<BTreeSet<_>>()
            .len()
    };
    let [train, calibration, validation] = [Split::Train, Split::Calibration, Split::Validation]
        .map(|split| of(DataSet::SprSound, split));
    assert_eq!(validation.len(), 443);
    assert_eq!(
        (
            subjects(&train),
            subjects(&calibration),
            subjects(&validation)
        ),
        (171, 30, 50)
    );
    let trained: BTreeSet<_> = train
        .iter()
        .flat_map(|recording| &recording.events)
        .map(|event| event.kind)
        .collect();
    assert_eq!(
        trained.len(),
        7,
        "every event class of SPRSound is in training"
    );
    for data_set in [DataSet::Kauh, DataSet::HlsCmds] {
        assert!(of(data_set, Split::Train).is_empty() && !of(data_set, Split::Test).is_empty());
    }
    for split in [Split::Train, Split::Calibration, Split::Validation] {
        for data_set in [
            DataSet::SprSound,
            DataSet::PhysioNet2016,
            DataSet::CoughCovid19,
        ] {
            let chosen = of(data_set, split);
            eprintln!(
                "{data_set} {split}: {} recordings in {} groups",
                chosen.len(),
                subjects(&chosen)
            );
            assert!(!chosen.is_empty());
        }
    }
}
