//! Whisper's encoder against `transformers`, on generated weights in Hugging Face's layout and in a
//! file by `CTranslate2`'s writer.

use burn::tensor::{Device, Tensor};
use laennec_models::Error;
use laennec_models::encoder::{AnyEncoder, Encoder, Mode, Whisper, WhisperSize};

use crate::common::reached;
use crate::weights::{Fixture, path, signal};

#[test]
fn equals_transformers_at_the_size_of_tiny() {
    let device = Device::flex();
    let fixture = Fixture::open("encoder_whisper.safetensors");
    let folder = tempfile::tempdir().unwrap();
    let encoder = Whisper::load(&fixture.weights_file(folder.path()), &device).unwrap();
    assert_eq!(encoder.size(), WhisperSize::TINY);
    let encoded = encoder.encode(signal("mel", [1, 80, 3000], &device), Mode::Infer);
    assert_eq!(encoded.tokens.dims(), [1, 1500, 384]);
    fixture.assert_close("embedding", encoded.embedding, 1e-4);
    let every = (0..30).map(|i| encoded.tokens.clone().narrow(1, 50 * i, 1));
    fixture.assert_close("tokens", Tensor::cat(every.collect(), 1), 1e-4);
    let short = encoder.tokens(signal("short", [1, 80, 101], &device), Mode::Infer);
    assert_eq!(short.dims(), [1, 51, 384]);
}

#[test]
fn reads_what_ctranslate2_writes() {
    let device = Device::flex();
    let fixture = Fixture::open("encoder_whisper.safetensors");
    let encoder = Whisper::load(&path("encoder_whisper.ctranslate2"), &device).unwrap();
    let size = WhisperSize {
        bands: 80,
        width: 64,
        layers: 1,
        positions: 20,
    };
    assert_eq!(encoder.size(), size);
    let tokens = encoder.tokens(signal("mel", [2, 80, 40], &device), Mode::Infer);
    fixture.assert_close("small", tokens, 1e-4);
}

#[test]
fn damaged_files_are_errors() {
    let device = Device::flex();
    let bytes = std::fs::read(path("encoder_whisper.ctranslate2")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.bin");
    for length in (0..bytes.len()).step_by(997) {
        std::fs::write(&file, &bytes[..length]).unwrap();
        assert!(Whisper::load(&file, &device).is_err(), "{length}");
    }
    // A flipped byte of the header may hit a name or a size; of the numbers it changes one.
    for position in (0..2000).step_by(7) {
        let mut flipped = bytes.clone();
        flipped[position] ^= 0x55;
        std::fs::write(&file, &flipped).unwrap();
        drop(Whisper::load(&file, &device));
    }
    let other = path("encoder_opera_ce.safetensors");
    let error = Whisper::load(&other, &device).unwrap_err();
    assert!(matches!(error, Error::MissingTensor { .. }), "{error}");
}

#[test]
fn gradients_reach_every_weight() {
    let device = Device::flex().autodiff();
    let encoder = Whisper::load(&path("encoder_whisper.ctranslate2"), &device).unwrap();
    let encoder = AnyEncoder::from(encoder);
    let mel = signal("mel", [2, 80, 40], &device);
    let loss = encoder.embedding(mel, Mode::Train).powi_scalar(2).mean();
    let (with, without) = reached(&encoder, loss.backward());
    assert_eq!(with.len(), 21, "{with:?}");
    assert_eq!(without, ["Whisper.positions"]);
}
