//! Dequantisation: in come the stored bytes of a tensor, out go `f32` values in the same order.
//!
//! Block layouts: `ggml-common.h` and `dequantize_row_*` in `ggml-quants.c` of llama.cpp.

use half::{bf16, f16};

use super::TensorType;

/// Values in one block of the Q4 and Q8 types.
const BLOCK: usize = 32;

fn half_at(bytes: &[u8], at: usize) -> f32 {
    f16::from_le_bytes([bytes[at], bytes[at + 1]]).to_f32()
}

/// Appends 32 values from 16 bytes: the low halves first, then the high halves.
fn nibbles(quants: &[u8], values: &mut Vec<f32>, value: impl Fn(u8) -> f32) {
    values.extend(quants.iter().map(|byte| value(byte & 15)));
    values.extend(quants.iter().map(|byte| value(byte >> 4)));
}

/// The `f32` values of `bytes`, or `None` for a type that cannot be read or a length that is no
/// whole number of blocks.
pub fn dequantise(kind: TensorType, bytes: &[u8]) -> Option<Vec<f32>> {
    let (block_values, block_bytes) = kind.block()?;
    if !bytes.len().is_multiple_of(block_bytes) {
        return None;
    }
    let mut values = Vec::with_capacity(bytes.len() / block_bytes * block_values);
    for block in bytes.chunks_exact(block_bytes) {
        match kind {
            TensorType::F32 => {
                values.push(f32::from_le_bytes([block[0], block[1], block[2], block[3]]));
            }
            TensorType::F16 => values.push(half_at(block, 0)),
            TensorType::Bf16 => values.push(bf16::from_le_bytes([block[0], block[1]]).to_f32()),
            TensorType::Q4_0 => {
                let scale = half_at(block, 0);
                nibbles(&block[2..2 + BLOCK / 2], &mut values, |q| {
                    scale * (f32::from(q) - 8.0)
                });
            }
            TensorType::Q4_1 => {
                let (scale, minimum) = (half_at(block, 0), half_at(block, 2));
                nibbles(&block[4..4 + BLOCK / 2], &mut values, |q| {
                    scale * f32::from(q) + minimum
                });
            }
            TensorType::Q8_0 => {
                let scale = half_at(block, 0);
                values.extend(block[2..].iter().map(|q| scale * f32::from(*q as i8)));
            }
            TensorType::Other(_) => return None,
        }
    }
    Some(values)
}
