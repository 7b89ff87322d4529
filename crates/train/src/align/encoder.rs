//! The encoder in two parts: what is frozen and computed once, and what learns.
//!
//! In: the name and weights of an encoder, features. Out: maps between the parts, embeddings. mn04
//! and Whisper are divided between blocks; the others learn as a whole.
#![allow(
    unreachable_patterns,
    clippy::match_wildcard_for_single_variants,
    reason = "all encoders but two learn as a whole, however many there are"
)]

use std::path::{Path, PathBuf};

use burn::tensor::{Device, Tensor};
use laennec_kernels::channel_mean;
use laennec_models::{
    encoder::{AnyEncoder, Encoder, Kind, Mode},
    mobilenet::BLOCKS,
};

use super::AlignRecipe;
use crate::Error;

/// The weights that a recipe starts from: its own `start`, or the published ones in the folder
/// `models`.
pub fn initial_weights(recipe: &AlignRecipe, models: &Path) -> Result<PathBuf, Error> {
    let kind = kind(&recipe.encoder)?;
    match (&recipe.start, kind) {
        (Some(start), _) => Ok(start.clone()),
        (None, Kind::Mn04) => Ok(models.join("mn04_as.safetensors")),
        (None, Kind::Whisper) => Ok(models.join("whisper-tiny.en").join("model.bin")),
        (None, other) => Err(Error::Encoder {
            found: format!("{} without `start`", other.name()),
            expected: "a recipe whose `start` names its weights file".into(),
        }),
    }
}

/// The encoder of that name with the weights at `path`.
pub fn open_encoder(name: &str, path: &Path, device: &Device) -> Result<AnyEncoder, Error> {
    let kind = kind(name)?;
    let encoder = AnyEncoder::open(path, device)?;
    if encoder.name() == kind.name() {
        return Ok(encoder);
    }
    Err(Error::Encoder {
        found: format!("{name} with weights of {}", encoder.name()),
        expected: encoder.name().into(),
    })
}

fn kind(name: &str) -> Result<Kind, Error> {
    let found = Kind::ALL.into_iter().find(|kind| kind.name() == name);
    found.ok_or_else(|| Error::Encoder {
        found: name.to_owned(),
        expected: Kind::ALL.map(Kind::name).join(", "),
    })
}

/// Blocks from the input on that do not learn; where it is none, all learns.
pub(super) fn frozen_blocks(encoder: &AnyEncoder, unfrozen: usize) -> usize {
    match encoder {
        AnyEncoder::Mn04(_) => BLOCKS.saturating_sub(unfrozen),
        AnyEncoder::Whisper(encoder) => encoder.size().layers.saturating_sub(unfrozen),
        _ => 0,
    }
}

/// Features `[batch, bands, frames]` to the map between the parts; the features themselves where
/// an encoder learns as a whole.
pub(super) fn beginning(encoder: &AnyEncoder, features: Tensor<3>, frozen: usize) -> Tensor<4> {
    match encoder {
        AnyEncoder::Mn04(encoder) if frozen > 0 => {
            encoder
                .network
                .beginning(features.unsqueeze_dim(1), frozen, Mode::Infer)
        }
        AnyEncoder::Whisper(encoder) if frozen > 0 => {
            encoder.beginning(features, frozen).unsqueeze_dim(1)
        }
        _ => features.unsqueeze_dim(1),
    }
}

/// The map between the parts to embeddings `[batch, dims]`. Batch norms keep the start's statistics,
/// so that an embedding does not depend on what else is in the batch.
pub(super) fn embedding(encoder: &AnyEncoder, map: Tensor<4>, frozen: usize) -> Tensor<2> {
    let flat = |map: Tensor<4>| {
        let [batch, _, rows, columns] = map.dims();
        map.reshape([batch, rows, columns])
    };
    match encoder {
        AnyEncoder::Mn04(encoder) if frozen > 0 => {
            channel_mean(encoder.network.rest(map, frozen, Mode::Infer))
        }
        AnyEncoder::Whisper(encoder) if frozen > 0 => encoder.rest(flat(map), frozen).embedding,
        other => other.embedding(flat(map), Mode::Infer),
    }
}
