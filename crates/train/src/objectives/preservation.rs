//! Keeps an encoder close to what it knew: the self-supervised term for encoders without a decoder.
//!
//! In: embeddings of the encoder in training and of its frozen start, both `[samples, width]`. Out:
//! a loss `[1]`.

use burn::tensor::Tensor;

use super::unit_rows;

/// Mean over samples of `1 - cos(current, start)`, in `[0, 2]`: distillation of the frozen start
/// (Romero et al. 2015, arXiv 1412.6550, with the cosine for the squared error, so that the scale
/// of the embedding stays free). AcuLa keeps its encoder in place by masked reconstruction instead,
/// which needs a decoder.
pub fn preservation(current: Tensor<2>, start: Tensor<2>) -> Tensor<1> {
    let cosines = (unit_rows(current) * unit_rows(start)).sum_dim(1);
    cosines.neg().add_scalar(1.0).mean()
}
