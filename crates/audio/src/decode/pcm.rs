//! Bytes of uncompressed or G.711 samples, little endian, to f32 in [-1, 1].

/// How one sample is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SampleFormat {
    /// Unsigned 8 bit, 128 is zero.
    Unsigned8,
    /// Signed, left-justified in 2, 3 or 4 bytes.
    Signed { bytes: usize },
    /// IEEE float of 4 or 8 bytes.
    Float { bytes: usize },
    /// G.711 A-law.
    ALaw,
    /// G.711 mu-law.
    MuLaw,
}

impl SampleFormat {
    /// Size of a sample, in bytes.
    pub(super) fn bytes(self) -> usize {
        match self {
            SampleFormat::Unsigned8 | SampleFormat::ALaw | SampleFormat::MuLaw => 1,
            SampleFormat::Signed { bytes } | SampleFormat::Float { bytes } => bytes,
        }
    }

    /// What a person calls it.
    pub(super) fn name(self) -> String {
        match self {
            SampleFormat::Unsigned8 => "PCM 8 bit".to_owned(),
            SampleFormat::Signed { bytes } => format!("PCM {} bit", bytes * 8),
            SampleFormat::Float { bytes } => format!("float {} bit", bytes * 8),
            SampleFormat::ALaw => "A-law".to_owned(),
            SampleFormat::MuLaw => "mu-law".to_owned(),
        }
    }

    /// Appends the samples of `bytes`, a whole number of them, to `out`.
    pub(super) fn convert(self, bytes: &[u8], out: &mut Vec<f32>) {
        const FULL: f32 = 32_768.0;
        match self {
            SampleFormat::Unsigned8 => {
                out.extend(bytes.iter().map(|&b| (f32::from(b) - 128.0) / 128.0));
            }
            SampleFormat::ALaw => out.extend(bytes.iter().map(|&b| f32::from(a_law(b)) / FULL)),
            SampleFormat::MuLaw => out.extend(bytes.iter().map(|&b| f32::from(mu_law(b)) / FULL)),
            SampleFormat::Signed { bytes: width } => {
                out.extend(bytes.chunks_exact(width).map(|sample| {
                    let mut word = [0; 4];
                    word[4 - width..].copy_from_slice(sample);
                    i32::from_le_bytes(word) as f32 / 2_147_483_648.0
                }));
            }
            SampleFormat::Float { bytes: 8 } => out.extend(bytes.chunks_exact(8).map(|sample| {
                let mut word = [0; 8];
                word.copy_from_slice(sample);
                f64::from_le_bytes(word) as f32
            })),
            SampleFormat::Float { .. } => out.extend(bytes.chunks_exact(4).map(|sample| {
                let mut word = [0; 4];
                word.copy_from_slice(sample);
                f32::from_le_bytes(word)
            })),
        }
    }
}

/// ITU-T G.711, A-law: even bits are inverted; sign, 3 bits exponent, 4 bits mantissa.
fn a_law(byte: u8) -> i16 {
    let code = byte ^ 0x55;
    let exponent = (code >> 4) & 7;
    let mantissa = i16::from(code & 15) << 4;
    let magnitude = if exponent == 0 {
        mantissa + 8
    } else {
        (mantissa + 0x108) << (exponent - 1)
    };
    if code & 0x80 != 0 {
        magnitude
    } else {
        -magnitude
    }
}

/// ITU-T G.711, mu-law: all bits are inverted; sign, 3 bits exponent, 4 bits mantissa.
fn mu_law(byte: u8) -> i16 {
    const BIAS: i16 = 0x84;
    let code = !byte;
    let magnitude = ((i16::from(code & 15) << 3) + BIAS) << ((code >> 4) & 7);
    if code & 0x80 != 0 {
        BIAS - magnitude
    } else {
        magnitude - BIAS
    }
}
