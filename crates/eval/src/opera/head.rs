//! In: features and classes of a batch. Out: a linear classifier's probabilities, and its loss
//! gradient as OPERA's evaluation defines it.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::matrix::{Matrix, add_scaled, dot};
use crate::metrics::{Undefined, all_classes, same_length};
use crate::probes::softmax;

/// One linear layer followed by a softmax.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearHead {
    /// `[classes, features + 1]`, the bias last.
    weights: Matrix,
}

impl LinearHead {
    /// Weights from N(0, 0.01²), bias 0, as OPERA draws them; the same seed gives the same head.
    pub fn init(classes: usize, features: usize, seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut weights = Matrix::zeros(classes, features + 1);
        for class in 0..classes {
            for value in &mut weights.row_mut(class)[..features] {
                *value = 0.01 * normal(&mut rng);
            }
        }
        Self { weights }
    }

    /// From `[classes, features + 1]`, the bias last.
    pub fn from_weights(weights: Matrix) -> Self {
        Self { weights }
    }

    /// `[classes, features + 1]`, the bias last.
    pub fn weights(&self) -> &Matrix {
        &self.weights
    }

    pub(super) fn weights_mut(&mut self) -> &mut Matrix {
        &mut self.weights
    }

    /// Probabilities `[observations, classes]` of features `[observations, features]`.
    pub fn probabilities(&self, features: &Matrix) -> Result<Matrix, Undefined> {
        same_length(
            "feature columns",
            self.weights.columns() - 1,
            features.columns(),
        )?;
        let mut result = Matrix::zeros(features.rows(), self.weights.rows());
        for row in 0..features.rows() {
            self.scores(features.row(row), result.row_mut(row));
            softmax(result.row_mut(row));
        }
        Ok(result)
    }

    /// Writes the gradient of the mean cross-entropy of a batch plus `penalty` times the sum of
    /// squares of weights and biases into `gradient`, `[classes × (features + 1)]`.
    pub(super) fn gradient(
        &self,
        features: &Matrix,
        classes: &[usize],
        batch: &[usize],
        penalty: f64,
        gradient: &mut [f64],
    ) {
        gradient.fill(0.0);
        let columns = self.weights.columns();
        let share = 1.0 / batch.len() as f64;
        let mut scores = vec![0.0; self.weights.rows()];
        for &row in batch {
            let x = features.row(row);
            self.scores(x, &mut scores);
            softmax(&mut scores);
            scores[classes[row]] -= 1.0;
            for (residual, target) in scores.iter().zip(gradient.chunks_exact_mut(columns)) {
                add_scaled(target, share * residual, x);
                target[columns - 1] += share * residual;
            }
        }
        add_scaled(gradient, 2.0 * penalty, self.weights.values());
    }

    fn scores(&self, x: &[f64], scores: &mut [f64]) {
        for (class, score) in scores.iter_mut().enumerate() {
            let w = self.weights.row(class);
            *score = dot(x, &w[..x.len()]) + w[x.len()];
        }
    }
}

/// Checks what a fit is given.
pub(super) fn check(
    head: &LinearHead,
    features: &Matrix,
    classes: &[usize],
) -> Result<(), Undefined> {
    same_length("classes", features.rows(), classes.len())?;
    same_length(
        "feature columns",
        head.weights.columns() - 1,
        features.columns(),
    )?;
    all_classes(classes, head.weights.rows())?;
    if classes.is_empty() {
        return Err(Undefined::Empty);
    }
    Ok(())
}

/// One draw from N(0, 1) by Box and Muller's method.
fn normal(rng: &mut ChaCha8Rng) -> f64 {
    // 53 random bits, moved away from 0 so that the logarithm exists.
    let mut unit = || ((rng.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
    let radius = (-2.0 * unit().ln()).sqrt();
    radius * (std::f64::consts::TAU * unit()).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_head_has_the_stated_spread_and_no_bias() {
        let head = LinearHead::init(2, 5000, 3);
        let [first, second] = [0, 1].map(|class| head.weights().row(class));
        assert_eq!((first[5000], second[5000]), (0.0, 0.0));
        let spread = (dot(first, first) / 5000.0).sqrt();
        assert!((spread - 0.01).abs() < 5e-4, "{spread}");
        assert_ne!(first[..5000], second[..5000]);
        assert_eq!(head, LinearHead::init(2, 5000, 3));
        assert_ne!(head, LinearHead::init(2, 5000, 4));
    }

    #[test]
    fn the_gradient_is_that_of_the_loss() {
        let features = Matrix::new(3, 2, vec![0.3, -1.0, 0.8, 0.2, -0.4, 0.6]).unwrap();
        let classes = [0, 2, 1];
        let head = LinearHead::from_weights(
            Matrix::new(3, 3, (0..9).map(|i| f64::from(i) / 10.0 - 0.4).collect()).unwrap(),
        );
        let loss = |head: &LinearHead| {
            let p = head.probabilities(&features).unwrap();
            let nll: f64 = (0..3).map(|row| -p.row(row)[classes[row]].ln()).sum();
            let w = head.weights().values();
            nll / 3.0 + 0.1 * dot(w, w)
        };
        let mut gradient = vec![0.0; 9];
        head.gradient(&features, &classes, &[0, 1, 2], 0.1, &mut gradient);
        for (index, g) in gradient.iter().enumerate() {
            let mut moved = head.clone();
            moved.weights_mut().values_mut()[index] += 1e-6;
            let slope = (loss(&moved) - loss(&head)) / 1e-6;
            assert!((slope - g).abs() < 1e-5, "{index}: {slope} {g}");
        }
    }
}
