//! The label model of A. P. Dawid and A. M. Skene, "Maximum Likelihood Estimation of Observer
//! Error-Rates Using the EM Algorithm", Applied Statistics 28 (1979).
//!
//! Each function has a confusion table `π[y, l] = P(vote = l | class = y)`, independent of the
//! others given the class. In turn, from the vote shares:
//! - M step: `p_y` = mean over items of `q[i, y]`; `π[y, l] ∝ Σ_i q[i, y] 1[vote of i is l]`
//! - E step: `q[i, y] ∝ p_y Π_functions π[y, vote of i]`
//!
//! until no parameter moves by more than the tolerance. An item on which nothing is said counts in
//! neither step.

use super::confusion::{Abstentions, Confusion, posteriors};
use super::majority::vote_shares;
use crate::error::Error;
use crate::weak::votes::VoteMatrix;

/// Settings of [`DawidSkene`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DawidSkeneOptions {
    /// What an abstention says.
    pub abstentions: Abstentions,
    /// The largest number of iterations.
    pub iterations: usize,
    /// The iteration ends when no parameter moves by more.
    pub tolerance: f64,
}

impl Default for DawidSkeneOptions {
    /// Informative abstentions, at most 1000 iterations, tolerance 1e-8.
    fn default() -> Self {
        Self {
            abstentions: Abstentions::default(),
            iterations: 1000,
            tolerance: 1e-8,
        }
    }
}

/// A fitted model.
#[derive(Clone, Debug, PartialEq)]
pub struct DawidSkene {
    prior: Vec<f64>,
    table: Confusion,
    iterations: usize,
}

impl DawidSkene {
    /// Fits by expectation maximisation. Deterministic.
    ///
    /// # Errors
    /// [`Error::Votes`] where no function says anything of any item.
    pub fn fit(votes: &VoteMatrix, options: &DawidSkeneOptions) -> Result<Self, Error> {
        let empty = Confusion::zeros(votes.functions(), votes.classes(), options.abstentions);
        let speaking: Vec<usize> = (0..votes.items())
            .filter(|&item| empty.speaks(votes.row(item)))
            .collect();
        if speaking.is_empty() {
            return Err(Error::Votes {
                what: "no vote on any item".to_owned(),
                expected: "at least one vote",
            });
        }
        let votes = votes.select(&speaking);
        let mut model = Self::step(&votes, &vote_shares(&votes), &empty);
        while model.iterations < options.iterations {
            let next = Self {
                iterations: model.iterations + 1,
                ..Self::step(
                    &votes,
                    &posteriors(&votes, &model.table, &model.prior),
                    &empty,
                )
            };
            let moved = next.distance(&model);
            model = next;
            if moved <= options.tolerance {
                break;
            }
        }
        Ok(model)
    }

    /// The M step.
    fn step(votes: &VoteMatrix, probabilities: &[f64], empty: &Confusion) -> Self {
        let mut table = empty.clone();
        let mut prior = vec![0.0; votes.classes()];
        let items = votes.items() as f64;
        for (row, q) in votes.rows().zip(probabilities.chunks_exact(prior.len())) {
            table.count(row, q);
            for (p, q) in prior.iter_mut().zip(q) {
                *p += q / items;
            }
        }
        table.normalise();
        Self {
            prior,
            table,
            iterations: 0,
        }
    }

    /// The largest difference of two models' parameters.
    fn distance(&self, other: &Self) -> f64 {
        let pairs = self.prior.iter().zip(&other.prior);
        pairs
            .chain(self.table.values.iter().zip(&other.table.values))
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f64::max)
    }

    /// Probabilities `[items, classes]`.
    ///
    /// # Errors
    /// [`Error::Votes`] where functions or classes are not those fitted on.
    pub fn probabilities(&self, votes: &VoteMatrix) -> Result<Vec<f64>, Error> {
        votes.expect_shape(self.table.functions, self.table.classes)?;
        Ok(posteriors(votes, &self.table, &self.prior))
    }

    /// Estimated prevalence of each class, `[classes]`.
    pub fn prior(&self) -> &[f64] {
        &self.prior
    }

    /// Estimated `P(vote = l | class = y)`, `[functions, classes, outcomes]`; outcomes are the
    /// classes and, where abstentions inform, the abstention last.
    pub fn confusion(&self) -> &[f64] {
        &self.table.values
    }

    /// Estimated share of each function's votes that are right, `[functions]`.
    pub fn accuracies(&self) -> Vec<f64> {
        self.table.accuracies(&self.prior)
    }

    /// Iterations until nothing moved, or the largest number.
    pub fn iterations(&self) -> usize {
        self.iterations
    }
}
