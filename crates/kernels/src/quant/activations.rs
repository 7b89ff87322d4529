//! Activations in 8 bits: in come `f32` rows, out go signed bytes with one scale and one sum for
//! each 32 of them.

#![expect(
    clippy::inline_always,
    reason = "inlined into loops that are compiled for the machine's widest instructions"
)]

use pulp::Arch;

use super::BLOCK;

/// Rows of activations, quantised in blocks of 32 (llama.cpp's `Q8_1`): a value is `scale · byte`.
#[derive(Debug, Clone)]
pub struct Activations {
    rows: usize,
    columns: usize,
    /// `[rows, columns]`
    pub(super) quants: Vec<i8>,
    /// `[rows, columns / 32]`
    pub(super) scales: Vec<f32>,
    /// Sum of the bytes of each block, `[rows, columns / 32]`.
    pub(super) sums: Vec<i32>,
}

impl Activations {
    /// Quantises `x`, row-major with `columns` values a row. The largest magnitude of a block
    /// becomes 127.
    ///
    /// # Panics
    /// Where `columns` is not a positive multiple of 32, or `x` not whole rows.
    pub fn quantise(x: &[f32], columns: usize) -> Self {
        assert!(
            columns > 0 && columns.is_multiple_of(BLOCK),
            "columns are whole blocks of 32"
        );
        assert!(
            x.len().is_multiple_of(columns),
            "activations are whole rows"
        );
        let blocks = x.len() / BLOCK;
        let mut quants = vec![0; x.len()];
        let mut scales = Vec::with_capacity(blocks);
        let mut sums = Vec::with_capacity(blocks);
        Arch::new().dispatch(|| {
            for (block, quants) in x.chunks_exact(BLOCK).zip(quants.chunks_exact_mut(BLOCK)) {
                let (scale, sum) = quantise_block(block, quants);
                scales.push(scale);
                sums.push(sum);
            }
        });
        Self {
            rows: x.len() / columns,
            columns,
            quants,
            scales,
            sums,
        }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Values in a row.
    pub fn columns(&self) -> usize {
        self.columns
    }
}

#[inline(always)]
fn quantise_block(block: &[f32], quants: &mut [i8]) -> (f32, i32) {
    let largest = block.iter().fold(0.0f32, |largest, x| largest.max(x.abs()));
    let scale = largest / 127.0;
    let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
    let mut sum = 0;
    for (quant, x) in quants.iter_mut().zip(block) {
        *quant = (x * inverse).round_ties_even() as i8;
        sum += i32::from(*quant);
    }
    (scale, sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_within_half_a_step() {
        let x: Vec<f32> = (0..96)
            .map(|i| ((i * 37 % 97) as f32 - 48.0) * 0.173)
            .collect();
        let quantised = Activations::quantise(&x, 48 * 2);
        assert_eq!((quantised.rows(), quantised.columns()), (1, 96));
        for (block, x) in x.chunks_exact(BLOCK).enumerate() {
            let scale = quantised.scales[block];
            let quants = &quantised.quants[block * BLOCK..][..BLOCK];
            assert_eq!(
                quantised.sums[block],
                quants.iter().map(|q| i32::from(*q)).sum::<i32>()
            );
            assert_eq!(quants.iter().map(|q| q.unsigned_abs()).max(), Some(127));
            for (x, q) in x.iter().zip(quants) {
                assert!((x - scale * f32::from(*q)).abs() <= 0.5001 * scale);
            }
        }
    }

    #[test]
    fn zeros_stay_zeros() {
        let quantised = Activations::quantise(&[0.0; 64], 32);
        assert_eq!(quantised.rows(), 2);
        assert!(
            quantised.quants.iter().all(|q| *q == 0) && quantised.scales.iter().all(|s| *s == 0.0)
        );
    }
}
