//! Sums over planes: values in, sums, means and variances out.

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::planes_per_task;

/// Vectors summed side by side, to hide the latency of additions.
pub(super) const LANES: usize = 4;

/// What [`sum_of`] adds up for each value.
trait Term<S: Simd>: Copy {
    fn term(self, simd: S, x: S::f32s) -> S::f32s;
}

/// The value itself.
#[derive(Clone, Copy)]
struct Value;

impl<S: Simd> Term<S> for Value {
    #[inline(always)]
    fn term(self, _: S, x: S::f32s) -> S::f32s {
        x
    }
}

/// The squared distance from a centre.
#[derive(Clone, Copy)]
struct SquaredDistance<V>(V);

impl<S: Simd> Term<S> for SquaredDistance<S::f32s> {
    #[inline(always)]
    fn term(self, simd: S, x: S::f32s) -> S::f32s {
        let distance = simd.sub_f32s(x, self.0);
        simd.mul_f32s(distance, distance)
    }
}

/// Sum of the terms of the whole vectors in `values`, and the values beyond them.
#[inline(always)]
fn sum_vectors<S: Simd, T: Term<S>>(simd: S, values: &[f32], term: T) -> (f64, &[f32]) {
    let (vectors, rest) = S::as_simd_f32s(values);
    let mut sums = [simd.splat_f32s(0.0); LANES];
    let mut groups = vectors.chunks_exact(LANES);
    for group in groups.by_ref() {
        for k in 0..LANES {
            sums[k] = simd.add_f32s(sums[k], term.term(simd, group[k]));
        }
    }
    for (sum, &vector) in sums.iter_mut().zip(groups.remainder()) {
        *sum = simd.add_f32s(*sum, term.term(simd, vector));
    }
    let mut total = 0.0;
    for sum in sums {
        total += f64::from(simd.reduce_sum_f32s(sum));
    }
    (total, rest)
}

/// Sum of `values`.
#[inline(always)]
pub(super) fn sum_of<S: Simd>(simd: S, values: &[f32]) -> f64 {
    let (sum, rest) = sum_vectors(simd, values, Value);
    sum + rest.iter().map(|&x| f64::from(x)).sum::<f64>()
}

/// Sum and sum of squared deviations from the plane's own mean (rounded to f32).
struct PlaneMoments<'a>(&'a [f32]);

impl WithSimd for PlaneMoments<'_> {
    type Output = (f64, f64);

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> (f64, f64) {
        let sum = sum_of(simd, self.0);
        let mean = (sum / self.0.len() as f64) as f32;
        let term = SquaredDistance(simd.splat_f32s(mean));
        let (squares, rest) = sum_vectors(simd, self.0, term);
        let rest: f64 = rest.iter().map(|&x| f64::from(x - mean).powi(2)).sum();
        (sum, squares + rest)
    }
}

/// Mean and biased variance of each channel: `[means.., variances..]`, joined over the planes by
/// Chan, Golub and `LeVeque`'s formula in f64.
pub(crate) fn moments(x: &[f32], channels: usize, plane: usize) -> Vec<f32> {
    let parts: Vec<(f64, f64)> = x
        .par_chunks_exact(plane)
        .with_min_len(planes_per_task(plane))
        .map(|values| Arch::new().dispatch(PlaneMoments(values)))
        .collect();
    let batch = parts.len() / channels;
    let count = (batch * plane) as f64;
    let mut out = vec![0.0; 2 * channels];
    for channel in 0..channels {
        let of_channel = || parts.iter().skip(channel).step_by(channels);
        let mean = of_channel().map(|part| part.0).sum::<f64>() / count;
        let squares: f64 = of_channel()
            .map(|part| part.1 + plane as f64 * (part.0 / plane as f64 - mean).powi(2))
            .sum();
        out[channel] = mean as f32;
        out[channels + channel] = (squares / count) as f32;
    }
    out
}
