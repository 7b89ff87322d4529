//! Why a decoder could not be loaded or run.

/// An error of the decoder language model.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read as GGUF, or lacks a field or a tensor.
    #[error(transparent)]
    Gguf(#[from] crate::gguf::Error),
    /// A model family that this program does not know.
    #[error("{file}: the architecture \"{found}\" is not supported; llama and qwen2 are")]
    Architecture {
        /// The file.
        file: String,
        /// The architecture in the file.
        found: String,
    },
    /// A hyperparameter outside what the architecture allows.
    #[error("{file}: {field} is {found}; expected {expected}")]
    Hyperparameter {
        /// The file.
        file: String,
        /// The metadata key.
        field: String,
        /// Its value.
        found: String,
        /// What is allowed.
        expected: String,
    },
    /// A tensor that the architecture has no place for; leaving it out would change what the model
    /// computes.
    #[error("{file}: the architecture has no place for the tensor \"{tensor}\"")]
    UnusedTensor {
        /// The file.
        file: String,
        /// The tensor.
        tensor: String,
    },
    /// No token, or no embedding, was given.
    #[error("the decoder needs at least one token")]
    Empty,
    /// A token id outside the vocabulary.
    #[error("token {id} is outside the vocabulary of {vocabulary} tokens")]
    UnknownToken {
        /// The id.
        id: u32,
        /// The size of the vocabulary.
        vocabulary: usize,
    },
    /// More tokens than the model's context holds.
    #[error("{length} tokens do not fit the model's context of {context}")]
    ContextFull {
        /// Tokens in the cache and to come.
        length: usize,
        /// The longest sequence that the model was made for.
        context: usize,
    },
    /// Embeddings whose width is not the model's.
    #[error("the embeddings are {found} wide, the model is {expected} wide")]
    Width {
        /// The width given.
        found: usize,
        /// The model's width.
        expected: usize,
    },
}
