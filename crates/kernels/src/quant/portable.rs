//! The products of one row group in plain Rust: the reference of the vector kernels, and what runs
//! where they cannot.

use half::f16;

use super::{Activations, BLOCK, GROUP, Group};

/// 16 rows of `Q4_1` with rows `row..row + N` of the activations.
pub(super) fn q4_1<const N: usize>(
    group: &Group<'_>,
    x: &Activations,
    row: usize,
    out: &mut [[f32; GROUP]; N],
) {
    let blocks = x.columns() / BLOCK;
    for (n, out) in out.iter_mut().enumerate() {
        *out = [0.0; GROUP];
        for block in 0..blocks {
            let at = (row + n) * blocks + block;
            let bytes = &x.quants[at * BLOCK..][..BLOCK];
            let (scale, sum) = (x.scales[at], x.sums[at]);
            for lane in 0..GROUP {
                let mut products = 0;
                for line in 0..4 {
                    for byte in 0..4 {
                        let q = group.quants[block * 4 + line].0[lane * 4 + byte];
                        products += i32::from(q & 15) * i32::from(bytes[line * 4 + byte]);
                        products += i32::from(q >> 4) * i32::from(bytes[16 + line * 4 + byte]);
                    }
                }
                let weight_scale = f16::from_bits(group.scales[block * 2 * GROUP + lane]).to_f32();
                let minimum =
                    f16::from_bits(group.scales[block * 2 * GROUP + GROUP + lane]).to_f32();
                out[lane] +=
                    weight_scale * scale * products as f32 + minimum * (scale * sum as f32);
            }
        }
    }
}

/// 16 rows of `Q8_0` with rows `row..row + N` of the activations.
pub(super) fn q8_0<const N: usize>(
    group: &Group<'_>,
    x: &Activations,
    row: usize,
    out: &mut [[f32; GROUP]; N],
) {
    let blocks = x.columns() / BLOCK;
    for (n, out) in out.iter_mut().enumerate() {
        *out = [0.0; GROUP];
        for block in 0..blocks {
            let at = (row + n) * blocks + block;
            let bytes = &x.quants[at * BLOCK..][..BLOCK];
            for lane in 0..GROUP {
                let mut products = 0;
                for line in 0..8 {
                    for byte in 0..4 {
                        let q = group.quants[block * 8 + line].0[lane * 4 + byte] as i8;
                        products += i32::from(q) * i32::from(bytes[line * 4 + byte]);
                    }
                }
                let weight_scale = f16::from_bits(group.scales[block * GROUP + lane]).to_f32();
                out[lane] += weight_scale * x.scales[at] * products as f32;
            }
        }
    }
}
