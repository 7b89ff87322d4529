//! One line of the file of preferences.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::instructions::{Style, Task};
use crate::recording::{DataSet, Split, words};

words! {
    /// What is wrong in the rejected answer.
    Attribute {
        /// Whether a finding is there.
        Presence = "presence",
        /// Which finding it is.
        Type = "type",
        /// The phase of breathing.
        Phase = "phase",
        /// The listening point.
        Site = "site",
        /// The time.
        Time = "time",
    }
}

/// A question with a true answer and a near miss.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preference {
    /// Opaque id of the recording, or its file name where names were asked for.
    pub filename: String,
    /// The question.
    pub instruction: String,
    /// The true answer.
    pub response_chosen: String,
    /// The near miss.
    pub response_rejected: String,
    /// What is wrong in the near miss.
    pub attribute: Attribute,
    /// The data set.
    pub dataset: DataSet,
    /// What it may be used for, as in the manifest.
    pub split: Option<Split>,
    /// The task.
    pub task: Task,
    /// The style of the question.
    pub style: Style,
    /// Opaque id of the person; of the group, where there is no subject.
    pub subject: String,
    /// What is asked.
    pub fact: String,
}
