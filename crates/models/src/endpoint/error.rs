//! What can go wrong with an endpoint. No error holds the key or the text that was sent.

/// Errors of an endpoint.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A setting is missing.
    #[error("{variable} is not set")]
    Unset {
        /// The environment variable.
        variable: &'static str,
    },
    /// A setting has no valid value.
    #[error("{variable} is {value}; expected {expected}")]
    Setting {
        /// The environment variable.
        variable: &'static str,
        /// Its value.
        value: String,
        /// What is valid.
        expected: &'static str,
    },
    /// The address is neither https nor on this machine.
    #[error("{url}: keys and texts are sent by https only, or to this machine")]
    Insecure {
        /// The address.
        url: String,
    },
    /// The server could not be reached or the connection broke, at every try.
    #[error("{url}: {reason} (tried {tries} times)")]
    Connection {
        /// The address.
        url: String,
        /// What happened last.
        reason: String,
        /// How often it was tried.
        tries: u32,
    },
    /// The server refused.
    #[error("{url}: the server answered {status}: {message} (tried {tries} times)")]
    Status {
        /// The address.
        url: String,
        /// The HTTP status.
        status: u16,
        /// The server's own message, cut to 200 characters.
        message: String,
        /// How often it was tried.
        tries: u32,
    },
    /// The answer is not what the protocol says.
    #[error("{url}: the answer is no chat completion: {reason}")]
    Answer {
        /// The address.
        url: String,
        /// What is wrong.
        reason: String,
    },
}
