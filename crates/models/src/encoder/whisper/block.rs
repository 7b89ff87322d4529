//! A transformer block of Whisper's encoder: tokens in, tokens out; the norms come first.

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::EPSILON;
use crate::Error;
use crate::encoder::layers::{FeedForward, LayerNorm, Linear, attend, join_heads, split_heads};
use crate::mobilenet::weights::Source;

/// Self-attention and feed-forward, each added to its input.
#[derive(Module, Debug)]
pub(super) struct Block {
    attention_norm: LayerNorm,
    query: Linear,
    /// Without a bias, which the softmax would not see.
    key: Linear,
    value: Linear,
    output: Linear,
    feed_forward_norm: LayerNorm,
    feed_forward: FeedForward,
}

impl Block {
    /// The block whose tensors are named `{prefix}.self_attn.q_proj.weight` ... in `source`.
    pub(super) fn new(
        source: &mut dyn Source,
        prefix: &str,
        width: usize,
        device: &Device,
    ) -> Result<Self, Error> {
        let name = |part: &str| format!("{prefix}.{part}");
        let square = [width, width];
        let [first, second] = [name("fc1"), name("fc2")];
        Ok(Self {
            attention_norm: LayerNorm::new(
                source,
                &name("self_attn_layer_norm"),
                width,
                EPSILON,
                device,
            )?,
            query: Linear::new(source, &name("self_attn.q_proj"), square, device)?,
            key: Linear::without_bias(source, &name("self_attn.k_proj"), square, device)?,
            value: Linear::new(source, &name("self_attn.v_proj"), square, device)?,
            output: Linear::new(source, &name("self_attn.out_proj"), square, device)?,
            feed_forward_norm: LayerNorm::new(
                source,
                &name("final_layer_norm"),
                width,
                EPSILON,
                device,
            )?,
            feed_forward: FeedForward::new(source, [&first, &second], [width, 4 * width], device)?,
        })
    }

    /// `[batch, tokens, width]` to `[batch, tokens, width]`.
    pub(super) fn forward(&self, x: Tensor<3>, heads: usize) -> Tensor<3> {
        let scale = ((x.dims()[2] / heads) as f64).sqrt().recip();
        let normed = self.attention_norm.forward(x.clone());
        let query = split_heads(self.query.forward(normed.clone()), heads) * scale;
        let key = split_heads(self.key.forward(normed.clone()), heads);
        let value = split_heads(self.value.forward(normed), heads);
        let mixed = attend(query.matmul(key.swap_dims(2, 3)), value);
        let x = x + self.output.forward(join_heads(mixed));
        let normed = self.feed_forward_norm.forward(x.clone());
        x + self.feed_forward.forward(normed)
    }
}
