//! In: features. Out: features with mean 0 and deviation 1 per column, by the training set's
//! statistics.

use crate::matrix::Matrix;
use crate::metrics::{Undefined, same_length};

/// Mean and deviation of every column of a training set.
#[derive(Debug, Clone, PartialEq)]
pub struct Standardiser {
    mean: Vec<f64>,
    deviation: Vec<f64>,
}

impl Standardiser {
    /// Measures the columns (population deviation; constant columns keep a deviation of 1, so
    /// that they become 0).
    pub fn fit(features: &Matrix) -> Result<Self, Undefined> {
        if features.rows() == 0 {
            return Err(Undefined::Empty);
        }
        let n = features.rows() as f64;
        let mut mean = vec![0.0; features.columns()];
        for row in 0..features.rows() {
            crate::matrix::add_scaled(&mut mean, 1.0 / n, features.row(row));
        }
        let mut deviation = vec![0.0; features.columns()];
        for row in 0..features.rows() {
            for ((d, x), m) in deviation.iter_mut().zip(features.row(row)).zip(&mean) {
                *d += (x - m).powi(2) / n;
            }
        }
        for (d, m) in deviation.iter_mut().zip(&mean) {
            let root = d.sqrt();
            // Below the rounding of the mean itself a column is constant.
            *d = if root > 1e-12 * (1.0 + m.abs()) {
                root
            } else {
                1.0
            };
        }
        Ok(Self { mean, deviation })
    }

    /// Standardises, `[rows, columns]` to the same shape.
    pub fn apply(&self, features: &Matrix) -> Result<Matrix, Undefined> {
        same_length("feature columns", self.mean.len(), features.columns())?;
        let mut result = features.clone();
        for row in 0..result.rows() {
            for ((x, m), d) in result
                .row_mut(row)
                .iter_mut()
                .zip(&self.mean)
                .zip(&self.deviation)
            {
                *x = (*x - m) / d;
            }
        }
        Ok(result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constant_columns_become_zero() {
        let features = Matrix::new(3, 2, vec![0.1, 1.0, 0.1, 2.0, 0.1, 3.0]).unwrap();
        let result = Standardiser::fit(&features)
            .unwrap()
            .apply(&features)
            .unwrap();
        assert!(result.column(0).iter().all(|x| x.abs() < 1e-9));
        let scaled = result.column(1);
        assert!((scaled[2] - 1.5_f64.sqrt()).abs() < 1e-12 && scaled[1].abs() < 1e-12);
    }
}
