//! Contrast between two crops of the same recordings, without text.
//!
//! In: `first` and `second` `[recordings, width]`, a bilinear form `[width, width]`. Out: a loss
//! `[1]`.

use burn::tensor::{Tensor, activation::log_softmax};

/// COLA's bilinear similarity with cross-entropy (Saeed et al. 2021, arXiv 2010.10915, eq. 1 and
/// 2, as OPERA trains with it): logits `first W secondᵀ`, the recording's own other crop is the
/// target, in this one direction and without temperature.
pub fn cola(first: Tensor<2>, second: Tensor<2>, bilinear: Tensor<2>) -> Tensor<1> {
    let [recordings, _] = first.dims();
    let logits = first.matmul(bilinear).matmul(second.transpose());
    let own = Tensor::<2>::eye(recordings, &logits.device());
    (log_softmax(logits, 1) * own).sum().neg() / recordings as f32
}
