//! The decoder with quantised weights on the CPU, for generating text: in come token ids or
//! embeddings, out go the logits of the next token.
//!
//! The same model as [`super::Llama`]. Weight matrices stay in the blocks of the file and
//! activations are rounded to 8 bits before each product, as in llama.cpp; everything between the
//! products is `f32`.

mod load;

use laennec_kernels::quant::{Activations, Matrix, add_to, attend, rms_norm, silu_gate};
use rayon::prelude::*;

use super::rope::angles;
use super::{Config, Error};

/// A decoder language model with quantised weights.
#[derive(Debug)]
pub struct QuantisedLlama {
    config: Config,
    embedding: Matrix,
    blocks: Vec<Block>,
    norm: Vec<f32>,
    head: Option<Matrix>,
}

#[derive(Debug)]
struct Block {
    attention_norm: Vec<f32>,
    query: Projection,
    key: Projection,
    value: Projection,
    output: Matrix,
    feed_forward_norm: Vec<f32>,
    gate: Matrix,
    up: Matrix,
    down: Matrix,
}

/// A matrix, with a bias in families that have one.
#[derive(Debug)]
struct Projection {
    matrix: Matrix,
    bias: Option<Vec<f32>>,
}

impl Projection {
    fn apply(&self, x: &Activations) -> Vec<f32> {
        let mut out = self.matrix.product(x);
        if let Some(bias) = &self.bias {
            out.chunks_exact_mut(bias.len())
                .for_each(|row| add_to(row, bias));
        }
        out
    }
}

/// The keys and values of the positions that a [`QuantisedLlama`] has seen: for each layer and key
/// head `[length, head_width]`.
#[derive(Debug, Clone)]
pub struct QuantisedCache {
    keys: Vec<Vec<f32>>,
    values: Vec<Vec<f32>>,
    length: usize,
}

impl QuantisedCache {
    /// Number of positions seen.
    pub fn length(&self) -> usize {
        self.length
    }
}

impl QuantisedLlama {
    /// The model's hyperparameters.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Bytes of memory that the weight matrices take.
    pub fn weight_bytes(&self) -> usize {
        let block = |block: &Block| {
            let projections =
                [&block.query, &block.key, &block.value].map(|projection| &projection.matrix);
            let matrices =
                projections
                    .into_iter()
                    .chain([&block.output, &block.gate, &block.up, &block.down]);
            matrices.map(Matrix::bytes).sum::<usize>()
        };
        let outside = self.embedding.bytes() + self.head.as_ref().map_or(0, Matrix::bytes);
        outside + self.blocks.iter().map(block).sum::<usize>()
    }

    /// An empty cache.
    pub fn cache(&self) -> QuantisedCache {
        let heads = self.config.layers * self.config.kv_heads;
        QuantisedCache {
            keys: vec![Vec::new(); heads],
            values: vec![Vec::new(); heads],
            length: 0,
        }
    }

    /// Embeddings of tokens, row-major `[length, width]`.
    pub fn embed(&self, tokens: &[u32]) -> Result<Vec<f32>, Error> {
        self.config.known(tokens)?;
        Ok(tokens
            .iter()
            .flat_map(|token| self.embedding.row(*token as usize))
            .collect())
    }

    /// Logits `[vocabulary]` of the token that follows `tokens`, which follow what the cache holds.
    pub fn next_logits(
        &self,
        cache: &mut QuantisedCache,
        tokens: &[u32],
    ) -> Result<Vec<f32>, Error> {
        self.config.fits(cache.length, tokens.len())?;
        self.next_logits_of(cache, self.embed(tokens)?)
    }

    /// [`Self::next_logits`] for embeddings, row-major `[length, width]`, from tokens or from
    /// another encoder.
    pub fn next_logits_of(
        &self,
        cache: &mut QuantisedCache,
        embeddings: Vec<f32>,
    ) -> Result<Vec<f32>, Error> {
        let width = self.config.width;
        if !embeddings.len().is_multiple_of(width) {
            return Err(Error::Width {
                found: embeddings.len() % width,
                expected: width,
            });
        }
        let length = embeddings.len() / width;
        self.config.fits(cache.length, length)?;
        let epsilon = self.config.norm_epsilon as f32;
        let rotation = angles(&self.config, cache.length, length);
        let mut x = embeddings;
        for (layer, block) in self.blocks.iter().enumerate() {
            let normed =
                Activations::quantise(&rms_norm(&x, &block.attention_norm, epsilon), width);
            let mixed = self.attention(layer, block, &normed, &rotation, cache);
            let mixed = Activations::quantise(&mixed, self.config.query_width());
            add_to(&mut x, &block.output.product(&mixed));
            let normed =
                Activations::quantise(&rms_norm(&x, &block.feed_forward_norm, epsilon), width);
            let mut gate = block.gate.product(&normed);
            silu_gate(&mut gate, &block.up.product(&normed));
            add_to(
                &mut x,
                &block
                    .down
                    .product(&Activations::quantise(&gate, self.config.hidden)),
            );
        }
        cache.length += length;
        let last = rms_norm(&x[(length - 1) * width..], &self.norm, epsilon);
        Ok(self
            .head
            .as_ref()
            .unwrap_or(&self.embedding)
            .product(&Activations::quantise(&last, width)))
    }

    /// The mixture of values for each row of `x`, `[length, query_width]`; the new keys and values
    /// go into the cache.
    fn attention(
        &self,
        layer: usize,
        block: &Block,
        x: &Activations,
        rotation: &(Vec<f32>, Vec<f32>),
        cache: &mut QuantisedCache,
    ) -> Vec<f32> {
        let Config {
            heads,
            kv_heads,
            head_width,
            ..
        } = self.config;
        let mut query = block.query.apply(x);
        let mut key = block.key.apply(x);
        let value = block.value.apply(x);
        rotate(&mut query, head_width, rotation);
        rotate(&mut key, head_width, rotation);
        for (new, all) in [(&key, &mut cache.keys), (&value, &mut cache.values)] {
            for (at, head) in new.chunks_exact(head_width).enumerate() {
                all[layer * kv_heads + at % kv_heads].extend_from_slice(head);
            }
        }

        let scale = (head_width as f32).sqrt().recip();
        let mut mixed = vec![0.0; query.len()];
        let past = cache.length;
        let one = |(at, (query, out)): (usize, (&[f32], &mut [f32]))| {
            let (row, head) = (at / heads, at % heads);
            let seen = (past + row + 1) * head_width;
            let place = layer * kv_heads + head / (heads / kv_heads);
            attend(
                query,
                &cache.keys[place][..seen],
                &cache.values[place][..seen],
                scale,
                out,
            );
        };
        // One row is little work; waking other threads for it costs more than it saves.
        if x.rows() == 1 {
            query
                .chunks_exact(head_width)
                .zip(mixed.chunks_exact_mut(head_width))
                .enumerate()
                .for_each(one);
        } else {
            let queries = query
                .par_chunks_exact(head_width)
                .zip(mixed.par_chunks_exact_mut(head_width));
            queries.enumerate().with_min_len(heads).for_each(one);
        }
        mixed
    }
}

/// Turns the heads of `x`, `[length, heads, head_width]`, by the angles of their rows (see
/// [`angles`]).
fn rotate(x: &mut [f32], head_width: usize, (cosine, sine): &(Vec<f32>, Vec<f32>)) {
    let pairs = head_width / 2;
    let row_width = x.len() / (cosine.len() / pairs);
    let angles = cosine.chunks_exact(pairs).zip(sine.chunks_exact(pairs));
    for (row, (cosine, sine)) in x.chunks_exact_mut(row_width).zip(angles) {
        for head in row.chunks_exact_mut(head_width) {
            let (first, second) = head.split_at_mut(pairs);
            for i in 0..pairs {
                let (a, b) = (first[i], second[i]);
                first[i] = a * cosine[i] - b * sine[i];
                second[i] = b * cosine[i] + a * sine[i];
            }
        }
    }
}
