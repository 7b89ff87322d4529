//! The alignment term of AcuLa's published code, kept as an ablation only.
//!
//! In: `x` `[samples, width]`, `y` `[samples, width]`. Out: a similarity `[1]`. It compares feature
//! covariances, which do not change when the rows of `y` are permuted: it cannot know which report
//! belongs to which sound.

use burn::tensor::Tensor;

use super::{EPSILON, centred, root};

/// `⟨XᵀX, YᵀY⟩ / (‖XᵀX‖ ‖YᵀY‖)` of the centred samples, as in `compute_alignment_loss` of AcuLa's
/// `model.py` (github.com/janine714/AcuLA at 781a96b), with an epsilon in the denominator. Both
/// widths must be equal.
pub fn covariance_cka(x: Tensor<2>, y: Tensor<2>) -> Tensor<1> {
    let covariance = |x: Tensor<2>| {
        let x = centred(x);
        x.clone().transpose().matmul(x)
    };
    let (a, b) = (covariance(x), covariance(y));
    let norm = |m: Tensor<2>| root(m.square().sum());
    (a.clone() * b.clone()).sum() / (norm(a) * norm(b) + EPSILON)
}
