//! Means of planes and their scaling by one factor each (squeeze-excite): planes and factors in,
//! planes, means or gradients out.

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::planes_per_task;
use super::sums::sum_of;

struct Sum<'a>(&'a [f32]);

impl WithSimd for Sum<'_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        sum_of(simd, self.0)
    }
}

/// Mean of each plane.
pub(crate) fn means(x: &[f32], plane: usize) -> Vec<f32> {
    x.par_chunks_exact(plane)
        .with_min_len(planes_per_task(plane))
        .map(|values| (Arch::new().dispatch(Sum(values)) / plane as f64) as f32)
        .collect()
}

/// Fills each plane of `out` with its value, divided by the plane's size.
pub(crate) fn means_gradient(grad: &[f32], out: &mut [f32], plane: usize) {
    out.par_chunks_exact_mut(plane)
        .zip(grad)
        .with_min_len(planes_per_task(plane))
        .for_each(|(out, grad)| out.fill(grad / plane as f32));
}

struct Scale<'a> {
    x: &'a [f32],
    out: &'a mut [f32],
    factor: f32,
}

impl WithSimd for Scale<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let factor = simd.splat_f32s(self.factor);
        let (x, x_rest) = S::as_simd_f32s(self.x);
        let (out, out_rest) = S::as_mut_simd_f32s(self.out);
        for (out, &x) in out.iter_mut().zip(x) {
            *out = simd.mul_f32s(x, factor);
        }
        let last = simd.mul_f32s(simd.partial_load_f32s(x_rest), factor);
        simd.partial_store_f32s(out_rest, last);
    }
}

/// `out` = each plane of `x` times its factor.
pub(crate) fn scale(x: &[f32], factors: &[f32], out: &mut [f32], plane: usize) {
    out.par_chunks_exact_mut(plane)
        .zip(x.par_chunks_exact(plane))
        .zip(factors)
        .with_min_len(planes_per_task(plane))
        .for_each(|((out, x), &factor)| {
            Arch::new().dispatch(Scale { x, out, factor });
        });
}

struct Dot<'a>(&'a [f32], &'a [f32]);

impl WithSimd for Dot<'_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f32 {
        let (a, a_rest) = S::as_simd_f32s(self.0);
        let (b, b_rest) = S::as_simd_f32s(self.1);
        let rest = (
            simd.partial_load_f32s(a_rest),
            simd.partial_load_f32s(b_rest),
        );
        let mut sums = [simd.mul_f32s(rest.0, rest.1), simd.splat_f32s(0.0)];
        let (mut a_pairs, mut b_pairs) = (a.chunks_exact(2), b.chunks_exact(2));
        for (a, b) in a_pairs.by_ref().zip(b_pairs.by_ref()) {
            sums[0] = simd.mul_add_e_f32s(a[0], b[0], sums[0]);
            sums[1] = simd.mul_add_e_f32s(a[1], b[1], sums[1]);
        }
        for (&a, &b) in a_pairs.remainder().iter().zip(b_pairs.remainder()) {
            sums[0] = simd.mul_add_e_f32s(a, b, sums[0]);
        }
        simd.reduce_sum_f32s(simd.add_f32s(sums[0], sums[1]))
    }
}

/// Sum over each plane of `x` · `grad`: the gradient with respect to the factors of [`scale`].
pub(crate) fn scale_factor_gradient(x: &[f32], grad: &[f32], plane: usize) -> Vec<f32> {
    x.par_chunks_exact(plane)
        .zip(grad.par_chunks_exact(plane))
        .with_min_len(planes_per_task(plane))
        .map(|(x, grad)| Arch::new().dispatch(Dot(x, grad)))
        .collect()
}
