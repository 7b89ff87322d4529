//! An audio file goes in; its hash, rate, channels and duration come out, without decoding where
//! the header says it all.
//!
//! The file is streamed once for the hash, and the headers of FLAC and PCM WAV are read from its
//! first bytes. Any other format, and a header that leaves the length open, is decoded.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::ids::hex;

/// Bytes kept from the beginning of a file to look for its header.
const HEAD: usize = 1 << 16;

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
}

/// Why a file has no duration.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Decode(#[from] laennec_audio::Error),
}

/// Format read from a header: rate in Hz, channels, frames (samples per channel).
#[derive(Debug, PartialEq)]
struct Header {
    sample_rate: u32,
    channels: u16,
    frames: u64,
}

/// Hashes and measures one file. Memory does not grow with the file unless it must be decoded,
/// and then by no more than the decoder's own limit.
pub(crate) fn probe(path: &Path) -> Result<Probed, Refusal> {
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
    let sha256 = hex(&hash.finalize());
    if let Some(header) = flac(&head).or_else(|| wav(&head, length)) {
        return Ok(Probed {
            sha256,
            sample_rate: header.sample_rate,
            channels: header.channels,
            seconds: header.frames as f64 / f64::from(header.sample_rate),
        });
    }
    let decoded = laennec_audio::decode_file(path, &laennec_audio::DecodeOptions::default())?;
    Ok(Probed {
        sha256,
        sample_rate: decoded.signal.rate,
        channels: u16::try_from(decoded.channels).unwrap_or(u16::MAX),
        seconds: decoded.signal.seconds(),
    })
}

/// The STREAMINFO block, always first (RFC 9639, section 8.2): 20 bits of rate, 3 of channels,
/// 5 of sample size, 36 of frames.
fn flac(head: &[u8]) -> Option<Header> {
    if !head.starts_with(b"fLaC") || head.get(4)? & 0x7f != 0 {
        return None;
    }
    let bits = u64::from_be_bytes(head.get(18..26)?.try_into().ok()?);
    let header = Header {
        sample_rate: (bits >> 44) as u32,
        channels: (bits >> 41 & 7) as u16 + 1,
        frames: bits & 0xf_ffff_ffff,
    };
    // Zero frames means that the encoder did not know.
    (header.sample_rate > 0 && header.frames > 0).then_some(header)
}

/// The `fmt ` and `data` chunks of a PCM or float WAV. The block-align field is not believed:
/// a whole public data set writes it wrongly.
fn wav(head: &[u8], length: u64) -> Option<Header> {
    if !head.starts_with(b"RIFF") || head.get(8..12)? != b"WAVE" {
        return None;
    }
    let mut at = 12;
    let mut format = None;
    loop {
        let name = head.get(at..at + 4)?;
        let size = u64::from(u32::from_le_bytes(
            head.get(at + 4..at + 8)?.try_into().ok()?,
        ));
        let body = at + 8;
        match name {
            b"fmt " => {
                let field = |offset: usize| -> Option<u16> {
                    let bytes = head.get(body + offset..body + offset + 2)?;
                    Some(u16::from_le_bytes(bytes.try_into().ok()?))
                };
                let rate = u32::from_le_bytes(head.get(body + 4..body + 8)?.try_into().ok()?);
                let tag = if field(0)? == 0xfffe {
                    field(24)?
                } else {
                    field(0)?
                };
                let (channels, bits) = (field(2)?, field(14)?);
                let plain = matches!(tag, 1 | 3) && rate > 0 && channels > 0;
                format = (plain && bits > 0 && bits % 8 == 0).then_some((rate, channels, bits));
            }
            b"data" => {
                let (sample_rate, channels, bits) = format?;
                let bytes = size.min(length.saturating_sub(body as u64));
                let frames = bytes / (u64::from(channels) * u64::from(bits / 8));
                return Some(Header {
                    sample_rate,
                    channels,
                    frames,
                });
            }
            _ => {}
        }
        // Chunks are padded to an even length.
        at = body.checked_add(usize::try_from(size + size % 2).ok()?)?;
    }
}
