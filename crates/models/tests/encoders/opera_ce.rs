//! OPERA-CE against `efficientnet_pytorch`, on generated weights in the published layout.

use std::collections::HashMap;

use burn::tensor::{Device, Tensor};
use laennec_audio::Mel;
use laennec_models::Error;
use laennec_models::encoder::{AnyEncoder, Encoder, FrontEnd, Mode, OperaCe, batch_of};
use laennec_models::mobilenet::Precision;
use laennec_models::weights::to_bytes;
use safetensors::SafeTensors;

use crate::common::reached;
use crate::weights::{Fixture, signal};

fn loaded(device: &Device) -> (Fixture, OperaCe) {
    let fixture = Fixture::open("encoder_opera_ce.safetensors");
    let folder = tempfile::tempdir().unwrap();
    let encoder = OperaCe::load(&fixture.weights_file(folder.path()), device).unwrap();
    (fixture, encoder)
}

/// The clips of the fixture, `[batch, 64, frames]`.
fn clips(name: &str, shape: [usize; 3], device: &Device) -> Tensor<3> {
    signal(name, shape, device).swap_dims(1, 2)
}

#[test]
fn equals_efficientnet_pytorch() {
    let device = Device::flex();
    let (fixture, encoder) = loaded(&device);
    assert_eq!((encoder.name(), encoder.dims()), ("opera-ce", 1280));
    assert!(matches!(encoder.front_end(), FrontEnd::Librosa(c) if c.bands == 64));
    let encoded = encoder.encode(clips("clips", [2, 251, 64], &device), Mode::Infer);
    assert_eq!(encoded.tokens.dims(), [2, 7, 1280]);
    let mean = encoded.tokens.mean_dim(1).reshape([2, 1280]);
    fixture.assert_close("embedding", mean, 1e-4);
    fixture.assert_close("embedding", encoded.embedding, 1e-4);
    let short = clips("short", [1, 34, 64], &device);
    let short = encoder.embedding(short, Mode::Infer);
    fixture.assert_close("embedding_short", short, 1e-4);
}

#[test]
fn training_updates_the_statistics_as_pytorch_does() {
    let device = Device::flex();
    let (fixture, encoder) = loaded(&device);
    let _ = encoder.encode(clips("clips", [2, 251, 64], &device), Mode::Train);
    // An update of running statistics is pending until they are used.
    let _ = encoder.encode(clips("short", [1, 34, 64], &device), Mode::Infer);
    let bytes = to_bytes(&encoder, Precision::F32, HashMap::new()).unwrap();
    let after = SafeTensors::deserialize(&bytes).unwrap();
    let names = fixture.names("after.encoder.efficientnet.");
    assert_eq!(names.len(), 14);
    for name in names {
        let (expected, _) = fixture.tensor(&format!("after.encoder.efficientnet.{name}"));
        let (norm, statistic) = name.rsplit_once('.').unwrap();
        let layer = match norm.split('.').collect::<Vec<_>>()[..] {
            ["_bn0"] => "stem".to_owned(),
            ["_blocks", block, "_bn0"] => format!("blocks.{block}.expand"),
            ["_blocks", block, "_bn1"] => format!("blocks.{block}.depthwise"),
            ["_blocks", block, "_bn2"] => format!("blocks.{block}.project"),
            _ => panic!("{name}"),
        };
        let statistic = statistic.replace("var", "variance");
        let view = after.tensor(&format!("{layer}.{statistic}")).unwrap();
        let (found, _) = view.data().as_chunks::<4>();
        for (found, expected) in found.iter().zip(expected) {
            let found = f32::from_le_bytes(*found);
            assert!(
                (found - expected).abs() < 1e-5,
                "{name}: {found} {expected}"
            );
        }
    }
}

#[test]
fn stochastic_depth_acts_in_training_only() {
    let device = Device::flex();
    let (_, encoder) = loaded(&device);
    let clip = || clips("clips", [2, 251, 64], &device);
    let difference = |mode| {
        let [a, b] = [0, 1].map(|_| encoder.clone().embedding(clip(), mode));
        (a - b).abs().max().into_scalar::<f32>()
    };
    device.seed(4);
    assert_eq!(difference(Mode::Infer), 0.0);
    assert!(difference(Mode::Train) > 1e-3);
}

#[test]
fn gradients_reach_every_weight() {
    let device = Device::flex().autodiff();
    let (_, encoder) = loaded(&device);
    let encoder = AnyEncoder::from(encoder);
    let clip = clips("clips", [2, 64, 64], &device);
    let loss = encoder.embedding(clip, Mode::Infer).powi_scalar(2).mean();
    let (with, without) = reached(&encoder, loss.backward());
    // 211 weights, biases, scales and shifts; two statistics of each of 49 norms.
    assert_eq!((with.len(), without.len()), (213, 98), "{without:?}");
    assert!(without.iter().all(|name| name.contains("running_")));
}

#[test]
fn features_of_the_wrong_size_are_refused() {
    let device = Device::flex();
    let (_, encoder) = loaded(&device);
    let check = |bands: usize, frames: usize| {
        let mel = Mel {
            values: vec![0.0; bands * frames],
            bands,
            frames,
        };
        encoder.check(&batch_of(&[mel], &device).unwrap())
    };
    assert!(check(64, 34).is_ok());
    assert!(matches!(check(64, 33), Err(Error::Features { found, .. }) if found == [64, 33]));
    assert!(check(128, 251).is_err());
}
