//! OPERA-CE (Zhang et al., 2024): log-mel of OPERA's front end `[batch, 64, frames]` in, an embedding
//! `[batch, 1280]` and tokens `[batch, about frames / 32, 1280]` out.
//!
//! A 3 × 3 convolution makes three channels of one, `EfficientNet`-B0 (Tan and Le, 2019) follows in the
//! form of `efficientnet_pytorch` 0.7.1: batch norms with epsilon 1e-3, swish, and padding fixed for
//! images of 224, whatever the size of the input. `StethoLM` uses the same encoder.

mod block;

use std::path::Path;

use burn::module::{Module, Param};
use burn::tensor::activation::silu;
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Tensor};
use laennec_audio::librosa::LibrosaConfig;
use laennec_kernels::{Activation, channel_mean};

use self::block::{BlockShape, MbConv};
use super::checkpoint::Checkpoint;
use super::{Encoded, Encoder, FrontEnd, LONGEST, Mode};
use crate::Error;
use crate::mobilenet::layers::{ConvNorm, ConvShape, Kind, Padding};
use crate::mobilenet::weights::{Initial, Source, tensor};

/// Channels of the last feature map.
const WIDTH: usize = 1280;
/// Channels after the first convolution of `EfficientNet`.
const STEM: usize = 32;

/// OPERA-CE.
#[derive(Module, Debug)]
pub struct OperaCe {
    /// From one channel to three, `[3, 1, 3, 3]`.
    colour: Param<Tensor<4>>,
    colour_bias: Param<Tensor<1>>,
    stem: ConvNorm,
    blocks: Vec<MbConv>,
    head: ConvNorm,
}

impl OperaCe {
    /// Reads a checkpoint in the published layout (`encoder.cnn1.weight`,
    /// `encoder.efficientnet._conv_stem.weight`, …; below any prefix), as `PyTorch` or safetensors.
    ///
    /// # Errors
    /// The file cannot be read or lacks a tensor of the right shape.
    pub fn load(path: &Path, device: &Device) -> Result<Self, Error> {
        let mut file = Checkpoint::open(path)?.rooted_at("cnn1.weight");
        Self::build(&mut file, device)
    }

    /// Random weights drawn from `seed`.
    pub fn init(seed: u64, device: &Device) -> Self {
        Self::build(&mut Initial::new(seed), device)
            .expect("an initialisation has every tensor in every shape")
    }

    fn build(source: &mut dyn Source, device: &Device) -> Result<Self, Error> {
        let colour = tensor(source, "cnn1.weight", [3, 1, 3, 3], device)?;
        let colour_bias = tensor(source, "cnn1.bias", [3], device)?;
        let layer = |kind, inputs, outputs, kernel, stride| ConvShape {
            kind,
            inputs,
            outputs,
            kernel,
            stride,
            padding: Padding::Trailing,
            activation: Activation::Identity,
        };
        let names = |layer: &str, norm: &str| {
            [
                format!("efficientnet.{layer}"),
                format!("efficientnet.{norm}"),
            ]
        };
        let [convolution, norm] = names("_conv_stem", "_bn0");
        let shape = layer(Kind::Full, 3, STEM, 3, 2);
        let stem = ConvNorm::named(source, [&convolution, &norm], shape, device)?;
        let shapes = BlockShape::all(STEM);
        let last = shapes.last().map_or(STEM, |shape| shape.outputs);
        let mut blocks = Vec::with_capacity(shapes.len());
        for (index, shape) in shapes.into_iter().enumerate() {
            let prefix = format!("efficientnet._blocks.{index}");
            blocks.push(MbConv::new(source, &prefix, shape, device)?);
        }
        let [convolution, norm] = names("_conv_head", "_bn1");
        let shape = layer(Kind::Pointwise, last, WIDTH, 1, 1);
        Ok(Self {
            colour: Param::from_tensor(colour),
            colour_bias: Param::from_tensor(colour_bias),
            stem,
            blocks,
            head: ConvNorm::named(source, [&convolution, &norm], shape, device)?,
        })
    }

    /// `[batch, 64, frames]` to the last feature map `[batch, 1280, steps, 1]`.
    fn feature_map(&self, features: Tensor<3>, mode: Mode) -> Tensor<4> {
        // The network sees time as the image's height.
        let image = features.swap_dims(1, 2).unsqueeze_dim(1);
        let plain = ConvOptions::new([1, 1], [0, 0], [1, 1], 1);
        let (weight, bias) = (self.colour.val(), self.colour_bias.val());
        let image = conv2d(image, weight, Some(bias), plain);
        let map = silu(self.stem.forward(image, mode));
        let map = self
            .blocks
            .iter()
            .fold(map, |map, block| block.forward(map, mode));
        silu(self.head.forward(map, mode))
    }
}

impl Encoder for OperaCe {
    fn name(&self) -> &'static str {
        "opera-ce"
    }

    fn dims(&self) -> usize {
        WIDTH
    }

    fn front_end(&self) -> FrontEnd {
        FrontEnd::Librosa(LibrosaConfig::opera())
    }

    /// Two frames go to the convolution without padding, the rest is halved five times.
    fn frames(&self) -> std::ops::RangeInclusive<usize> {
        34..=LONGEST
    }

    /// 251 frames (8 s) give 7 tokens.
    fn encode(&self, features: Tensor<3>, mode: Mode) -> Encoded {
        let map = self.feature_map(features, mode);
        let [batch, width, steps, _] = map.dims();
        Encoded {
            embedding: channel_mean(map.clone()),
            tokens: map
                .mean_dim(3)
                .reshape([batch, width, steps])
                .swap_dims(1, 2),
        }
    }
}
