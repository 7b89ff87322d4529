//! In: scores and what happened, on calibration patients. Out: a logistic map to probabilities.

use crate::error::Error;
use crate::metrics::{Undefined, all_finite, same_length};
use crate::probes::{Stop, minimise, sigmoid};

/// Platt scaling: probability = sigmoid(slope × score + intercept).
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Platt {
    /// Factor of the score.
    pub slope: f64,
    /// Offset.
    pub intercept: f64,
}

impl Platt {
    /// Fits with Platt's smoothed targets, `(n₊+1)/(n₊+2)` and `1/(n₋+2)` (Platt 1999; Lin, Lin &
    /// Weng, Mach. Learn. 68, 2007). Undefined unless both outcomes occur.
    pub fn fit(scores: &[f64], outcomes: &[bool]) -> Result<Self, Error> {
        same_length("outcomes", scores.len(), outcomes.len())?;
        all_finite("score", scores)?;
        let positives = outcomes.iter().filter(|&&y| y).count();
        let negatives = outcomes.len() - positives;
        if positives == 0 {
            return Err(Undefined::NoneOf("positive").into());
        }
        if negatives == 0 {
            return Err(Undefined::NoneOf("negative").into());
        }
        let high = (positives as f64 + 1.0) / (positives as f64 + 2.0);
        let low = 1.0 / (negatives as f64 + 2.0);
        // Standardised scores make the problem round whatever the scores' units.
        let n = scores.len() as f64;
        let mean = scores.iter().sum::<f64>() / n;
        let variance = scores.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / n;
        let scale = if variance > 0.0 { variance.sqrt() } else { 1.0 };
        let stop = Stop {
            gradient: 1e-10,
            iterations: 200,
        };
        let minimum = minimise(vec![0.0, 0.0], stop, |x, gradient| {
            gradient.fill(0.0);
            let mut loss = 0.0;
            for (&score, &outcome) in scores.iter().zip(outcomes) {
                let score = (score - mean) / scale;
                let target = if outcome { high } else { low };
                let margin = x[0] * score + x[1];
                // softplus(margin) - target x margin, stable on both sides.
                loss += (margin.max(0.0) + (-margin.abs()).exp().ln_1p() - target * margin) / n;
                let residual = (sigmoid(margin) - target) / n;
                gradient[0] += residual * score;
                gradient[1] += residual;
            }
            loss
        });
        let slope = minimum.x[0] / scale;
        Ok(Self {
            slope,
            intercept: minimum.x[1] - slope * mean,
        })
    }

    /// Probability of a score.
    pub fn apply(self, score: f64) -> f64 {
        sigmoid(self.slope * score + self.intercept)
    }
}
