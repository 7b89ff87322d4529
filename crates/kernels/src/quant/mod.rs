//! Products of quantised weight matrices and activations on the CPU, for generating text: in come
//! weights as a GGUF file stores them (blocks `Q4_1` and `Q8_0`) and `f32` activations, out come
//! `f32` results.
//!
//! Activations are quantised to 8 bits in blocks of 32, as llama.cpp does, so that the inner
//! products are integer ones. Three sets of instructions do the same work: AVX-512 VNNI, AVX2, and
//! plain Rust; the best that the machine has is found at run time.

mod activations;
mod attention;
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)] // Loads and stores of vector registers by address.
mod avx2;
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)] // Loads and stores of vector registers by address.
mod avx512;
mod instructions;
#[allow(unsafe_code)] // Calls of kernels whose instructions have been looked for.
mod matrix;
mod portable;
mod vector;

pub use activations::Activations;
pub use attention::attend;
pub use instructions::Instructions;
pub use matrix::{Format, Matrix};
pub use vector::{add_to, rms_norm, silu_gate};

/// Values in one block.
pub const BLOCK: usize = 32;

/// Rows that are stored interleaved and computed together.
const GROUP: usize = 16;

/// One row group of a matrix: 16 interleaved rows.
struct Group<'a> {
    /// Per block the half-float scales of the 16 rows, and for `Q4_1` their minima.
    scales: &'a [u16],
    /// Per block 4 lines (`Q4_1`) or 8 (`Q8_0`); a line holds 4 bytes of each row.
    quants: &'a [Line],
}

/// 64 bytes on a cache line.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([u8; 64]);
