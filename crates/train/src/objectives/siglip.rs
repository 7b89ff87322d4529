//! Contrast pair by pair: every sound and report of the batch belong together or not.
//!
//! In: `x` and `y` `[samples, width]`, which rows belong together, inverse temperature and bias
//! `[1]`. Out: a loss `[1]`.

use burn::tensor::{Tensor, activation::log_sigmoid};

use super::unit_rows;

/// The sigmoid loss of `SigLIP` (Zhai et al. 2023, arXiv 2303.15343, eq. 1 and algorithm 1):
/// `-1/n Σᵢⱼ log σ(zᵢⱼ (t xᵢ·yⱼ + b))` with `z` 1 for positives and -1 for all other pairs.
///
/// `positives` `[samples, samples]` is 1 or 0; the authors start with `t = 10`, `b = -10`.
pub fn siglip(
    x: Tensor<2>,
    y: Tensor<2>,
    positives: Tensor<2>,
    inverse_temperature: Tensor<1>,
    bias: Tensor<1>,
) -> Tensor<1> {
    let [samples, _] = x.dims();
    let cosines = unit_rows(x).matmul(unit_rows(y).transpose());
    let logits = cosines * inverse_temperature.unsqueeze() + bias.unsqueeze();
    let signs = positives.mul_scalar(2.0).sub_scalar(1.0);
    log_sigmoid(logits * signs).sum().neg() / samples as f32
}
