//! Attention of one query over the positions so far: in come a query, keys and values, out goes
//! their mixture.

use pulp::Arch;

use super::vector::{dot, exp, sum};

/// `softmax(q · kᵀ · scale) v` for a query as long as one row of `keys` and `values`, both
/// `[positions, query.len()]`; the result goes to `out`, of the query's length.
///
/// # Panics
/// Where the lengths do not fit or there is no position.
pub fn attend(query: &[f32], keys: &[f32], values: &[f32], scale: f32, out: &mut [f32]) {
    let width = query.len();
    assert!(
        width > 0 && out.len() == width && keys.len() == values.len(),
        "lengths of query, keys, values, result"
    );
    assert!(
        !keys.is_empty() && keys.len().is_multiple_of(width),
        "whole positions, at least one"
    );
    Arch::new().dispatch(|| {
        let mut weights: Vec<f32> = keys
            .chunks_exact(width)
            .map(|key| dot(query, key) * scale)
            .collect();
        let largest = weights.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        for weight in &mut weights {
            *weight = exp(*weight - largest);
        }
        let total = sum(&weights, |weight| weight);
        out.fill(0.0);
        for (weight, value) in weights.iter().zip(values.chunks_exact(width)) {
            let weight = weight / total;
            for (out, value) in out.iter_mut().zip(value) {
                *out += weight * value;
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_the_formula() {
        let width = 24;
        for positions in [1, 2, 33] {
            let value = |i: usize| ((i * 7919 % 211) as f32 - 105.0) / 70.0;
            let query: Vec<f32> = (0..width).map(|i| value(i + 3)).collect();
            let keys: Vec<f32> = (0..positions * width).map(|i| value(i * 3 + 1)).collect();
            let values: Vec<f32> = (0..positions * width).map(|i| value(i * 5 + 2)).collect();
            let mut found = vec![9.0; width];
            attend(&query, &keys, &values, 0.2, &mut found);
            let score = |key: &[f32]| {
                key.iter()
                    .zip(&query)
                    .map(|(k, q)| f64::from(k * q))
                    .sum::<f64>()
                    * 0.2
            };
            let scores: Vec<f64> = keys.chunks(width).map(|key| score(key).exp()).collect();
            let total: f64 = scores.iter().sum();
            for i in 0..width {
                let mixed = |p: usize| scores[p] / total * f64::from(values[p * width + i]);
                let expected: f64 = (0..positions).map(mixed).sum();
                assert!(
                    (f64::from(found[i]) - expected).abs() < 1e-5,
                    "{} {expected}",
                    found[i]
                );
            }
        }
    }
}
