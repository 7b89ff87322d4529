//! Teachers against transformers (`fixtures/make_teacher.py`), and the cache of their vectors.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::cell::Cell;
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use laennec_models::Error;
use laennec_models::teacher::{
    BertConfig, Decoder, MINILM, Pooling, RandomTeacher, SMOLLM2, Teacher, TeacherConfig,
    TextEncoder, cached,
};
use safetensors::SafeTensors;

const TEXTS: [&str; 6] = [
    "Wheezing in both lungs.",
    "Expiratory wheeze heard bilaterally, over the left posterior lung; no crackles were detected in this recording.",
    "Systolic murmur at the apex",
    "The cat sat on the mat.",
    "Fine crackles",
    "",
];

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// Rows of a stored matrix.
fn rows(bytes: &[u8], name: &str) -> Vec<Vec<f32>> {
    let tensors = SafeTensors::deserialize(bytes).unwrap();
    let view = tensors.tensor(name).unwrap();
    let values = view.data().chunks_exact(4);
    let values: Vec<f32> = values
        .map(|b| f32::from_le_bytes(b.try_into().unwrap()))
        .collect();
    values
        .chunks(view.shape()[1])
        .map(<[f32]>::to_vec)
        .collect()
}

fn close(found: &[Vec<f32>], expected: &[Vec<f32>], tolerance: f32, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (row, (f, e)) in found.iter().zip(expected).enumerate() {
        assert_eq!(f.len(), e.len(), "{what}");
        for (f, e) in f.iter().zip(e) {
            assert!(
                (f - e).abs() < tolerance,
                "{what}, text {row}: {f} against {e}"
            );
        }
    }
}

fn tiny_config() -> BertConfig {
    BertConfig {
        vocabulary: 21,
        positions: 20,
        width: 24,
        hidden: 40,
        layers: 2,
        heads: 3,
        norm_epsilon: 1e-12,
        longest_text: 20,
    }
}

fn tiny() -> TextEncoder {
    let folder = fixtures().join("teacher_tiny");
    TextEncoder::open(&folder, &tiny_config(), &Device::flex()).unwrap()
}

/// The models folder where it has `file`, or a message why not.
fn models(file: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("LAENNEC_MODELS").map(PathBuf::from);
    let folder = folder.filter(|folder| folder.join(file).is_file());
    if folder.is_none() {
        eprintln!("skipped: LAENNEC_MODELS names no folder with {file}");
    }
    folder
}

#[test]
fn a_tiny_bert_equals_transformers() {
    let expected = std::fs::read(fixtures().join("teacher_tiny/expected.safetensors")).unwrap();
    for layer in 0..=2 {
        for pooling in [Pooling::Mean, Pooling::Last] {
            let teacher = tiny().with(pooling, Some(layer)).unwrap();
            let name = format!("layer{layer}.{}", pooling.word());
            let found = teacher.embed(&TEXTS).unwrap();
            close(&found, &rows(&expected, &name), 1e-4, &name);
        }
    }
}

#[test]
fn texts_are_cut_and_the_whole_file_is_needed() {
    let long = "wheeze ".repeat(100);
    assert_eq!(tiny().tokens(&long).unwrap().len(), 20);
    assert!(matches!(
        tiny().with(Pooling::Mean, Some(3)),
        Err(Error::Teacher { .. })
    ));
    let folder = fixtures().join("teacher_tiny");
    let larger = BertConfig {
        layers: 3,
        ..tiny_config()
    };
    let error = TextEncoder::open(&folder, &larger, &Device::flex())
        .err()
        .unwrap();
    assert!(error.to_string().contains("encoder.layer.2."), "{error}");
}

#[test]
fn minilm_equals_transformers() {
    let Some(models) = models("all-minilm-l6-v2/model.safetensors") else {
        return;
    };
    let expected = std::fs::read(fixtures().join("teacher_real.safetensors")).unwrap();
    for layer in [3, 6] {
        for pooling in [Pooling::Mean, Pooling::Last] {
            let config = TeacherConfig {
                model: MINILM.into(),
                pooling,
                layer: Some(layer),
            };
            let teacher = config.open(&models, &Device::flex()).unwrap();
            let name = format!("minilm.layer{layer}.{}", pooling.word());
            let found = teacher.embed(&TEXTS).unwrap();
            close(&found, &rows(&expected, &name), 1e-4, &name);
        }
    }
}

/// States of a decoder grow to several hundreds, so the tolerance is relative to their scale.
#[test]
fn smollm2_equals_transformers() {
    let name = "SmolLM2-135M-Instruct.Q4_1.gguf";
    let Some(models) = models(name) else {
        return;
    };
    let expected = std::fs::read(fixtures().join("teacher_real.safetensors")).unwrap();
    let mut teacher = Decoder::open(&models.join(name), &Device::flex()).unwrap();
    for layer in [15, 30] {
        for pooling in [Pooling::Mean, Pooling::Last] {
            teacher = teacher.with(pooling, Some(layer)).unwrap();
            let name = format!("smollm2.layer{layer}.{}", pooling.word());
            let expected = rows(&expected, &name);
            let largest = expected
                .iter()
                .flatten()
                .fold(0.0_f32, |m, v| m.max(v.abs()));
            let found = teacher.embed(&TEXTS[..2]).unwrap();
            close(&found, &expected, 1e-4 * largest, &name);
        }
    }
}

/// Counts what it is asked for.
struct Counting {
    inner: RandomTeacher,
    asked: Cell<usize>,
}

impl Teacher for Counting {
    fn identity(&self) -> String {
        self.inner.identity()
    }

    fn width(&self) -> usize {
        self.inner.width()
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, Error> {
        self.asked.set(self.asked.get() + texts.len());
        self.inner.embed(texts)
    }
}

#[test]
fn vectors_are_computed_once() {
    let folder = tempfile::tempdir().unwrap();
    let teacher = |seed| Counting {
        inner: RandomTeacher { width: 6, seed },
        asked: Cell::new(0),
    };
    let vectors = |teacher: &Counting, words: &[&str]| {
        let texts: Vec<String> = words.iter().map(ToString::to_string).collect();
        cached(teacher, folder.path(), &texts).unwrap()
    };
    let first = teacher(1);
    let known = vectors(&first, &["a", "b", "a"]);
    assert_eq!(first.asked.get(), 2);
    assert_eq!(known[0], known[2]);
    assert_ne!(known[0], known[1]);

    let second = teacher(1);
    assert_eq!(vectors(&second, &["b", "c"])[0], known[1]);
    assert_eq!(second.asked.get(), 1);

    let other = teacher(2);
    assert_ne!(vectors(&other, &["a"])[0], known[0]);
    assert_eq!(other.asked.get(), 1);

    // A damaged file is computed anew.
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        std::fs::write(entry.unwrap().path(), b"damaged").unwrap();
    }
    let third = teacher(1);
    assert_eq!(vectors(&third, &["a"])[0], known[0]);
    assert_eq!(third.asked.get(), 1);
}

#[test]
fn an_unknown_teacher_is_named() {
    let config = TeacherConfig {
        model: "medgemma".into(),
        pooling: Pooling::Last,
        layer: None,
    };
    let error = config.open(Path::new("."), &Device::flex()).err().unwrap();
    assert!(error.to_string().contains(SMOLLM2), "{error}");
}
