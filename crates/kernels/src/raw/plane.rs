//! Two-dimensional convolution of one plane `[height, width]` with one odd square kernel, zero
//! padding of half a kernel, stride 1 or 2: the plane in, the convolved plane or gradients out.
//!
//! The plane is first copied between zeros, and for stride 2 its even and odd columns are parted, so
//! that every tap of the kernel reads contiguous values.

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::{load, planes_per_task};

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

/// Longest vector of any supported machine, in f32.
const LONGEST: usize = 16;

/// A plane between zeros, its columns parted by their remainder modulo the stride.
struct Padded {
    values: Vec<f32>,
    /// Length of one row of one remainder.
    phase: usize,
    padding: usize,
    stride: usize,
    width: usize,
}

impl Padded {
    fn new(geometry: Geometry) -> Self {
        let padding = geometry.kernel / 2;
        let phase = (geometry.out_width() + geometry.kernel).next_multiple_of(LONGEST)
            + LONGEST
            + geometry.kernel;
        let rows = geometry.height + 2 * padding;
        Self {
            values: vec![0.0; rows * geometry.stride * phase],
            phase,
            padding,
            stride: geometry.stride,
            width: geometry.width,
        }
    }

    /// Replaces the plane; the zeros around it stay.
    fn fill(&mut self, plane: &[f32]) {
        let (padding, phase) = (self.padding, self.phase);
        let rows = self
            .values
            .chunks_exact_mut(self.stride * phase)
            .skip(padding);
        for (row, source) in rows.zip(plane.chunks_exact(self.width)) {
            if self.stride == 1 {
                row[padding..padding + source.len()].copy_from_slice(source);
                continue;
            }
            let (even, odd) = row.split_at_mut(phase);
            // Column i of the plane is column i + padding of the padded one.
            let (first, second) = if padding.is_multiple_of(2) {
                (&mut even[padding / 2..], &mut odd[padding / 2..])
            } else {
                (&mut odd[padding / 2..], &mut even[padding / 2 + 1..])
            };
            let pairs = source.chunks_exact(2);
            if let [last] = pairs.remainder() {
                first[source.len() / 2] = *last;
            }
            for ((pair, a), b) in pairs.zip(first).zip(second) {
                *a = pair[0];
                *b = pair[1];
            }
        }
    }
}

/// One output plane from a padded input plane.
struct Convolve<'a, const K: usize, const STRIDE: usize> {
    padded: &'a Padded,
    kernel: &'a [f32],
    out: &'a mut [f32],
    out_width: usize,
}

/// Rows `top .. top + K` of a padded plane.
#[inline(always)]
fn rows<const K: usize>(padded: &Padded, top: usize) -> [&[f32]; K] {
    let length = padded.stride * padded.phase;
    let mut rows = [&padded.values[..0]; K];
    for (k, row) in rows.iter_mut().enumerate() {
        *row = &padded.values[(top + k) * length..][..length];
    }
    rows
}

/// The values under vector `v` of the output for all taps of one kernel row, parted like the row.
#[inline(always)]
fn windows<S: Simd, const K: usize, const STRIDE: usize>(
    row: &[f32],
    phase: usize,
    v: usize,
) -> [&[f32]; STRIDE] {
    let mut windows = [&row[..0]; STRIDE];
    for (q, window) in windows.iter_mut().enumerate() {
        let start = q * phase + v * S::F32_LANES;
        *window = &row[start..start + S::F32_LANES + K / STRIDE];
    }
    windows
}

/// Vector `v` of an output row.
#[inline(always)]
fn convolved<S: Simd, const K: usize, const STRIDE: usize>(
    simd: S,
    rows: &[&[f32]; K],
    taps: &[[S::f32s; K]; K],
    phase: usize,
    v: usize,
) -> S::f32s {
    let mut sums = [simd.splat_f32s(0.0); K];
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

impl<const K: usize, const STRIDE: usize> WithSimd for Convolve<'_, K, STRIDE> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let phase = self.padded.phase;
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
                *vector = convolved::<S, K, STRIDE>(simd, &rows, &taps, phase, v);
            }
            if !rest.is_empty() {
                let last = convolved::<S, K, STRIDE>(simd, &rows, &taps, phase, count);
                simd.partial_store_f32s(rest, last);
            }
        }
    }
}

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

/// Input gradient of a stride-2 convolution: every input column collects the taps of its own parity.
struct Spread<'a, const K: usize> {
    /// The output gradient, padded by half a kernel.
    padded: &'a Padded,
    kernel: &'a [f32],
    /// Two rows of sums, one per parity of the padded column.
    sums: &'a mut [f32],
    out: &'a mut [f32],
    width: usize,
}

impl<const K: usize> WithSimd for Spread<'_, K> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let padding = K / 2;
        let phase = self.padded.phase;
        let columns = (self.width + padding).div_ceil(2);
        let (even, odd) = self.sums.split_at_mut(self.sums.len() / 2);
        for (h, out) in self.out.chunks_exact_mut(self.width).enumerate() {
            let top = h + padding;
            for (parity, sums) in [&mut *even, &mut *odd].into_iter().enumerate() {
                let vectors = S::as_mut_simd_f32s(sums).0;
                let count = columns.div_ceil(S::F32_LANES);
                for (v, vector) in vectors[..count].iter_mut().enumerate() {
                    let mut sum = simd.splat_f32s(0.0);
                    for k in (top % 2..K).step_by(2) {
                        // Rows above the plane are the padding's; (top - k) / 2 may be negative.
                        let row = (top + 2 * padding - k) / 2;
                        let row = &self.padded.values[row * phase..][..phase];
                        for w in (parity..K).step_by(2) {
                            let start = v * S::F32_LANES + padding - w / 2;
                            let x = load(simd, &row[start..start + S::F32_LANES]);
                            let tap = simd.splat_f32s(self.kernel[k * K + w]);
                            sum = simd.mul_add_e_f32s(x, tap, sum);
                        }
                    }
                    *vector = sum;
                }
            }
            let (first, second) = if padding.is_multiple_of(2) {
                (&even[padding / 2..], &odd[padding / 2..])
            } else {
                (&odd[padding / 2..], &even[padding / 2 + 1..])
            };
            let mut pairs = out.chunks_exact_mut(2);
            let half = self.width / 2;
            for ((pair, &a), &b) in pairs.by_ref().zip(first).zip(second) {
                pair[0] = a;
                pair[1] = b;
            }
            if let [last] = pairs.into_remainder() {
                *last = first[half];
            }
        }
    }
}

fn convolve(padded: &Padded, kernel: &[f32], out: &mut [f32], geometry: Geometry) {
    let out_width = geometry.out_width();
    macro_rules! run {
        ($k:literal, $s:literal) => {
            Arch::new().dispatch(Convolve::<$k, $s> {
                padded,
                kernel,
                out,
                out_width,
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

fn correlate(padded: &Padded, grad: &[f32], out: &mut [f32], geometry: Geometry) {
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

/// All planes: `x` `[batch, channels or 1, height, width]`, `weight` `[channels, kernel, kernel]`,
/// `out` `[batch, channels, out height, out width]`.
pub(crate) fn forward(
    x: &[f32],
    weight: &[f32],
    out: &mut [f32],
    geometry: Geometry,
    wiring: Wiring,
) {
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
                let kernel = &weight[(index % wiring.channels) * taps..][..taps];
                convolve(padded, kernel, out, geometry);
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
                let sums = vec![0.0; 2 * padded.phase];
                (padded, sums, vec![0.0; taps])
            },
            |(padded, sums, flipped), (index, out)| {
                padded.fill(&grad[index * geometry.output()..][..geometry.output()]);
                let kernel = &weight[(index % channels) * taps..][..taps];
                if geometry.stride == 1 {
                    for (flipped, &tap) in flipped.iter_mut().zip(kernel.iter().rev()) {
                        *flipped = tap;
                    }
                    convolve(padded, flipped, out, inverse);
                    return;
                }
                let width = geometry.width;
                if geometry.kernel == 3 {
                    Arch::new().dispatch(Spread::<3> {
                        padded,
                        kernel,
                        sums,
                        out,
                        width,
                    });
                } else {
                    Arch::new().dispatch(Spread::<5> {
                        padded,
                        kernel,
                        sums,
                        out,
                        width,
                    });
                }
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
