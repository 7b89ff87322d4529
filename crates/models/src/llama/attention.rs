//! Causal self-attention with grouped key and value heads: in come normed hidden states, out goes
//! their mixture over the positions so far.

use burn::module::{Module, Param};
use burn::tensor::activation::softmax;
use burn::tensor::{Bool, Tensor};

use crate::linear::linear;

use super::rope::Rotation;
use super::{Cache, Config};

/// The weights of one attention layer, `[output, input]` as in Hugging Face.
#[derive(Module, Debug)]
pub(super) struct Attention {
    pub(super) query: Param<Tensor<2>>,
    pub(super) key: Param<Tensor<2>>,
    pub(super) value: Param<Tensor<2>>,
    pub(super) output: Param<Tensor<2>>,
    pub(super) query_bias: Option<Param<Tensor<1>>>,
    pub(super) key_bias: Option<Param<Tensor<1>>>,
    pub(super) value_bias: Option<Param<Tensor<1>>>,
}

impl Attention {
    /// `x` and the result are `[batch, length, width]`; `cache` with the number of the layer holds
    /// the positions before.
    pub(super) fn forward(
        &self,
        x: Tensor<3>,
        config: &Config,
        rotation: &Rotation,
        cache: Option<(&mut Cache, usize)>,
    ) -> Tensor<3> {
        let [batch, length, _] = x.dims();
        let (heads, kv_heads, head_width) = (config.heads, config.kv_heads, config.head_width);
        let split = |x: Tensor<3>, heads: usize| {
            x.reshape([batch, length, heads, head_width])
                .swap_dims(1, 2)
        };
        let bias = |bias: &Option<Param<Tensor<1>>>| bias.as_ref().map(Param::val);

        let query = split(
            linear(x.clone(), self.query.val(), bias(&self.query_bias)),
            heads,
        );
        let key = split(
            linear(x.clone(), self.key.val(), bias(&self.key_bias)),
            kv_heads,
        );
        let value = split(
            linear(x, self.value.val(), bias(&self.value_bias)),
            kv_heads,
        );
        let (query, key) = (rotation.apply(&query), rotation.apply(&key));
        let (key, value) = match cache {
            Some((cache, layer)) => cache.extend(layer, key, value),
            None => (key, value),
        };

        // The query heads of a group stand below each other, so that keys and values need not be
        // repeated.
        let total = key.dims()[2];
        let grouped = heads / kv_heads * length;
        let scale = (head_width as f64).sqrt().recip();
        let query = query.reshape([batch, kv_heads, grouped, head_width]) * scale;
        let scores = query
            .matmul(key.swap_dims(2, 3))
            .reshape([batch, heads, length, total]);
        let scores = if length == 1 {
            scores
        } else {
            let past = (total - length) as i64;
            let future = Tensor::<2, Bool>::tril_mask([length, total], past, &scores.device());
            scores.mask_fill(future.unsqueeze(), f32::NEG_INFINITY)
        };
        let weights = softmax(scores, 3).reshape([batch, kv_heads, grouped, total]);
        let mixed = weights
            .matmul(value)
            .reshape([batch, heads, length, head_width]);
        let joined = mixed
            .swap_dims(1, 2)
            .reshape([batch, length, heads * head_width]);
        linear(joined, self.output.val(), None)
    }
}
