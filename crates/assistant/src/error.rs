//! What can go wrong between a recording and its analysis.

/// Errors of this crate.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The sound could not be prepared for the networks.
    #[error(transparent)]
    Audio(#[from] laennec_audio::Error),
    /// The networks refused or failed.
    #[error("the bundle `{bundle}` could not listen to the recording: {reason}")]
    Listen {
        /// Name of the bundle.
        bundle: String,
        /// What the networks said.
        reason: String,
    },
    /// The networks returned something that is not a probability or does not fit the signal.
    #[error("the bundle `{bundle}` returned {what}; expected {expected}")]
    BadHearing {
        /// Name of the bundle.
        bundle: String,
        /// What came back.
        what: String,
        /// What is valid.
        expected: &'static str,
    },
    /// The card of a bundle cannot be used.
    #[error("the card of the bundle `{bundle}` has {what}; expected {expected}")]
    BadCard {
        /// Name of the bundle.
        bundle: String,
        /// What is wrong.
        what: String,
        /// What is valid.
        expected: &'static str,
    },
    /// The language model failed.
    #[error("the language model could not reword the report: {reason}")]
    Generate {
        /// What the language model said.
        reason: String,
    },
}
