//! The products of one row group with AVX-512 VNNI: one lane of a register for each of the 16 rows.

use std::arch::x86_64::{
    __m256i, __m512, __m512i, _mm256_loadu_si256, _mm512_add_epi32, _mm512_and_si512,
    _mm512_cvtepi32_ps, _mm512_cvtph_ps, _mm512_dpbusd_epi32, _mm512_fmadd_ps, _mm512_load_si512,
    _mm512_mul_ps, _mm512_set1_epi8, _mm512_set1_epi32, _mm512_set1_ps, _mm512_setzero_ps,
    _mm512_setzero_si512, _mm512_srli_epi16, _mm512_storeu_ps, _mm512_xor_si512,
};

use super::{Activations, BLOCK, GROUP, Group, Line};

/// The line at `index`.
///
/// # Safety
/// The machine has AVX-512F, and `index` lies within the lines.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn line(lines: &[Line], index: usize) -> __m512i {
    debug_assert!(index < lines.len());
    // SAFETY: the caller keeps `index` within the lines; a `Line` is 64 bytes on a 64-byte border.
    unsafe { _mm512_load_si512(lines.as_ptr().add(index).cast()) }
}

/// Sixteen half floats from `index` on, as `f32`.
///
/// # Safety
/// The machine has AVX-512F, and `index + 16` lies within the scales.
#[inline]
#[target_feature(enable = "avx512f")]
#[expect(clippy::cast_ptr_alignment, reason = "the load takes any address")]
unsafe fn scales(scales: &[u16], index: usize) -> __m512 {
    debug_assert!(index + GROUP <= scales.len());
    // SAFETY: the caller keeps the sixteen values within the slice.
    unsafe {
        _mm512_cvtph_ps(_mm256_loadu_si256(
            scales.as_ptr().add(index).cast::<__m256i>(),
        ))
    }
}

/// Four bytes of activations in each lane.
///
/// # Safety
/// The machine has AVX-512F, and `index + 4` lies within the bytes.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn four(bytes: &[i8], index: usize) -> __m512i {
    debug_assert!(index + 4 <= bytes.len());
    // SAFETY: the caller keeps the four bytes within the slice; the read need not be aligned.
    _mm512_set1_epi32(unsafe { bytes.as_ptr().add(index).cast::<i32>().read_unaligned() })
}

/// 16 rows of `Q4_1` with rows `row..row + N` of the activations.
///
/// # Safety
/// The machine has AVX-512F, BW and VNNI; the group has as many blocks as a row of the activations.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
pub(super) unsafe fn q4_1<const N: usize>(
    group: &Group<'_>,
    x: &Activations,
    row: usize,
    out: &mut [[f32; GROUP]; N],
) {
    let blocks = x.columns() / BLOCK;
    let nibble = _mm512_set1_epi8(15);
    let mut sums = [_mm512_setzero_ps(); N];
    for block in 0..blocks {
        let mut low_products = [_mm512_setzero_si512(); N];
        let mut high_products = [_mm512_setzero_si512(); N];
        for index in 0..4 {
            // SAFETY: the group has 4 lines a block.
            let both = unsafe { line(group.quants, block * 4 + index) };
            let low = _mm512_and_si512(both, nibble);
            let high = _mm512_and_si512(_mm512_srli_epi16(both, 4), nibble);
            for n in 0..N {
                let at = ((row + n) * blocks + block) * BLOCK + index * 4;
                // SAFETY: `at` lies within the block's first half, `at + 16` within its second.
                let (first, second) = unsafe { (four(&x.quants, at), four(&x.quants, at + 16)) };
                low_products[n] = _mm512_dpbusd_epi32(low_products[n], low, first);
                high_products[n] = _mm512_dpbusd_epi32(high_products[n], high, second);
            }
        }
        // SAFETY: the group has 16 scales and 16 minima a block.
        let (scale, minimum) = unsafe {
            (
                scales(group.scales, block * 2 * GROUP),
                scales(group.scales, block * 2 * GROUP + GROUP),
            )
        };
        for n in 0..N {
            let at = (row + n) * blocks + block;
            let products = _mm512_cvtepi32_ps(_mm512_add_epi32(low_products[n], high_products[n]));
            let both = _mm512_mul_ps(scale, _mm512_set1_ps(x.scales[at]));
            sums[n] = _mm512_fmadd_ps(products, both, sums[n]);
            let sum = _mm512_set1_ps(x.scales[at] * x.sums[at] as f32);
            sums[n] = _mm512_fmadd_ps(minimum, sum, sums[n]);
        }
    }
    for (out, sum) in out.iter_mut().zip(sums) {
        // SAFETY: `out` has sixteen values.
        unsafe { _mm512_storeu_ps(out.as_mut_ptr(), sum) };
    }
}

/// 16 rows of `Q8_0` with rows `row..row + N` of the activations. The instruction wants unsigned
/// weights, so 128 is added to each and 128 times the sum of the activations taken off.
///
/// # Safety
/// The machine has AVX-512F, BW and VNNI; the group has as many blocks as a row of the activations.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
pub(super) unsafe fn q8_0<const N: usize>(
    group: &Group<'_>,
    x: &Activations,
    row: usize,
    out: &mut [[f32; GROUP]; N],
) {
    let blocks = x.columns() / BLOCK;
    let flip = _mm512_set1_epi8(-128);
    let mut sums = [_mm512_setzero_ps(); N];
    for block in 0..blocks {
        let mut products = [_mm512_setzero_si512(); N];
        for (n, products) in products.iter_mut().enumerate() {
            *products = _mm512_set1_epi32(-128 * x.sums[(row + n) * blocks + block]);
        }
        for index in 0..8 {
            // SAFETY: the group has 8 lines a block.
            let unsigned = _mm512_xor_si512(unsafe { line(group.quants, block * 8 + index) }, flip);
            for n in 0..N {
                let at = ((row + n) * blocks + block) * BLOCK + index * 4;
                // SAFETY: `at` lies within the block.
                products[n] =
                    _mm512_dpbusd_epi32(products[n], unsigned, unsafe { four(&x.quants, at) });
            }
        }
        // SAFETY: the group has 16 scales a block.
        let scale = unsafe { scales(group.scales, block * GROUP) };
        for n in 0..N {
            let both = _mm512_mul_ps(scale, _mm512_set1_ps(x.scales[(row + n) * blocks + block]));
            sums[n] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(products[n]), both, sums[n]);
        }
    }
    for (out, sum) in out.iter_mut().zip(sums) {
        // SAFETY: `out` has sixteen values.
        unsafe { _mm512_storeu_ps(out.as_mut_ptr(), sum) };
    }
}
