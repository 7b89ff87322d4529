//! A decoder language model as teacher: texts in, pooled hidden states of one layer out.

use std::{fs, path::Path};

use burn::tensor::{Device, Int, Tensor, TensorData};

use super::{Pooling, Teacher, checked_layer};
use crate::{Error, gguf::Gguf, llama::Llama, registry::sha256_hex, tokenizer::Tokenizer};

/// A decoder; without [`Decoder::with`], the last token of the last layer.
pub struct Decoder {
    model: Llama,
    tokenizer: Tokenizer,
    hash: String,
    layer: usize,
    pooling: Pooling,
}

impl Decoder {
    /// The model of a GGUF file, dequantised to `f32`.
    ///
    /// # Errors
    /// The file is missing, damaged or of an unknown architecture.
    pub fn open(path: &Path, device: &Device) -> Result<Self, Error> {
        let bytes = fs::read(path).map_err(|source| Error::Read {
            path: path.to_path_buf(),
            source,
        })?;
        let hash = sha256_hex(&bytes);
        drop(bytes);
        let mut gguf = Gguf::open(path)?;
        let tokenizer = Tokenizer::from_gguf(gguf.metadata())?;
        let model = Llama::from_gguf(&mut gguf, device)?;
        Ok(Self {
            layer: model.config().layers,
            model,
            tokenizer,
            hash,
            pooling: Pooling::Last,
        })
    }

    /// The same model with another pooling, after `layer` layers (without it, after all).
    ///
    /// # Errors
    /// There are fewer layers.
    pub fn with(mut self, pooling: Pooling, layer: Option<usize>) -> Result<Self, Error> {
        self.layer = checked_layer(layer, self.model.config().layers)?;
        self.pooling = pooling;
        Ok(self)
    }

    fn vector(&self, text: &str) -> Result<Vec<f32>, Error> {
        let ids = self.tokenizer.encode_plain(text)?;
        let length = ids.len().max(1);
        // An empty text is its end mark alone: a sequence must have a token.
        let ids: Vec<i64> = match (ids.is_empty(), self.tokenizer.eos()) {
            (true, end) => vec![i64::from(end.unwrap_or(0))],
            (false, _) => ids.into_iter().map(i64::from).collect(),
        };
        let device = self.model.device();
        let ids = Tensor::<2, Int>::from_data(TensorData::new(ids, [1, length]), &device);
        let states = self
            .model
            .hidden_states(self.model.embed(ids), self.layer)?;
        let mask = Tensor::ones([1, length], &device);
        let pooled = self.pooling.apply(states, mask);
        Ok(pooled.into_data().try_to_vec().expect("f32 throughout"))
    }
}

impl Teacher for Decoder {
    fn identity(&self) -> String {
        format!("{}/{}/{}", self.hash, self.layer, self.pooling.word())
    }

    fn width(&self) -> usize {
        self.model.config().width
    }

    /// One text at a time: on a CPU a batch brings nothing, and there is no padding to mask.
    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Error> {
        texts.iter().map(|text| self.vector(text)).collect()
    }
}
