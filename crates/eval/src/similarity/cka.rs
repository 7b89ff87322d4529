//! In: two representations of the same observations. Out: how alike they are, whatever rotation and
//! scale lie between them.

use crate::matrix::{Matrix, add_scaled, dot};
use crate::metrics::{Undefined, all_finite, same_length};

/// Linear centred kernel alignment (Kornblith et al., ICML 2019) with the unbiased estimate of HSIC
/// (Song et al., JMLR 13, 2012, eq. 4; Nguyen, Raghu & Kornblith, ICLR 2021, eq. 3).
///
/// `x` is `[observations, any]`, `y` `[the same observations, any]`. Unlike the plain form it is
/// about 0, and may be below, for representations that have nothing in common, however wide they
/// are. Undefined for fewer than four observations or where a representation is constant.
pub fn debiased_cka(x: &Matrix, y: &Matrix) -> Result<f64, Undefined> {
    same_length("observations", x.rows(), y.rows())?;
    all_finite("value", x.values())?;
    all_finite("value", y.values())?;
    if x.rows() < 4 {
        return Err(Undefined::NoneOf("beyond the third"));
    }
    let n = x.rows();
    let (k, l) = (gram(x), gram(y));
    let (own_k, own_l) = (hsic(&k, &k, n), hsic(&l, &l, n));
    // Constant representations leave rounding errors of their size only.
    let size = |m: &Matrix| dot(m.values(), m.values()).powi(2);
    if own_k > 1e-18 * size(x) && own_l > 1e-18 * size(y) {
        Ok(hsic(&k, &l, n) / (own_k * own_l).sqrt())
    } else {
        Err(Undefined::NoneOf("different from another"))
    }
}

/// Products of all pairs of centred observations, `[n × n]`, the diagonal left out.
fn gram(x: &Matrix) -> Vec<f64> {
    let n = x.rows();
    let mut mean = vec![0.0; x.columns()];
    for row in 0..n {
        add_scaled(&mut mean, 1.0 / n as f64, x.row(row));
    }
    let mut centred = x.clone();
    for row in 0..n {
        add_scaled(centred.row_mut(row), -1.0, &mean);
    }
    let mut gram = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..i {
            let product = dot(centred.row(i), centred.row(j));
            gram[i * n + j] = product;
            gram[j * n + i] = product;
        }
    }
    gram
}

/// Unbiased HSIC of two Gram matrices without diagonal, times `n (n - 3)`.
fn hsic(k: &[f64], l: &[f64], n: usize) -> f64 {
    let sums =
        |gram: &[f64]| -> Vec<f64> { gram.chunks_exact(n).map(|row| row.iter().sum()).collect() };
    let (of_k, of_l) = (sums(k), sums(l));
    let total = |sums: &[f64]| sums.iter().sum::<f64>();
    let n = n as f64;
    dot(k, l) + total(&of_k) * total(&of_l) / ((n - 1.0) * (n - 2.0))
        - 2.0 / (n - 2.0) * dot(&of_k, &of_l)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(rows: usize, columns: usize, salt: usize) -> Matrix {
        let value = |i: usize| {
            (((i + 1) * 7919 + salt * 104_729) * (i + 6151) % 10_007) as f64 / 5003.5 - 1.0
        };
        Matrix::new(rows, columns, (0..rows * columns).map(value).collect()).unwrap()
    }

    #[test]
    fn it_is_one_for_a_rotation_and_about_zero_for_strangers() {
        let x = noise(60, 2, 1);
        let mut turned = Matrix::zeros(60, 2);
        for row in 0..60 {
            let [a, b] = [x.row(row)[0], x.row(row)[1]];
            let target = turned.row_mut(row);
            target[0] = 3.0 * (0.6 * a - 0.8 * b) + 7.0;
            target[1] = 3.0 * (0.8 * a + 0.6 * b);
        }
        assert!((debiased_cka(&x, &turned).unwrap() - 1.0).abs() < 1e-9);
        let strangers = debiased_cka(&noise(60, 40, 2), &noise(60, 40, 50)).unwrap();
        assert!(strangers.abs() < 0.15, "{strangers}");
    }

    #[test]
    fn a_constant_representation_is_like_nothing() {
        let constant = Matrix::new(10, 3, vec![0.1; 30]).unwrap();
        assert!(debiased_cka(&constant, &noise(10, 3, 1)).is_err());
        assert!(debiased_cka(&noise(3, 3, 1), &noise(3, 3, 2)).is_err());
    }
}
