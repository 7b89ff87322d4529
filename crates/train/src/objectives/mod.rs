//! Training objectives: pure functions from logits, embeddings or features and targets to a loss.
//! Each file is one objective and names its source; gradients flow through all of them.

mod cka;
mod cola;
mod covariance_cka;
mod cross_entropy;
mod info_nce;
mod preservation;
mod reconstruction;
mod siglip;

pub use cka::{debiased_cka, linear_cka};
pub use cola::cola;
pub use covariance_cka::covariance_cka;
pub use cross_entropy::{binary_cross_entropy, cross_entropy, inverse_root_weights};
pub use info_nce::info_nce;
pub use preservation::preservation;
pub use reconstruction::{mask_patches, patches, reconstruction, reconstruction_by_row};
pub use siglip::siglip;

use burn::tensor::Tensor;

/// Keeps a division by a norm defined where the norm is zero.
const EPSILON: f32 = 1e-8;

/// Rows scaled to unit length, `[rows, width]`.
fn unit_rows(x: Tensor<2>) -> Tensor<2> {
    let norms = root(x.clone().square().sum_dim(1)).clamp_min(EPSILON);
    x / norms
}

/// Square root whose gradient is 0, not undefined, where there is nothing to take the root of.
fn root<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    x.clamp_min(f32::MIN_POSITIVE).sqrt()
}

/// Columns with their mean taken away, `[rows, width]`.
fn centred(x: Tensor<2>) -> Tensor<2> {
    let mean = x.clone().mean_dim(0);
    x - mean
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;

    #[test]
    fn equal_rows_have_a_defined_gradient() {
        let device = Device::flex().autodiff();
        let other =
            Tensor::<2>::from_data([[0.0, 1.0], [2.0, 0.5], [1.0, 3.0], [0.2, 0.1]], &device);
        let forms: [fn(Tensor<2>, Tensor<2>) -> Tensor<1>; 4] =
            [linear_cka, debiased_cka, covariance_cka, preservation];
        for form in forms {
            let equal = Tensor::<2>::zeros([4, 2], &device).require_grad();
            let value = form(equal.clone(), other.clone());
            let gradient = equal.grad(&value.backward()).unwrap();
            let values: Vec<f32> = gradient.into_data().try_to_vec().unwrap();
            assert!(values.iter().all(|value| value.is_finite()), "{values:?}");
        }
    }
}
