//! In: heart networks that never heard a certain database. Out: how well they do on all of it, which
//! is what a clinic with another device may expect.

use std::sync::atomic::{AtomicUsize, Ordering};

use laennec_audio::{DecodeOptions, decode_file};
use laennec_corpus::{Located, Recording};
use laennec_models::ear::{HeartEar, LEFT_OUT_KEY, Taught, header_value};
use rayon::prelude::*;

use super::Progress;
use crate::error::Error;
use crate::intervals::GroupKind;
use crate::matrix::Matrix;
use crate::predictions::Predictions;
use crate::tasks::physionet::{database, heart_class};

/// A heart network with the one database that was left out of its training.
#[derive(Debug)]
pub struct LeftOutHeart {
    /// `training-a` and so on.
    pub database: String,
    ear: HeartEar,
}

impl LeftOutHeart {
    /// Reads a weights file made with `laennec train --leave-out`; `origin` names it in errors.
    ///
    /// # Errors
    /// Where the header does not say that exactly one database was left out.
    pub fn from_bytes(bytes: &[u8], origin: &str) -> Result<Self, Error> {
        let word = header_value(bytes, origin, LEFT_OUT_KEY)?.unwrap_or_default();
        if word.is_empty() || word.contains(',') {
            return Err(laennec_models::Error::Header {
                path: origin.into(),
                reason: if word.is_empty() {
                    "it left no database out of training".to_owned()
                } else {
                    format!("it left out {word}: one database is measured at a time")
                },
            }
            .into());
        }
        Ok(Self {
            database: word,
            ear: HeartEar::from_bytes(&[(bytes, origin.to_owned())])?,
        })
    }

    /// Networks, averaged, of which a person says that they never heard `database`: that of another
    /// publisher, or one that came into the data folder after they were trained.
    ///
    /// # Errors
    /// Where a file is no heart network, or does not say what taught it, or was taught by this
    /// database.
    pub fn stated(database: String, files: &[(Vec<u8>, String)]) -> Result<Self, Error> {
        for (bytes, origin) in files {
            if Taught::read(bytes, origin)?.databases.contains(&database) {
                return Err(laennec_models::Error::Header {
                    path: origin.into(),
                    reason: format!("it learned from {database}"),
                }
                .into());
            }
        }
        Ok(Self {
            database,
            ear: HeartEar::from_bytes(files)?,
        })
    }

    /// The probability of "abnormal" before any calibration, on all recordings of the database.
    ///
    /// # Errors
    /// Where a recording cannot be decoded, or the database has no labelled one.
    pub fn predictions(
        &self,
        recordings: &[Located],
        progress: Progress<'_>,
    ) -> Result<Predictions, Error> {
        let of_it = |l: &&Located| database(&l.recording) == Some(&self.database);
        let located: Vec<&Located> = recordings.iter().filter(of_it).collect();
        abnormal_predictions(hear_hearts(
            &self.ear,
            &format!("recordings of {}", self.database),
            &located,
            progress,
        )?)
    }
}

/// Recordings with their probability of "abnormal" before any calibration.
pub(super) fn hear_hearts<'a>(
    ear: &HeartEar,
    what: &str,
    located: &[&'a Located],
    progress: Progress<'_>,
) -> Result<Vec<(&'a Recording, f64)>, Error> {
    let (done, total) = (AtomicUsize::new(0), located.len());
    located
        .par_iter()
        .map(|located| {
            let signal = decode_file(&located.path, &DecodeOptions::default())?.signal;
            let abnormal = ear.hear(&signal.samples, signal.rate)?.abnormal;
            (progress)(what, done.fetch_add(1, Ordering::Relaxed) + 1, total);
            Ok((&located.recording, f64::from(abnormal)))
        })
        .collect()
}

/// Predictions of [`ABNORMAL`](crate::tasks::physionet::ABNORMAL) from its probabilities;
/// unlabelled recordings are left out, and each is its own group, since persons are unknown.
pub(super) fn abnormal_predictions<'a>(
    heard: impl IntoIterator<Item = (&'a Recording, f64)>,
) -> Result<Predictions, Error> {
    let (mut rows, mut truth) = (Vec::new(), Vec::new());
    for (recording, p) in heard {
        if let Some(class) = heart_class(recording) {
            rows.push([1.0 - p, p]);
            truth.push(class);
        }
    }
    let groups = (0..truth.len()).collect();
    let matrix = Matrix::from_rows(&rows)?;
    Ok(Predictions::new(
        matrix,
        truth,
        groups,
        GroupKind::Recordings,
    )?)
}
