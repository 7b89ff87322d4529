//! WAV and AIFF files written byte by byte, with whatever header a test wants.

/// The fields of a RIFF file; `bytes` writes them as they are, right or wrong.
#[derive(Clone)]
pub(crate) struct Wave {
    pub(crate) magic: [u8; 4],
    pub(crate) tag: u16,
    pub(crate) channels: u16,
    pub(crate) rate: u32,
    pub(crate) block_align: u16,
    pub(crate) bits: u16,
    /// Sub-format of an extensible header.
    pub(crate) extensible: Option<u16>,
    /// Before the data: further chunks, whole.
    pub(crate) chunks: Vec<u8>,
    /// Size field of the data chunk; none for the true one.
    pub(crate) data_size: Option<u32>,
    pub(crate) data: Vec<u8>,
}

impl Wave {
    /// Mono 16 bit.
    pub(crate) fn mono(rate: u32, samples: &[i16]) -> Self {
        Wave {
            magic: *b"RIFF",
            tag: 1,
            channels: 1,
            rate,
            block_align: 2,
            bits: 16,
            extensible: None,
            chunks: Vec::new(),
            data_size: None,
            data: samples.iter().flat_map(|s| s.to_le_bytes()).collect(),
        }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut format = Vec::new();
        let tag = if self.extensible.is_some() {
            0xFFFE
        } else {
            self.tag
        };
        format.extend(tag.to_le_bytes());
        format.extend(self.channels.to_le_bytes());
        format.extend(self.rate.to_le_bytes());
        let byte_rate = self.rate.wrapping_mul(u32::from(self.block_align));
        format.extend(byte_rate.to_le_bytes());
        format.extend(self.block_align.to_le_bytes());
        format.extend(self.bits.to_le_bytes());
        if let Some(tag) = self.extensible {
            format.extend(22_u16.to_le_bytes());
            format.extend(self.bits.to_le_bytes());
            format.extend(0_u32.to_le_bytes());
            format.extend(tag.to_le_bytes());
            format.extend([0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113]);
        }
        let mut body = b"WAVE".to_vec();
        body.extend(&self.chunks);
        body.extend(chunk(*b"fmt ", &format));
        body.extend(b"data");
        let size = self.data_size.unwrap_or(self.data.len() as u32);
        body.extend(size.to_le_bytes());
        body.extend(&self.data);
        let mut file = self.magic.to_vec();
        file.extend((body.len() as u32).to_le_bytes());
        file.extend(body);
        file
    }
}

/// A RIFF chunk with its pad byte.
pub(crate) fn chunk(name: [u8; 4], body: &[u8]) -> Vec<u8> {
    let mut bytes = name.to_vec();
    bytes.extend((body.len() as u32).to_le_bytes());
    bytes.extend(body);
    bytes.resize(bytes.len().next_multiple_of(2), 0);
    bytes
}

/// An AIFF file of mono 16 bit samples at 8 kHz.
pub(crate) fn aiff(samples: &[i16]) -> Vec<u8> {
    let mut common = 1_u16.to_be_bytes().to_vec();
    common.extend((samples.len() as u32).to_be_bytes());
    common.extend(16_u16.to_be_bytes());
    // 8000 as an 80 bit float: exponent 16383 + 12, mantissa 8000 / 4096.
    common.extend([0x40, 0x0B, 0xFA, 0, 0, 0, 0, 0, 0, 0]);
    let mut sound = vec![0; 8];
    sound.extend(samples.iter().flat_map(|s| s.to_be_bytes()));
    let mut body = b"AIFF".to_vec();
    for (name, bytes) in [(b"COMM", common), (b"SSND", sound)] {
        body.extend(name);
        body.extend((bytes.len() as u32).to_be_bytes());
        body.extend(bytes);
    }
    let mut file = b"FORM".to_vec();
    file.extend((body.len() as u32).to_be_bytes());
    file.extend(body);
    file
}

/// A slow wave in 16 bit steps.
pub(crate) fn ramp(length: usize) -> Vec<i16> {
    (0..length)
        .map(|n| ((n * 37 % 2001) as i16 - 1000) * 16)
        .collect()
}
