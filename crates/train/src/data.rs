//! The recordings of a data folder with the splits that every stage and every figure uses.

use std::collections::BTreeSet;

use laennec_corpus::{
    Located, Reading, Recording, Split,
    split::{self, SplitPlan},
};

use crate::{Error, recipe::Part};

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

/// Ids of the training recordings in a part, which is drawn by whole patients.
pub fn part(recordings: &[Located], Part { part, of }: Part) -> BTreeSet<String> {
    let all: Vec<Recording> = recordings.iter().map(|l| l.recording.clone()).collect();
    let parts = split::parts(&all, Split::Train, of, SPLIT_SEED);
    let chosen = all.into_iter().zip(parts).filter(|(_, p)| *p == Some(part));
    chosen.map(|(recording, _)| recording.id).collect()
}
