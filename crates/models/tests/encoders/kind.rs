//! Files of all layouts and formats through [`AnyEncoder::open`].

use std::path::PathBuf;

use burn::tensor::{Device, Tensor};
use laennec_models::Error;
use laennec_models::encoder::{AnyEncoder, Encoder, Kind, Mode};
use laennec_models::registry::{Folder, Lock, import};
use safetensors::SafeTensors;
use safetensors::tensor::TensorView;

use crate::common::values;
use crate::weights::{Fixture, path};

const OPERA: [(&str, Kind); 3] = [
    ("encoder_opera_ce.safetensors", Kind::OperaCe),
    ("encoder_opera_ct.safetensors", Kind::OperaCt),
    ("encoder_opera_gt.safetensors", Kind::OperaGt),
];

#[test]
fn the_kind_of_a_file_is_told_by_its_tensors() {
    let device = Device::flex();
    let folder = tempfile::tempdir().unwrap();
    for (fixture, kind) in OPERA {
        let file = Fixture::open(fixture).weights_file(folder.path());
        assert_eq!(Kind::of_file(&file).unwrap(), Some(kind));
    }
    let whisper = path("encoder_whisper.ctranslate2");
    let encoder = AnyEncoder::open(&whisper, &device).unwrap();
    assert_eq!(encoder.name(), Kind::Whisper.name());
    let other = path("encoder_opera_ce.safetensors");
    assert_eq!(Kind::of_file(&other).unwrap(), None);
    let error = AnyEncoder::open(&other, &device).unwrap_err();
    assert!(matches!(error, Error::Header { reason, .. } if reason.contains("opera-gt")));
    for kind in Kind::ALL {
        let encoder = AnyEncoder::init(kind, 1, &device);
        assert_eq!(encoder.name(), kind.name());
        assert_eq!(
            serde_json::to_string(&kind).unwrap(),
            format!("\"{}\"", kind.name())
        );
    }
}

/// Weights under another prefix, as in `StethoLM`'s adapter.
#[test]
fn the_same_network_is_found_at_any_depth() {
    let device = Device::flex();
    let folder = tempfile::tempdir().unwrap();
    let bytes = Fixture::open("encoder_opera_ce.safetensors").weights();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let mut embeddings = Vec::new();
    for prefix in ["encoder.", "audio_encoder.", ""] {
        let renamed = file.iter().map(|(name, view)| {
            let name = format!("{prefix}{}", name.strip_prefix("encoder.").unwrap());
            let view = TensorView::new(view.dtype(), view.shape().to_vec(), view.data());
            (name, view.unwrap())
        });
        let path = folder.path().join("weights.safetensors");
        std::fs::write(&path, safetensors::serialize(renamed, None).unwrap()).unwrap();
        let encoder = AnyEncoder::open(&path, &device).unwrap();
        let clip = Tensor::ones([1, 64, 40], &device);
        embeddings.push(values(encoder.embedding(clip, Mode::Infer)));
    }
    assert!(embeddings.windows(2).all(|pair| pair[0] == pair[1]));
}

/// A Lightning checkpoint with hyper-parameters, optimiser state and callbacks beside the weights, of which only some of OPERA-GT's are there: it is read up to the first that is missing,
/// and imported with what it has.
#[test]
fn lightning_checkpoints_are_read_without_unpickling() {
    let device = Device::flex();
    let file: PathBuf = path("encoder_lightning.ckpt");
    assert_eq!(Kind::of_file(&file).unwrap(), Some(Kind::OperaGt));
    let error = AnyEncoder::open(&file, &device).unwrap_err();
    assert!(
        matches!(&error, Error::MissingTensor { name, .. } if name == "state_dict.pos_embed"),
        "{error}"
    );
    let root = tempfile::tempdir().unwrap();
    let folder = Folder::new(root.path());
    let done = import(&Lock::built_in().unwrap(), &folder, &file, false).unwrap();
    assert_eq!(done.encoder, Some(Kind::OperaGt));
    let bytes = std::fs::read(&done.path).unwrap();
    let imported = SafeTensors::deserialize(&bytes).unwrap();
    let name = "state_dict.decoder_blocks.0.attn.tau";
    let tau = imported.tensor(name).unwrap();
    let (tau, _) = tau.data().as_chunks::<4>();
    let tau: Vec<f32> = tau.iter().map(|b| f32::from_le_bytes(*b)).collect();
    let expected: Vec<f32> = (0..16).map(|i| i as f32 / 16.0).collect();
    assert_eq!(tau, expected);
}
