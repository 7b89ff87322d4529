//! Tensor types and places: in come a shape and a type, out go sizes in bytes.

use std::fmt;

/// How the values of a tensor are stored, with the format's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TensorType {
    /// 32-bit floats.
    F32,
    /// IEEE half floats.
    F16,
    /// bfloat16.
    Bf16,
    /// Blocks of 32: a half-float scale `d` and 4-bit `q`; a value is `d (q - 8)`.
    Q4_0,
    /// Blocks of 32: half-float scale `d` and minimum `m`, and 4-bit `q`; a value is `d q + m`.
    Q4_1,
    /// Blocks of 32: a half-float scale `d` and signed bytes `q`; a value is `d q`.
    Q8_0,
    /// A type whose values cannot be read here, by its number.
    Other(u32),
}

impl TensorType {
    /// The type with the given number in the file.
    pub fn from_code(code: u32) -> Self {
        match code {
            0 => Self::F32,
            1 => Self::F16,
            2 => Self::Q4_0,
            3 => Self::Q4_1,
            8 => Self::Q8_0,
            30 => Self::Bf16,
            other => Self::Other(other),
        }
    }

    /// Values and bytes of one block; `None` for a type that cannot be read.
    pub fn block(self) -> Option<(usize, usize)> {
        match self {
            Self::F32 => Some((1, 4)),
            Self::F16 | Self::Bf16 => Some((1, 2)),
            Self::Q4_0 => Some((32, 18)),
            Self::Q4_1 => Some((32, 20)),
            Self::Q8_0 => Some((32, 34)),
            Self::Other(_) => None,
        }
    }
}

impl fmt::Display for TensorType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::F32 => "F32",
            Self::F16 => "F16",
            Self::Bf16 => "BF16",
            Self::Q4_0 => "Q4_0",
            Self::Q4_1 => "Q4_1",
            Self::Q8_0 => "Q8_0",
            Self::Other(6) => "Q5_0",
            Self::Other(7) => "Q5_1",
            Self::Other(9) => "Q8_1",
            Self::Other(10) => "Q2_K",
            Self::Other(11) => "Q3_K",
            Self::Other(12) => "Q4_K",
            Self::Other(13) => "Q5_K",
            Self::Other(14) => "Q6_K",
            Self::Other(15) => "Q8_K",
            Self::Other(code) => return write!(f, "number {code}"),
        };
        f.write_str(name)
    }
}

/// One tensor of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TensorInfo {
    /// Its name.
    pub name: String,
    /// Its shape, rows first (`[output, input]` for a weight matrix); the file stores it the other
    /// way round.
    pub shape: Vec<usize>,
    /// How its values are stored.
    pub kind: TensorType,
    /// Where its data begin, in bytes from the beginning of the file.
    pub(super) start: u64,
    /// How many bytes its data take; 0 for a type that cannot be read.
    pub(super) bytes: u64,
}

impl TensorInfo {
    /// Number of values.
    pub fn elements(&self) -> usize {
        self.shape.iter().product()
    }
}
