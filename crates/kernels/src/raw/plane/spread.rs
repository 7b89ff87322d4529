//! The input gradient of a stride-2 convolution of one plane: padded output gradient and kernel in,
//! gradient of the input plane out.

use pulp::{Arch, Simd, WithSimd};

use super::Geometry;
use super::padded::Padded;
use crate::raw::load;

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

/// Room for the sums of [`spread`].
pub(super) fn sums(padded: &Padded) -> Vec<f32> {
    vec![0.0; 2 * padded.phase]
}

/// Writes the input gradient of one plane; `padded` holds the output gradient.
pub(super) fn spread(
    padded: &Padded,
    kernel: &[f32],
    sums: &mut [f32],
    out: &mut [f32],
    geometry: Geometry,
) {
    let width = geometry.width;
    macro_rules! run {
        ($k:literal) => {
            Arch::new().dispatch(Spread::<$k> {
                padded,
                kernel,
                sums,
                out,
                width,
            })
        };
    }
    if geometry.kernel == 3 {
        run!(3);
    } else {
        run!(5);
    }
}
