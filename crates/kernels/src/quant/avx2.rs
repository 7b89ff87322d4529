//! The products of one row group with AVX2: two halves of 8 rows, one lane of a register for each
//! row.

use std::arch::x86_64::{
    __m128i, __m256, __m256i, _mm_loadu_si128, _mm256_abs_epi8, _mm256_add_epi16, _mm256_add_epi32,
    _mm256_and_si256, _mm256_cvtepi32_ps, _mm256_cvtph_ps, _mm256_fmadd_ps, _mm256_load_si256,
    _mm256_madd_epi16, _mm256_maddubs_epi16, _mm256_mul_ps, _mm256_set1_epi8, _mm256_set1_epi16,
    _mm256_set1_epi32, _mm256_set1_ps, _mm256_setzero_ps, _mm256_setzero_si256, _mm256_sign_epi8,
    _mm256_srli_epi16, _mm256_storeu_ps,
};

use super::{Activations, BLOCK, GROUP, Group, Line};

/// Rows in half a group.
const HALF: usize = GROUP / 2;

/// Half of the line at `index`: rows 0 to 7 or 8 to 15.
///
/// # Safety
/// The machine has AVX2, `index` lies within the lines, and `half` is 0 or 1.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn line(lines: &[Line], index: usize, half: usize) -> __m256i {
    debug_assert!(index < lines.len() && half < 2);
    // SAFETY: the caller keeps the address within the lines; half a `Line` is 32 bytes on a 32-byte
    // border.
    unsafe { _mm256_load_si256(lines.as_ptr().add(index).cast::<__m256i>().add(half)) }
}

/// Eight half floats from `index` on, as `f32`.
///
/// # Safety
/// The machine has F16C, and `index + 8` lies within the scales.
#[inline]
#[target_feature(enable = "avx2,f16c")]
#[expect(clippy::cast_ptr_alignment, reason = "the load takes any address")]
unsafe fn scales(scales: &[u16], index: usize) -> __m256 {
    debug_assert!(index + HALF <= scales.len());
    // SAFETY: the caller keeps the eight values within the slice.
    unsafe {
        _mm256_cvtph_ps(_mm_loadu_si128(
            scales.as_ptr().add(index).cast::<__m128i>(),
        ))
    }
}

/// Four bytes of activations in each lane.
///
/// # Safety
/// The machine has AVX2, and `index + 4` lies within the bytes.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn four(bytes: &[i8], index: usize) -> __m256i {
    debug_assert!(index + 4 <= bytes.len());
    // SAFETY: the caller keeps the four bytes within the slice; the read need not be aligned.
    _mm256_set1_epi32(unsafe { bytes.as_ptr().add(index).cast::<i32>().read_unaligned() })
}

/// 16 rows of `Q4_1` with rows `row..row + N` of the activations.
///
/// # Safety
/// The machine has AVX2, FMA and F16C; the group has as many blocks as a row of the activations.
#[target_feature(enable = "avx2,fma,f16c")]
pub(super) unsafe fn q4_1<const N: usize>(
    group: &Group<'_>,
    x: &Activations,
    row: usize,
    out: &mut [[f32; GROUP]; N],
) {
    let blocks = x.columns() / BLOCK;
    let nibble = _mm256_set1_epi8(15);
    let ones = _mm256_set1_epi16(1);
    for half in 0..2 {
        let mut sums = [_mm256_setzero_ps(); N];
        for block in 0..blocks {
            // A sum of two products is at most 2 * 15 * 127 = 3810, so eight of them fit 16 bits.
            let mut products = [_mm256_setzero_si256(); N];
            for index in 0..4 {
                // SAFETY: the group has 4 lines a block.
                let both = unsafe { line(group.quants, block * 4 + index, half) };
                let low = _mm256_and_si256(both, nibble);
                let high = _mm256_and_si256(_mm256_srli_epi16(both, 4), nibble);
                for n in 0..N {
                    let at = ((row + n) * blocks + block) * BLOCK + index * 4;
                    // SAFETY: `at` lies within the block's first half, `at + 16` within its second.
                    let (first, second) =
                        unsafe { (four(&x.quants, at), four(&x.quants, at + 16)) };
                    products[n] = _mm256_add_epi16(products[n], _mm256_maddubs_epi16(low, first));
                    products[n] = _mm256_add_epi16(products[n], _mm256_maddubs_epi16(high, second));
                }
            }
            let at = block * 2 * GROUP + half * HALF;
            // SAFETY: the group has 16 scales and 16 minima a block.
            let (scale, minimum) =
                unsafe { (scales(group.scales, at), scales(group.scales, at + GROUP)) };
            for n in 0..N {
                let at = (row + n) * blocks + block;
                let products = _mm256_cvtepi32_ps(_mm256_madd_epi16(products[n], ones));
                let both = _mm256_mul_ps(scale, _mm256_set1_ps(x.scales[at]));
                sums[n] = _mm256_fmadd_ps(products, both, sums[n]);
                let sum = _mm256_set1_ps(x.scales[at] * x.sums[at] as f32);
                sums[n] = _mm256_fmadd_ps(minimum, sum, sums[n]);
            }
        }
        for (out, sum) in out.iter_mut().zip(sums) {
            // SAFETY: half of `out` has eight values.
            unsafe { _mm256_storeu_ps(out.as_mut_ptr().add(half * HALF), sum) };
        }
    }
}

/// 16 rows of `Q8_0` with rows `row..row + N` of the activations. The instruction multiplies
/// unsigned by signed bytes, so the sign of a weight is moved to the activation.
///
/// # Safety
/// The machine has AVX2, FMA and F16C; the group has as many blocks as a row of the activations.
#[target_feature(enable = "avx2,fma,f16c")]
pub(super) unsafe fn q8_0<const N: usize>(
    group: &Group<'_>,
    x: &Activations,
    row: usize,
    out: &mut [[f32; GROUP]; N],
) {
    let blocks = x.columns() / BLOCK;
    let ones = _mm256_set1_epi16(1);
    for half in 0..2 {
        let mut sums = [_mm256_setzero_ps(); N];
        for block in 0..blocks {
            let mut products = [_mm256_setzero_si256(); N];
            for index in 0..8 {
                // SAFETY: the group has 8 lines a block.
                let weights = unsafe { line(group.quants, block * 8 + index, half) };
                let magnitudes = _mm256_abs_epi8(weights);
                for n in 0..N {
                    let at = ((row + n) * blocks + block) * BLOCK + index * 4;
                    // SAFETY: `at` lies within the block.
                    let signed = _mm256_sign_epi8(unsafe { four(&x.quants, at) }, weights);
                    let pairs = _mm256_maddubs_epi16(magnitudes, signed);
                    products[n] = _mm256_add_epi32(products[n], _mm256_madd_epi16(pairs, ones));
                }
            }
            // SAFETY: the group has 16 scales a block.
            let scale = unsafe { scales(group.scales, block * GROUP + half * HALF) };
            for n in 0..N {
                let both =
                    _mm256_mul_ps(scale, _mm256_set1_ps(x.scales[(row + n) * blocks + block]));
                sums[n] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(products[n]), both, sums[n]);
            }
        }
        for (out, sum) in out.iter_mut().zip(sums) {
            // SAFETY: half of `out` has eight values.
            unsafe { _mm256_storeu_ps(out.as_mut_ptr().add(half * HALF), sum) };
        }
    }
}
