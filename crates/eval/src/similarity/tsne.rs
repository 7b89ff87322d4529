//! In: embeddings. Out: their map in two dimensions by exact t-SNE (van der Maaten & Hinton, JMLR 9,
//! 2008), started from the principal components: the same embeddings give the same map.
//!
//! Step size, momentum, early exaggeration and gains are those of scikit-learn's exact method. The
//! cost is quadratic in the observations; a thousand take a few seconds.

use rayon::prelude::*;

use super::pca::principal_components;
use crate::matrix::Matrix;
use crate::metrics::{Undefined, all_finite};

/// Steps with exaggerated affinities, and their factor.
const EARLY: usize = 250;
const EXAGGERATION: f64 = 12.0;
/// Affinities are never quite 0, so that the divergence stays finite.
const LEAST: f64 = 1e-12;

/// Settings of the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TsneOptions {
    /// Effective number of neighbours; below a third of the observations.
    pub perplexity: f64,
    /// Steps of gradient descent.
    pub steps: usize,
}

impl Default for TsneOptions {
    fn default() -> Self {
        Self {
            perplexity: 30.0,
            steps: 750,
        }
    }
}

/// Map `[observations, 2]` of embeddings `[observations, any]`, and the Kullback-Leibler divergence
/// between the affinities there and in the embedding space.
///
/// # Errors
/// Undefined for fewer than four observations, where the perplexity does not fit their number, and
/// where all are the same.
pub fn tsne(x: &Matrix, options: &TsneOptions) -> Result<(Matrix, f64), Undefined> {
    let n = x.rows();
    let p = affinities(x, options.perplexity)?;
    let mut map = principal_components(x, 2)?;
    let deviation = (map.column(0).iter().map(|v| v * v).sum::<f64>() / n as f64).sqrt();
    if deviation <= 0.0 {
        return Err(Undefined::NoneOf("different from another"));
    }
    for value in map.values_mut() {
        *value *= 1e-4 / deviation;
    }
    let rate = (n as f64 / EXAGGERATION / 4.0).max(50.0);
    let mut velocity = vec![0.0; 2 * n];
    let mut gains = vec![1.0_f64; 2 * n];
    for step in 0..options.steps {
        let (factor, momentum) = if step < EARLY {
            (EXAGGERATION, 0.5)
        } else {
            (1.0, 0.8)
        };
        let slope = gradient(&p, factor, &map);
        let state = velocity.iter_mut().zip(&mut gains);
        for ((g, (v, gain)), y) in slope.into_iter().zip(state).zip(map.values_mut()) {
            *gain = if *v * g < 0.0 {
                *gain + 0.2
            } else {
                (*gain * 0.8).max(0.01)
            };
            *v = momentum * *v - rate * *gain * g;
            *y += *v;
        }
    }
    let divergence = divergence(&p, &map);
    Ok((map, divergence))
}

/// Symmetric affinities `[n × n]` that sum to 1: Gaussian neighbourhoods whose width gives each
/// observation the wanted perplexity (equations 1 and 2 of the paper), both directions averaged.
///
/// # Errors
/// As [`tsne`].
pub fn affinities(x: &Matrix, perplexity: f64) -> Result<Vec<f64>, Undefined> {
    all_finite("value", x.values())?;
    let n = x.rows();
    if n < 4 {
        return Err(Undefined::NoneOf("beyond the third"));
    }
    if !(perplexity >= 1.0 && perplexity < n as f64 / 3.0) {
        return Err(Undefined::Value {
            what: "perplexity",
            index: 0,
            value: perplexity,
            range: "1 to a third of the observations",
        });
    }
    let rows: Vec<Vec<f64>> = (0..n)
        .into_par_iter()
        .map(|i| neighbours(&distances(x, i), i, perplexity))
        .collect();
    let mut joint = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..n {
            joint[i * n + j] = (rows[i][j] + rows[j][i]) / (2.0 * n as f64);
        }
    }
    Ok(joint)
}

/// Squared distances of all observations to one.
fn distances(x: &Matrix, from: usize) -> Vec<f64> {
    let squared = |row: &[f64]| -> f64 {
        let pairs = x.row(from).iter().zip(row);
        pairs.map(|(a, b)| (a - b).powi(2)).sum()
    };
    (0..x.rows()).map(|row| squared(x.row(row))).collect()
}

/// Conditional affinities of one observation's neighbours, by bisection over the width.
fn neighbours(distances: &[f64], own: usize, perplexity: f64) -> Vec<f64> {
    let target = perplexity.ln();
    let others = distances.iter().enumerate().filter(|(i, _)| *i != own);
    let nearest = others.map(|(_, d)| *d).fold(f64::INFINITY, f64::min);
    let (mut precision, mut low, mut high) = (1.0, 0.0, f64::INFINITY);
    let mut weights = vec![0.0; distances.len()];
    for _ in 0..200 {
        let (mut sum, mut moment) = (0.0, 0.0);
        for (i, (weight, d)) in weights.iter_mut().zip(distances).enumerate() {
            // Distances beyond the nearest one: the weights never underflow all at once.
            let beyond = d - nearest;
            *weight = if i == own {
                0.0
            } else {
                (-beyond * precision).exp()
            };
            sum += *weight;
            moment += *weight * beyond;
        }
        let entropy = f64::ln(sum) + precision * moment / sum;
        for weight in &mut weights {
            *weight /= sum;
        }
        if (entropy - target).abs() < 1e-8 {
            break;
        }
        if entropy > target {
            low = precision;
            precision = if high.is_finite() {
                f64::midpoint(precision, high)
            } else {
                2.0 * precision
            };
        } else {
            high = precision;
            precision = f64::midpoint(precision, low);
        }
    }
    weights
}

/// Student-t similarity of two places of the map, before normalisation.
fn kernel(a: &[f64], b: &[f64]) -> f64 {
    1.0 / (1.0 + (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2))
}

fn kernel_sum(map: &Matrix) -> f64 {
    let row = |i: usize| -> f64 { (0..i).map(|j| kernel(map.row(i), map.row(j))).sum() };
    let sums: Vec<f64> = (0..map.rows()).into_par_iter().map(row).collect();
    2.0 * sums.iter().sum::<f64>()
}

/// Equation 5 of the paper, `[2 n]`.
fn gradient(p: &[f64], factor: f64, map: &Matrix) -> Vec<f64> {
    let (n, sum) = (map.rows(), kernel_sum(map));
    let rows: Vec<[f64; 2]> = (0..n)
        .into_par_iter()
        .map(|i| {
            let mut slope = [0.0; 2];
            for j in 0..n {
                let q = kernel(map.row(i), map.row(j));
                let pull = 4.0 * (factor * p[i * n + j].max(LEAST) - (q / sum).max(LEAST)) * q;
                for (s, (a, b)) in slope.iter_mut().zip(map.row(i).iter().zip(map.row(j))) {
                    *s += pull * (a - b);
                }
            }
            slope
        })
        .collect();
    rows.into_iter().flatten().collect()
}

fn divergence(p: &[f64], map: &Matrix) -> f64 {
    let (n, sum) = (map.rows(), kernel_sum(map));
    let mut total = 0.0;
    for i in 0..n {
        for j in (0..n).filter(|j| *j != i) {
            let p = p[i * n + j].max(LEAST);
            let q = (kernel(map.row(i), map.row(j)) / sum).max(LEAST);
            total += p * (p / q).ln();
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_stay_apart_and_the_map_is_always_the_same() {
        let rows: Vec<[f64; 4]> = (0..60_usize)
            .map(|i| {
                let noise = |salt: usize| ((i * 7919 + salt * 331) % 997) as f64 / 997.0;
                let (a, b) = ((i % 3) as f64, (i % 2) as f64);
                [noise(1) + 4.0 * a, noise(2), noise(3) - 4.0 * b, noise(4)]
            })
            .collect();
        let x = Matrix::from_rows(&rows).unwrap();
        let options = TsneOptions {
            perplexity: 8.0,
            steps: 500,
        };
        let (map, divergence) = tsne(&x, &options).unwrap();
        assert_eq!(tsne(&x, &options).unwrap(), (map.clone(), divergence));
        // The nearest neighbour of each place is of its own cluster.
        for i in 0..60 {
            let closeness = |j: &usize| kernel(map.row(i), map.row(*j));
            let others = (0..60).filter(|j| *j != i);
            let near = others.max_by(|a, b| closeness(a).total_cmp(&closeness(b)));
            assert_eq!(near.unwrap() % 6, i % 6);
        }
        assert!(
            tsne(
                &x,
                &TsneOptions {
                    perplexity: 20.0,
                    ..options
                }
            )
            .is_err()
        );
    }
}
