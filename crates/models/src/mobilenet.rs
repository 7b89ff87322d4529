//! `EfficientAT`'s mn04 (Schmid et al., 2023), a `MobileNetV3`-Large of width 0.4 with squeeze-excite:
//! a log-mel spectrogram `[batch, 1, bands, frames]` in, a time-resolved map
//! `[batch, 384, bands / 32, frames / 32]`, a clip embedding and 527 `AudioSet` logits out.
//!
//! Weights are read and written under the published names; the counters `num_batches_tracked` are
//! neither needed nor written (`PyTorch` fills them in).

mod block;
pub(crate) mod layers;
pub(crate) mod weights;

use std::path::Path;

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use laennec_kernels::{Activation, channel_mean};

pub use weights::Precision;

use crate::error::Error;
use block::{BlockShape, InvertedResidual, Linear};
use layers::{ConvNorm, ConvShape, Kind, Padding};
use weights::{File, Initial, Named, Source};

/// Channels of the feature map and of the embedding.
pub const EMBEDDING: usize = 384;
/// Classes of `AudioSet`.
pub const CLASSES: usize = 527;
/// Inverted residual blocks between the first and the last convolution.
pub const BLOCKS: usize = 15;
/// Width of the hidden layer of the classifier.
const HIDDEN: usize = 512;
/// Channels after the first convolution.
const STEM: usize = 8;

/// Which statistics batch normalisation uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Statistics of the batch; the running statistics are updated.
    Train,
    /// The running statistics, unchanged. Gradients flow here too (frozen statistics).
    Infer,
}

/// mn04: stem, 15 inverted residual blocks, last convolution, classifier.
#[derive(Module, Debug)]
pub struct MobileNetV3 {
    stem: ConvNorm,
    blocks: Vec<InvertedResidual>,
    last: ConvNorm,
    hidden: Linear,
    output: Linear,
}

/// The architecture table: `MobileNetV3`-Large with channels × 0.4 rounded to multiples of 8.
fn table() -> Vec<BlockShape> {
    use Activation::{Hardswish, Relu};
    let rows: [_; BLOCKS] = [
        (3, 8, 8, None, Relu, 1),
        (3, 24, 16, None, Relu, 2),
        (3, 32, 16, None, Relu, 1),
        (5, 32, 16, Some(8), Relu, 2),
        (5, 48, 16, Some(16), Relu, 1),
        (5, 48, 16, Some(16), Relu, 1),
        (3, 96, 32, None, Hardswish, 2),
        (3, 80, 32, None, Hardswish, 1),
        (3, 72, 32, None, Hardswish, 1),
        (3, 72, 32, None, Hardswish, 1),
        (3, 192, 48, Some(48), Hardswish, 1),
        (3, 272, 48, Some(72), Hardswish, 1),
        (5, 272, 64, Some(72), Hardswish, 2),
        (5, 384, 64, Some(96), Hardswish, 1),
        (5, 384, 64, Some(96), Hardswish, 1),
    ];
    let mut inputs = STEM;
    rows.into_iter()
        .map(|(kernel, expanded, outputs, squeeze, activation, stride)| {
            let shape = BlockShape {
                inputs,
                kernel,
                expanded,
                outputs,
                squeeze,
                activation,
                stride,
            };
            inputs = outputs;
            shape
        })
        .collect()
}

impl MobileNetV3 {
    /// A network with random weights drawn from `seed`.
    pub fn init(seed: u64, device: &Device) -> Self {
        Self::build(&mut Initial::new(seed), device)
            .expect("an initialisation has every tensor in every shape")
    }

    /// The network in the safetensors file at `path`, under the published names, f32, f16 or bf16.
    ///
    /// # Errors
    /// The file cannot be read, is no safetensors file, or lacks a tensor of the right shape.
    pub fn load(path: &Path, device: &Device) -> Result<Self, Error> {
        let bytes = std::fs::read(path).map_err(|source| Error::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::build(&mut File::new(path, &bytes)?, device)
    }

    /// As [`MobileNetV3::load`], from bytes; `path` is only named in errors.
    ///
    /// # Errors
    /// As [`MobileNetV3::load`].
    pub fn from_safetensors(bytes: &[u8], path: &Path, device: &Device) -> Result<Self, Error> {
        Self::build(&mut File::new(path, bytes)?, device)
    }

    fn build(source: &mut dyn Source, device: &Device) -> Result<Self, Error> {
        let stem = ConvShape {
            kind: Kind::Stem,
            inputs: 1,
            outputs: STEM,
            kernel: 3,
            stride: 2,
            padding: Padding::Symmetric,
            activation: Activation::Hardswish,
        };
        let stem = ConvNorm::new(source, "features.0", stem, device)?;
        let shapes = table();
        let mut inputs = STEM;
        let mut blocks = Vec::with_capacity(shapes.len());
        for (index, shape) in shapes.into_iter().enumerate() {
            let prefix = format!("features.{}", index + 1);
            blocks.push(InvertedResidual::new(source, &prefix, shape, device)?);
            inputs = shape.outputs;
        }
        let last = ConvShape {
            kind: Kind::Pointwise,
            inputs,
            outputs: EMBEDDING,
            kernel: 1,
            stride: 1,
            padding: Padding::Symmetric,
            activation: Activation::Hardswish,
        };
        let prefix = format!("features.{}", blocks.len() + 1);
        Ok(Self {
            stem,
            last: ConvNorm::new(source, &prefix, last, device)?,
            blocks,
            hidden: Linear::new(source, "classifier.2", [EMBEDDING, HIDDEN], device)?,
            output: Linear::new(source, "classifier.5", [HIDDEN, CLASSES], device)?,
        })
    }

    /// Log-mel `[batch, 1, bands, frames]` (scaled as `EfficientAT`'s front end does) to the map
    /// `[batch, 384, ceil(bands / 32), ceil(frames / 32)]`.
    pub fn feature_map(&self, mel: Tensor<4>, mode: Mode) -> Tensor<4> {
        self.rest(self.beginning(mel, 0, mode), 0, mode)
    }

    /// The stem and the first `blocks` blocks: log-mel `[batch, 1, bands, frames]` to the map that
    /// [`MobileNetV3::rest`] takes. What is frozen in training can be computed once this way.
    pub fn beginning(&self, mel: Tensor<4>, blocks: usize, mode: Mode) -> Tensor<4> {
        let first = &self.blocks[..blocks.min(self.blocks.len())];
        first
            .iter()
            .fold(self.stem.forward(mel, mode), |map, block| {
                block.forward(map, mode)
            })
    }

    /// All that follows the first `blocks` blocks, to the map `[batch, 384, rows, steps]`;
    /// [`MobileNetV3::beginning`] and this one after the other are [`MobileNetV3::feature_map`].
    pub fn rest(&self, map: Tensor<4>, blocks: usize, mode: Mode) -> Tensor<4> {
        let others = &self.blocks[blocks.min(self.blocks.len())..];
        let map = others
            .iter()
            .fold(map, |map, block| block.forward(map, mode));
        self.last.forward(map, mode)
    }

    /// A feature map to (`AudioSet` logits `[batch, 527]`, embedding `[batch, 384]`: the map's mean).
    ///
    /// The classifier's dropout (0.2 in `EfficientAT`'s training) is not applied.
    pub fn classify(&self, map: Tensor<4>) -> (Tensor<2>, Tensor<2>) {
        let embedding = channel_mean(map);
        let hidden = self.hidden.forward(embedding.clone());
        let hidden = hidden.clone() * (hidden + 3.0).clamp(0.0, 6.0) / 6.0;
        (self.output.forward(hidden), embedding)
    }

    /// Number of trained values: weights and biases, without the running statistics.
    pub fn parameters(&self) -> usize {
        self.export()
            .iter()
            .filter(|named| !named.name.contains(".running_"))
            .map(|named| named.values.len())
            .sum()
    }

    /// The network as safetensors bytes under the published names; `metadata` goes into the header.
    ///
    /// # Errors
    /// The format's limits are exceeded.
    pub fn to_safetensors(
        &self,
        precision: Precision,
        metadata: &[(&str, &str)],
    ) -> Result<Vec<u8>, Error> {
        weights::serialize(&self.export(), precision, metadata)
    }

    fn export(&self) -> Vec<Named> {
        let mut out = Vec::new();
        self.stem.export("features.0", &mut out);
        for (index, block) in self.blocks.iter().enumerate() {
            block.export(&format!("features.{}", index + 1), &mut out);
        }
        let prefix = format!("features.{}", self.blocks.len() + 1);
        self.last.export(&prefix, &mut out);
        self.hidden.export("classifier.2", &mut out);
        self.output.export("classifier.5", &mut out);
        out
    }
}
