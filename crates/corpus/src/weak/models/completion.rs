//! Snorkel's label model: A. Ratner et al., "Training Complex Models with Multi-Task Weak
//! Supervision" (`MeTaL`), 2018, as the package's `LabelModel` computes it.
//!
//! A row of `μ` `[functions × classes, classes]` is `P(vote of function i = j | class = y)`. With
//! `O = Lᵀ L / n` of the one-hot votes `L`, `P = diag(p)` of the class balance, and a mask that
//! leaves out each function's block with itself, gradient descent with momentum lowers
//!
//! `‖mask ∘ (O − μ P μᵀ)‖² + ‖Σ_y (μ P)_y − diag O‖² + ‖l2 (μ − μ₀)‖²`
//!
//! from `μ₀[(i, y), y] = clamp(diag(O) · precision / p_y, 0, 1)` times one random scalar. Like the
//! package's optimiser, `l2` also decays `μ` itself. Afterwards `μ` is clamped and its columns of
//! equal balance are permuted so that votes agree with classes as much as they can. Abstentions
//! say nothing. The package computes in single, this in double precision.

use super::assignment::permute_columns;
use super::confusion::softmax;
use super::descent::{Descent, agreement};
use crate::error::Error;
use crate::weak::votes::VoteMatrix;

/// Settings of [`Snorkel`], by default those of the package.
#[derive(Clone, Debug, PartialEq)]
pub struct SnorkelOptions {
    /// Steps of gradient descent, each over all items.
    pub epochs: usize,
    /// Step size.
    pub learning_rate: f64,
    /// Momentum of the descent.
    pub momentum: f64,
    /// Strength of the pull towards the start.
    pub l2: f64,
    /// Assumed share of right votes at the start.
    pub precision: f64,
    /// Prevalence of each class; all alike if none is given.
    pub class_balance: Option<Vec<f64>>,
    /// Probabilities are kept this far from 0 and 1; if none is given,
    /// `min(0.01, 10^-ceil(log10 n))` for `n` items, which flattens functions that rarely vote.
    pub floor: Option<f64>,
    /// The random scalar of the start, in 0..1; drawn by the seed if none is given.
    pub start: Option<f64>,
    /// Seed of the random scalar.
    pub seed: u64,
}

impl Default for SnorkelOptions {
    fn default() -> Self {
        Self {
            epochs: 100,
            learning_rate: 0.01,
            momentum: 0.9,
            l2: 0.0,
            precision: 0.7,
            class_balance: None,
            floor: None,
            start: None,
            seed: 2016,
        }
    }
}

/// A fitted model.
#[derive(Clone, Debug, PartialEq)]
pub struct Snorkel {
    functions: usize,
    balance: Vec<f64>,
    coverage: Vec<f64>,
    mu: Vec<f64>,
}

/// The smallest number of functions whose agreements determine their accuracies.
const FEWEST_FUNCTIONS: usize = 3;

impl Snorkel {
    /// Fits the model. Same votes and options, same numbers.
    ///
    /// # Errors
    /// [`Error::Votes`] for fewer than three functions, no items, or a class balance that has
    /// another number of classes or a class at 0; or where the descent diverges.
    pub fn fit(votes: &VoteMatrix, options: &SnorkelOptions) -> Result<Self, Error> {
        let (functions, classes) = (votes.functions(), votes.classes());
        let refuse = |what: String, expected| Err(Error::Votes { what, expected });
        if functions < FEWEST_FUNCTIONS {
            return refuse(format!("{functions} functions"), "at least 3");
        }
        if votes.items() == 0 {
            return refuse("no items".to_owned(), "at least one");
        }
        let balance = options
            .class_balance
            .clone()
            .unwrap_or_else(|| vec![1.0 / classes as f64; classes]);
        if balance.len() != classes || balance.iter().any(|&p| p.is_nan() || p <= 0.0) {
            return refuse(
                format!("class balance {balance:?}"),
                "a share above 0 for each class",
            );
        }
        let agreement = agreement(votes);
        let mut mu = Descent {
            size: functions * classes,
            classes,
            agreement: &agreement,
            balance: &balance,
            options,
        }
        .run()?;
        let digits = (votes.items() as f64).log10().ceil();
        let floor = options
            .floor
            .unwrap_or_else(|| 0.01_f64.min(10.0_f64.powf(-digits)));
        for value in &mut mu {
            *value = value.clamp(floor, 1.0 - floor);
        }
        permute_columns(&mut mu, &balance);
        let size = functions * classes;
        let coverage = (0..functions)
            .map(|function| {
                let own = function * classes..(function + 1) * classes;
                own.map(|row| agreement[row * size + row]).sum()
            })
            .collect();
        Ok(Self {
            functions,
            balance,
            coverage,
            mu,
        })
    }

    /// Probabilities `[items, classes]`: `∝ exp(Σ log μ[vote] + log p)`.
    ///
    /// # Errors
    /// [`Error::Votes`] where functions or classes are not those fitted on.
    pub fn probabilities(&self, votes: &VoteMatrix) -> Result<Vec<f64>, Error> {
        let classes = self.balance.len();
        votes.expect_shape(self.functions, classes)?;
        let mut all = Vec::with_capacity(votes.items() * classes);
        for row in votes.rows() {
            let mut logs: Vec<f64> = self.balance.iter().map(|p| p.ln()).collect();
            for (function, &vote) in row.iter().enumerate() {
                if let Ok(vote) = usize::try_from(vote) {
                    let start = (function * classes + vote) * classes;
                    for (log, mu) in logs.iter_mut().zip(&self.mu[start..start + classes]) {
                        *log += mu.ln();
                    }
                }
            }
            softmax(&mut logs);
            all.extend(logs);
        }
        Ok(all)
    }

    /// `P(vote of function i = j | class = y)`, `[functions × classes, classes]`.
    pub fn conditionals(&self) -> &[f64] {
        &self.mu
    }

    /// Estimated share of each function's votes that are right, `[functions]`: the package's
    /// `get_weights`, `Σ_y p_y P(vote = y | y) / coverage` kept in 1e-6..=1. A function without
    /// votes has 1, which says nothing.
    pub fn accuracies(&self) -> Vec<f64> {
        let classes = self.balance.len();
        (0..self.functions)
            .map(|function| {
                let right: f64 = (0..classes)
                    .map(|y| self.balance[y] * self.mu[(function * classes + y) * classes + y])
                    .sum();
                (right / self.coverage[function]).clamp(1e-6, 1.0)
            })
            .collect()
    }
}
