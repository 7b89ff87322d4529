//! Embeddings of real recordings: computed once, kept, equal to mn04's clip embedding.
//!
//! Needs `LAENNEC_DATA` and `LAENNEC_MODELS`; skipped without them.
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests: a panic is how a test fails"
)]

use std::path::{Path, PathBuf};

use burn::tensor::{Device, Tensor, TensorData};
use laennec_audio::{DecodeOptions, LogMel, LogMelConfig, decode_file, resample};
use laennec_corpus::{DataSet, Located, read};
use laennec_eval::Error;
use laennec_eval::embed::{EmbeddingCache, Item};
use laennec_models::mobilenet::{EMBEDDING, MobileNetV3, Mode};

fn folders() -> Option<(PathBuf, PathBuf)> {
    let data = PathBuf::from(std::env::var_os("LAENNEC_DATA")?);
    let models = PathBuf::from(std::env::var_os("LAENNEC_MODELS")?);
    Some((data, models))
}

/// mn04's own clip embedding, step by step as its authors compute it.
fn clip_embedding(model: &MobileNetV3, path: &Path) -> Vec<f32> {
    let signal = decode_file(path, &DecodeOptions::default()).unwrap().signal;
    let config = LogMelConfig::efficientat_32k();
    let samples = resample(&signal.samples, signal.rate, config.rate).unwrap();
    let mel = LogMel::new(&config).unwrap().compute(&samples);
    let data = TensorData::new(mel.values, [1, 1, mel.bands, mel.frames]);
    let map = model.feature_map(Tensor::from_data(data, &Device::flex()), Mode::Infer);
    let (_, embedding) = model.classify(map);
    embedding.into_data().try_into_vec().unwrap()
}

#[test]
fn embeddings_are_computed_once_and_bad_files_stop_nothing() {
    let Some((data, models)) = folders() else {
        println!("skipped: LAENNEC_DATA and LAENNEC_MODELS are not set");
        return;
    };
    let reading = read(DataSet::SprSound, &data.join("sprsound")).unwrap();
    let chosen: Vec<&Located> = reading.located.iter().step_by(500).collect();
    assert!(chosen.len() >= 3);
    let weights = models.join("mn04_as.safetensors");
    let folder = tempfile::tempdir().unwrap();
    let cache = EmbeddingCache::open(folder.path(), &weights).unwrap();
    let mut items: Vec<Item<'_>> = chosen
        .iter()
        .map(|located| Item {
            path: &located.path,
            audio_sha256: &located.recording.audio_sha256,
        })
        .collect();
    let absent = folder.path().join("absent.flac");
    let none = "0".repeat(64);
    items.push(Item {
        path: &absent,
        audio_sha256: &none,
    });
    let embeddings = cache.embed_all(&items, |_| {}).unwrap();
    assert!(matches!(
        embeddings.last(),
        Some(Err(Error::Audio(laennec_audio::Error::InFile { path, .. }))) if *path == absent
    ));

    let model = MobileNetV3::load(&weights, &Device::flex()).unwrap();
    for (item, embedding) in items.iter().zip(&embeddings).take(chosen.len()) {
        let embedding = embedding.as_ref().unwrap();
        let expected = clip_embedding(&model, item.path);
        assert_eq!(expected.len(), EMBEDDING);
        for (a, b) in embedding.mean().iter().zip(expected) {
            assert!((a - f64::from(b)).abs() < 1e-4, "{a} {b}");
        }
    }

    // The sound is no longer needed.
    items.pop();
    let kept: Vec<Item<'_>> = items
        .iter()
        .map(|item| Item {
            path: &absent,
            ..*item
        })
        .collect();
    let again = cache.embed_all(&kept, |_| {}).unwrap();
    for (a, b) in again.iter().zip(&embeddings) {
        assert_eq!(a.as_ref().unwrap(), b.as_ref().unwrap());
    }
}
