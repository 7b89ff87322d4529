//! The encoder in two parts: what is frozen and computed once, and what learns.
//!
//! In: the name and weights of an encoder, features. Out: maps between the parts, embeddings.
#![allow(
    unreachable_patterns,
    clippy::match_wildcard_for_single_variants,
    reason = "all encoders but mn04 learn as a whole, however many there are"
)]

use std::path::Path;

use burn::tensor::{Device, Tensor};
use laennec_audio::LogMelConfig;
use laennec_kernels::channel_mean;
use laennec_models::{
    encoder::{AnyEncoder, Encoder, Mn04, Mode},
    mobilenet::{BLOCKS, MobileNetV3},
};

use crate::Error;

/// The encoder of that name with the weights at `path`.
pub fn open_encoder(name: &str, path: &Path, device: &Device) -> Result<AnyEncoder, Error> {
    match name {
        "mn04" => {
            let network = MobileNetV3::load(path, device)?;
            Ok(Mn04::new(network, LogMelConfig::efficientat_32k()).into())
        }
        other => Err(Error::Encoder {
            found: other.to_owned(),
            expected: "mn04",
        }),
    }
}

/// Blocks from the input on that do not learn.
pub(super) fn frozen_blocks(encoder: &AnyEncoder, unfrozen: usize) -> usize {
    match encoder {
        AnyEncoder::Mn04(_) => BLOCKS.saturating_sub(unfrozen),
        _ => 0,
    }
}

/// Features `[batch, bands, frames]` to the map between the parts; the features themselves where
/// an encoder learns as a whole.
pub(super) fn beginning(encoder: &AnyEncoder, features: Tensor<3>, frozen: usize) -> Tensor<4> {
    let features = features.unsqueeze_dim(1);
    match encoder {
        AnyEncoder::Mn04(encoder) if frozen > 0 => {
            encoder.network.beginning(features, frozen, Mode::Infer)
        }
        _ => features,
    }
}

/// The map between the parts to embeddings `[batch, dims]`. Batch norms keep the start's statistics,
/// so that an embedding does not depend on what else is in the batch.
pub(super) fn embedding(encoder: &AnyEncoder, map: Tensor<4>, frozen: usize) -> Tensor<2> {
    match encoder {
        AnyEncoder::Mn04(encoder) if frozen > 0 => {
            channel_mean(encoder.network.rest(map, frozen, Mode::Infer))
        }
        other => {
            let [batch, _, bands, frames] = map.dims();
            other.embedding(map.reshape([batch, bands, frames]), Mode::Infer)
        }
    }
}
