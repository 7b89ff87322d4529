//! In: features, classes, sample weights. Out: a logistic regression, binary or multinomial, with
//! L2 penalty: the minimiser that scikit-learn's `LogisticRegression` defines.
//!
//! Objective: `Σ w_i ℓ_i / Σ w_i + ‖W‖² / (2 C Σ w_i)`, intercepts not penalised. With two classes
//! W is one row (the second class's); with more it has one row per class.

use rayon::prelude::*;

use super::lbfgs::{Minimum, Stop, minimise};
use crate::error::Error;
use crate::matrix::{Matrix, add_scaled, dot};
use crate::metrics::{Undefined, all_classes, all_finite, same_length};

/// What to fit on: `features` is `[observations, features]`, `classes` are below `class_count`.
#[derive(Debug, Clone, Copy)]
pub struct TrainingData<'a> {
    /// Features, `[observations, features]`.
    pub features: &'a Matrix,
    /// Class of every observation.
    pub classes: &'a [usize],
    /// Number of classes; one that does not occur is never predicted.
    pub class_count: usize,
    /// Weight of every observation.
    pub weights: &'a [f64],
}

/// Penalty and precision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogisticOptions {
    /// Inverse strength of the penalty, > 0.
    pub c: f64,
    /// When the optimiser stops.
    pub stop: Stop,
}

impl LogisticOptions {
    /// Inverse penalty `c`, solved to a gradient of 1e-7.
    pub fn with_c(c: f64) -> Self {
        Self {
            c,
            stop: Stop {
                gradient: 1e-7,
                iterations: 3000,
            },
        }
    }
}

/// A fitted logistic regression.
#[derive(Debug, Clone, PartialEq)]
pub struct LogisticRegression {
    class_count: usize,
    /// Classes that occurred in training, rising.
    occurring: Vec<usize>,
    /// `[rows, features + 1]`, the intercept last; one row for two classes.
    coefficients: Matrix,
}

/// Rows per unit of parallel work; fixed, so that sums do not depend on the number of threads.
const CHUNK: usize = 256;

impl LogisticRegression {
    /// Fits, from `start`'s coefficients where it has the same shape (a neighbouring C).
    pub fn fit(
        data: TrainingData<'_>,
        options: LogisticOptions,
        start: Option<&Self>,
    ) -> Result<Self, Error> {
        let occurring = check(data, options)?;
        let label_of: Vec<usize> = (0..data.class_count)
            .map(|class| occurring.partition_point(|&o| o < class))
            .collect();
        let labels: Vec<usize> = data.classes.iter().map(|&c| label_of[c]).collect();
        let rows = if occurring.len() == 2 {
            1
        } else {
            occurring.len()
        };
        let columns = data.features.columns() + 1;
        let begin = match start {
            Some(model)
                if model.occurring == occurring && model.coefficients.columns() == columns =>
            {
                model.coefficients.values().to_vec()
            }
            _ => vec![0.0; rows * columns],
        };
        let total: f64 = data.weights.iter().sum();
        let penalty = 1.0 / (options.c * total);
        let Minimum { x, .. } = minimise(begin, options.stop, |coefficients, gradient| {
            objective(data, &labels, rows, coefficients, total, penalty, gradient)
        });
        Ok(Self {
            class_count: data.class_count,
            occurring,
            coefficients: Matrix::new(rows, columns, x)?,
        })
    }

    /// Coefficients `[rows, features + 1]`, the intercept last.
    pub fn coefficients(&self) -> &Matrix {
        &self.coefficients
    }

    /// Probabilities `[observations, class_count]`; 0 for classes that training did not have.
    pub fn probabilities(&self, features: &Matrix) -> Result<Matrix, Undefined> {
        same_length(
            "feature columns",
            self.coefficients.columns() - 1,
            features.columns(),
        )?;
        let mut result = Matrix::zeros(features.rows(), self.class_count);
        let mut scores = vec![0.0; self.coefficients.rows()];
        for row in 0..features.rows() {
            score(features.row(row), self.coefficients.values(), &mut scores);
            let target = result.row_mut(row);
            if let [margin] = scores[..] {
                let p = sigmoid(margin);
                target[self.occurring[0]] = 1.0 - p;
                target[self.occurring[1]] = p;
            } else {
                softmax(&mut scores);
                for (&class, &p) in self.occurring.iter().zip(&scores) {
                    target[class] = p;
                }
            }
        }
        Ok(result)
    }
}

fn check(data: TrainingData<'_>, options: LogisticOptions) -> Result<Vec<usize>, Error> {
    same_length("classes", data.features.rows(), data.classes.len())?;
    same_length("weights", data.features.rows(), data.weights.len())?;
    all_classes(data.classes, data.class_count)?;
    all_finite("feature", data.features.values())?;
    all_finite("weight", data.weights)?;
    if !(options.c > 0.0 && options.c.is_finite()) {
        return Err(Error::Option {
            name: "c",
            value: options.c,
            accepted: "a positive number",
        });
    }
    let mut occurring = data.classes.to_vec();
    occurring.sort_unstable();
    occurring.dedup();
    if occurring.len() < 2 {
        return Err(Undefined::OneSided(occurring.first().copied().unwrap_or(0)).into());
    }
    Ok(occurring)
}

/// Mean weighted loss plus penalty, and its gradient.
fn objective(
    data: TrainingData<'_>,
    labels: &[usize],
    rows: usize,
    coefficients: &[f64],
    total: f64,
    penalty: f64,
    gradient: &mut [f64],
) -> f64 {
    let n = data.features.rows();
    let parts: Vec<(f64, Vec<f64>)> = (0..n.div_ceil(CHUNK))
        .into_par_iter()
        .map(|chunk| {
            let mut part = vec![0.0; coefficients.len()];
            let mut scores = vec![0.0; rows];
            let mut loss = 0.0;
            for row in chunk * CHUNK..((chunk + 1) * CHUNK).min(n) {
                let (x, weight) = (data.features.row(row), data.weights[row] / total);
                score(x, coefficients, &mut scores);
                loss += weight * residuals(&mut scores, labels[row]);
                let columns = x.len() + 1;
                for (residual, target) in scores.iter().zip(part.chunks_exact_mut(columns)) {
                    add_scaled(target, weight * residual, x);
                    target[columns - 1] += weight * residual;
                }
            }
            (loss, part)
        })
        .collect();
    gradient.fill(0.0);
    let mut value = 0.0;
    for (loss, part) in &parts {
        value += loss;
        add_scaled(gradient, 1.0, part);
    }
    let columns = data.features.columns() + 1;
    for (w, g) in coefficients
        .chunks_exact(columns)
        .zip(gradient.chunks_exact_mut(columns))
    {
        let w = &w[..columns - 1];
        value += 0.5 * penalty * dot(w, w);
        add_scaled(g, penalty, w);
    }
    value
}

/// Linear scores of one observation.
fn score(x: &[f64], coefficients: &[f64], scores: &mut [f64]) {
    let columns = x.len() + 1;
    for (score, w) in scores.iter_mut().zip(coefficients.chunks_exact(columns)) {
        *score = dot(x, &w[..columns - 1]) + w[columns - 1];
    }
}

/// Replaces scores by the loss's derivative with respect to them; returns the loss.
fn residuals(scores: &mut [f64], label: usize) -> f64 {
    if let [margin] = scores {
        let signed = if label == 1 { *margin } else { -*margin };
        let loss = if signed > 0.0 {
            (-signed).exp().ln_1p()
        } else {
            signed.exp().ln_1p() - signed
        };
        *margin = sigmoid(*margin) - f64::from(u8::from(label == 1));
        loss
    } else {
        let own = scores[label];
        let log_sum = softmax(scores);
        scores[label] -= 1.0;
        log_sum - own
    }
}

/// Logistic function.
pub(crate) fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Replaces scores by their softmax; returns the logarithm of the sum of their exponentials.
pub(crate) fn softmax(scores: &mut [f64]) -> f64 {
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - most).exp();
        sum += *score;
    }
    for score in scores.iter_mut() {
        *score /= sum;
    }
    most + sum.ln()
}

/// Weights proportional to `(members of the class)^-power`, with mean 1: power 0 weighs all
/// observations alike, 1 all classes alike (scikit-learn's "balanced").
pub fn class_weights(classes: &[usize], class_count: usize, power: f64) -> Vec<f64> {
    let mut members = vec![0_usize; class_count];
    for &class in classes {
        if let Some(count) = members.get_mut(class) {
            *count += 1;
        }
    }
    let raw: Vec<f64> = classes
        .iter()
        .map(|&class| members.get(class).map_or(0.0, |&n| (n as f64).powf(-power)))
        .collect();
    let mean = raw.iter().sum::<f64>() / raw.len().max(1) as f64;
    raw.into_iter().map(|weight| weight / mean).collect()
}
