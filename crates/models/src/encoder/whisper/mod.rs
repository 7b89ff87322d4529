//! Whisper's encoder (Radford et al., 2022): log-mel `[batch, 80, frames]` in, tokens
//! `[batch, frames / 2, dims]` (50 a second) out; the embedding is their mean.

mod block;
mod layout;

use std::path::Path;

use burn::module::{Module, Param};
use burn::tensor::activation::gelu;
use burn::tensor::module::conv1d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Tensor};
use laennec_audio::whisper::WhisperConfig;

use self::block::Block;
use self::layout::{File, HEAD_WIDTH};
use super::layers::LayerNorm;
use super::{Encoded, Encoder, FrontEnd, Mode};
use crate::Error;
use crate::mobilenet::weights::{Initial, Source, tensor};

/// `PyTorch`'s default, as in Whisper.
const EPSILON: f64 = 1e-5;

/// Sizes of a Whisper encoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WhisperSize {
    /// Mel bands: 80, for large-v3 128.
    pub bands: usize,
    /// Width of the tokens; each head has 64 of it.
    pub width: usize,
    /// Transformer blocks.
    pub layers: usize,
    /// Longest input in tokens; 1500 (30 s) in all published models.
    pub positions: usize,
}

impl WhisperSize {
    /// `tiny` and `tiny.en`.
    pub const TINY: Self = Self {
        bands: 80,
        width: 384,
        layers: 4,
        positions: 1500,
    };
}

/// Whisper's encoder.
#[derive(Module, Debug)]
pub struct Whisper {
    first: Convolution,
    second: Convolution,
    /// Sinusoids, `[positions, width]`.
    positions: Param<Tensor<2>>,
    blocks: Vec<Block>,
    norm: LayerNorm,
    #[module(skip)]
    size: WhisperSize,
}

/// A convolution over time with kernel 3, and GELU.
#[derive(Module, Debug)]
struct Convolution {
    weight: Param<Tensor<3>>,
    bias: Param<Tensor<1>>,
    stride: usize,
}

impl Convolution {
    fn new(
        source: &mut dyn Source,
        name: &str,
        [inputs, outputs]: [usize; 2],
        stride: usize,
        device: &Device,
    ) -> Result<Self, Error> {
        let weight = tensor(
            source,
            &format!("{name}.weight"),
            [outputs, inputs, 3],
            device,
        )?;
        let bias = tensor(source, &format!("{name}.bias"), [outputs], device)?;
        Ok(Self {
            weight: Param::from_tensor(weight),
            bias: Param::from_tensor(bias),
            stride,
        })
    }

    /// `[batch, inputs, frames]` to `[batch, outputs, ceil(frames / stride)]`.
    fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let options = ConvOptions::new([self.stride], [1], [1], 1);
        gelu(conv1d(x, self.weight.val(), Some(self.bias.val()), options))
    }
}

impl Whisper {
    /// Reads the encoder of a Whisper model: Hugging Face's layout
    /// (`model.encoder.layers.0.self_attn.q_proj.weight`, …) in safetensors or `PyTorch`, or a
    /// `CTranslate2` `model.bin`. The size is read off the tensors; a decoder in the file is left.
    ///
    /// # Errors
    /// The file cannot be read or lacks a tensor of the right shape.
    pub fn load(path: &Path, device: &Device) -> Result<Self, Error> {
        let mut file = File::open(path)?;
        let size = file.size();
        Self::build(&mut file, size, device)
    }

    /// Random weights drawn from `seed`.
    pub fn init(size: WhisperSize, seed: u64, device: &Device) -> Self {
        Self::build(&mut Initial::new(seed), size, device)
            .expect("an initialisation has every tensor in every shape")
    }

    fn build(source: &mut dyn Source, size: WhisperSize, device: &Device) -> Result<Self, Error> {
        let width = size.width;
        let positions = tensor(
            source,
            "embed_positions.weight",
            [size.positions, width],
            device,
        )?;
        let blocks = (0..size.layers)
            .map(|layer| Block::new(source, &format!("layers.{layer}"), width, device))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            first: Convolution::new(source, "conv1", [size.bands, width], 1, device)?,
            second: Convolution::new(source, "conv2", [width, width], 2, device)?,
            // Whisper's positions are constants.
            positions: Param::from_tensor(positions).set_require_grad(false),
            blocks,
            norm: LayerNorm::new(source, "layer_norm", width, EPSILON, device)?,
            size,
        })
    }

    /// Its sizes.
    pub fn size(&self) -> WhisperSize {
        self.size
    }

    /// The convolutions and the first `blocks` blocks: log-mel `[batch, bands, frames]` to the tokens
    /// `[batch, frames / 2, dims]` that [`Whisper::rest`] takes. What is frozen in training can be
    /// computed once this way.
    pub fn beginning(&self, features: Tensor<3>, blocks: usize) -> Tensor<3> {
        let x = self.second.forward(self.first.forward(features));
        let x = x.swap_dims(1, 2);
        let positions = self.positions.val().narrow(0, 0, x.dims()[1]);
        let first = &self.blocks[..blocks.min(self.blocks.len())];
        self.through(first, x + positions.unsqueeze())
    }

    /// All that follows the first `blocks` blocks.
    pub fn rest(&self, tokens: Tensor<3>, blocks: usize) -> Encoded {
        let others = &self.blocks[blocks.min(self.blocks.len())..];
        let tokens = self.norm.forward(self.through(others, tokens));
        let [batch, _, width] = tokens.dims();
        Encoded {
            embedding: tokens.clone().mean_dim(1).reshape([batch, width]),
            tokens,
        }
    }

    fn through(&self, blocks: &[Block], x: Tensor<3>) -> Tensor<3> {
        let heads = self.size.width / HEAD_WIDTH;
        blocks.iter().fold(x, |x, block| block.forward(x, heads))
    }
}

impl Encoder for Whisper {
    fn name(&self) -> &'static str {
        "whisper"
    }

    fn dims(&self) -> usize {
        self.size.width
    }

    /// The clip as long as it is: Whisper itself fills up to 30 s
    /// ([`WhisperConfig::padded`]), and a mean over the tokens would then describe mostly silence.
    fn front_end(&self) -> FrontEnd {
        FrontEnd::Whisper(WhisperConfig {
            bands: self.size.bands,
            ..WhisperConfig::clip()
        })
    }

    fn frames(&self) -> std::ops::RangeInclusive<usize> {
        1..=2 * self.size.positions
    }

    fn encode(&self, features: Tensor<3>, _mode: Mode) -> Encoded {
        self.rest(self.beginning(features, 0), 0)
    }
}
