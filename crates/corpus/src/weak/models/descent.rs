//! How often functions agree comes in; the conditional probabilities of their votes that explain it
//! go out, by gradient descent with momentum (see [`completion`](super::completion)).

use sha2::{Digest, Sha256};

use super::completion::SnorkelOptions;
use crate::error::Error;
use crate::weak::votes::VoteMatrix;

/// `O = Lᵀ L / n`, `[size, size]` with `size = functions × classes`.
pub(super) fn agreement(votes: &VoteMatrix) -> Vec<f64> {
    let (classes, size) = (votes.classes(), votes.functions() * votes.classes());
    let mut counts = vec![0.0; size * size];
    for row in votes.rows() {
        let cast: Vec<usize> = row
            .iter()
            .enumerate()
            .filter_map(|(function, &vote)| Some(function * classes + usize::try_from(vote).ok()?))
            .collect();
        for &a in &cast {
            for &b in &cast {
                counts[a * size + b] += 1.0;
            }
        }
    }
    let items = votes.items() as f64;
    counts.iter().map(|count| count / items).collect()
}

/// Gradient descent on `μ`.
pub(super) struct Descent<'a> {
    /// Functions times classes.
    pub(super) size: usize,
    pub(super) classes: usize,
    /// `O`, `[size, size]`.
    pub(super) agreement: &'a [f64],
    /// `p`, `[classes]`.
    pub(super) balance: &'a [f64],
    pub(super) options: &'a SnorkelOptions,
}

impl Descent<'_> {
    /// `μ` `[size, classes]` after the last step.
    pub(super) fn run(&self) -> Result<Vec<f64>, Error> {
        let start = self.start();
        let scalar = self
            .options
            .start
            .unwrap_or_else(|| uniform(self.options.seed));
        let mut mu: Vec<f64> = start.iter().map(|value| value * scalar).collect();
        let mut velocity = vec![0.0; mu.len()];
        for _ in 0..self.options.epochs {
            let gradient = self.gradient(&mu, &start);
            for ((value, velocity), slope) in mu.iter_mut().zip(&mut velocity).zip(&gradient) {
                *velocity = self.options.momentum * *velocity + slope;
                *value -= self.options.learning_rate * *velocity;
            }
        }
        if mu.iter().all(|value| value.is_finite()) {
            return Ok(mu);
        }
        Err(Error::Votes {
            what: "the descent diverged".to_owned(),
            expected: "a smaller learning rate",
        })
    }

    /// `μ₀`.
    fn start(&self) -> Vec<f64> {
        let mut start = vec![0.0; self.size * self.classes];
        for row in 0..self.size {
            let y = row % self.classes;
            let share = self.agreement[row * self.size + row];
            start[row * self.classes + y] =
                (share * self.options.precision / self.balance[y]).clamp(0.0, 1.0);
        }
        start
    }

    /// The slope of the loss. With `E = mask ∘ (O − μ P μᵀ)`, which is symmetric, and
    /// `r = Σ_y (μ P)_y − diag O`: `−4 E μ P + 2 r pᵀ + 2 l2² (μ − μ₀) + l2 μ`.
    fn gradient(&self, mu: &[f64], start: &[f64]) -> Vec<f64> {
        let (size, classes, l2) = (self.size, self.classes, self.options.l2);
        let weighted: Vec<f64> = mu
            .iter()
            .enumerate()
            .map(|(at, value)| value * self.balance[at % classes])
            .collect();
        let mut gradient = vec![0.0; mu.len()];
        for a in 0..size {
            let own = a * classes..(a + 1) * classes;
            for b in 0..size {
                // A function's block with itself says nothing of its accuracy.
                if a / classes == b / classes {
                    continue;
                }
                let other = b * classes..(b + 1) * classes;
                let explained: f64 = mu[own.clone()]
                    .iter()
                    .zip(&weighted[other.clone()])
                    .map(|(x, y)| x * y)
                    .sum();
                let error = self.agreement[a * size + b] - explained;
                for (slope, value) in gradient[own.clone()].iter_mut().zip(&weighted[other]) {
                    *slope -= 4.0 * error * value;
                }
            }
            let share: f64 = weighted[own.clone()].iter().sum();
            let residual = share - self.agreement[a * size + a];
            for (y, at) in own.enumerate() {
                gradient[at] += 2.0 * residual * self.balance[y]
                    + 2.0 * l2 * l2 * (mu[at] - start[at])
                    + l2 * mu[at];
            }
        }
        gradient
    }
}

/// A number in 0..1 from a seed: the first 53 bits of a SHA-256.
fn uniform(seed: u64) -> f64 {
    let digest = Sha256::digest(format!("laennec|label model|{seed}"));
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&digest[..8]);
    (u64::from_be_bytes(bytes) >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_is_drawn_by_the_seed() {
        assert_eq!(uniform(1), uniform(1));
        assert!(uniform(1) != uniform(2) && (0.0..1.0).contains(&uniform(2)));
    }
}
