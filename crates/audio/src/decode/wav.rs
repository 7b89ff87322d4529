//! RIFF, RF64 and BW64 files to samples, forgiving about what real devices write wrongly.
//!
//! Trusted are: channels, rate, encoding, bits. Not trusted are: block align, byte rate, the
//! sizes of the file and of the data. Sources: Microsoft's RIFF and WAVEFORMATEXTENSIBLE
//! descriptions, EBU Tech 3306 (RF64), ITU-R BS.2088 (BW64).

use std::io::{self, Read, Seek, SeekFrom};

use super::collect::{Collector, Flow};
use super::pcm::SampleFormat;
use super::{DecodeOptions, Decoded};
use crate::{Error, Notice};

const UNKNOWN_SIZE: u64 = 0xFFFF_FFFF;
/// A bound on the chunks before the data, so that crafted files end soon.
const MAX_CHUNKS: usize = 4096;
const BUFFER_BYTES: usize = 1 << 16;

/// Whether a file that starts with `magic` is a wave file.
pub(super) fn is_wave(magic: &[u8]) -> bool {
    magic.len() >= 12
        && matches!(&magic[..4], b"RIFF" | b"RF64" | b"BW64")
        && &magic[8..12] == b"WAVE"
}

/// What the header leads to.
pub(super) enum Header {
    /// Samples that can be read directly.
    Samples(Layout),
    /// A compressed encoding (ADPCM).
    Coded,
}

/// Where the samples are and how they are stored.
pub(super) struct Layout {
    container: &'static str,
    format: SampleFormat,
    channels: usize,
    rate: u32,
    start: u64,
    /// Bytes of samples that are really there.
    available: u64,
    /// Bytes of samples by the header, if it says.
    stated: Option<u64>,
    notices: Vec<Notice>,
}

/// The fields of the `fmt ` chunk.
struct Format {
    tag: u16,
    channels: u16,
    rate: u32,
    byte_rate: u32,
    block_align: u16,
    bits: u16,
}

/// Walks the chunks up to the samples.
pub(super) fn read_header<S: Read + Seek>(source: &mut S) -> Result<Header, Error> {
    let length = source.seek(SeekFrom::End(0))?;
    source.seek(SeekFrom::Start(0))?;
    let magic = read_array::<12>(source)?;
    let container = if magic.starts_with(b"RIFF") {
        "WAV"
    } else {
        "RF64"
    };

    let mut format = None;
    let mut data = None;
    let mut long_size = None;
    let mut at = 12;
    for _ in 0..MAX_CHUNKS {
        if at + 8 > length || (format.is_some() && data.is_some()) {
            break;
        }
        source.seek(SeekFrom::Start(at))?;
        let header = read_array::<8>(source)?;
        let mut size = u64::from(u32_at(&header, 4));
        let body = at + 8;
        match &header[..4] {
            b"fmt " => format = Some(read_format(source, size, container)?),
            b"ds64" if size >= 16 && body + 16 <= length => {
                long_size = Some(u64_at(&read_array::<16>(source)?, 8));
            }
            b"data" => {
                if size == UNKNOWN_SIZE {
                    size = long_size.unwrap_or(size);
                }
                data = Some((body, size));
            }
            _ => {}
        }
        at = body.saturating_add(size).saturating_add(size & 1);
    }

    let damaged = |reason: &str| Error::Damaged {
        format: container.to_owned(),
        reason: reason.to_owned(),
    };
    let format = format.ok_or_else(|| damaged("it has no format description (fmt chunk)"))?;
    let (start, size) = data.ok_or_else(|| damaged("it has no samples (data chunk)"))?;
    layout(source, container, &format, (start, size), length)
}

fn layout<S: Read + Seek>(
    source: &mut S,
    container: &'static str,
    format: &Format,
    (start, size): (u64, u64),
    length: u64,
) -> Result<Header, Error> {
    let Some(sample) = sample_format(container, format)? else {
        return Ok(Header::Coded);
    };
    let mut notices = Vec::new();
    let block = sample.bytes() * usize::from(format.channels);
    if usize::from(format.block_align) != block {
        notices.push(Notice::BlockAlign {
            stated: format.block_align,
            used: block,
        });
    }
    let rest = length.saturating_sub(start);
    let unknown = size == UNKNOWN_SIZE
        || size == u64::MAX
        || (size == 0 && rest > 0 && !is_chunk(source, start, rest)?);
    if unknown {
        notices.push(Notice::UnknownSize);
    }
    Ok(Header::Samples(Layout {
        container,
        format: sample,
        channels: usize::from(format.channels),
        rate: format.rate,
        start,
        available: if unknown { rest } else { size.min(rest) },
        stated: (!unknown).then_some(size),
        notices,
    }))
}

/// The encoding of single samples; none if they are compressed in blocks.
fn sample_format(container: &str, format: &Format) -> Result<Option<SampleFormat>, Error> {
    const PCM: u16 = 1;
    const FLOAT: u16 = 3;
    const A_LAW: u16 = 6;
    const MU_LAW: u16 = 7;
    const MS_ADPCM: u16 = 2;
    const IMA_ADPCM: u16 = 0x11;
    let channels = u32::from(format.channels);
    Ok(Some(match (format.tag, format.bits) {
        (PCM, 1..=8) => SampleFormat::Unsigned8,
        (PCM, 9..=16) => SampleFormat::Signed { bytes: 2 },
        // 24 bits may be stored left-justified in 4 bytes; then block align and byte rate agree
        // on that.
        (PCM, 17..=24)
            if u32::from(format.block_align) == 4 * channels
                && u64::from(format.byte_rate)
                    == u64::from(format.rate) * u64::from(format.block_align) =>
        {
            SampleFormat::Signed { bytes: 4 }
        }
        (PCM, 17..=24) => SampleFormat::Signed { bytes: 3 },
        (PCM, 25..=32) => SampleFormat::Signed { bytes: 4 },
        (FLOAT, 32) => SampleFormat::Float { bytes: 4 },
        (FLOAT, 64) => SampleFormat::Float { bytes: 8 },
        (A_LAW, _) => SampleFormat::ALaw,
        (MU_LAW, _) => SampleFormat::MuLaw,
        (MS_ADPCM | IMA_ADPCM, _) => return Ok(None),
        (tag, bits) => {
            let encoding = match tag {
                PCM => format!("PCM of {bits} bits"),
                FLOAT => format!("float of {bits} bits"),
                _ => format!("encoding {tag:#06x}"),
            };
            return Err(Error::Encoding {
                format: container.to_owned(),
                encoding,
            });
        }
    }))
}

fn read_format<S: Read>(source: &mut S, size: u64, container: &str) -> Result<Format, Error> {
    const EXTENSIBLE: u16 = 0xFFFE;
    let mut body = Vec::with_capacity(40);
    source.take(size.min(40)).read_to_end(&mut body)?;
    if body.len() < 16 {
        return Err(Error::Damaged {
            format: container.to_owned(),
            reason: format!("its format description has {} of 16 bytes", body.len()),
        });
    }
    let mut tag = u16_at(&body, 0);
    if tag == EXTENSIBLE && body.len() >= 26 {
        // The sub-format's GUID begins with the plain tag.
        tag = u16_at(&body, 24);
    }
    Ok(Format {
        tag,
        channels: u16_at(&body, 2),
        rate: u32_at(&body, 4),
        byte_rate: u32_at(&body, 8),
        block_align: u16_at(&body, 12),
        bits: u16_at(&body, 14),
    })
}

/// Whether what follows an empty data chunk is another chunk that ends the file, and not samples
/// of a writer that never filled in the size.
fn is_chunk<S: Read + Seek>(source: &mut S, start: u64, rest: u64) -> io::Result<bool> {
    if rest < 8 {
        return Ok(false);
    }
    source.seek(SeekFrom::Start(start))?;
    let mut header = [0; 8];
    source.read_exact(&mut header)?;
    let size = u64::from(u32_at(&header, 4));
    let named = header[..4]
        .iter()
        .all(|b| b.is_ascii_graphic() || *b == b' ');
    Ok(named && (8 + size == rest || 8 + size + (size & 1) == rest))
}

/// Reads the samples.
pub(super) fn decode<S: Read + Seek>(
    source: &mut S,
    layout: Layout,
    options: &DecodeOptions,
) -> Result<Decoded, Error> {
    let mut collector = Collector::new(layout.rate, layout.channels, options)?;
    let block = layout.format.bytes() * layout.channels;
    let frames = layout.available / block as u64;
    collector.expect(frames)?;

    source.seek(SeekFrom::Start(layout.start))?;
    let per_read = (BUFFER_BYTES / block).max(1);
    let mut bytes = Vec::new();
    let mut samples = Vec::new();
    let mut left = frames;
    while left > 0 {
        let count = left.min(per_read as u64);
        bytes.clear();
        source
            .by_ref()
            .take(count * block as u64)
            .read_to_end(&mut bytes)?;
        bytes.truncate(bytes.len() / block * block);
        samples.clear();
        layout.format.convert(&bytes, &mut samples);
        if collector.push(&samples)? == Flow::Full || bytes.len() < count as usize * block {
            break;
        }
        left -= count;
    }

    let mut notices = layout.notices;
    let stated = layout.stated.map(|bytes| bytes / block as u64);
    if let Some(stated) = stated.filter(|&stated| stated > frames && !collector.is_full()) {
        notices.push(Notice::Truncated {
            expected_seconds: collector.seconds(stated as f64),
            decoded_seconds: collector.seconds(collector.frames() as f64),
        });
    }
    let format = format!("{} {}", layout.container, layout.format.name());
    collector.finish(format, notices)
}

fn read_array<const N: usize>(source: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    source.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}
