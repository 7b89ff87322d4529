//! Trained networks ready to listen: samples in, raw scores out, nothing calibrated or decided.
//!
//! [`LungEar`] hears record classes, event classes over time and an embedding; [`HeartEar`] hears
//! whether heart sounds are abnormal. Each averages over one or several networks, and each network
//! brings the front end that it was trained with.

mod heart;
mod lung;
mod taught;

use std::collections::HashMap;

use burn::tensor::{Device, Tensor, TensorData};
use laennec_audio::{LogMel, LogMelConfig, resample};
use safetensors::SafeTensors;

pub use heart::{HeartEar, HeartHearing};
pub use lung::{LungEar, LungHearing, any_of, is_continuous, is_discontinuous, step_weights};
pub use taught::{TAUGHT_KEY, Taught};

use crate::Error;

/// Key of the front end in the header of a weights file.
pub const FRONT_END_KEY: &str = "front_end";

/// Key of the part of the training recordings that a network did not learn from, in the header.
pub const HELD_OUT_KEY: &str = "held_out";

/// Key of the databases that were left out of training altogether, in the header: names joined by
/// commas.
pub const LEFT_OUT_KEY: &str = "left_out";

/// A value from the header of a weights file; none where the header has no such key. `origin` names
/// the file in errors.
pub fn header_value(bytes: &[u8], origin: &str, key: &str) -> Result<Option<String>, Error> {
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|source| Error::Safetensors {
        path: origin.into(),
        source,
    })?;
    let empty = HashMap::new();
    Ok(header
        .metadata()
        .as_ref()
        .unwrap_or(&empty)
        .get(key)
        .cloned())
}

/// `sum += weight * values`.
fn add(sum: &mut [f32], values: &[f32], weight: f32) {
    for (s, v) in sum.iter_mut().zip(values) {
        *s += weight * v;
    }
}

/// `[1, 1, bands, frames]` and the number of frames.
fn log_mel(
    samples: &[f32],
    rate: u32,
    front_end: &LogMelConfig,
    device: &Device,
) -> Result<(Tensor<4>, usize), Error> {
    let samples = resample(samples, rate, front_end.rate)?;
    let mel = LogMel::new(front_end)?.compute(&samples);
    let shape = [1, 1, mel.bands, mel.frames];
    Ok((
        Tensor::from_data(TensorData::new(mel.values, shape), device),
        mel.frames,
    ))
}

fn front_end(bytes: &[u8], origin: &str) -> Result<LogMelConfig, Error> {
    let wrong = |reason: String| Error::Header {
        path: origin.into(),
        reason,
    };
    let text = header_value(bytes, origin, FRONT_END_KEY)?
        .ok_or_else(|| wrong(format!("its header has no '{FRONT_END_KEY}'")))?;
    serde_json::from_str(&text).map_err(|e| wrong(format!("'{FRONT_END_KEY}': {e}")))
}

/// A bundle must list at least one network.
fn none_listed(what: &str) -> Error {
    Error::Header {
        path: "<bundle>".into(),
        reason: format!("it lists no {what} network"),
    }
}

fn rows(tensor: Tensor<2>) -> Vec<Vec<f32>> {
    let [_, width] = tensor.dims();
    let values: Vec<f32> = tensor.into_data().try_to_vec().expect("f32 throughout");
    values.chunks(width).map(<[f32]>::to_vec).collect()
}
