//! What can go wrong in training.

use std::path::{Path, PathBuf};

/// An error of training, naming the file or value concerned.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// The recipe is not valid.
    #[error("{path}: {reason}")]
    Recipe {
        /// The recipe file.
        path: PathBuf,
        /// What is wrong, with the valid choices.
        reason: String,
    },
    /// A checkpoint does not fit the run that wants to resume from it.
    #[error("{path}: {reason}")]
    Checkpoint {
        /// The checkpoint folder.
        path: PathBuf,
        /// What does not fit.
        reason: String,
    },
    /// An encoder that alignment does not know.
    #[error("encoder {found}; valid: {expected}")]
    Encoder {
        /// What the recipe names.
        found: String,
        /// What there is.
        expected: String,
    },
    /// The networks of a heads recipe do not go together.
    #[error("the networks of the recipe do not go together: {reason}")]
    Networks {
        /// Why, with what is needed.
        reason: String,
    },
    /// There is nothing to train on.
    #[error("no training recordings of {what} in the data folder")]
    NoData {
        /// The data set that was expected.
        what: String,
    },
    /// The loss, or the norm of its gradients, is no longer a number.
    #[error(
        "the loss or its gradients are {value} at step {step}: lower the learning rate or check the \
         data"
    )]
    Diverged {
        /// The step.
        step: usize,
        /// The loss or the norm.
        value: f32,
    },
    /// From reading recordings.
    #[error(transparent)]
    Corpus(#[from] laennec_corpus::Error),
    /// From decoding or features.
    #[error(transparent)]
    Audio(#[from] laennec_audio::Error),
    /// The bundle cannot be written as TOML.
    #[error("the bundle's index cannot be written: {0}")]
    Bundle(String),
    /// From fitting the heads.
    #[error(transparent)]
    Eval(#[from] laennec_eval::Error),
    /// From listening with the heads.
    #[error(transparent)]
    Assistant(#[from] laennec_assistant::Error),
    /// From weights in or out.
    #[error(transparent)]
    Models(#[from] laennec_models::Error),
}

/// Wraps an I/O error with its path.
pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Error + '_ {
    move |source| Error::Io {
        path: path.to_path_buf(),
        source,
    }
}
