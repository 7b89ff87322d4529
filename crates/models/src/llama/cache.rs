//! The keys and values of the positions that a [`super::Llama`] has seen, so that each new token is
//! computed once.

use burn::tensor::Tensor;

/// Keys and values of each layer, `[batch, kv_heads, length, head_width]`.
#[derive(Debug, Clone)]
pub struct Cache {
    layers: Vec<Option<(Tensor<4>, Tensor<4>)>>,
    length: usize,
}

impl Cache {
    /// An empty cache for a model of that many layers.
    pub(super) fn new(layers: usize) -> Self {
        Self {
            layers: vec![None; layers],
            length: 0,
        }
    }

    /// Number of positions seen.
    pub fn length(&self) -> usize {
        self.length
    }

    /// Appends the keys and values of new positions to one layer and gives all of them.
    pub(super) fn extend(
        &mut self,
        layer: usize,
        keys: Tensor<4>,
        values: Tensor<4>,
    ) -> (Tensor<4>, Tensor<4>) {
        let all = match self.layers[layer].take() {
            None => (keys, values),
            Some((past_keys, past_values)) => (
                Tensor::cat(vec![past_keys, keys], 2),
                Tensor::cat(vec![past_values, values], 2),
            ),
        };
        self.layers[layer] = Some(all.clone());
        all
    }

    /// Notes that all layers have been extended by `new` positions.
    pub(super) fn advance(&mut self, new: usize) {
        self.length += new;
    }
}
