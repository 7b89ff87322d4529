//! Contrast in both directions: of all reports in the batch a sound must find its own, and of all
//! sounds a report.
//!
//! In: `x` and `y` `[samples, width]`, which rows belong together, the inverse temperature `[1]`.
//! Out: a loss `[1]`.

use burn::tensor::{Tensor, activation::log_softmax};

use super::unit_rows;

/// Symmetric `InfoNCE` over cosines (van den Oord et al. 2018, arXiv 1807.03748; both ways as CLIP,
/// Radford et al. 2021, arXiv 2103.00020, fig. 3): mean of the two cross-entropies.
///
/// `positives` `[samples, samples]` is 1 where row `i` of `x` and row `j` of `y` belong together, as
/// recordings with word for word the same report do; the target is shared among the positives of a
/// row (Yang et al. 2022, arXiv 2204.03610, eq. 3). The identity gives CLIP's loss.
pub fn info_nce(
    x: Tensor<2>,
    y: Tensor<2>,
    positives: Tensor<2>,
    inverse_temperature: Tensor<1>,
) -> Tensor<1> {
    let [samples, _] = x.dims();
    let logits = unit_rows(x).matmul(unit_rows(y).transpose()) * inverse_temperature.unsqueeze();
    let direction = |logits: Tensor<2>, positives: Tensor<2>| {
        let targets = positives.clone() / positives.sum_dim(1);
        (log_softmax(logits, 1) * targets).sum().neg() / samples as f32
    };
    let there = direction(logits.clone(), positives.clone());
    let back = direction(logits.transpose(), positives.transpose());
    (there + back) / 2.0
}
