//! The mixing of channels at each position (1 × 1 convolution): `weight` `[outputs, inputs]` times
//! planes `[inputs, pixels]` of each sample in, planes `[outputs, pixels]` or gradients out.
//!
//! Channels are few (8 to 400) and pixels many, so a block of output rows × two vectors of pixels is
//! held in registers while the inputs pass by.

use std::marker::PhantomData;
use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::function::{Finish, Function, Hardswish, Identity, Relu};
use super::load;
use crate::Activation;

/// Output rows computed together.
const ROWS: usize = 8;

/// `weight` `[outputs, inputs]` (or its transpose) as `[block][input][ROWS]`, zero beyond the last.
fn pack(weight: &[f32], [inputs, outputs, _]: [usize; 3], direction: Direction) -> Vec<f32> {
    let mut packed = vec![0.0; outputs.div_ceil(ROWS) * inputs * ROWS];
    for o in 0..outputs {
        for i in 0..inputs {
            let value = match direction {
                Direction::Forward => weight[o * inputs + i],
                Direction::Transposed => weight[i * outputs + o],
            };
            packed[((o / ROWS) * inputs + i) * ROWS + o % ROWS] = value;
        }
    }
    packed
}

/// Some blocks of output rows of one sample.
struct Mix<'a, F> {
    /// `[block][input][ROWS]`
    packed: &'a [f32],
    /// `[rows]`, or empty for none.
    shift: &'a [f32],
    /// `[inputs, pixels]`
    x: &'a [f32],
    /// `[rows, pixels]`
    out: &'a mut [f32],
    inputs: usize,
    pixels: usize,
    function: PhantomData<F>,
}

impl<F: Function> Mix<'_, F> {
    /// Two vectors of pixels from `start` on, `width` pixels of them real.
    #[inline(always)]
    fn strip<S: Simd>(&mut self, simd: S, start: usize, width: usize) {
        let lanes = S::F32_LANES;
        let whole = width == 2 * lanes;
        let rows = self.out.len() / self.pixels;
        for (block, packed) in self.packed.chunks_exact(self.inputs * ROWS).enumerate() {
            let mut sums = [[simd.splat_f32s(0.0); 2]; ROWS];
            for (sums, &shift) in sums.iter_mut().zip(self.shift.iter().skip(block * ROWS)) {
                *sums = [simd.splat_f32s(shift); 2];
            }
            for (weights, x) in packed
                .chunks_exact(ROWS)
                .zip(self.x.chunks_exact(self.pixels))
            {
                let x = &x[start..start + width];
                let x = if whole {
                    [load(simd, x), load(simd, &x[lanes..])]
                } else {
                    let (first, second) = x.split_at(lanes.min(width));
                    [
                        simd.partial_load_f32s(first),
                        simd.partial_load_f32s(second),
                    ]
                };
                for row in 0..ROWS {
                    let weight = simd.splat_f32s(weights[row]);
                    sums[row][0] = simd.mul_add_e_f32s(weight, x[0], sums[row][0]);
                    sums[row][1] = simd.mul_add_e_f32s(weight, x[1], sums[row][1]);
                }
            }
            let count = ROWS.min(rows - block * ROWS);
            for (row, &[first, second]) in sums.iter().enumerate().take(count) {
                let sums = [F::value(simd, first), F::value(simd, second)];
                let from = (block * ROWS + row) * self.pixels + start;
                let out = &mut self.out[from..from + width];
                if whole {
                    let vectors = S::as_mut_simd_f32s(out).0;
                    vectors[0] = sums[0];
                    vectors[1] = sums[1];
                } else {
                    let (first, second) = out.split_at_mut(lanes.min(width));
                    simd.partial_store_f32s(first, sums[0]);
                    simd.partial_store_f32s(second, sums[1]);
                }
            }
        }
    }
}

impl<F: Function> WithSimd for Mix<'_, F> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let strip = 2 * S::F32_LANES;
        let whole = self.pixels - self.pixels % strip;
        for start in (0..whole).step_by(strip) {
            self.strip(simd, start, strip);
        }
        if whole < self.pixels {
            self.strip(simd, whole, self.pixels - whole);
        }
    }
}

/// Which way the weight is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// `weight` is `[outputs, inputs]`.
    Forward,
    /// `weight` is `[inputs, outputs]`: the gradient's way.
    Transposed,
}

/// All samples: `x` `[batch, inputs, pixels]` to `out` `[batch, outputs, pixels]`.
pub(crate) fn forward(
    x: &[f32],
    weight: &[f32],
    out: &mut [f32],
    sizes: [usize; 3],
    direction: Direction,
    finish: Finish<'_>,
) {
    let packed = pack(weight, sizes, direction);
    match finish.activation {
        Activation::Identity => run::<Identity>(x, &packed, out, sizes, finish.shift),
        Activation::Relu => run::<Relu>(x, &packed, out, sizes, finish.shift),
        Activation::Hardswish => run::<Hardswish>(x, &packed, out, sizes, finish.shift),
    }
}

fn run<F: Function>(
    x: &[f32],
    packed: &[f32],
    out: &mut [f32],
    [inputs, outputs, pixels]: [usize; 3],
    shift: &[f32],
) {
    let batch = x.len() / (inputs * pixels);
    // A single sample is divided by output rows, in whole blocks.
    let tasks = if batch == 1 {
        rayon::current_num_threads()
    } else {
        1
    };
    let rows = outputs.div_ceil(tasks).next_multiple_of(ROWS);
    out.par_chunks_exact_mut(outputs * pixels)
        .zip(x.par_chunks_exact(inputs * pixels))
        .for_each(|(out, x)| {
            out.par_chunks_mut(rows * pixels)
                .zip(packed.par_chunks(rows * inputs))
                .enumerate()
                .for_each(|(index, (out, packed))| {
                    Arch::new().dispatch(Mix::<F> {
                        packed,
                        shift: shift.get(index * rows..).unwrap_or_default(),
                        x,
                        out,
                        inputs,
                        pixels,
                        function: PhantomData,
                    });
                });
        });
}

/// Rows of the gradient and of the input multiplied together.
const SIDE: usize = 4;
/// Pixels per pass: the rows of all channels stay in the cache.
const TILE: usize = 2048;

/// Weight gradient of one sample: `out[o, i]` = sum over pixels of `grad[o]` · `x[i]`.
struct Products<'a> {
    grad: &'a [f32],
    x: &'a [f32],
    out: &'a mut [f32],
    inputs: usize,
    outputs: usize,
    pixels: usize,
}

/// The same pixels of [`SIDE`] neighbouring channels. Channels past the last repeat it; what is
/// summed from them is not used.
struct Rows<'a, S: Simd> {
    vectors: [&'a [S::f32s]; SIDE],
    rests: [&'a [f32]; SIDE],
    count: usize,
}

impl<'a, S: Simd> Rows<'a, S> {
    #[inline(always)]
    fn new(values: &'a [f32], pixels: usize, first: usize, range: Range<usize>) -> Self {
        let channels = values.len() / pixels;
        let mut vectors: [&[S::f32s]; SIDE] = [&[]; SIDE];
        let mut rests: [&[f32]; SIDE] = [&[]; SIDE];
        let count = range.len() / S::F32_LANES;
        for k in 0..SIDE {
            let channel = (first + k).min(channels - 1);
            let row = &values[channel * pixels..][range.clone()];
            let (whole, rest) = S::as_simd_f32s(row);
            vectors[k] = &whole[..count];
            rests[k] = rest;
        }
        Self {
            vectors,
            rests,
            count,
        }
    }
}

impl WithSimd for Products<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let blocks = [self.outputs.div_ceil(SIDE), self.inputs.div_ceil(SIDE)];
        let zero = simd.splat_f32s(0.0);
        let mut sums = vec![[[zero; SIDE]; SIDE]; blocks[0] * blocks[1]];
        for start in (0..self.pixels).step_by(TILE) {
            let end = (start + TILE).min(self.pixels);
            for (index, sums) in sums.iter_mut().enumerate() {
                let (o, i) = (index / blocks[1] * SIDE, index % blocks[1] * SIDE);
                let grads = Rows::<S>::new(self.grad, self.pixels, o, start..end);
                let inputs = Rows::<S>::new(self.x, self.pixels, i, start..end);
                let mut local = *sums;
                for v in 0..grads.count {
                    for a in 0..SIDE {
                        for b in 0..SIDE {
                            let (g, x) = (grads.vectors[a][v], inputs.vectors[b][v]);
                            local[a][b] = simd.mul_add_e_f32s(g, x, local[a][b]);
                        }
                    }
                }
                for a in 0..SIDE {
                    let g = simd.partial_load_f32s(grads.rests[a]);
                    for b in 0..SIDE {
                        let x = simd.partial_load_f32s(inputs.rests[b]);
                        local[a][b] = simd.mul_add_e_f32s(g, x, local[a][b]);
                    }
                }
                *sums = local;
            }
        }
        for (o, row) in self.out.chunks_exact_mut(self.inputs).enumerate() {
            for (i, out) in row.iter_mut().enumerate() {
                let block = o / SIDE * blocks[1] + i / SIDE;
                *out = simd.reduce_sum_f32s(sums[block][o % SIDE][i % SIDE]);
            }
        }
    }
}

/// Gradient with respect to the weights, `[outputs, inputs]`, summed over the batch.
pub(crate) fn weight_gradient(
    x: &[f32],
    grad: &[f32],
    [inputs, outputs, pixels]: [usize; 3],
) -> Vec<f32> {
    let batch = x.len() / (inputs * pixels);
    let mut partial = vec![0.0; batch * outputs * inputs];
    partial
        .par_chunks_exact_mut(outputs * inputs)
        .zip(x.par_chunks_exact(inputs * pixels))
        .zip(grad.par_chunks_exact(outputs * pixels))
        .for_each(|((out, x), grad)| {
            Arch::new().dispatch(Products {
                grad,
                x,
                out,
                inputs,
                outputs,
                pixels,
            });
        });
    super::sum_over_batch(&partial, outputs * inputs)
}
