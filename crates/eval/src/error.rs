//! The errors of this crate.

use std::path::PathBuf;

use crate::metrics::Undefined;

/// What can go wrong when evaluating.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A figure has no value for these data.
    #[error(transparent)]
    Undefined(#[from] Undefined),
    /// An option is outside its range.
    #[error("{name} is {value}; expected {accepted}")]
    Option {
        /// The option.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What is accepted.
        accepted: &'static str,
    },
    /// Training and evaluation share groups (patients or blocks).
    #[error("{shared} of the {evaluated} evaluated groups also train: split by patient")]
    Leakage {
        /// Groups on both sides.
        shared: usize,
        /// Groups evaluated.
        evaluated: usize,
    },
    /// Too few groups for the folds asked for.
    #[error("{groups} groups cannot be split into {folds} folds; expected at least one per fold")]
    Folds {
        /// Groups available.
        groups: usize,
        /// Folds asked for.
        folds: usize,
    },
    /// No candidate of a search gave a defined criterion.
    #[error("no candidate could be judged: {0}")]
    NoCandidate(Undefined),
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file of the embedding cache is not what it should be.
    #[error("{path}: {reason}; delete it and run again")]
    Cache {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A weights file holds no encoder that can be probed.
    #[error(
        "{path} is no encoder that can be probed; expected published weights of one, or a network \
         written by `laennec train`"
    )]
    Encoder {
        /// The file.
        path: PathBuf,
    },
    /// A recording could not be read or transformed; the message names it.
    #[error(transparent)]
    Audio(#[from] laennec_audio::Error),
    /// The encoder could not be loaded; the message names its file.
    #[error(transparent)]
    Model(#[from] laennec_models::Error),
    /// The bundle could not listen; the message names it.
    #[error(transparent)]
    Assistant(#[from] laennec_assistant::Error),
    /// Recordings could not be labelled; the message says which file or model.
    #[error(transparent)]
    Corpus(#[from] laennec_corpus::Error),
    /// The encoder returned something other than its documented shape.
    #[error("encoder output: expected {expected}, found {found}")]
    Shape {
        /// The shape documented.
        expected: String,
        /// The shape found.
        found: String,
    },
}

impl Error {
    /// An [`Error::Io`] for `path`, for use in `map_err`.
    pub(crate) fn io(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::Io {
            path: path.to_path_buf(),
            source,
        }
    }
}
