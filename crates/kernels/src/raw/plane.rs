//! Two-dimensional convolution of one plane `[height, width]` with one odd square kernel, zero
//! padding of half a kernel, stride 1 or 2: the plane in, the convolved plane or gradients out.
//!
//! The plane is first copied between zeros, and for stride 2 its even and odd columns are parted, so
//! that every tap of the kernel reads contiguous values.

mod convolve;
mod correlate;
mod padded;
mod spread;

use rayon::prelude::*;

use super::function::{Finish, Hardswish, Identity, Relu};
use super::planes_per_task;
use crate::Activation;
use convolve::convolve;
use correlate::correlate;
use padded::Padded;

/// Sizes of a plane convolution.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Geometry {
    pub(crate) height: usize,
    pub(crate) width: usize,
    /// 3 or 5.
    pub(crate) kernel: usize,
    /// 1 or 2.
    pub(crate) stride: usize,
}

impl Geometry {
    pub(crate) fn input(&self) -> usize {
        self.height * self.width
    }

    pub(crate) fn output(&self) -> usize {
        self.out_height() * self.out_width()
    }

    pub(crate) fn out_height(&self) -> usize {
        self.height.div_ceil(self.stride)
    }

    pub(crate) fn out_width(&self) -> usize {
        self.width.div_ceil(self.stride)
    }
}

/// Which input plane and which kernel belong to output plane `index` of `[batch, channels, ..]`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wiring {
    /// Output channels.
    pub(crate) channels: usize,
    /// Whether all output channels read the sample's only input channel.
    pub(crate) shared_input: bool,
}

impl Wiring {
    fn input(&self, index: usize) -> usize {
        if self.shared_input {
            index / self.channels
        } else {
            index
        }
    }
}

/// All planes: `x` `[batch, channels or 1, height, width]`, `weight` `[channels, kernel, kernel]`,
/// `out` `[batch, channels, out height, out width]`.
pub(crate) fn forward(
    x: &[f32],
    weight: &[f32],
    out: &mut [f32],
    geometry: Geometry,
    wiring: Wiring,
    finish: Finish<'_>,
) {
    let convolve = match finish.activation {
        Activation::Identity => convolve::<Identity>,
        Activation::Relu => convolve::<Relu>,
        Activation::Hardswish => convolve::<Hardswish>,
    };
    let taps = geometry.kernel * geometry.kernel;
    out.par_chunks_exact_mut(geometry.output())
        .with_min_len(planes_per_task(geometry.input()))
        .enumerate()
        .for_each_init(
            || (Padded::new(geometry), usize::MAX),
            |(padded, filled), (index, out)| {
                let input = wiring.input(index);
                if *filled != input {
                    padded.fill(&x[input * geometry.input()..][..geometry.input()]);
                    *filled = input;
                }
                let channel = index % wiring.channels;
                let kernel = &weight[channel * taps..][..taps];
                let shift = finish.shift.get(channel).copied().unwrap_or_default();
                convolve(padded, kernel, shift, out, geometry);
            },
        );
}

/// Gradient with respect to the input where each channel has its own plane:
/// `grad` `[batch, channels, out height, out width]`, `out` `[batch, channels, height, width]`.
pub(crate) fn input_gradient(
    grad: &[f32],
    weight: &[f32],
    out: &mut [f32],
    geometry: Geometry,
    channels: usize,
) {
    let taps = geometry.kernel * geometry.kernel;
    // Seen from the gradient: its own plane, walked with stride 1.
    let inverse = Geometry {
        height: geometry.out_height(),
        width: geometry.out_width(),
        stride: 1,
        ..geometry
    };
    out.par_chunks_exact_mut(geometry.input())
        .with_min_len(planes_per_task(geometry.input()))
        .enumerate()
        .for_each_init(
            || {
                let padded = Padded::new(inverse);
                let sums = spread::sums(&padded);
                (padded, sums, vec![0.0; taps])
            },
            |(padded, sums, flipped), (index, out)| {
                padded.fill(&grad[index * geometry.output()..][..geometry.output()]);
                let kernel = &weight[(index % channels) * taps..][..taps];
                if geometry.stride == 1 {
                    for (flipped, &tap) in flipped.iter_mut().zip(kernel.iter().rev()) {
                        *flipped = tap;
                    }
                    convolve::<Identity>(padded, flipped, 0.0, out, inverse);
                    return;
                }
                spread::spread(padded, kernel, sums, out, geometry);
            },
        );
}

/// Gradient with respect to the weights, `[channels, kernel, kernel]`, summed over the batch.
pub(crate) fn weight_gradient(
    x: &[f32],
    grad: &[f32],
    geometry: Geometry,
    wiring: Wiring,
) -> Vec<f32> {
    let taps = geometry.kernel * geometry.kernel;
    let planes = grad.len() / geometry.output();
    let mut partial = vec![0.0; planes * taps];
    partial
        .par_chunks_exact_mut(taps)
        .with_min_len(planes_per_task(geometry.input()))
        .enumerate()
        .for_each_init(
            || (Padded::new(geometry), usize::MAX),
            |(padded, filled), (index, out)| {
                let input = wiring.input(index);
                if *filled != input {
                    padded.fill(&x[input * geometry.input()..][..geometry.input()]);
                    *filled = input;
                }
                let grad = &grad[index * geometry.output()..][..geometry.output()];
                correlate(padded, grad, out, geometry);
            },
        );
    super::sum_over_batch(&partial, wiring.channels * taps)
}
