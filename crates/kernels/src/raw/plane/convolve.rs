//! The convolution of one padded plane: plane and kernel in, convolved plane out.

use std::marker::PhantomData;

use pulp::{Arch, Simd, WithSimd};

use super::Geometry;
use super::padded::{Padded, rows, windows};
use crate::raw::function::Function;
use crate::raw::load;

/// One output plane, shifted and activated, from a padded input plane.
struct Convolve<'a, F, const K: usize, const STRIDE: usize> {
    padded: &'a Padded,
    kernel: &'a [f32],
    shift: f32,
    out: &'a mut [f32],
    out_width: usize,
    function: PhantomData<F>,
}

/// Vector `v` of an output row.
#[inline(always)]
fn convolved<S: Simd, const K: usize, const STRIDE: usize>(
    simd: S,
    rows: &[&[f32]; K],
    taps: &[[S::f32s; K]; K],
    shift: S::f32s,
    phase: usize,
    v: usize,
) -> S::f32s {
    let mut sums = [simd.splat_f32s(0.0); K];
    sums[0] = shift;
    for k in 0..K {
        let windows = windows::<S, K, STRIDE>(rows[k], phase, v);
        for w in 0..K {
            let x = load(simd, &windows[w % STRIDE][w / STRIDE..]);
            sums[k] = simd.mul_add_e_f32s(x, taps[k][w], sums[k]);
        }
    }
    let mut sum = sums[0];
    for k in 1..K {
        sum = simd.add_f32s(sum, sums[k]);
    }
    sum
}

impl<F: Function, const K: usize, const STRIDE: usize> WithSimd for Convolve<'_, F, K, STRIDE> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let phase = self.padded.phase;
        let shift = simd.splat_f32s(self.shift);
        let mut taps = [[simd.splat_f32s(0.0); K]; K];
        for k in 0..K {
            for w in 0..K {
                taps[k][w] = simd.splat_f32s(self.kernel[k * K + w]);
            }
        }
        for (h, out) in self.out.chunks_exact_mut(self.out_width).enumerate() {
            let rows = rows::<K>(self.padded, h * STRIDE);
            let (vectors, rest) = S::as_mut_simd_f32s(out);
            let count = vectors.len();
            for (v, vector) in vectors.iter_mut().enumerate() {
                let z = convolved::<S, K, STRIDE>(simd, &rows, &taps, shift, phase, v);
                *vector = F::value(simd, z);
            }
            if !rest.is_empty() {
                let z = convolved::<S, K, STRIDE>(simd, &rows, &taps, shift, phase, count);
                simd.partial_store_f32s(rest, F::value(simd, z));
            }
        }
    }
}

/// Convolves one plane, adds `shift` and applies `F`.
pub(super) fn convolve<F: Function>(
    padded: &Padded,
    kernel: &[f32],
    shift: f32,
    out: &mut [f32],
    geometry: Geometry,
) {
    let out_width = geometry.out_width();
    macro_rules! run {
        ($k:literal, $s:literal) => {
            Arch::new().dispatch(Convolve::<F, $k, $s> {
                padded,
                kernel,
                shift,
                out,
                out_width,
                function: PhantomData,
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
