//! The small trained parts on top of the encoders: linear heads and calibrations.
//!
//! In: an embedding or scores. Out: probabilities. Fitted by `laennec train recipes/heads.toml`.

use laennec_audio::equalise::Equaliser;
use laennec_corpus::{Domain, Finding};
use serde::{Deserialize, Serialize};

use super::TimelineRule;

/// Everything that is stored in the heads file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heads {
    /// What the lung networks hear through; none in bundles that hear recordings as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equaliser: Option<Equaliser>,
    /// Classes of [`Heads::domain`], in order.
    pub domains: Vec<Domain>,
    /// Pattern of the heart network `[1536]` to domains: it holds nothing of the mean spectrum, off
    /// which a data set's devices could be read.
    pub domain: LinearHead,
    /// Logit of the lung network's Poor Quality to the probability of a poor signal.
    pub poor_lung: Calibration,
    /// Lung embedding `[768]` to the probability that a heart recording is buried in noise.
    pub poor_heart: LinearHead,
    /// Probability of "abnormal", before calibration, from which on calling a heart recording
    /// abnormal serves sensitivity and specificity best, on average over the databases.
    pub heart_even_at: f32,
    /// Scores of each finding to its probability.
    pub findings: Vec<FindingHead>,
    /// How steps become events.
    pub timeline: TimelineRule,
    /// Distance from the training data.
    pub novelty: Novelty,
}

/// Standardisation and a linear map: softmax with several rows, sigmoid with one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinearHead {
    /// Subtracted from each feature.
    pub mean: Vec<f32>,
    /// Divides each feature.
    pub scale: Vec<f32>,
    /// `[classes][features]`.
    pub weights: Vec<Vec<f32>>,
    /// `[classes]`.
    pub bias: Vec<f32>,
}

impl LinearHead {
    /// Probabilities of the classes; with one row, of that class alone.
    pub fn probabilities(&self, features: &[f32]) -> Vec<f32> {
        let logits: Vec<f64> = self
            .weights
            .iter()
            .zip(&self.bias)
            .map(|(row, bias)| {
                let terms = row
                    .iter()
                    .zip(features)
                    .zip(self.mean.iter().zip(&self.scale));
                f64::from(*bias)
                    + terms
                        .map(|((w, x), (m, s))| f64::from(*w) * f64::from((x - m) / s))
                        .sum::<f64>()
            })
            .collect();
        if let [logit] = logits[..] {
            return vec![sigmoid(logit) as f32];
        }
        let top = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let exp: Vec<f64> = logits.iter().map(|l| (l - top).exp()).collect();
        let sum: f64 = exp.iter().sum();
        exp.iter().map(|e| (e / sum) as f32).collect()
    }
}

/// A logistic map of scores, fitted by cross-fitting (Platt 1999).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// One factor a score.
    pub weights: Vec<f64>,
    /// Offset.
    pub bias: f64,
}

impl Calibration {
    /// Probability for the scores.
    pub fn apply(&self, scores: &[f64]) -> f32 {
        let sum: f64 = self.weights.iter().zip(scores).map(|(w, s)| w * s).sum();
        sigmoid(sum + self.bias) as f32
    }
}

/// The calibrated probability of one finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingHead {
    /// The finding.
    pub finding: Finding,
    /// The domain in which it is looked for.
    pub domain: Domain,
    /// From its scores to its probability.
    pub calibration: Calibration,
}

/// Distance of an embedding from the centre of each domain's training recordings: the root mean
/// square of the deviations in units of that domain's spread; the nearest domain counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Novelty {
    /// `[domains][features]`.
    pub centres: Vec<Vec<f32>>,
    /// `[domains][features]`, above 0.
    pub spreads: Vec<Vec<f32>>,
}

impl Novelty {
    /// The distance; infinite where there is no domain to compare with.
    pub fn distance(&self, embedding: &[f32]) -> f32 {
        self.centres
            .iter()
            .zip(&self.spreads)
            .map(|(centre, spread)| {
                let terms = embedding.iter().zip(centre).zip(spread);
                let sum: f32 = terms.map(|((x, c), s)| ((x - c) / s).powi(2)).sum();
                (sum / embedding.len() as f32).sqrt()
            })
            .fold(f32::INFINITY, f32::min)
    }
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_is_a_sigmoid_and_several_are_a_softmax() {
        let head = |weights: Vec<Vec<f32>>| LinearHead {
            mean: vec![1.0, 0.0],
            scale: vec![2.0, 1.0],
            bias: vec![0.0; weights.len()],
            weights,
        };
        let one = head(vec![vec![1.0, 0.0]]).probabilities(&[3.0, 9.0]);
        assert!((one[0] - 0.731_058_6).abs() < 1e-6);
        let two = head(vec![vec![1.0, 0.0], vec![0.0, 0.0]]).probabilities(&[3.0, 9.0]);
        assert!((two[0] - one[0]).abs() < 1e-6);
        assert!((two[0] + two[1] - 1.0).abs() < 1e-6);
    }

    #[test]
    fn the_nearest_domain_counts() {
        let novelty = Novelty {
            centres: vec![vec![0.0, 0.0], vec![10.0, 10.0]],
            spreads: vec![vec![1.0, 1.0], vec![1.0, 1.0]],
        };
        assert!((novelty.distance(&[9.0, 10.0]) - 0.5_f32.sqrt()).abs() < 1e-6);
    }
}
