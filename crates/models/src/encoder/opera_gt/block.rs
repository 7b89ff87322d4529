//! A block of the vision transformer: tokens in, tokens out; the norms come first.

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::{EPSILON, WIDTH};
use crate::Error;
use crate::encoder::layers::{FeedForward, LayerNorm, Linear, attend, join_heads, split_qkv};
use crate::mobilenet::weights::Source;

const HEADS: usize = 6;

/// Self-attention and feed-forward, each added to its input.
#[derive(Module, Debug)]
pub(super) struct Block {
    attention_norm: LayerNorm,
    projection: Linear,
    output: Linear,
    feed_forward_norm: LayerNorm,
    feed_forward: FeedForward,
}

impl Block {
    /// The block whose tensors are named `{prefix}.attn.qkv.weight` ... in `source`.
    pub(super) fn new(
        source: &mut dyn Source,
        prefix: &str,
        device: &Device,
    ) -> Result<Self, Error> {
        let name = |part: &str| format!("{prefix}.{part}");
        let [first, second] = [name("mlp.fc1"), name("mlp.fc2")];
        let sizes = [WIDTH, 4 * WIDTH];
        Ok(Self {
            attention_norm: LayerNorm::new(source, &name("norm1"), WIDTH, EPSILON, device)?,
            projection: Linear::new(source, &name("attn.qkv"), [WIDTH, 3 * WIDTH], device)?,
            output: Linear::new(source, &name("attn.proj"), [WIDTH, WIDTH], device)?,
            feed_forward_norm: LayerNorm::new(source, &name("norm2"), WIDTH, EPSILON, device)?,
            feed_forward: FeedForward::new(source, [&first, &second], sizes, device)?,
        })
    }

    /// `[batch, tokens, 384]` to `[batch, tokens, 384]`.
    pub(super) fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let normed = self.attention_norm.forward(x.clone());
        let [query, key, value] = split_qkv(&self.projection.forward(normed), HEADS);
        let scale = ((WIDTH / HEADS) as f64).sqrt().recip();
        let scores = (query * scale).matmul(key.swap_dims(2, 3));
        let x = x + self.output.forward(join_heads(attend(scores, value)));
        let normed = self.feed_forward_norm.forward(x.clone());
        x + self.feed_forward.forward(normed)
    }
}
