//! OPERA-CT (Zhang et al., 2024): log-mel of OPERA's front end `[batch, 64, frames]` in, an embedding
//! `[batch, 768]` and 32 tokens, each of a 32nd of the clip, out.
//!
//! HTS-AT (Chen et al., 2022), a Swin transformer (Liu et al., 2021) on the spectrogram: stretched to
//! 1024 frames, its four quarters laid above each other as an image of 256 × 256.

mod block;
mod image;
mod norm;

use std::path::Path;

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use laennec_audio::librosa::LibrosaConfig;

use self::block::{Block, Merge};
use self::image::{BANDS, FRAMES, QUARTERS, fold, patchify, stretch};
use self::norm::BandNorm;
use super::checkpoint::Checkpoint;
use super::layers::{LayerNorm, Linear};
use super::{Encoded, Encoder, FrontEnd, LONGEST, Mode};
use crate::Error;
use crate::mobilenet::weights::{Initial, Source};

/// Width of the first stage; it doubles with each.
const FIRST_WIDTH: usize = 96;
const WIDTH: usize = 768;
/// Blocks and heads of the four stages.
const STAGES: [(usize, usize); 4] = [(2, 4), (2, 8), (6, 16), (2, 32)];
/// Side of the image in patches, at the first stage.
const FIRST_SIDE: usize = 64;
/// Probability with which the last block's branches are dropped in training; the first's never are.
const DROP_PATH: f64 = 0.1;
/// `PyTorch`'s default for layer norms.
const EPSILON: f64 = 1e-5;
/// Steps between the windows of clips longer than 1024 frames.
const WINDOW_STEP: usize = 512;

/// OPERA-CT.
#[derive(Module, Debug)]
pub struct OperaCt {
    bands: BandNorm,
    patches: Linear,
    patch_norm: LayerNorm,
    stages: Vec<Stage>,
    norm: LayerNorm,
}

/// Blocks at one resolution, and the step to the next.
#[derive(Module, Debug)]
struct Stage {
    blocks: Vec<Block>,
    merge: Option<Merge>,
}

impl OperaCt {
    /// Reads a checkpoint in the published layout
    /// (`encoder.encoder.htsat.layers.0.blocks.0.attn.qkv.weight`, …; below any prefix), as `PyTorch`
    /// or safetensors. HTS-AT's classifier and its own front end in the file are left.
    ///
    /// # Errors
    /// The file cannot be read or lacks a tensor of the right shape.
    pub fn load(path: &Path, device: &Device) -> Result<Self, Error> {
        let mut file = Checkpoint::open(path)?.rooted_at("patch_embed.norm.weight");
        Self::build(&mut file, device)
    }

    /// Random weights drawn from `seed`.
    pub fn init(seed: u64, device: &Device) -> Self {
        Self::build(&mut Initial::new(seed), device)
            .expect("an initialisation has every tensor in every shape")
    }

    fn build(source: &mut dyn Source, device: &Device) -> Result<Self, Error> {
        let patch = [FIRST_WIDTH, 1, 4, 4];
        let total: usize = STAGES.iter().map(|stage| stage.0).sum();
        let mut built = 0;
        let mut stages = Vec::with_capacity(STAGES.len());
        for (index, (blocks, heads)) in STAGES.into_iter().enumerate() {
            let (width, side) = (FIRST_WIDTH << index, FIRST_SIDE >> index);
            let mut stage = Vec::with_capacity(blocks);
            for block in 0..blocks {
                let prefix = format!("layers.{index}.blocks.{block}");
                let drop = DROP_PATH * built as f64 / (total - 1) as f64;
                let shifted = block % 2 == 1;
                let sizes = block::Sizes {
                    width,
                    heads,
                    side,
                    shifted,
                    drop,
                };
                stage.push(Block::new(source, &prefix, sizes, device)?);
                built += 1;
            }
            let merge = if index + 1 < STAGES.len() {
                let prefix = format!("layers.{index}.downsample");
                Some(Merge::new(source, &prefix, width, device)?)
            } else {
                None
            };
            stages.push(Stage {
                blocks: stage,
                merge,
            });
        }
        Ok(Self {
            bands: BandNorm::new(source, "bn0", BANDS, device)?,
            patches: Linear::of_convolution(source, "patch_embed.proj", patch, device)?,
            patch_norm: LayerNorm::new(source, "patch_embed.norm", FIRST_WIDTH, EPSILON, device)?,
            stages,
            norm: LayerNorm::new(source, "norm", WIDTH, EPSILON, device)?,
        })
    }

    /// Normalised bands `[batch, 64, frames]`, at most 1024 frames, to `[batch, 64, 768]`: the last
    /// map, 8 rows (two heights of each quarter) of 8 columns.
    fn transform(&self, features: Tensor<3>, mode: Mode) -> Tensor<3> {
        let image = fold(stretch(features));
        let x = self.patches.forward(patchify(image));
        let mut x = self.patch_norm.forward(x);
        for stage in &self.stages {
            x = stage.blocks.iter().fold(x, |x, b| b.forward(x, mode));
            if let Some(merge) = &stage.merge {
                x = merge.forward(x);
            }
        }
        self.norm.forward(x)
    }
}

impl Encoder for OperaCt {
    fn name(&self) -> &'static str {
        "opera-ct"
    }

    fn dims(&self) -> usize {
        WIDTH
    }

    fn front_end(&self) -> FrontEnd {
        FrontEnd::Librosa(LibrosaConfig::opera())
    }

    fn frames(&self) -> std::ops::RangeInclusive<usize> {
        1..=LONGEST
    }

    /// Clips of more than 1024 frames (33 s) are seen in windows of 1024, 512 apart, and embeddings
    /// and tokens averaged over them, in training too, where the authors take one random window. Like
    /// theirs, the windows leave out up to 512 frames at the end.
    fn encode(&self, features: Tensor<3>, mode: Mode) -> Encoded {
        let frames = features.dims()[2];
        let normed = self.bands.forward(features, mode);
        let starts: Vec<usize> = if frames <= FRAMES + 1 {
            vec![0]
        } else {
            (0..frames - FRAMES - 1).step_by(WINDOW_STEP).collect()
        };
        let share = 1.0 / starts.len() as f64;
        let map = starts
            .into_iter()
            .map(|start| {
                let window = normed.clone().narrow(2, start, frames.min(FRAMES));
                self.transform(window, mode) * share
            })
            .reduce(|sum, map| sum + map)
            .expect("there is at least one window");
        let [batch, count, width] = map.dims();
        let columns = 8;
        let heights = count / QUARTERS / columns;
        let tokens = map
            .clone()
            .reshape([batch, QUARTERS, heights, columns * width])
            .mean_dim(2)
            .reshape([batch, QUARTERS * columns, width]);
        Encoded {
            embedding: map.mean_dim(1).reshape([batch, width]),
            tokens,
        }
    }
}
