//! The labels that a report states, for the supervised term and for checks by probe.
//!
//! In: a recording. Out: classes.

use laennec_corpus::{DataSet, Recording};
use laennec_models::networks::RECORD_CLASSES;

/// Labels of a recording.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Labels {
    /// Index into [`RECORD_CLASSES`].
    pub(super) lung: Option<usize>,
    /// Whether the heart sound is called abnormal.
    pub(super) abnormal: Option<bool>,
}

impl Labels {
    pub(super) fn of(recording: &Recording) -> Self {
        let class = recording.record_class.as_deref();
        match recording.data_set {
            DataSet::SprSound => Self {
                lung: RECORD_CLASSES.iter().position(|c| Some(*c) == class),
                abnormal: None,
            },
            DataSet::PhysioNet2016 => Self {
                lung: None,
                abnormal: class.map(|class| class == "abnormal"),
            },
            _ => Self::default(),
        }
    }

    /// Whether the lungs sound adventitious; `None` for poor quality and for hearts.
    pub(super) fn adventitious(self) -> Option<bool> {
        match self.lung {
            Some(0) => Some(false),
            Some(class) if RECORD_CLASSES[class] != "Poor Quality" => Some(true),
            _ => None,
        }
    }
}
