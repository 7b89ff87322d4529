//! Encoders as training stores them: written and read again, and Whisper in two parts.

use burn::tensor::{Device, Tensor};
use laennec_models::encoder::{AnyEncoder, Encoder, Kind, Mode, Whisper};
use laennec_models::mobilenet::Precision;

use crate::weights::{path, signal};

fn values(tensor: Tensor<2>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap()
}

#[test]
fn every_encoder_comes_back_as_it_was_stored() {
    let device = Device::flex();
    let folder = tempfile::tempdir().unwrap();
    let small = Whisper::load(&path("encoder_whisper.ctranslate2"), &device).unwrap();
    let mut encoders = Kind::ALL
        .map(|kind| AnyEncoder::init(kind, 3, &device))
        .to_vec();
    encoders.push(small.into());
    for encoder in encoders {
        let bytes = encoder.to_bytes(Precision::F32, &[("run", "1")]).unwrap();
        assert!(bytes == encoder.to_bytes(Precision::F32, &[("run", "1")]).unwrap());
        let file = folder.path().join("encoder.safetensors");
        std::fs::write(&file, &bytes).unwrap();
        let again = AnyEncoder::open(&file, &device).unwrap();
        assert_eq!(again.name(), encoder.name());
        assert_eq!(again.front_end(), encoder.front_end());
        assert!(again.to_bytes(Precision::F32, &[("run", "1")]).unwrap() == bytes);
    }
}

#[test]
fn whisper_in_two_parts_is_whisper() {
    let device = Device::flex();
    let encoder = Whisper::load(&path("encoder_whisper.ctranslate2"), &device).unwrap();
    let mel = signal("mel", [2, 80, 40], &device);
    let whole = values(encoder.embedding(mel.clone(), Mode::Infer));
    for blocks in [0, 1, 9] {
        let tokens = encoder.beginning(mel.clone(), blocks);
        assert_eq!(values(encoder.rest(tokens, blocks).embedding), whole);
    }
}
