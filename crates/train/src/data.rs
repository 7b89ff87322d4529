//! The recordings of a data folder with the splits that every stage and every figure uses.

use laennec_corpus::{
    Located, Reading, Recording,
    split::{self, SplitPlan},
};

use crate::Error;

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
