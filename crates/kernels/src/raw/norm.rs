//! Batch normalisation and activation on planes `[batch, channels, plane]`: values in, normalised and
//! activated values or gradients out.

use std::marker::PhantomData;

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::function::{Function, Hardswish, Identity, Relu};
use super::planes_per_task;
use super::sums::LANES;
use crate::Activation;

/// Statistics and trained scale and shift of a batch norm, each `[channels]`.
#[derive(Clone, Copy)]
pub(crate) struct Norm<'a> {
    pub(crate) mean: &'a [f32],
    pub(crate) variance: &'a [f32],
    pub(crate) gamma: &'a [f32],
    pub(crate) beta: &'a [f32],
    pub(crate) epsilon: f32,
}

impl Norm<'_> {
    fn inverse(&self, channel: usize) -> f32 {
        1.0 / (self.variance[channel] + self.epsilon).sqrt()
    }

    /// z = scale · x + shift
    fn line(&self, channel: usize) -> [f32; 2] {
        let scale = self.gamma[channel] * self.inverse(channel);
        [scale, self.beta[channel] - scale * self.mean[channel]]
    }
}

struct Apply<'a, F> {
    x: &'a [f32],
    out: &'a mut [f32],
    line: [f32; 2],
    function: PhantomData<F>,
}

impl<F: Function> WithSimd for Apply<'_, F> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let scale = simd.splat_f32s(self.line[0]);
        let shift = simd.splat_f32s(self.line[1]);
        let (x, x_rest) = S::as_simd_f32s(self.x);
        let (out, out_rest) = S::as_mut_simd_f32s(self.out);
        for (out, &x) in out.iter_mut().zip(x) {
            *out = F::value(simd, simd.mul_add_e_f32s(x, scale, shift));
        }
        let last = simd.partial_load_f32s(x_rest);
        let last = F::value(simd, simd.mul_add_e_f32s(last, scale, shift));
        simd.partial_store_f32s(out_rest, last);
    }
}

/// `out` = activation(normalised `x`), both `[batch, channels, plane]`.
pub(crate) fn apply(
    x: &[f32],
    out: &mut [f32],
    plane: usize,
    norm: Norm<'_>,
    activation: Activation,
) {
    fn run<F: Function>(x: &[f32], out: &mut [f32], plane: usize, norm: Norm<'_>) {
        let channels = norm.gamma.len();
        out.par_chunks_exact_mut(plane)
            .zip(x.par_chunks_exact(plane))
            .with_min_len(planes_per_task(plane))
            .enumerate()
            .for_each(|(index, (out, x))| {
                Arch::new().dispatch(Apply::<F> {
                    x,
                    out,
                    line: norm.line(index % channels),
                    function: PhantomData,
                });
            });
    }
    match activation {
        Activation::Identity => run::<Identity>(x, out, plane, norm),
        Activation::Relu => run::<Relu>(x, out, plane, norm),
        Activation::Hardswish => run::<Hardswish>(x, out, plane, norm),
    }
}

/// Sums over a plane of the gradient at z and of its product with the normalised input.
struct GradientSums<'a, F> {
    x: &'a [f32],
    grad: &'a [f32],
    line: [f32; 2],
    mean: f32,
    inverse: f32,
    function: PhantomData<F>,
}

/// Vectors that [`GradientSums`] needs at every step.
#[derive(Clone, Copy)]
struct Constants<V> {
    scale: V,
    shift: V,
    mean: V,
}

#[inline(always)]
fn add_gradient<S: Simd, F: Function>(
    simd: S,
    constants: Constants<S::f32s>,
    x: S::f32s,
    grad: S::f32s,
    sums: &mut [S::f32s; 2],
) {
    let z = simd.mul_add_e_f32s(x, constants.scale, constants.shift);
    let grad = F::backward(simd, z, grad);
    sums[0] = simd.add_f32s(sums[0], grad);
    sums[1] = simd.mul_add_e_f32s(grad, simd.sub_f32s(x, constants.mean), sums[1]);
}

impl<F: Function> WithSimd for GradientSums<'_, F> {
    type Output = [f64; 2];

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> [f64; 2] {
        let constants = Constants {
            scale: simd.splat_f32s(self.line[0]),
            shift: simd.splat_f32s(self.line[1]),
            mean: simd.splat_f32s(self.mean),
        };
        let (x, x_rest) = S::as_simd_f32s(self.x);
        let (grad, grad_rest) = S::as_simd_f32s(self.grad);
        let mut sums = [[simd.splat_f32s(0.0); 2]; LANES];
        let mut x_groups = x.chunks_exact(LANES);
        let mut grad_groups = grad.chunks_exact(LANES);
        for (x, grad) in x_groups.by_ref().zip(grad_groups.by_ref()) {
            for k in 0..LANES {
                add_gradient::<S, F>(simd, constants, x[k], grad[k], &mut sums[k]);
            }
        }
        let left = x_groups.remainder().iter().zip(grad_groups.remainder());
        for (sums, (&x, &grad)) in sums.iter_mut().zip(left) {
            add_gradient::<S, F>(simd, constants, x, grad, sums);
        }
        // The gradient's missing lanes are zero and add nothing.
        let (x, grad) = (
            simd.partial_load_f32s(x_rest),
            simd.partial_load_f32s(grad_rest),
        );
        add_gradient::<S, F>(simd, constants, x, grad, &mut sums[0]);
        let mut totals = [0.0; 2];
        for sums in sums {
            totals[0] += f64::from(simd.reduce_sum_f32s(sums[0]));
            totals[1] += f64::from(simd.reduce_sum_f32s(sums[1]));
        }
        totals[1] *= f64::from(self.inverse);
        totals
    }
}

/// dx = a · grad at z + b · x + c, in place of the gradient.
struct Pull<'a, F> {
    x: &'a [f32],
    grad: &'a mut [f32],
    line: [f32; 2],
    factors: [f32; 3],
    function: PhantomData<F>,
}

impl<F: Function> WithSimd for Pull<'_, F> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let scale = simd.splat_f32s(self.line[0]);
        let shift = simd.splat_f32s(self.line[1]);
        let a = simd.splat_f32s(self.factors[0]);
        let b = simd.splat_f32s(self.factors[1]);
        let c = simd.splat_f32s(self.factors[2]);
        let (x, x_rest) = S::as_simd_f32s(self.x);
        let (grad, grad_rest) = S::as_mut_simd_f32s(self.grad);
        for (grad, &x) in grad.iter_mut().zip(x) {
            let z = simd.mul_add_e_f32s(x, scale, shift);
            let at_z = F::backward(simd, z, *grad);
            *grad = simd.mul_add_e_f32s(a, at_z, simd.mul_add_e_f32s(b, x, c));
        }
        let x = simd.partial_load_f32s(x_rest);
        let z = simd.mul_add_e_f32s(x, scale, shift);
        let at_z = F::backward(simd, z, simd.partial_load_f32s(grad_rest));
        let last = simd.mul_add_e_f32s(a, at_z, simd.mul_add_e_f32s(b, x, c));
        simd.partial_store_f32s(grad_rest, last);
    }
}

/// Gradients with respect to scale and shift, each `[channels]`.
pub(crate) struct AffineGradients {
    pub(crate) gamma: Vec<f32>,
    pub(crate) beta: Vec<f32>,
}

/// Turns `grad` (after the activation) into the gradient with respect to `x`, in place.
///
/// With `batch_statistics` mean and variance were those of `x` itself and carry gradient too
/// (Ioffe and Szegedy, 2015); otherwise they are constants.
pub(crate) fn backward(
    x: &[f32],
    grad: &mut [f32],
    plane: usize,
    norm: Norm<'_>,
    activation: Activation,
    batch_statistics: bool,
) -> AffineGradients {
    match activation {
        Activation::Identity => run_backward::<Identity>(x, grad, plane, norm, batch_statistics),
        Activation::Relu => run_backward::<Relu>(x, grad, plane, norm, batch_statistics),
        Activation::Hardswish => run_backward::<Hardswish>(x, grad, plane, norm, batch_statistics),
    }
}

fn run_backward<F: Function>(
    x: &[f32],
    grad: &mut [f32],
    plane: usize,
    norm: Norm<'_>,
    batch_statistics: bool,
) -> AffineGradients {
    let channels = norm.gamma.len();
    let parts: Vec<[f64; 2]> = grad
        .par_chunks_exact(plane)
        .zip(x.par_chunks_exact(plane))
        .with_min_len(planes_per_task(plane))
        .enumerate()
        .map(|(index, (grad, x))| {
            let channel = index % channels;
            Arch::new().dispatch(GradientSums::<F> {
                x,
                grad,
                line: norm.line(channel),
                mean: norm.mean[channel],
                inverse: norm.inverse(channel),
                function: PhantomData,
            })
        })
        .collect();
    let mut totals = vec![[0.0f64; 2]; channels];
    for sample in parts.chunks_exact(channels) {
        for (total, part) in totals.iter_mut().zip(sample) {
            total[0] += part[0];
            total[1] += part[1];
        }
    }
    let count = (x.len() / channels) as f64;
    let factors: Vec<[f32; 3]> = (0..channels)
        .map(|channel| {
            let inverse = f64::from(norm.inverse(channel));
            let scale = f64::from(norm.gamma[channel]) * inverse;
            if !batch_statistics {
                return [scale as f32, 0.0, 0.0];
            }
            // dx = scale · (grad - mean(grad) - x̂ · mean(grad · x̂))
            let [mean_grad, mean_product] = totals[channel].map(|total| total / count);
            let slope = scale * mean_product * inverse;
            let constant = f64::from(norm.mean[channel]) * slope - scale * mean_grad;
            [scale as f32, -slope as f32, constant as f32]
        })
        .collect();
    grad.par_chunks_exact_mut(plane)
        .zip(x.par_chunks_exact(plane))
        .with_min_len(planes_per_task(plane))
        .enumerate()
        .for_each(|(index, (grad, x))| {
            Arch::new().dispatch(Pull::<F> {
                x,
                grad,
                line: norm.line(index % channels),
                factors: factors[index % channels],
                function: PhantomData,
            });
        });
    AffineGradients {
        gamma: totals.iter().map(|total| total[1] as f32).collect(),
        beta: totals.iter().map(|total| total[0] as f32).collect(),
    }
}
