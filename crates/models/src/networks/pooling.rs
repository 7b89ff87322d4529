//! Attention pooling over time: which moments of a recording decide its label.
//!
//! In: a sequence `[batch, steps, width]` and its mask. Out: mean and attention-weighted mean side
//! by side, `[batch, 2 * width]`.

use burn::{
    module::Module,
    nn::{Linear, LinearConfig},
    tensor::{Device, Tensor, activation::softmax},
};

/// Added to the scores of padded steps; large enough that their weight is zero in f32.
const MASKED: f32 = -1e9;

/// Mean and additive attention (Bahdanau et al. 2015, one learned query) over the valid steps.
#[derive(Module, Debug)]
pub struct AttentionPooling {
    hidden: Linear,
    score: Linear,
}

impl AttentionPooling {
    /// Pooling of `width` features through `hidden` units.
    pub fn new(width: usize, hidden: usize, device: &Device) -> Self {
        Self {
            hidden: LinearConfig::new(width, hidden).init(device),
            score: LinearConfig::new(hidden, 1).init(device),
        }
    }

    /// `sequence` `[batch, steps, width]`, `mask` `[batch, steps]` (1 valid, 0 padding; at least
    /// one valid step a row) to `[batch, 2 * width]`.
    pub fn forward(&self, sequence: Tensor<3>, mask: Tensor<2>) -> Tensor<2> {
        let [batch, steps, width] = sequence.dims();
        // Products with weights run on two dimensions: Burn copies the weight otherwise.
        let flat = sequence.clone().reshape([batch * steps, width]);
        let scores = self.score.forward(self.hidden.forward(flat).tanh());
        let scores =
            scores.reshape([batch, steps]) + mask.clone().neg().add_scalar(1.0).mul_scalar(MASKED);
        let attention = softmax(scores, 1);
        let uniform = mask.clone() / mask.sum_dim(1);
        let pool = |sequence: Tensor<3>, weights: Tensor<2>| {
            (sequence * weights.reshape([batch, steps, 1]))
                .sum_dim(1)
                .reshape([batch, width])
        };
        Tensor::cat(
            vec![pool(sequence.clone(), uniform), pool(sequence, attention)],
            1,
        )
    }
}
