//! The decoder as a Burn module: in come token ids or embeddings, out go hidden states and logits.

use burn::module::{Module, Param};
use burn::tensor::{Device, Int, Tensor, TensorData};

use crate::linear::linear;

use super::block::{Block, rms_norm};
use super::rope::Rotation;
use super::{Cache, Config, Error};

/// A decoder language model with `f32` weights.
#[derive(Module, Debug)]
pub struct Llama {
    /// `[vocabulary, width]`
    pub(super) embedding: Param<Tensor<2>>,
    pub(super) blocks: Vec<Block>,
    pub(super) norm: Param<Tensor<1>>,
    /// `[vocabulary, width]`; the embedding serves where there is none.
    pub(super) head: Option<Param<Tensor<2>>>,
    #[module(skip)]
    pub(super) config: Config,
}

impl Llama {
    /// The model's hyperparameters.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The device on which the weights lie.
    pub fn device(&self) -> Device {
        self.embedding.val().device()
    }

    /// An empty cache.
    pub fn cache(&self) -> Cache {
        Cache::new(self.config.layers)
    }

    /// Embeddings of token ids, `[batch, length]` to `[batch, length, width]`. Ids must lie within
    /// the vocabulary.
    pub fn embed(&self, tokens: Tensor<2, Int>) -> Tensor<3> {
        let [batch, length] = tokens.dims();
        let rows = self
            .embedding
            .val()
            .select(0, tokens.reshape([batch * length]));
        rows.reshape([batch, length, self.config.width])
    }

    /// Hidden states after the last norm, for embeddings `[batch, length, width]` that follow what
    /// the cache holds. The embeddings may come from tokens, from another encoder (an audio
    /// prefix), or from both, one after the other.
    pub fn forward_embeddings(
        &self,
        embeddings: Tensor<3>,
        mut cache: Option<&mut Cache>,
    ) -> Result<Tensor<3>, Error> {
        let [_, length, width] = embeddings.dims();
        if width != self.config.width {
            return Err(Error::Width {
                found: width,
                expected: self.config.width,
            });
        }
        let past = cache.as_ref().map_or(0, |cache| cache.length());
        self.config.fits(past, length)?;
        let rotation = Rotation::new(&self.config, past, length, &embeddings.device());
        let mut x = embeddings;
        for (layer, block) in self.blocks.iter().enumerate() {
            x = block.forward(
                x,
                &self.config,
                &rotation,
                cache.as_deref_mut().map(|cache| (cache, layer)),
            );
        }
        if let Some(cache) = cache {
            cache.advance(length);
        }
        Ok(rms_norm(x, self.norm.val(), self.config.norm_epsilon))
    }

    /// Hidden states after `layer` blocks of a sequence that starts with these embeddings `[batch,
    /// length, width]`: 0 gives the embeddings themselves, the number of blocks the states after
    /// the last norm, as transformers counts `hidden_states`.
    pub fn hidden_states(&self, embeddings: Tensor<3>, layer: usize) -> Result<Tensor<3>, Error> {
        let [_, length, width] = embeddings.dims();
        if width != self.config.width {
            return Err(Error::Width {
                found: width,
                expected: self.config.width,
            });
        }
        if layer >= self.config.layers {
            return self.forward_embeddings(embeddings, None);
        }
        self.config.fits(0, length)?;
        let rotation = Rotation::new(&self.config, 0, length, &embeddings.device());
        let first = &self.blocks[..layer];
        Ok(first.iter().fold(embeddings, |x, block| {
            block.forward(x, &self.config, &rotation, None)
        }))
    }

    /// Logits over the vocabulary, `[batch, length, width]` to `[batch, length, vocabulary]`.
    pub fn logits(&self, hidden: Tensor<3>) -> Tensor<3> {
        let head = self.head.as_ref().unwrap_or(&self.embedding);
        linear(hidden, head.val(), None)
    }

    /// Logits of the token that follows `tokens`, which follow what the cache holds.
    pub fn next_logits(&self, cache: &mut Cache, tokens: &[u32]) -> Result<Vec<f32>, Error> {
        self.config.known(tokens)?;
        self.config.fits(cache.length(), tokens.len())?;
        let ids: Vec<i64> = tokens.iter().map(|id| i64::from(*id)).collect();
        let ids =
            Tensor::<2, Int>::from_data(TensorData::new(ids, [1, tokens.len()]), &self.device());
        let hidden = self.forward_embeddings(self.embed(ids), Some(cache))?;
        let last = hidden.narrow(1, tokens.len() - 1, 1);
        Ok(self.logits(last).into_data().iter::<f32>().collect())
    }
}
