//! The arithmetic on plain slices: rows of f32 in, rows of f32 out. No Burn type here.
//!
//! Sums are formed per plane (one channel of one sample) and joined in a fixed order, so the number
//! of threads does not change a bit of the result.
#![expect(
    clippy::inline_always,
    reason = "vector code must be part of the function that enables its instructions"
)]

pub(crate) mod function;
pub(crate) mod gate;
pub(crate) mod mix;
pub(crate) mod norm;
pub(crate) mod plane;
pub(crate) mod sums;

use pulp::Simd;

/// The first vector of `values`, which holds at least one.
#[inline(always)]
fn load<S: Simd>(_: S, values: &[f32]) -> S::f32s {
    S::as_simd_f32s(values).0[0]
}

/// Planes handed to a thread at once: enough that a task outweighs its own cost.
fn planes_per_task(plane: usize) -> usize {
    (16_384 / plane.max(1)).max(1)
}

/// Sums `[batch, length]` over the batch, in f64 and in order.
fn sum_over_batch(partial: &[f32], length: usize) -> Vec<f32> {
    let mut sums = vec![0.0f64; length];
    for sample in partial.chunks_exact(length) {
        for (sum, &value) in sums.iter_mut().zip(sample) {
            *sum += f64::from(value);
        }
    }
    sums.into_iter().map(|sum| sum as f32).collect()
}
