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
pub use reconstruction::{mask_patches, patches, reconstruction};
pub use siglip::siglip;

use burn::tensor::Tensor;

/// Keeps a division by a norm defined where the norm is zero.
const EPSILON: f32 = 1e-8;

/// Rows scaled to unit length, `[rows, width]`.
fn unit_rows(x: Tensor<2>) -> Tensor<2> {
    let norms = x.clone().square().sum_dim(1).sqrt().clamp_min(EPSILON);
    x / norms
}

/// Columns with their mean taken away, `[rows, width]`.
fn centred(x: Tensor<2>) -> Tensor<2> {
    let mean = x.clone().mean_dim(0);
    x - mean
}
