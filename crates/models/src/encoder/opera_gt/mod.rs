//! OPERA-GT (Zhang et al., 2024): log-mel of OPERA's front end `[batch, 64, frames]` in, an embedding
//! `[batch, 384]` and a token for each patch of 4 frames and 4 bands out; with a decoder that fills in
//! masked patches, for self-supervised training.
//!
//! A vision transformer (ViT-S, Dosovitskiy et al., 2021) trained as masked auto-encoder (He et al.,
//! 2022) in the form that `AudioMAE` gave it for sound (Huang et al., 2022). `AcuLa` starts from it.

mod block;
mod decoder;
mod mask;

use std::path::Path;

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor};
use laennec_audio::librosa::LibrosaConfig;

use self::block::Block;
use self::decoder::Decoder;
pub use self::mask::PatchMask;
use super::checkpoint::Checkpoint;
use super::layers::{LayerNorm, Linear};
use super::{Encoded, Encoder, FrontEnd, Mode};
use crate::Error;
use crate::mobilenet::weights::{Initial, Source, tensor};

/// Width of a token.
const WIDTH: usize = 384;
const BLOCKS: usize = 12;
const BANDS: usize = 64;
/// Frames and bands of a patch.
const PATCH: usize = 4;
/// Patches of the same time, from low to high bands.
const ROWS: usize = BANDS / PATCH;
/// Most patches: 256 frames (8.2 s).
const PATCHES: usize = 1024;
/// Added to the variance in all layer norms.
const EPSILON: f64 = 1e-6;

/// OPERA-GT.
#[derive(Module, Debug)]
pub struct OperaGt {
    patches: Linear,
    /// Stands before the patches, `[1, 1, 384]`; nothing is read off it.
    class: Param<Tensor<3>>,
    /// Constants, `[1, 1025, 384]`, the first for the class token. They were made for the
    /// transposed grid, so they are read and not computed.
    positions: Param<Tensor<3>>,
    blocks: Vec<Block>,
    norm: LayerNorm,
    decoder: Decoder,
}

impl OperaGt {
    /// Reads a checkpoint in the published layout (`cls_token`, `blocks.0.attn.qkv.weight`,
    /// `decoder_blocks.0.attn.tau`, …; below any prefix), as `PyTorch` or safetensors.
    ///
    /// # Errors
    /// The file cannot be read or lacks a tensor of the right shape.
    pub fn load(path: &Path, device: &Device) -> Result<Self, Error> {
        let mut file = Checkpoint::open(path)?.rooted_at("cls_token");
        Self::build(&mut file, device)
    }

    /// Random weights drawn from `seed`.
    pub fn init(seed: u64, device: &Device) -> Self {
        Self::build(&mut Initial::new(seed), device)
            .expect("an initialisation has every tensor in every shape")
    }

    fn build(source: &mut dyn Source, device: &Device) -> Result<Self, Error> {
        let patch = [WIDTH, 1, PATCH, PATCH];
        let patches = Linear::of_convolution(source, "patch_embed.proj", patch, device)?;
        let class = tensor(source, "cls_token", [1, 1, WIDTH], device)?;
        let positions = tensor(source, "pos_embed", [1, PATCHES + 1, WIDTH], device)?;
        let blocks = (0..BLOCKS)
            .map(|block| Block::new(source, &format!("blocks.{block}"), device))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            patches,
            class: Param::from_tensor(class),
            positions: Param::from_tensor(positions).set_require_grad(false),
            blocks,
            norm: LayerNorm::new(source, "norm", WIDTH, EPSILON, device)?,
            decoder: Decoder::new(source, device)?,
        })
    }

    /// The patches' values, `[batch, 64, frames]` to `[batch, frames / 4 · 16, 16]`: by time, then
    /// from low to high bands; within a patch likewise.
    pub fn patchify(features: Tensor<3>) -> Tensor<3> {
        let [batch, _, frames] = features.dims();
        let columns = frames / PATCH;
        features
            .swap_dims(1, 2)
            .reshape([batch, columns, PATCH, ROWS, PATCH])
            .permute([0, 1, 3, 2, 4])
            .reshape([batch, columns * ROWS, PATCH * PATCH])
    }

    /// Patches `[batch, tokens, 16]` to tokens with their positions, `[batch, tokens, 384]`.
    fn embed(&self, patches: Tensor<3>) -> Tensor<3> {
        let [batch, tokens, _] = patches.dims();
        let positions = self.positions.val().narrow(1, 1, tokens);
        self.patches.forward(patches) + positions.expand([batch, tokens, WIDTH])
    }

    /// The transformer on tokens `[batch, tokens, 384]`, without its last norm.
    fn transform(&self, tokens: Tensor<3>) -> Tensor<3> {
        let [batch, count, _] = tokens.dims();
        let class = self.class.val() + self.positions.val().narrow(1, 0, 1);
        let with_class = Tensor::cat(vec![class.expand([batch, 1, WIDTH]), tokens], 1);
        let x = self.blocks.iter().fold(with_class, |x, b| b.forward(x));
        x.narrow(1, 1, count)
    }

    /// Encodes the patches that `mask` keeps and predicts the values of all of them from these,
    /// `[batch, patches, 16]`: the forward pass of the masked auto-encoder. Its loss compares the
    /// hidden ones with [`OperaGt::patchify`].
    ///
    /// `features` `[batch, 64, frames]`; the decoder's windows need `batch · frames` to be a multiple
    /// of 64.
    ///
    /// # Errors
    /// [`Error::Features`] where the features do not fit the encoder, its decoder or the mask.
    pub fn reconstruct(
        &self,
        features: Tensor<3>,
        mask: &PatchMask,
        mode: Mode,
    ) -> Result<Tensor<3>, Error> {
        self.check(&features)?;
        let [batch, bands, frames] = features.dims();
        if [batch, frames / PATCH * ROWS] != mask.dims() || !(batch * frames).is_multiple_of(64) {
            return Err(Error::Features {
                found: vec![batch, bands, frames],
                expected: format!(
                    "clips and patches as in the mask ({:?}), and clips times frames a multiple \
                     of 64",
                    mask.dims()
                ),
            });
        }
        let kept = mask.keep(self.embed(Self::patchify(features)));
        let encoded = self.norm.forward(self.transform(kept));
        Ok(self.decoder.forward(encoded, mask, mode))
    }
}

impl Encoder for OperaGt {
    fn name(&self) -> &'static str {
        "opera-gt"
    }

    fn dims(&self) -> usize {
        WIDTH
    }

    fn front_end(&self) -> FrontEnd {
        FrontEnd::Librosa(LibrosaConfig::opera())
    }

    fn frames(&self) -> std::ops::RangeInclusive<usize> {
        PATCH..=PATCHES / ROWS * PATCH
    }

    /// Tokens stand by time, then from low to high bands, 16 for 4 frames; up to three frames at the
    /// end that fill no patch are left out. The embedding is the norm of the mean, not the mean of
    /// the normed tokens.
    fn encode(&self, features: Tensor<3>, _mode: Mode) -> Encoded {
        let [batch, _, frames] = features.dims();
        let whole = features.narrow(2, 0, frames / PATCH * PATCH);
        let tokens = self.transform(self.embed(Self::patchify(whole)));
        let mean = tokens.clone().mean_dim(1).reshape([batch, WIDTH]);
        Encoded {
            embedding: self.norm.forward(mean),
            tokens: self.norm.forward(tokens),
        }
    }
}
