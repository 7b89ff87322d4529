//! A plane copied between zeros: the plane in, rows and windows to read it by out.

use pulp::Simd;

use super::Geometry;

/// Longest vector of any supported machine, in f32.
const LONGEST: usize = 16;

/// A plane between zeros, its columns parted by their remainder modulo the stride.
pub(super) struct Padded {
    pub(super) values: Vec<f32>,
    /// Length of one row of one remainder.
    pub(super) phase: usize,
    padding: usize,
    pub(super) stride: usize,
    width: usize,
}

impl Padded {
    pub(super) fn new(geometry: Geometry) -> Self {
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
    pub(super) fn fill(&mut self, plane: &[f32]) {
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

/// Rows `top .. top + K` of a padded plane.
#[inline(always)]
pub(super) fn rows<const K: usize>(padded: &Padded, top: usize) -> [&[f32]; K] {
    let length = padded.stride * padded.phase;
    let mut rows = [&padded.values[..0]; K];
    for (k, row) in rows.iter_mut().enumerate() {
        *row = &padded.values[(top + k) * length..][..length];
    }
    rows
}

/// The values under vector `v` of the output for all taps of one kernel row, parted like the row.
#[inline(always)]
pub(super) fn windows<S: Simd, const K: usize, const STRIDE: usize>(
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
