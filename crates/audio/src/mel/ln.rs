//! Natural logarithm of many values at once, in a form that compilers vectorise.

#![expect(
    clippy::inline_always,
    reason = "what is inlined into `dispatch` is compiled for the processor's vector instructions"
)]

use pulp::{Arch, Simd, WithSimd};

/// Replaces each value `x`, positive and normal, by `ln(x)`, to about one unit in the last place.
/// Source: `logf` of the Cephes library (S. L. Moshier).
pub(crate) fn ln(values: &mut [f32]) {
    Arch::new().dispatch(Logarithms(values));
}

/// The work of [`ln`].
struct Logarithms<'a>(&'a mut [f32]);

impl WithSimd for Logarithms<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<V: Simd>(self, _: V) {
        for value in self.0 {
            *value = ln_of(*value);
        }
    }
}

#[inline(always)]
fn ln_of(x: f32) -> f32 {
    /// Square root of a half, where the mantissa's range is folded around 1.
    const FOLD: f32 = std::f32::consts::FRAC_1_SQRT_2;
    /// ln 2 in two parts, the first exact in few bits.
    const LN_2: (f32, f32) = (0.693_359_4, -2.121_944_4e-4);
    const POLYNOMIAL: [f32; 9] = [
        7.037_684e-2,
        -1.151_461e-1,
        1.167_699_9e-1,
        -1.242_014_1e-1,
        1.424_932_3e-1,
        -1.666_805_8e-1,
        2.000_071_5e-1,
        -2.499_999_4e-1,
        0.333_333_3,
    ];
    let bits = x.to_bits();
    let mantissa = f32::from_bits((bits & 0x007F_FFFF) | 0x3F00_0000);
    let exponent = ((bits >> 23) & 0xFF) as i32 - 126;
    let below = mantissa < FOLD;
    let m = if below { mantissa + mantissa } else { mantissa } - 1.0;
    let e = (exponent - i32::from(below)) as f32;
    let square = m * m;
    let series = POLYNOMIAL.iter().fold(0.0, |sum, &c| sum * m + c);
    let tail = series * m * square + e * LN_2.1 - 0.5 * square;
    m + tail + e * LN_2.0
}

#[cfg(test)]
mod tests {
    use super::ln;

    #[test]
    fn equals_the_standard_logarithm() {
        let mut x = 1e-37_f32;
        while x < 1e37 {
            let mut value = [x];
            ln(&mut value);
            let expected = f64::from(x).ln();
            let difference = (f64::from(value[0]) - expected).abs();
            assert!(
                difference <= 1.2e-7 * expected.abs().max(1.0),
                "{x}: {difference}"
            );
            x *= 1.000_37;
        }
    }
}
