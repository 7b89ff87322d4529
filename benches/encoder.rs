//! CPU time of the encoder mn04: inference on a log-mel of 10 s, embeddings of recordings from their
//! samples, and a training step (forward and backward, batch statistics) on 24 log-mels of 9.2 s.
//!
//! Wants `LAENNEC_MODELS` to name the folder with `mn04_as.safetensors`. Run with
//! `RAYON_NUM_THREADS=1` for figures per core.

use std::path::Path;

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use laennec_benches::{Case, Failure, Work, mean_magnitude, model, noise, run};
use laennec_models::encoder::{AnyEncoder, Encoder, batch_of};
use laennec_models::mobilenet::{MobileNetV3, Mode};

const BANDS: usize = 128;
const CLIP_FRAMES: usize = 1000;
const BATCH: usize = 24;
const BATCH_FRAMES: usize = 920;
/// Recordings of 10 s that are embedded together.
const RECORDINGS: usize = 20;
const RECORDING_S: usize = 10;

fn main() -> Result<(), Failure> {
    run(&[
        Case {
            name: "mn04-inference",
            what: "for the logits of 10 s, 1 x 128 x 1000",
            prepare: inference,
        },
        Case {
            name: "mn04-embedding",
            what: "for the embeddings of 20 recordings of 10 s at 32 kHz, from samples",
            prepare: embedding,
        },
        Case {
            name: "mn04-recordings",
            what: "for the embeddings of the recordings in the file that follows the name",
            prepare: recordings,
        },
        Case {
            name: "mn04-training",
            what: "for forward and backward of 24 recordings, 24 x 128 x 920",
            prepare: training,
        },
    ])
}

fn mel(batch: usize, frames: usize, device: &Device) -> Tensor<4> {
    let values = noise(batch * BANDS * frames);
    Tensor::from_data(TensorData::new(values, [batch, 1, BANDS, frames]), device)
}

fn inference(_: Option<&Path>) -> Result<Option<Work>, Failure> {
    let Some(path) = model("mn04_as.safetensors") else {
        return Ok(None);
    };
    let device = Device::flex();
    let network = MobileNetV3::load(&path, &device)?;
    let clip = mel(1, CLIP_FRAMES, &device);
    Ok(Some(Box::new(move |watch| {
        let logits = watch.time(|| {
            let map = network.feature_map(clip.clone(), Mode::Infer);
            network.classify(map).0.into_data().try_into_vec::<f32>()
        })?;
        Ok(mean_magnitude(&logits))
    })))
}

/// Front end and encoder through the interface that all encoders have.
fn embedding(_: Option<&Path>) -> Result<Option<Work>, Failure> {
    let Some(path) = model("mn04_as.safetensors") else {
        return Ok(None);
    };
    let device = Device::flex();
    let encoder = AnyEncoder::open(&path, &device)?;
    let mut front_end = encoder.front_end().plan()?;
    let length = RECORDING_S * encoder.front_end().rate() as usize;
    let samples = noise(RECORDINGS * length);
    Ok(Some(Box::new(move |watch| {
        let embeddings = watch.time(|| {
            let mels: Vec<_> = samples
                .chunks(length)
                .map(|recording| front_end.compute(recording))
                .collect();
            let features = batch_of(&mels, &device)?;
            let embeddings = encoder.embedding(features, Mode::Infer).into_data();
            embeddings.try_into_vec::<f32>().map_err(Failure::from)
        })?;
        Ok(mean_magnitude(&embeddings))
    })))
}

/// Recordings as they are, one after the other, from samples at the encoder's rate.
///
/// The file holds little-endian 32-bit words: how many recordings, their lengths in samples, and
/// the samples of all of them as floats.
fn recordings(file: Option<&Path>) -> Result<Option<Work>, Failure> {
    let (Some(path), Some(file)) = (model("mn04_as.safetensors"), file) else {
        return Ok(None);
    };
    let device = Device::flex();
    let encoder = AnyEncoder::open(&path, &device)?;
    let mut front_end = encoder.front_end().plan()?;
    let bytes = std::fs::read(file)?;
    let (words, _) = bytes.as_chunks::<4>();
    let count = words
        .first()
        .map_or(0, |word| u32::from_le_bytes(*word) as usize);
    let lengths: Vec<usize> = words[1..=count]
        .iter()
        .map(|word| u32::from_le_bytes(*word) as usize)
        .collect();
    let samples: Vec<f32> = words[1 + count..]
        .iter()
        .map(|word| f32::from_le_bytes(*word))
        .collect();
    drop(bytes);
    Ok(Some(Box::new(move |watch| {
        let embeddings = watch.time(|| {
            let mut first = 0;
            let mut all = Vec::new();
            for length in &lengths {
                let mel = front_end.compute(&samples[first..first + length]);
                first += length;
                let features = batch_of(&[mel], &device)?;
                let embedding = encoder.embedding(features, Mode::Infer).into_data();
                all.extend(embedding.try_into_vec::<f32>()?);
            }
            Ok::<_, Failure>(all)
        })?;
        Ok(mean_magnitude(&embeddings))
    })))
}

fn training(_: Option<&Path>) -> Result<Option<Work>, Failure> {
    let Some(path) = model("mn04_as.safetensors") else {
        return Ok(None);
    };
    let device = Device::flex();
    let network = MobileNetV3::load(&path, &device)?.train();
    let batch = Tensor::from_inner(mel(BATCH, BATCH_FRAMES, &device));
    Ok(Some(Box::new(move |watch| {
        let loss = watch.time(|| {
            let map = network.feature_map(batch.clone(), Mode::Train);
            let loss = map.powi_scalar(2).mean();
            let gradients = loss.backward();
            drop(gradients);
            loss
        });
        Ok(f64::from(loss.into_scalar::<f32>()))
    })))
}
