//! One block of the decoder: attention, then a gated feed-forward layer, each on normed states and
//! added to them.

use burn::module::{Module, Param};
use burn::tensor::Tensor;
use burn::tensor::activation::silu;

use crate::linear::linear;

use super::attention::Attention;
use super::rope::Rotation;
use super::{Cache, Config};

/// The weights of one block.
#[derive(Module, Debug)]
pub(super) struct Block {
    pub(super) attention_norm: Param<Tensor<1>>,
    pub(super) attention: Attention,
    pub(super) feed_forward_norm: Param<Tensor<1>>,
    pub(super) gate: Param<Tensor<2>>,
    pub(super) up: Param<Tensor<2>>,
    pub(super) down: Param<Tensor<2>>,
}

impl Block {
    /// `x` and the result are `[batch, length, width]`.
    pub(super) fn forward(
        &self,
        x: Tensor<3>,
        config: &Config,
        rotation: &Rotation,
        cache: Option<(&mut Cache, usize)>,
    ) -> Tensor<3> {
        let normed = rms_norm(x.clone(), self.attention_norm.val(), config.norm_epsilon);
        let x = x + self.attention.forward(normed, config, rotation, cache);
        let normed = rms_norm(x.clone(), self.feed_forward_norm.val(), config.norm_epsilon);
        let gate = silu(linear(normed.clone(), self.gate.val(), None));
        let gated = gate * linear(normed, self.up.val(), None);
        x + linear(gated, self.down.val(), None)
    }
}

/// `x / sqrt(mean(x²) + ε) · w` over the last dimension (Zhang and Sennrich 2019, equation 4).
pub(super) fn rms_norm(x: Tensor<3>, weight: Tensor<1>, epsilon: f64) -> Tensor<3> {
    let root = (x.clone().square().mean_dim(2) + epsilon).sqrt();
    x / root * weight.unsqueeze()
}
