//! What can go wrong between a file and its features.

use std::path::PathBuf;

use crate::signal::{MAX_RATE, MIN_RATE};

/// An error of this crate. Messages name what was expected and, where there is one, the remedy.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Any of the other variants, with the file in which it happened.
    #[error("{}: {source}", path.display())]
    InFile {
        /// The file.
        path: PathBuf,
        /// What happened.
        source: Box<Error>,
    },
    /// The file could not be opened or read.
    #[error("cannot be read: {0}")]
    Read(#[from] std::io::Error),
    /// The path is a folder, a device, a pipe or the like.
    #[error("is not a regular file; give an audio file")]
    NotAFile,
    /// The content is in none of the supported formats.
    #[error("is not audio in a supported format (WAV, RF64, FLAC, MP3, Ogg Vorbis, AIFF, M4A/AAC)")]
    NotAudio,
    /// The container is known, but the way its samples are coded is not.
    #[error(
        "{format} with {encoding} is not supported (supported in WAV: PCM 8, 16, 24, 32 bit, float 32, 64 bit, A-law, mu-law, ADPCM)"
    )]
    Encoding {
        /// The container.
        format: String,
        /// The encoding found.
        encoding: String,
    },
    /// The content is audio, but broken beyond what can be analysed.
    #[error("is a damaged {format} file: {reason}")]
    Damaged {
        /// The container.
        format: String,
        /// What is wrong.
        reason: String,
    },
    /// There is not one sample in it.
    #[error("holds no samples")]
    Empty,
    /// Samples that are not numbers.
    #[error(
        "holds {count} samples that are NaN or infinite, the first at sample {first}; export it again from its source"
    )]
    NonFinite {
        /// How many.
        count: usize,
        /// Index of the first one, in samples per channel.
        first: usize,
    },
    /// The sampling rate is outside what is accepted.
    #[error("has a sampling rate of {rate} Hz; accepted are {MIN_RATE} to {MAX_RATE} Hz")]
    Rate {
        /// The rate, in Hz.
        rate: u32,
    },
    /// The header says that there are no channels.
    #[error("has no channels according to its header")]
    NoChannels,
    /// The channel asked for does not exist.
    #[error("has {channels} channel(s): channel {index} does not exist, valid are 0 to {}", channels - 1)]
    Channel {
        /// The index asked for, from 0.
        index: usize,
        /// How many there are.
        channels: usize,
    },
    /// Longer than the cap.
    #[error(
        "lasts {}{seconds:.1} s, more than the cap of {cap:.1} s; raise the cap, or use --first to analyse the first {cap:.1} s",
        if *.exact { "" } else { "at least " }
    )]
    TooLong {
        /// Duration, in seconds.
        seconds: f64,
        /// Whether `seconds` is the whole duration, or only what was decoded before stopping.
        exact: bool,
        /// The cap, in seconds.
        cap: f64,
    },
    /// A feature configuration that cannot work.
    #[error("front end: {field} = {value}: {expected}")]
    Config {
        /// Name of the field.
        field: &'static str,
        /// Its value.
        value: String,
        /// What is valid.
        expected: &'static str,
    },
    /// The resampler refused; its message.
    #[error("cannot resample from {from} to {to} Hz: {reason}")]
    Resample {
        /// Rate of the input, in Hz.
        from: u32,
        /// Rate of the output, in Hz.
        to: u32,
        /// What the resampler said.
        reason: String,
    },
}

impl Error {
    /// The error itself, without the file name around it.
    pub fn cause(&self) -> &Error {
        match self {
            Error::InFile { source, .. } => source.cause(),
            other => other,
        }
    }
}
