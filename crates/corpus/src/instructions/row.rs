//! One line of the file of instructions.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::recording::{DataSet, Split, words};

words! {
    /// The tasks, by the names of `StethoBench`'s column `task`.
    Task {
        /// Is it there?
        Classification = "Classification",
        /// What is there, and when?
        Identification = "Identification",
        /// Write the report.
        Report = "Report",
        /// What can it mean?
        Reasoning = "Reasoning",
        /// Differential diagnosis.
        Ddx = "DDx",
        /// Two recordings.
        Comparison = "Comparison",
        /// Where was it recorded, and what is heard there?
        Location = "Location",
    }
}

words! {
    /// The style of a question.
    Style {
        /// A question in a sentence.
        Question = "question",
        /// A request.
        Command = "command",
        /// A few words.
        Terse = "terse",
        /// A question with the possible answers.
        Choice = "choice",
        /// A question after a sentence on person, site and device.
        Context = "context",
    }
}

words! {
    /// The length of an answer.
    Length {
        /// At most [`SHORT_WORDS`] words.
        Short = "short",
        /// More.
        Long = "long",
    }
}

/// Words of a short answer at most.
pub const SHORT_WORDS: usize = 7;

impl Length {
    /// The class of a text.
    pub fn of(text: &str) -> Self {
        if text.split_whitespace().count() <= SHORT_WORDS {
            Self::Short
        } else {
            Self::Long
        }
    }
}

/// A question about a recording, or two, and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instruction {
    /// Opaque id of the recording, or its file name where names were asked for.
    pub filename: String,
    /// The question.
    pub instruction: String,
    /// The answer.
    pub response: String,
    /// The data set.
    pub dataset: DataSet,
    /// What it may be used for, as in the manifest.
    pub split: Option<Split>,
    /// The task.
    pub task: Task,
    /// The style of the question.
    pub style: Style,
    /// The length of the answer.
    pub length_class: Length,
    /// What is known of the recording, as `finding:presence`; of a second one after `second/`.
    pub findings: Vec<String>,
    /// Opaque id of the person; of the group, where there is no subject.
    pub subject: String,
    /// The second recording of a comparison.
    pub second_filename: Option<String>,
    /// The answer within its task, among which styles and lengths are balanced: `wheeze:yes`.
    pub class: String,
    /// What is asked of the recording: with `filename` it names the fact.
    pub fact: String,
    /// Whether the whole answer follows from fields of the data set.
    pub gold: bool,
}
