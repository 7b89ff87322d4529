//! The weight gradient of one plane: padded input plane and output gradient in, k × k sums out.

use pulp::{Arch, Simd, WithSimd};

use super::Geometry;
use super::padded::{Padded, rows, windows};
use crate::raw::load;

/// Gradient of one kernel: the products of the output gradient with the shifted input.
struct Correlate<'a, const K: usize, const STRIDE: usize> {
    padded: &'a Padded,
    grad: &'a [f32],
    out_width: usize,
    out: &'a mut [f32],
}

/// Adds the products of vector `v` of the gradient with the values under all taps.
#[inline(always)]
fn add_products<S: Simd, const K: usize, const STRIDE: usize>(
    simd: S,
    rows: &[&[f32]; K],
    phase: usize,
    v: usize,
    grad: S::f32s,
    sums: &mut [[S::f32s; K]; K],
) {
    for k in 0..K {
        let windows = windows::<S, K, STRIDE>(rows[k], phase, v);
        for w in 0..K {
            let x = load(simd, &windows[w % STRIDE][w / STRIDE..]);
            sums[k][w] = simd.mul_add_e_f32s(x, grad, sums[k][w]);
        }
    }
}

impl<const K: usize, const STRIDE: usize> WithSimd for Correlate<'_, K, STRIDE> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let phase = self.padded.phase;
        let mut sums = [[simd.splat_f32s(0.0); K]; K];
        for (h, grad) in self.grad.chunks_exact(self.out_width).enumerate() {
            let rows = rows::<K>(self.padded, h * STRIDE);
            let (vectors, rest) = S::as_simd_f32s(grad);
            for (v, &vector) in vectors.iter().enumerate() {
                add_products::<S, K, STRIDE>(simd, &rows, phase, v, vector, &mut sums);
            }
            if !rest.is_empty() {
                let last = simd.partial_load_f32s(rest);
                add_products::<S, K, STRIDE>(simd, &rows, phase, vectors.len(), last, &mut sums);
            }
        }
        for (out, sum) in self.out.iter_mut().zip(sums.as_flattened()) {
            *out = simd.reduce_sum_f32s(*sum);
        }
    }
}

/// Correlates the output gradient with the padded input.
pub(super) fn correlate(padded: &Padded, grad: &[f32], out: &mut [f32], geometry: Geometry) {
    let out_width = geometry.out_width();
    macro_rules! run {
        ($k:literal, $s:literal) => {
            Arch::new().dispatch(Correlate::<$k, $s> {
                padded,
                grad,
                out_width,
                out,
            })
        };
    }
    match (geometry.kernel, geometry.stride) {
        (3, 1) => run!(3, 1),
        (3, _) => run!(3, 2),
        (_, 1) => run!(5, 1),
        _ => run!(5, 2),
    }
}
