//! In: logits and classes, on calibration patients. Out: one temperature for all classes.

use crate::error::Error;
use crate::matrix::Matrix;
use crate::metrics::{Undefined, all_classes, all_finite, same_length};
use crate::probes::softmax;

/// Temperature scaling: probabilities = softmax(logits / temperature) (Guo et al., ICML 2017).
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Temperature {
    /// The temperature, > 0; 1 changes nothing, more softens.
    pub temperature: f64,
}

/// Temperatures are sought between 1/1000 and 1000.
const WIDEST: f64 = 1000.0;

impl Temperature {
    /// Minimises the mean negative log-likelihood, which is convex in 1/temperature. `logits` is
    /// `[observations, classes]`. Where every truth has the highest logit (or none has), no
    /// finite optimum exists and the end of the range is returned.
    pub fn fit(logits: &Matrix, truth: &[usize]) -> Result<Self, Error> {
        same_length("truth", logits.rows(), truth.len())?;
        all_classes(truth, logits.columns())?;
        all_finite("logit", logits.values())?;
        if truth.is_empty() {
            return Err(Undefined::Empty.into());
        }
        // The derivative in 1/temperature rises; its zero is bracketed in the logarithm.
        let (mut low, mut high) = (-WIDEST.ln(), WIDEST.ln());
        for _ in 0..80 {
            let middle = f64::midpoint(low, high);
            if slope(logits, truth, middle.exp()) > 0.0 {
                high = middle;
            } else {
                low = middle;
            }
        }
        Ok(Self {
            temperature: (-f64::midpoint(low, high)).exp(),
        })
    }

    /// Probabilities `[observations, classes]` of logits of that shape.
    pub fn apply(self, logits: &Matrix) -> Matrix {
        let mut result = logits.clone();
        for row in 0..result.rows() {
            let row = result.row_mut(row);
            for z in row.iter_mut() {
                *z /= self.temperature;
            }
            softmax(row);
        }
        result
    }
}

/// Derivative of the summed negative log-likelihood with respect to the inverse temperature:
/// `Σ (E_p[z] − z_truth)`.
fn slope(logits: &Matrix, truth: &[usize], inverse: f64) -> f64 {
    let mut sum = 0.0;
    for (row, &class) in truth.iter().enumerate() {
        let row = logits.row(row);
        let mut p: Vec<f64> = row.iter().map(|z| z * inverse).collect();
        softmax(&mut p);
        sum += p.iter().zip(row).map(|(p, z)| p * z).sum::<f64>() - row[class];
    }
    sum
}
