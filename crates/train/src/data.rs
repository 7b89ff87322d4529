//! The recordings of a data folder with the splits that every stage and every figure uses.

use std::collections::BTreeSet;

use laennec_corpus::{
    Located, Reading, Recording, Split,
    split::{self, SplitPlan},
};
use laennec_models::ear::Taught;

use crate::{Error, checkpoint, recipe::Part};

/// Seed of the draw of calibration patients. It belongs to the project, not to a recipe: all
/// stages must agree on who calibrates.
pub use laennec_corpus::SPLIT_SEED;

/// Assigns and checks the splits; recordings that no split can hold without leakage are left out.
pub fn split(reading: Reading) -> Result<Vec<Located>, Error> {
    let plan = SplitPlan::new(SPLIT_SEED, reading.validation);
    let (mut recordings, paths): (Vec<Recording>, Vec<_>) = reading
        .located
        .into_iter()
        .map(|located| (located.recording, located.path))
        .unzip();
    split::assign(&mut recordings, &plan)?;
    split::check(&recordings).map_err(laennec_corpus::Error::from)?;
    Ok(recordings
        .into_iter()
        .zip(paths)
        .filter(|(recording, _)| recording.split.is_some())
        .map(|(recording, path)| Located { recording, path })
        .collect())
}

/// Ids of the recordings that a network with `hold_out` does not learn from: a part of the training
/// recordings, or the calibration ones.
pub fn held_out(recordings: &[Located], hold_out: Option<Part>) -> BTreeSet<String> {
    let Some(named) = hold_out else {
        let calibrates = |l: &&Located| l.recording.split == Some(Split::Calibration);
        let chosen = recordings.iter().filter(calibrates);
        return chosen.map(|l| l.recording.id.clone()).collect();
    };
    part(recordings, named)
}

/// The recordings that teach a network, and those that it is watched on: [`held_out`]. With
/// `learn_from` only that part of the training patients teaches.
pub fn sides(
    recordings: &[Located],
    hold_out: Option<Part>,
    learn_from: Option<Part>,
) -> (Vec<&Located>, Vec<&Located>) {
    let held_out = held_out(recordings, hold_out);
    let pool = learn_from.map(|named| part(recordings, named));
    let splits = [Some(Split::Train), Some(Split::Calibration)];
    let known = recordings
        .iter()
        .filter(|l| splits.contains(&l.recording.split));
    let (mut taught, watched): (Vec<_>, Vec<_>) =
        known.partition(|l| !held_out.contains(&l.recording.id));
    if let Some(pool) = pool {
        taught.retain(|l| pool.contains(&l.recording.id));
    }
    (taught, watched)
}

/// What a network that learns from these recordings says of itself.
pub fn taught(recordings: &[&Located]) -> Taught {
    let sorted = |names: BTreeSet<&str>| names.into_iter().map(str::to_owned).collect();
    let every = || recordings.iter().map(|l| &l.recording);
    let ids: BTreeSet<&str> = every().map(|r| r.id.as_str()).collect();
    let ids: Vec<&str> = ids.into_iter().collect();
    Taught {
        data_sets: sorted(every().map(|r| r.data_set.name()).collect()),
        databases: sorted(every().filter_map(|r| r.device.as_deref()).collect()),
        recordings: ids.len(),
        sha256: checkpoint::hex(ids.join("\n").as_bytes()),
    }
}

/// SHA-256 of all that training sees of recordings: sounds, labels, order. A run that is resumed
/// must see the same.
pub(crate) fn seen(parts: &[&[&Located]]) -> String {
    let rows: Vec<_> = parts
        .iter()
        .map(|part| {
            let row = |l: &&Located| {
                let r = &l.recording;
                serde_json::json!([
                    r.id,
                    r.audio_sha256,
                    r.record_class,
                    r.quality,
                    r.findings,
                    r.events,
                    r.device,
                ])
            };
            part.iter().map(row).collect::<Vec<_>>()
        })
        .collect();
    let text = serde_json::to_string(&rows).expect("plain data serialises");
    checkpoint::hex(text.as_bytes())
}

/// Ids of the training recordings in a part, which is drawn by whole patients.
pub fn part(recordings: &[Located], Part { part, of }: Part) -> BTreeSet<String> {
    let all: Vec<Recording> = recordings.iter().map(|l| l.recording.clone()).collect();
    let parts = split::parts(&all, Split::Train, of, SPLIT_SEED);
    let chosen = all.into_iter().zip(parts).filter(|(_, p)| *p == Some(part));
    chosen.map(|(recording, _)| recording.id).collect()
}

#[cfg(test)]
mod tests {
    use laennec_corpus::{DataSet, Domain};

    use super::*;

    fn located(number: usize, split: Split) -> Located {
        let (id, group) = (number.to_string(), format!("person {}", number / 2));
        let mut recording = Recording::unlabelled(DataSet::SprSound, Domain::Lung, id, group);
        recording.split = Some(split);
        Located {
            recording,
            path: std::path::PathBuf::new(),
        }
    }

    fn ids(side: &[&Located]) -> BTreeSet<String> {
        side.iter().map(|l| l.recording.id.clone()).collect()
    }

    #[test]
    fn a_changed_label_or_sound_is_another_training() {
        let all: Vec<Located> = (0..4).map(|n| located(n, Split::Train)).collect();
        let seen_of = |all: &[Located]| seen(&[&all.iter().collect::<Vec<_>>()]);
        let before = seen_of(&all);
        assert_eq!(before, seen_of(&all.clone()));
        let mut relabelled = all.clone();
        relabelled[2].recording.record_class = Some("CAS".into());
        let mut other_sound = all.clone();
        other_sound[1].recording.audio_sha256 = "1".into();
        for changed in [&relabelled, &other_sound] {
            assert_ne!(before, seen_of(changed));
            let who = |all: &[Located]| taught(&all.iter().collect::<Vec<_>>());
            assert_eq!(who(&all), who(changed), "the same recordings taught");
        }
        let without = all[1..].iter().collect::<Vec<_>>();
        assert_ne!(
            taught(&without).sha256,
            taught(&all.iter().collect::<Vec<_>>()).sha256
        );
    }

    #[test]
    fn parts_of_the_patients_teach_and_nobody_is_on_both_sides() {
        let split = |number| match number {
            0..40 => Split::Train,
            40..50 => Split::Calibration,
            _ => Split::Validation,
        };
        let all: Vec<Located> = (0..60).map(|n| located(n, split(n))).collect();
        let (taught, watched) = sides(&all, None, None);
        assert_eq!((taught.len(), watched.len()), (40, 10));
        let mut pooled = BTreeSet::new();
        for number in 1..=4 {
            let one = Some(Part {
                part: number,
                of: 4,
            });
            let (taught, watched) = sides(&all, one, None);
            assert_eq!((taught.len(), watched.len()), (40, 10));
            assert!(ids(&taught).is_disjoint(&ids(&watched)));
            let (alone, watched_alone) = sides(&all, None, one);
            assert_eq!(
                ids(&alone),
                ids(&watched),
                "the part that another holds out"
            );
            assert_eq!(watched_alone.len(), 10);
            pooled.extend(ids(&alone));
        }
        assert_eq!(pooled.len(), 40);
    }
}
