//! mn04 against EfficientAT's own outputs for three real recordings.

use std::path::PathBuf;

use burn::tensor::{Device, Tensor, TensorData};
use laennec_models::mobilenet::{MobileNetV3, Mode, Precision};
use safetensors::SafeTensors;

/// Folder of the model files, or `None` (with a notice) where it is not set.
fn models() -> Option<PathBuf> {
    let folder = std::env::var_os("LAENNEC_MODELS").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: LAENNEC_MODELS is not set");
    }
    folder
}

fn values(file: &SafeTensors, name: &str) -> (Vec<f32>, Vec<usize>) {
    let view = file.tensor(name).unwrap();
    let values = view
        .data()
        .chunks_exact(4)
        .map(|b| f32::from_le_bytes(b.try_into().unwrap()))
        .collect();
    (values, view.shape().to_vec())
}

fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter()
        .zip(b)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f32::max)
}

fn assert_golden(model: &MobileNetV3, device: &Device, tolerance: f32) {
    let folder = models().unwrap();
    let bytes = std::fs::read(folder.join("mn04_golden.safetensors")).unwrap();
    let golden = SafeTensors::deserialize(&bytes).unwrap();
    for clip in ["cough", "lung", "heart"] {
        let (mel, shape) = values(&golden, &format!("{clip}.mel"));
        let mel = TensorData::new(mel, [1, 1, shape[0], shape[1]]);
        let map = model.feature_map(Tensor::from_data(mel, device), Mode::Infer);
        assert_eq!(map.dims()[..3], [1, 384, 4]);
        let (logits, embedding) = model.classify(map);
        for (name, found) in [("logits", logits), ("embedding", embedding)] {
            let (expected, _) = values(&golden, &format!("{clip}.{name}"));
            let found = found.into_data().try_into_vec::<f32>().unwrap();
            let difference = largest_difference(&found, &expected);
            assert!(difference < tolerance, "{clip} {name}: {difference}");
        }
    }
}

#[test]
fn equals_efficientat() {
    let Some(folder) = models() else { return };
    let device = Device::flex();
    let model = MobileNetV3::load(&folder.join("mn04_as.safetensors"), &device).unwrap();
    assert_golden(&model, &device, 1e-4);
}

#[test]
fn saved_weights_load_again() {
    let Some(folder) = models() else { return };
    let device = Device::flex();
    let path = folder.join("mn04_as.safetensors");
    let model = MobileNetV3::load(&path, &device).unwrap();
    for (precision, tolerance) in [(Precision::F32, 1e-4), (Precision::F16, 0.1)] {
        let bytes = model
            .to_safetensors(precision, &[("licence", "MIT")])
            .unwrap();
        let again = MobileNetV3::from_safetensors(&bytes, &path, &device).unwrap();
        assert_golden(&again, &device, tolerance);
    }
}
