//! A BERT with its tokenizer as teacher: texts in, pooled states out.

use std::path::Path;

use burn::tensor::{Device, Int, Tensor, TensorData};
use tokenizers::{Tokenizer, TruncationParams};

use super::{Bert, BertConfig, Pooling, Teacher, checked_layer};
use crate::{Error, registry::sha256_hex, tokenizer};

/// Texts of one forward pass.
const BATCH: usize = 16;

/// A text encoder; without [`TextEncoder::with`], the mean over the last layer's states.
pub struct TextEncoder {
    bert: Bert,
    tokenizer: Tokenizer,
    hash: String,
    width: usize,
    layer: usize,
    pooling: Pooling,
    device: Device,
}

impl TextEncoder {
    /// The encoder in `folder`: `model.safetensors` and `tokenizer.json`.
    ///
    /// # Errors
    /// A file is missing, damaged or of another size than `config` says.
    pub fn open(folder: &Path, config: &BertConfig, device: &Device) -> Result<Self, Error> {
        let read = |name: &str| {
            let path = folder.join(name);
            let bytes = std::fs::read(&path).map_err(|source| Error::Read {
                path: path.clone(),
                source,
            })?;
            Ok::<_, Error>((path, bytes))
        };
        let (path, weights) = read("model.safetensors")?;
        let (_, tokens) = read("tokenizer.json")?;
        let mut hashed = weights.clone();
        hashed.extend_from_slice(&tokens);
        let mut tokenizer = Tokenizer::from_bytes(&tokens).map_err(library)?;
        // Padding is ours: the file pads every text to the same length.
        tokenizer.with_padding(None);
        let cut = TruncationParams {
            max_length: config.longest_text,
            ..TruncationParams::default()
        };
        tokenizer.with_truncation(Some(cut)).map_err(library)?;
        Ok(Self {
            bert: Bert::from_safetensors(&weights, &path, config, device)?,
            tokenizer,
            hash: sha256_hex(&hashed),
            width: config.width,
            layer: config.layers,
            pooling: Pooling::Mean,
            device: device.clone(),
        })
    }

    /// The same encoder with another pooling, after `layer` layers (without it, after all).
    ///
    /// # Errors
    /// There are fewer layers.
    pub fn with(mut self, pooling: Pooling, layer: Option<usize>) -> Result<Self, Error> {
        self.layer = checked_layer(layer, self.bert.depth())?;
        self.pooling = pooling;
        Ok(self)
    }

    /// Token ids of a text, with its start and end marks.
    pub fn tokens(&self, text: &str) -> Result<Vec<u32>, Error> {
        let encoding = self.tokenizer.encode(text, true).map_err(library)?;
        Ok(encoding.get_ids().to_vec())
    }

    fn forward(&self, batch: &[&[u32]]) -> Vec<Vec<f32>> {
        let longest = batch.iter().map(|ids| ids.len()).max().unwrap_or(0);
        let mut ids = Vec::with_capacity(batch.len() * longest);
        let mut mask = Vec::with_capacity(batch.len() * longest);
        for text in batch {
            ids.extend(text.iter().map(|id| i64::from(*id)));
            ids.resize(ids.len() + longest - text.len(), 0);
            mask.resize(mask.len() + text.len(), 1.0_f32);
            mask.resize(mask.len() + longest - text.len(), 0.0);
        }
        let shape = [batch.len(), longest];
        let ids = Tensor::<2, Int>::from_data(TensorData::new(ids, shape), &self.device);
        let mask = Tensor::<2>::from_data(TensorData::new(mask, shape), &self.device);
        let states = self.bert.states(ids, mask.clone(), self.layer);
        let pooled: Vec<f32> = self
            .pooling
            .apply(states, mask)
            .into_data()
            .try_to_vec()
            .expect("f32 throughout");
        pooled.chunks(self.width).map(<[f32]>::to_vec).collect()
    }
}

impl Teacher for TextEncoder {
    fn identity(&self) -> String {
        format!("{}/{}/{}", self.hash, self.layer, self.pooling.word())
    }

    fn width(&self) -> usize {
        self.width
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Error> {
        let tokens = texts
            .iter()
            .map(|text| self.tokens(text))
            .collect::<Result<Vec<_>, _>>()?;
        // Texts of like length together: little padding.
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by_key(|&i| tokens[i].len());
        let mut vectors = vec![Vec::new(); texts.len()];
        for chosen in order.chunks(BATCH) {
            let batch: Vec<&[u32]> = chosen.iter().map(|&i| tokens[i].as_slice()).collect();
            for (&i, vector) in chosen.iter().zip(self.forward(&batch)) {
                vectors[i] = vector;
            }
        }
        Ok(vectors)
    }
}

#[allow(
    clippy::needless_pass_by_value,
    reason = "the error is a box that `map_err` gives by value"
)]
fn library(error: tokenizers::Error) -> Error {
    tokenizer::Error::Library(error.to_string()).into()
}
