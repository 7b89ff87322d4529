//! The first bytes of an audio file come in; rate, channels and length go out where a header of
//! FLAC or PCM WAV says them all.

/// Format read from a header: rate in Hz, channels, frames (samples per channel).
#[derive(Debug, PartialEq)]
pub(super) struct Header {
    pub(super) sample_rate: u32,
    pub(super) channels: u16,
    pub(super) frames: u64,
}

impl Header {
    /// Duration in s.
    pub(super) fn seconds(&self) -> f64 {
        self.frames as f64 / f64::from(self.sample_rate)
    }
}

/// The STREAMINFO block, always first (RFC 9639, section 8.2): 20 bits of rate, 3 of channels,
/// 5 of sample size, 36 of frames.
pub(super) fn flac(head: &[u8]) -> Option<Header> {
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
pub(super) fn wav(head: &[u8], length: u64) -> Option<Header> {
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
