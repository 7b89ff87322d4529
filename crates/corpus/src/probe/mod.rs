//! An audio file goes in; its hash, rate, channels and duration come out, and, where asked for,
//! its fingerprint and level.
//!
//! The file is streamed once for the hash, and the headers of FLAC and PCM WAV are read from its
//! first bytes. Any other format, and a header that leaves the length open, is decoded.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use laennec_audio::{DecodeOptions, Decoded, decode_file, measures};
use sha2::{Digest, Sha256};

use crate::fingerprint::Fingerprint;
use crate::ids::hex;
use crate::recording::Level;

mod cache;
mod header;

pub(crate) use cache::Cache;
use header::{Header, flac, wav};

/// Bytes kept from the beginning of a file to look for its header.
const HEAD: usize = 1 << 16;
/// Seconds of a recording that are listened to for fingerprint and level.
const LISTENED: f64 = 300.0;

/// What an audio file is, short of its samples.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Probed {
    /// SHA-256 of all bytes of the file, hex.
    pub(crate) sha256: String,
    /// Hz.
    pub(crate) sample_rate: u32,
    pub(crate) channels: u16,
    /// Duration in s.
    pub(crate) seconds: f64,
    /// What was heard, where the file was decoded for it.
    pub(crate) sound: Option<Sound>,
}

/// What decoding the sound tells, of its first five minutes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sound {
    pub(crate) fingerprint: Fingerprint,
    pub(crate) level: Level,
}

/// Why a file has no duration.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Decode(#[from] laennec_audio::Error),
}

/// Hashes and measures one file, decoding it only where its header leaves the length open. Memory
/// does not grow with the file unless it must be decoded, and then by no more than the decoder's
/// own limit.
pub(crate) fn probe(path: &Path) -> Result<Probed, Refusal> {
    let (sha256, header) = hash(path)?;
    if let Some(header) = header {
        return Ok(Probed {
            sha256,
            sample_rate: header.sample_rate,
            channels: header.channels,
            seconds: header.seconds(),
            sound: None,
        });
    }
    let decoded = decode_file(path, &DecodeOptions::default())?;
    Ok(of_decoded(sha256, &decoded, None))
}

/// Hashes, decodes and listens to one file.
pub(crate) fn listen(path: &Path) -> Result<Probed, Refusal> {
    let (sha256, header) = hash(path)?;
    let options = match &header {
        Some(_) => DecodeOptions {
            max_seconds: LISTENED,
            first: true,
            ..DecodeOptions::default()
        },
        None => DecodeOptions::default(),
    };
    let decoded = decode_file(path, &options)?;
    let measured = measures::measure_level(&decoded.signal);
    let sound = Sound {
        fingerprint: Fingerprint::of(&decoded.signal)?,
        level: Level {
            rms_dbfs: measured.level_dbfs,
            peak_dbfs: measured.peak_dbfs,
            clipped: measured.clipped,
        },
    };
    let mut probed = of_decoded(sha256, &decoded, Some(sound));
    if let Some(header) = header {
        probed.seconds = header.seconds();
    }
    Ok(probed)
}

fn of_decoded(sha256: String, decoded: &Decoded, sound: Option<Sound>) -> Probed {
    Probed {
        sha256,
        sample_rate: decoded.signal.rate,
        channels: u16::try_from(decoded.channels).unwrap_or(u16::MAX),
        seconds: decoded.signal.seconds(),
        sound,
    }
}

/// The hash of a file, and its header where that says everything.
fn hash(path: &Path) -> Result<(String, Option<Header>), std::io::Error> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut head = Vec::new();
    let mut length = 0_u64;
    let mut buffer = vec![0; HEAD];
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        hash.update(&buffer[..count]);
        length += count as u64;
        let wanted = (HEAD - head.len()).min(count);
        head.extend_from_slice(&buffer[..wanted]);
    }
    let header = flac(&head).or_else(|| wav(&head, length));
    Ok((hex(&hash.finalize()), header))
}
