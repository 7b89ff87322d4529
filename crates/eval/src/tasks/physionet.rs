//! In: `PhysioNet` 2016 recordings with any features. Out: probes within each database and with a
//! whole database left out.
//!
//! A database is one device and population, so a figure within it may be that of its recording
//! chain: it counts only above the same probe on [`crate::baselines`]' features.

use laennec_corpus::Recording;

use crate::error::Error;
use crate::intervals::number_groups;
use crate::matrix::Matrix;
use crate::metrics::{Undefined, auroc, same_length};
use crate::predictions::Predictions;
use crate::probes::{Labelled, Search};
use crate::tasks::HeldOut;

/// The class of abnormal recordings; 0 is normal.
pub const ABNORMAL: usize = 1;

/// Heart recordings with one row of features each.
#[derive(Debug, Clone)]
pub struct HeartRows<'a> {
    recordings: Vec<&'a Recording>,
    rows: Labelled,
}

/// Recordings of one database, or none for other data sets: `training-a` ... `training-f`.
pub fn database(recording: &Recording) -> Option<&str> {
    recording
        .device
        .as_deref()
        .filter(|_| recording.data_set == laennec_corpus::DataSet::PhysioNet2016)
}

/// Whether a recording is labelled abnormal (1) or normal (0).
pub fn heart_class(recording: &Recording) -> Option<usize> {
    match recording.record_class.as_deref() {
        Some("abnormal") => Some(ABNORMAL),
        Some("normal") => Some(0),
        _ => None,
    }
}

impl<'a> HeartRows<'a> {
    /// One row of `features` per recording; recordings without label or database are left out.
    pub fn new(recordings: &[&'a Recording], features: &Matrix) -> Result<Self, Error> {
        same_length("features", recordings.len(), features.rows())?;
        let used: Vec<usize> = (0..recordings.len())
            .filter(|&i| database(recordings[i]).is_some() && heart_class(recordings[i]).is_some())
            .collect();
        let kept: Vec<&Recording> = used.iter().map(|&i| recordings[i]).collect();
        Ok(Self {
            rows: Labelled {
                features: features.select(&used),
                classes: kept.iter().filter_map(|r| heart_class(r)).collect(),
                groups: number_groups(kept.iter().map(|r| &r.group)),
            },
            recordings: kept,
        })
    }

    /// The databases, sorted.
    pub fn databases(&self) -> Vec<&'a str> {
        let mut names: Vec<&str> = self.recordings.iter().filter_map(|r| database(r)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// A probe fitted on the training blocks of one database, on its validation block. Intervals
    /// resample single recordings, as the block is one and the persons are unknown.
    pub fn within(&self, name: &str, search: &Search) -> Result<Predictions, Error> {
        let rows = self.of_database(|other| other == name);
        let splits: Vec<_> = rows.iter().map(|&i| self.recordings[i].split).collect();
        let held = HeldOut::by_split(&self.rows.select(&rows), &splits)?;
        let (_, predictions) = held.probe(2, search, abnormal_auroc)?;
        Ok(predictions.by_recording())
    }

    /// A probe fitted on all recordings of the other databases, on all of this one.
    pub fn left_out(&self, name: &str, search: &Search) -> Result<Predictions, Error> {
        let held = HeldOut::new(
            self.rows.select(&self.of_database(|other| other != name)),
            self.rows.select(&self.of_database(|other| other == name)),
        )?;
        let (_, predictions) = held.probe(2, search, abnormal_auroc)?;
        Ok(predictions.by_recording())
    }

    fn of_database(&self, wanted: impl Fn(&str) -> bool) -> Vec<usize> {
        (0..self.recordings.len())
            .filter(|&i| database(self.recordings[i]).is_some_and(&wanted))
            .collect()
    }
}

/// What the probes of hearts search: both classes weigh alike, so that 0.5 is the decision of
/// (Se + Sp) / 2.
pub fn heart_search() -> Search {
    Search {
        weight_powers: vec![1.0],
        ..Search::default()
    }
}

/// AUROC of abnormal.
pub fn abnormal_auroc(predictions: &Predictions) -> Result<f64, Undefined> {
    let (scores, truth) = predictions.binary(&[ABNORMAL])?;
    auroc(&scores, &truth)
}
