//! The small operations between the products of a decoder, on slices, with the widest instructions
//! of the machine.

#![expect(
    clippy::inline_always,
    reason = "inlined into loops that are compiled for the machine's widest instructions"
)]

use pulp::Arch;

/// `x += y`.
///
/// # Panics
/// Where the lengths differ.
pub fn add_to(x: &mut [f32], y: &[f32]) {
    assert_eq!(x.len(), y.len(), "lengths of the two");
    Arch::new().dispatch(|| x.iter_mut().zip(y).for_each(|(x, y)| *x += y));
}

/// `x / sqrt(mean(x²) + ε) · w` for each row as long as `weight` (Zhang and Sennrich 2019, equation
/// 4).
///
/// # Panics
/// Where `x` is not whole rows.
pub fn rms_norm(x: &[f32], weight: &[f32], epsilon: f32) -> Vec<f32> {
    assert!(x.len().is_multiple_of(weight.len()), "whole rows");
    let mut out = Vec::with_capacity(x.len());
    Arch::new().dispatch(|| {
        for row in x.chunks_exact(weight.len()) {
            let root = (sum(row, |x| x * x) / row.len() as f32 + epsilon)
                .sqrt()
                .recip();
            out.extend(row.iter().zip(weight).map(|(x, w)| x * root * w));
        }
    });
    out
}

/// `gate · sigmoid(gate) · up`, in place of `gate`.
///
/// # Panics
/// Where the lengths differ.
pub fn silu_gate(gate: &mut [f32], up: &[f32]) {
    assert_eq!(gate.len(), up.len(), "lengths of the two");
    Arch::new().dispatch(|| {
        for (gate, up) in gate.iter_mut().zip(up) {
            *gate = *gate / (1.0 + exp(-*gate)) * up;
        }
    });
}

/// Sum of a function of all values, in 16 partial sums that the compiler keeps in registers.
#[inline(always)]
pub(super) fn sum(x: &[f32], value: impl Fn(f32) -> f32) -> f32 {
    let mut partial = [0.0f32; 16];
    let (whole, rest) = x.as_chunks::<16>();
    for chunk in whole {
        for (partial, x) in partial.iter_mut().zip(chunk) {
            *partial += value(*x);
        }
    }
    partial.iter().sum::<f32>() + rest.iter().map(|x| value(*x)).sum::<f32>()
}

/// Inner product of two slices of one length.
#[inline(always)]
pub(super) fn dot(x: &[f32], y: &[f32]) -> f32 {
    let mut partial = [0.0f32; 16];
    let ((x, x_rest), (y, y_rest)) = (x.as_chunks::<16>(), y.as_chunks::<16>());
    for (x, y) in x.iter().zip(y) {
        for i in 0..16 {
            partial[i] += x[i] * y[i];
        }
    }
    partial.iter().sum::<f32>() + x_rest.iter().zip(y_rest).map(|(x, y)| x * y).sum::<f32>()
}

/// `e^x` to about 2 units in the last place, without branches, so that a loop over it becomes
/// vector instructions: `2^n` by the exponent bits, and a polynomial for the rest within ±ln 2 / 2
/// (the constants of Cephes' `expf`).
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    // Adding and taking off 1.5 · 2^23 rounds to the nearest integer.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0);
    let n = (x * std::f32::consts::LOG2_E + ROUND) - ROUND;
    let r = (x - n * 0.693_359_4) + n * 2.121_944_4e-4;
    let mut p = 1.987_569_1e-4;
    for c in [
        1.398_199_9e-3,
        8.333_452e-3,
        4.166_579_6e-2,
        1.666_666_5e-1,
        0.5,
    ] {
        p = p * r + c;
    }
    let mantissa = p * r * r + r + 1.0;
    mantissa * f32::from_bits(((n as i32 + 127) << 23) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_exact_to_a_few_units_and_bounded() {
        for i in -8700..=8800 {
            let x = i as f32 * 0.01;
            let expected = f64::from(x).exp();
            assert!((f64::from(exp(x)) / expected - 1.0).abs() < 3e-7, "{x}");
        }
        assert!(exp(-1000.0) < 1e-37 && exp(1000.0).is_finite());
    }

    #[test]
    fn the_gate_is_silu_times_up() {
        let mut gate: Vec<f32> = (-50..53).map(|i| i as f32 * 0.31).collect();
        let up: Vec<f32> = gate.iter().map(|x| x * 0.7 + 1.0).collect();
        let expected: Vec<f64> = gate
            .iter()
            .zip(&up)
            .map(|(g, u)| f64::from(*g) / (1.0 + (-f64::from(*g)).exp()) * f64::from(*u))
            .collect();
        silu_gate(&mut gate, &up);
        for (found, expected) in gate.iter().zip(expected) {
            assert!(
                (f64::from(*found) - expected).abs() < 1e-5 * (1.0 + expected.abs()),
                "{found} {expected}"
            );
        }
    }

    #[test]
    fn the_norm_and_the_sum_follow_their_formulas() {
        let x: Vec<f32> = (0..38).map(|i| (i as f32 - 11.0) * 0.37).collect();
        let weight: Vec<f32> = (0..19).map(|i| 1.0 + i as f32 * 0.1).collect();
        let found = rms_norm(&x, &weight, 1e-5);
        for (row, found) in x.chunks(19).zip(found.chunks(19)) {
            let mean = row.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / 19.0;
            for i in 0..19 {
                let expected = f64::from(row[i]) / (mean + 1e-5).sqrt() * f64::from(weight[i]);
                assert!(
                    (f64::from(found[i]) - expected).abs() < 1e-5,
                    "{} {expected}",
                    found[i]
                );
            }
        }
        let mut total = x.clone();
        add_to(&mut total, &x);
        assert!(total.iter().zip(&x).all(|(total, x)| *total == 2.0 * x));
    }
}
