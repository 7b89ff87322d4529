//! In: embeddings. Out: their first principal components.

use crate::matrix::{Matrix, add_scaled, dot};
use crate::metrics::{Undefined, all_finite};

/// Rounds of the orthogonal iteration; it stops earlier where nothing changes any more.
const ROUNDS: usize = 1000;

/// Coordinates `[observations, count]` on the directions of greatest variance, in falling order.
///
/// By orthogonal iteration on the centred data (Golub & Van Loan 2013, section 8.2.4) from a fixed
/// start; in each direction the coordinate of greatest magnitude is positive, so that the result
/// does not depend on the start. Components without variance are 0.
pub fn principal_components(x: &Matrix, count: usize) -> Result<Matrix, Undefined> {
    all_finite("value", x.values())?;
    if x.rows() == 0 || x.columns() == 0 {
        return Err(Undefined::Empty);
    }
    let (n, width) = (x.rows(), x.columns());
    let mut mean = vec![0.0; width];
    for row in 0..n {
        add_scaled(&mut mean, 1.0 / n as f64, x.row(row));
    }
    let mut centred = x.clone();
    for row in 0..n {
        add_scaled(centred.row_mut(row), -1.0, &mean);
    }
    // Two directions more than asked for, so that the last one wanted converges well.
    let start = |index: usize, i: usize| 1.0 / (1.0 + ((i * 31 + index * 17) % 101) as f64);
    let mut basis: Vec<Vec<f64>> = (0..(count + 2).min(width))
        .map(|index| (0..width).map(|i| start(index, i)).collect())
        .collect();
    orthonormalise(&mut basis);
    for _ in 0..ROUNDS {
        let before = basis.clone();
        for direction in &mut basis {
            let mut image = vec![0.0; width];
            for row in 0..n {
                let weight = dot(centred.row(row), direction);
                add_scaled(&mut image, weight, centred.row(row));
            }
            *direction = image;
        }
        orthonormalise(&mut basis);
        let moved = |(old, new): (&Vec<f64>, &Vec<f64>)| {
            let pairs = old.iter().zip(new);
            pairs.fold(0.0, |most: f64, (a, b)| most.max((a.abs() - b.abs()).abs()))
        };
        let wanted = before.iter().zip(&basis).take(count);
        if wanted.map(moved).fold(0.0, f64::max) < 1e-13 {
            break;
        }
    }
    let mut result = Matrix::zeros(n, count);
    for (component, direction) in basis.iter().take(count).enumerate() {
        let values: Vec<f64> = (0..n).map(|row| dot(centred.row(row), direction)).collect();
        let farther = |most: f64, v: f64| if v.abs() > most.abs() { v } else { most };
        let extreme = values.iter().copied().fold(0.0, farther);
        let sign = if extreme < 0.0 { -1.0 } else { 1.0 };
        for (row, value) in values.into_iter().enumerate() {
            result.row_mut(row)[component] = sign * value;
        }
    }
    Ok(result)
}

/// Gram and Schmidt's method; directions that vanish become 0.
fn orthonormalise(basis: &mut [Vec<f64>]) {
    for index in 0..basis.len() {
        let (done, rest) = basis.split_at_mut(index);
        let direction = &mut rest[0];
        let before = dot(direction, direction).sqrt();
        for other in done.iter() {
            let share = dot(other, direction);
            add_scaled(direction, -share, other);
        }
        let length = dot(direction, direction).sqrt();
        let factor = if length > 1e-12 * before.max(f64::MIN_POSITIVE) {
            1.0 / length
        } else {
            0.0
        };
        for value in direction {
            *value *= factor;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_in_space_has_one_component() {
        let rows: Vec<[f64; 3]> = (0..9)
            .map(|i| f64::from(i) - 2.0)
            .map(|t| [t, -2.0 * t, 2.0 * t])
            .collect();
        let result = principal_components(&Matrix::from_rows(&rows).unwrap(), 2).unwrap();
        let first = result.column(0);
        assert!((first[8].abs() - 12.0).abs() < 1e-9 && (first[0].abs() - 12.0).abs() < 1e-9);
        assert!(result.column(1).iter().all(|v| v.abs() < 1e-6));
    }
}
