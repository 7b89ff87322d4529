//! Properties of the split on any recordings: it never leaks, reserved groups stay reserved, the
//! order of the recordings does not matter, and leakage put in by hand is found.

use std::collections::{BTreeMap, BTreeSet};

use laennec_corpus::fingerprint::near_duplicates;
use laennec_corpus::split::{SplitPlan, assign, check};
use laennec_corpus::{DataSet, Domain, Error, Event, EventKind, Fingerprint, Recording, Split};
use proptest::collection::vec;
use proptest::prelude::*;

/// The fingerprint of a sound, of which there are several copies with a few wrong bits.
fn print(sound: usize, copy: usize) -> Fingerprint {
    let step = |n: usize| {
        let mixed = (sound * 1_000 + n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        let wrong = if (n + copy).is_multiple_of(5) {
            copy
        } else {
            0
        };
        (mixed ^ wrong) as u16
    };
    Fingerprint((0..80).map(step).collect())
}

/// A recording with what the split looks at.
fn recording(data_set: DataSet, number: usize, subject: usize, sound: usize) -> Recording {
    let kinds = EventKind::ALL;
    let event = Event {
        start_s: 0.0,
        end_s: 1.0,
        kind: kinds[subject * subject % kinds.len()],
    };
    let in_blocks = data_set == DataSet::PhysioNet2016;
    let group = if in_blocks {
        format!(
            "training-{}/block-{:03}",
            ['a', 'b'][subject % 2],
            subject / 2
        )
    } else {
        // Two subjects a group, as where persons cannot be told apart.
        format!("{data_set} group {}", subject / 2)
    };
    Recording {
        subject: (!in_blocks).then(|| format!("{data_set} subject {subject}")),
        sample_rate: 8000,
        channels: 1,
        seconds: 2.0,
        audio_sha256: format!("sound {sound}"),
        record_class: Some(["Normal", "CAS", "DAS"][subject % 3].to_owned()),
        events: vec![event],
        ..Recording::unlabelled(
            data_set,
            Domain::Lung,
            format!("{data_set} recording {number}"),
            group,
        )
    }
}

/// Recordings of all data sets; a few sounds occur twice, also in different data sets.
fn recordings() -> impl Strategy<Value = Vec<Recording>> {
    let one = (
        proptest::sample::select(DataSet::ALL.to_vec()),
        0_usize..24,
        0_usize..600,
    );
    vec(one, 1..120).prop_map(|all| {
        let numbered = all.into_iter().enumerate();
        numbered
            .map(|(number, (data_set, subject, sound))| Recording {
                fingerprint: print(sound / 3, sound % 3),
                ..recording(data_set, number, subject, sound)
            })
            .collect()
    })
}

/// A plan that reserves some of the groups.
fn plan(recordings: &[Recording], seed: u64) -> SplitPlan {
    let groups: BTreeSet<&String> = recordings
        .iter()
        .map(|recording| &recording.group)
        .collect();
    let reserved = groups
        .into_iter()
        .skip(usize::try_from(seed % 5).expect("small"))
        .step_by(7);
    SplitPlan::new(seed, reserved.cloned().collect())
}

proptest! {
    #[test]
    fn no_assignment_leaks(mut recordings in recordings(), seed in 0_u64..1000) {
        let plan = plan(&recordings, seed);
        let left_out = assign(&mut recordings, &plan).expect("the plan is valid");
        prop_assert_eq!(check(&recordings), Ok(()));
        let prints: Vec<_> = recordings.iter().map(|recording| &recording.fingerprint).collect();
        for near in near_duplicates(&prints) {
            let splits = [near.first, near.second].map(|index| recordings[index].split);
            prop_assert!(splits[0].is_none() || splits[1].is_none() || splits[0] == splits[1]);
        }
        let without: Vec<_> =
            recordings.iter().filter(|recording| recording.split.is_none()).collect();
        prop_assert_eq!(without.len(), left_out.len());
        for recording in &recordings {
            let reserved = plan.validation.contains(&recording.group);
            match recording.split {
                Some(Split::Train | Split::Calibration) => {
                    prop_assert!(!reserved && !recording.data_set.is_test_only());
                }
                Some(Split::Validation) => {
                    prop_assert!(reserved || !recording.data_set.is_test_only());
                }
                Some(Split::Test) => prop_assert!(recording.data_set.is_test_only()),
                None => prop_assert!(!reserved, "a reserved recording is always kept"),
            }
        }
    }

    #[test]
    fn the_order_of_the_recordings_does_not_matter(
        (mut recordings, mut shuffled) in recordings().prop_flat_map(|all| {
            (Just(all.clone()), Just(all).prop_shuffle())
        }),
        seed in 0_u64..1000,
    ) {
        let plan = plan(&recordings, seed);
        assign(&mut recordings, &plan).expect("the plan is valid");
        assign(&mut shuffled, &plan).expect("the plan is valid");
        let by_id = |all: Vec<Recording>| -> BTreeMap<String, Option<Split>> {
            all.into_iter().map(|recording| (recording.id, recording.split)).collect()
        };
        prop_assert_eq!(by_id(recordings), by_id(shuffled));
    }

    #[test]
    fn leakage_put_in_by_hand_is_found(
        mut recordings in recordings(),
        pick in any::<proptest::sample::Index>(),
        what in 0_usize..3,
    ) {
        let plan = plan(&recordings, 1);
        assign(&mut recordings, &plan).expect("the plan is valid");
        let place = pick.index(recordings.len());
        prop_assume!(recordings[place].split.is_some());
        let mut twin = recordings[place].clone();
        let subject = twin.subject.clone();
        prop_assume!(what != 0 || subject.is_some());
        twin.id = "twin".to_owned();
        twin.subject = (what == 0).then_some(subject).flatten();
        if what != 1 {
            twin.group = "its own".to_owned();
        }
        if what != 2 {
            twin.audio_sha256 = "its own".to_owned();
        }
        let other = |split: &&Split| Some(**split) != recordings[place].split;
        twin.split = Split::ALL.iter().find(other).copied();
        recordings.push(twin);
        let leakage = check(&recordings).expect_err("the twin crosses");
        let crossings = [&leakage.subjects, &leakage.groups, &leakage.sounds];
        for (index, crossings) in crossings.into_iter().enumerate() {
            prop_assert_eq!(crossings.len(), usize::from(index == what));
        }
        let crossing = &crossings[what][0];
        prop_assert!(crossing.recordings.contains(&"twin".to_owned()));
        prop_assert_eq!(crossing.splits.len(), 2);
        prop_assert!(leakage.to_string().contains(&crossing.id));
    }
}

#[test]
fn calibration_takes_the_blocks_before_validation() {
    let all = (0..40).map(|number| recording(DataSet::PhysioNet2016, number, number, number));
    let mut recordings: Vec<Recording> = all.collect();
    // Of each database's twenty blocks the last three are reserved.
    let reserved = recordings[34..]
        .iter()
        .map(|recording| recording.group.clone())
        .collect();
    assign(&mut recordings, &SplitPlan::new(1, reserved)).expect("the plan is valid");
    let splits: Vec<_> = recordings
        .iter()
        .filter_map(|recording| recording.split)
        .collect();
    // 15 % of the seventeen other blocks of a database are three.
    assert_eq!(splits[..28], [Split::Train; 28]);
    assert_eq!(splits[28..34], [Split::Calibration; 6]);
    assert_eq!(splits[34..], [Split::Validation; 6]);
}

/// Every label that two or more units bear is trained on, and the draw has the size asked for.
#[test]
fn every_class_is_trained_on() {
    for seed in 0..50 {
        let all = (0..60).map(|number| recording(DataSet::SprSound, number, number, number));
        let mut recordings: Vec<Recording> = all.collect();
        assign(&mut recordings, &SplitPlan::new(seed, BTreeSet::new())).expect("a valid plan");
        let classes = |split| -> BTreeSet<_> {
            let chosen = recordings
                .iter()
                .filter(|recording| recording.split == Some(split));
            chosen.map(|recording| recording.events[0].kind).collect()
        };
        let all: BTreeSet<_> = recordings
            .iter()
            .map(|recording| recording.events[0].kind)
            .collect();
        assert_eq!(classes(Split::Train), all, "seed {seed}");
        let groups = |split| recordings.iter().filter(|r| r.split == Some(split)).count() / 2;
        // Of thirty groups of two 4.5 are due to validation, of the rest 3.8 to calibration.
        assert!((4..=5).contains(&groups(Split::Validation)), "seed {seed}");
        assert!((3..=4).contains(&groups(Split::Calibration)), "seed {seed}");
    }
}

#[test]
fn fractions_that_make_no_sense_are_refused() {
    for fraction in [-0.1, 0.5, f64::NAN] {
        let mut plan = SplitPlan::new(1, BTreeSet::new());
        plan.calibration_fraction = fraction;
        assert!(
            matches!(assign(&mut [], &plan), Err(Error::Fraction { .. })),
            "{fraction}"
        );
    }
}
