//! BERT (Devlin et al. 2019, arXiv 1810.04805) as a frozen encoder: token ids `[batch, tokens]` in,
//! the states after a layer `[batch, tokens, width]` out.
//!
//! Tensors are named as transformers' `BertModel` names them; the pooler is not read.

use std::path::Path;

use burn::{
    module::{Module, Param},
    tensor::{
        Device, Int, Tensor,
        activation::{gelu, softmax},
    },
};

use crate::{
    Error,
    linear::linear,
    mobilenet::weights::{File, Source, tensor},
};

/// Added to the scores of padded positions; large enough that their weight is zero in f32.
const MASKED: f32 = -1e9;

/// The sizes of a BERT.
#[derive(Clone, Debug, PartialEq)]
pub struct BertConfig {
    /// Tokens of the vocabulary.
    pub vocabulary: usize,
    /// Longest sequence.
    pub positions: usize,
    /// Width of the states.
    pub width: usize,
    /// Width of the feed-forward layers.
    pub hidden: usize,
    /// Number of layers.
    pub layers: usize,
    /// Attention heads.
    pub heads: usize,
    /// Added to the variance in norms.
    pub norm_epsilon: f32,
    /// Tokens after which a text is cut.
    pub longest_text: usize,
}

impl BertConfig {
    /// all-MiniLM-L6-v2 (its `config.json` and `sentence_bert_config.json`).
    pub fn minilm() -> Self {
        Self {
            vocabulary: 30_522,
            positions: 512,
            width: 384,
            hidden: 1536,
            layers: 6,
            heads: 12,
            norm_epsilon: 1e-12,
            longest_text: 256,
        }
    }
}

/// A BERT without pooler.
#[derive(Module, Debug)]
pub struct Bert {
    /// `[vocabulary, width]`
    words: Param<Tensor<2>>,
    /// `[positions, width]`
    positions: Param<Tensor<2>>,
    /// `[2, width]`, of which only the first segment's row is used.
    segments: Param<Tensor<2>>,
    norm: Norm,
    layers: Vec<Layer>,
}

#[derive(Module, Debug)]
struct Layer {
    query: Dense,
    key: Dense,
    value: Dense,
    attention: Dense,
    attention_norm: Norm,
    up: Dense,
    down: Dense,
    output_norm: Norm,
    heads: usize,
}

/// Weight `[output, input]` and bias.
#[derive(Module, Debug)]
struct Dense {
    weight: Param<Tensor<2>>,
    bias: Param<Tensor<1>>,
}

#[derive(Module, Debug)]
struct Norm {
    weight: Param<Tensor<1>>,
    bias: Param<Tensor<1>>,
    epsilon: f32,
}

/// A file being read into a model.
struct Reader<'a> {
    source: File<'a>,
    config: &'a BertConfig,
    device: &'a Device,
}

impl Bert {
    /// The weights in safetensors `bytes`; `path` is named in errors.
    pub fn from_safetensors(
        bytes: &[u8],
        path: &Path,
        config: &BertConfig,
        device: &Device,
    ) -> Result<Self, Error> {
        let mut reader = Reader {
            source: File::new(path, bytes)?,
            config,
            device,
        };
        let width = config.width;
        let embedding = |reader: &mut Reader<'_>, name: &str, rows: usize| {
            let name = format!("embeddings.{name}_embeddings.weight");
            reader.tensor(&name, [rows, width])
        };
        Ok(Self {
            words: embedding(&mut reader, "word", config.vocabulary)?,
            positions: embedding(&mut reader, "position", config.positions)?,
            segments: embedding(&mut reader, "token_type", 2)?,
            norm: reader.norm("embeddings.LayerNorm")?,
            layers: (0..config.layers)
                .map(|layer| reader.layer(layer))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Number of layers.
    pub fn depth(&self) -> usize {
        self.layers.len()
    }

    /// States after `layer` layers (0: the embeddings), `[batch, tokens, width]`, of ids `[batch,
    /// tokens]` whose `mask` is 1 for tokens of the text and 0 for padding. Ids must lie within the
    /// vocabulary, and no sequence may be longer than the positions.
    pub fn states(&self, ids: Tensor<2, Int>, mask: Tensor<2>, layer: usize) -> Tensor<3> {
        let [batch, tokens] = ids.dims();
        let width = self.words.val().dims()[1];
        let words = self.words.val().select(0, ids.reshape([batch * tokens]));
        let places = self.positions.val().slice([0..tokens, 0..width]);
        let first_segment = self.segments.val().slice([0..1, 0..width]);
        let x = words.reshape([batch, tokens, width]) + (places + first_segment).unsqueeze::<3>();
        let bias = mask.neg().add_scalar(1.0).mul_scalar(MASKED);
        let bias = bias.reshape([batch, 1, 1, tokens]);
        self.layers[..layer]
            .iter()
            .fold(self.norm.forward(x), |x, layer| layer.forward(x, &bias))
    }
}

impl Layer {
    /// Post-norm transformer layer with exact GELU; `bias` `[batch, 1, 1, tokens]` masks padding.
    fn forward(&self, x: Tensor<3>, bias: &Tensor<4>) -> Tensor<3> {
        let [batch, tokens, width] = x.dims();
        let size = width / self.heads;
        let split = |x: Tensor<3>| x.reshape([batch, tokens, self.heads, size]).swap_dims(1, 2);
        let query = split(self.query.forward(x.clone()));
        let key = split(self.key.forward(x.clone()));
        let value = split(self.value.forward(x.clone()));
        let scores = query.matmul(key.swap_dims(2, 3)) / (size as f32).sqrt() + bias.clone();
        let mixed = softmax(scores, 3).matmul(value).swap_dims(1, 2);
        let attended = self
            .attention
            .forward(mixed.reshape([batch, tokens, width]));
        let x = self.attention_norm.forward(x + attended);
        let fed = self.down.forward(gelu(self.up.forward(x.clone())));
        self.output_norm.forward(x + fed)
    }
}

impl Dense {
    fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        linear(x, self.weight.val(), Some(self.bias.val()))
    }
}

impl Norm {
    fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let centred = x.clone() - x.mean_dim(2);
        let variance = centred.clone().square().mean_dim(2);
        let unit = centred / variance.add_scalar(self.epsilon).sqrt();
        unit * self.weight.val().unsqueeze() + self.bias.val().unsqueeze()
    }
}

impl Reader<'_> {
    fn tensor<const D: usize>(
        &mut self,
        name: &str,
        shape: [usize; D],
    ) -> Result<Param<Tensor<D>>, Error> {
        tensor(
            &mut self.source as &mut dyn Source,
            name,
            shape,
            self.device,
        )
        .map(Param::from_tensor)
    }

    fn dense(&mut self, name: &str, input: usize, output: usize) -> Result<Dense, Error> {
        Ok(Dense {
            weight: self.tensor(&format!("{name}.weight"), [output, input])?,
            bias: self.tensor(&format!("{name}.bias"), [output])?,
        })
    }

    fn norm(&mut self, name: &str) -> Result<Norm, Error> {
        let width = self.config.width;
        Ok(Norm {
            weight: self.tensor(&format!("{name}.weight"), [width])?,
            bias: self.tensor(&format!("{name}.bias"), [width])?,
            epsilon: self.config.norm_epsilon,
        })
    }

    fn layer(&mut self, layer: usize) -> Result<Layer, Error> {
        let name = |part: &str| format!("encoder.layer.{layer}.{part}");
        let (width, hidden) = (self.config.width, self.config.hidden);
        Ok(Layer {
            query: self.dense(&name("attention.self.query"), width, width)?,
            key: self.dense(&name("attention.self.key"), width, width)?,
            value: self.dense(&name("attention.self.value"), width, width)?,
            attention: self.dense(&name("attention.output.dense"), width, width)?,
            attention_norm: self.norm(&name("attention.output.LayerNorm"))?,
            up: self.dense(&name("intermediate.dense"), width, hidden)?,
            down: self.dense(&name("output.dense"), hidden, width)?,
            output_norm: self.norm(&name("output.LayerNorm"))?,
            heads: self.config.heads,
        })
    }
}
