//! In: rows of numbers. Out: a dense row-major `Matrix`, the form in which features and
//! probabilities are passed.

use crate::metrics::Undefined;

/// Dense row-major matrix `[rows, columns]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    values: Vec<f64>,
}

impl Matrix {
    /// From row-major values, whose number is `rows × columns`.
    pub fn new(rows: usize, columns: usize, values: Vec<f64>) -> Result<Self, Undefined> {
        crate::metrics::same_length("matrix values", rows * columns, values.len())?;
        Ok(Self {
            rows,
            columns,
            values,
        })
    }

    /// All zero.
    pub fn zeros(rows: usize, columns: usize) -> Self {
        Self {
            rows,
            columns,
            values: vec![0.0; rows * columns],
        }
    }

    /// From rows of equal length; at least one.
    pub fn from_rows<R: AsRef<[f64]>>(rows: &[R]) -> Result<Self, Undefined> {
        let columns = rows.first().ok_or(Undefined::Empty)?.as_ref().len();
        let mut values = Vec::with_capacity(rows.len() * columns);
        for row in rows {
            crate::metrics::same_length("matrix row", columns, row.as_ref().len())?;
            values.extend_from_slice(row.as_ref());
        }
        Self::new(rows.len(), columns, values)
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Row-major values.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Row-major values.
    pub fn values_mut(&mut self) -> &mut [f64] {
        &mut self.values
    }

    /// One row.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.columns..(row + 1) * self.columns]
    }

    /// One row.
    pub fn row_mut(&mut self, row: usize) -> &mut [f64] {
        &mut self.values[row * self.columns..(row + 1) * self.columns]
    }

    /// One column, copied.
    pub fn column(&self, column: usize) -> Vec<f64> {
        (0..self.rows).map(|row| self.row(row)[column]).collect()
    }

    /// The given rows, in that order, as a new matrix.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        let mut values = Vec::with_capacity(rows.len() * self.columns);
        for &row in rows {
            values.extend_from_slice(self.row(row));
        }
        Self {
            rows: rows.len(),
            columns: self.columns,
            values,
        }
    }

    /// Index of the greatest value of every row, the first of equals.
    pub fn row_argmax(&self) -> Vec<usize> {
        (0..self.rows)
            .map(|row| {
                let row = self.row(row);
                (0..row.len()).fold(0, |best, i| if row[i] > row[best] { i } else { best })
            })
            .collect()
    }
}

/// Dot product, in eight partial sums so that it runs in vector registers.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let tail: f64 = a8
        .remainder()
        .iter()
        .zip(b8.remainder())
        .map(|(x, y)| x * y)
        .sum();
    for (x, y) in a8.zip(b8) {
        for lane in 0..8 {
            sums[lane] += x[lane] * y[lane];
        }
    }
    sums.iter().sum::<f64>() + tail
}

/// `target += factor × source`.
pub(crate) fn add_scaled(target: &mut [f64], factor: f64, source: &[f64]) {
    for (t, s) in target.iter_mut().zip(source) {
        *t += factor * s;
    }
}
