//! The errors of this crate: each names the file it concerns, what was found and what is needed.

use std::path::PathBuf;

/// What can go wrong when models are read, written, fetched or run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A file could not be written.
    #[error("cannot write {path}: {source}")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A file is not valid safetensors.
    #[error("{path} is not a valid safetensors file: {source}")]
    Safetensors {
        /// The file (or `<memory>`).
        path: PathBuf,
        /// What the safetensors reader said.
        source: safetensors::SafeTensorError,
    },
    /// A signal cannot be brought to the form that a network takes.
    #[error(transparent)]
    Audio(#[from] laennec_audio::Error),
    /// Features that cannot be a batch, or that an encoder does not take.
    #[error("features of size {found:?}, expected {expected}")]
    Features {
        /// The size found.
        found: Vec<usize>,
        /// What is valid.
        expected: String,
    },
    /// A decoder language model could not be read or run.
    #[error(transparent)]
    Llama(#[from] crate::llama::Error),
    /// A GGUF file could not be read.
    #[error(transparent)]
    Gguf(#[from] crate::gguf::Error),
    /// A tokenizer could not be made, or a text not be encoded.
    #[error(transparent)]
    Tokenizer(#[from] crate::tokenizer::Error),
    /// A teacher that is not known, or a layer that it does not have.
    #[error("teacher {found}; valid: {expected}")]
    Teacher {
        /// What was asked for.
        found: String,
        /// What there is.
        expected: String,
    },
    /// The header of a weights file lacks what the program needs besides the tensors.
    #[error("{path}: {reason}")]
    Header {
        /// The file (or `<memory>`).
        path: PathBuf,
        /// What is missing or wrong.
        reason: String,
    },
    /// A tensor that the model needs is not in the file.
    #[error("{path} has no tensor \"{name}\", which this model needs with shape {expected:?}")]
    MissingTensor {
        /// The file (or `<memory>`).
        path: PathBuf,
        /// The tensor's name.
        name: String,
        /// The shape that the model needs.
        expected: Vec<usize>,
    },
    /// A tensor has another shape than the model needs.
    #[error("tensor \"{name}\" of {path} has shape {found:?}, expected {expected:?}")]
    TensorShape {
        /// The file (or `<memory>`).
        path: PathBuf,
        /// The tensor's name.
        name: String,
        /// The shape that the model needs.
        expected: Vec<usize>,
        /// The shape in the file.
        found: Vec<usize>,
    },
    /// A tensor has a number type that is not read.
    #[error("tensor \"{name}\" of {path} has type {found}; F32, F16 and BF16 are read")]
    TensorType {
        /// The file (or `<memory>`).
        path: PathBuf,
        /// The tensor's name.
        name: String,
        /// The type in the file.
        found: String,
    },
}
