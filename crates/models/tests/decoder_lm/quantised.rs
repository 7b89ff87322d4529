//! The quantised decoder on tiny models: close to plain loops and to transformers, as far as 8-bit
//! rounding allows, and exactly the same however a sequence is cut.

use std::path::Path;

use laennec_models::gguf::Gguf;
use laennec_models::llama::{Error, QuantisedLlama};

use crate::writer::Writer;
use crate::{fixture, naive, tiny};

/// Logits after each token, fed one at a time.
fn rows(model: &QuantisedLlama, tokens: &[u32]) -> Vec<Vec<f32>> {
    let mut cache = model.cache();
    tokens
        .iter()
        .map(|token| model.next_logits(&mut cache, &[*token]).unwrap())
        .collect()
}

/// Root mean square of the differences over that of the expected values.
fn relative_error(found: &[Vec<f32>], expected: &[Vec<f64>]) -> f64 {
    let (mut error, mut size) = (0.0, 0.0);
    for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
        error += (f64::from(*found) - expected).powi(2);
        size += expected.powi(2);
    }
    (error / size).sqrt()
}

fn tokens() -> Vec<u32> {
    (0..20)
        .map(|i| (i * 37 + 5) % tiny::vocabulary_size() as u32)
        .collect()
}

#[test]
fn close_to_plain_loops_and_the_same_however_it_is_cut() {
    let model = QuantisedLlama::from_gguf(&mut tiny::open(tiny::bytes(3))).unwrap();
    let tokens = tokens();
    let single = rows(&model, &tokens);
    let error = relative_error(&single, &naive::logits(&tiny::weights(1), &tokens));
    assert!(error < 0.08, "{error}");
    for cut in [1, 6, 19] {
        let mut cache = model.cache();
        assert_eq!(
            model.next_logits(&mut cache, &tokens[..cut]).unwrap(),
            single[cut - 1]
        );
        assert_eq!(
            model.next_logits(&mut cache, &tokens[cut..]).unwrap(),
            single[19]
        );
        assert_eq!(cache.length(), 20);
    }
    let mut cache = model.cache();
    let embeddings = model.embed(&tokens).unwrap();
    assert_eq!(
        model.next_logits_of(&mut cache, embeddings).unwrap(),
        single[19]
    );
}

#[test]
fn qwen2_is_close_to_transformers() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/llm_tiny_qwen2.gguf");
    let model = QuantisedLlama::from_gguf(&mut Gguf::open(&path).unwrap()).unwrap();
    let expected = fixture::json("llm_tiny_qwen2.json");
    let found = rows(&model, &fixture::ids(&expected["ids"]));
    let expected: Vec<_> = expected["logits"]
        .as_array()
        .unwrap()
        .iter()
        .map(fixture::numbers)
        .collect();
    let error = relative_error(&found, &expected);
    assert!(error < 0.08, "{error}");
}

/// The tiny model in blocks of `Q4_0` with random numbers; the same weights are given as `f32`.
fn q4_0() -> (Vec<u8>, Vec<tiny::Tensor>) {
    let mut writer = Writer::default();
    tiny::metadata(&mut writer);
    let mut weights = tiny::weights(1);
    for (name, shape, values) in &mut weights {
        if shape.len() == 1 {
            writer.tensor_f32(name, shape, values);
            continue;
        }
        // Scale 1/8 (half float 0x3000) and the nearest of the sixteen numbers.
        let mut bytes = Vec::new();
        for block in values.chunks_exact_mut(32) {
            let quants: Vec<u8> = block
                .iter()
                .map(|v| (v * 8.0 + 8.0).round().clamp(0.0, 15.0) as u8)
                .collect();
            bytes.extend([0x00, 0x30]);
            bytes.extend((0..16).map(|i| quants[i] | quants[i + 16] << 4));
            block
                .iter_mut()
                .zip(&quants)
                .for_each(|(value, q)| *value = (f32::from(*q) - 8.0) / 8.0);
        }
        writer.tensor(name, shape, 2, &bytes);
    }
    (writer.bytes(3), weights)
}

#[test]
fn q4_0_is_taken_over_exactly() {
    let (bytes, weights) = q4_0();
    let model = QuantisedLlama::from_gguf(&mut tiny::open(bytes)).unwrap();
    let embedding = &weights[0].2;
    assert_eq!(
        model.embed(&[3]).unwrap(),
        embedding[3 * tiny::WIDTH..4 * tiny::WIDTH]
    );
    let tokens = tokens();
    let error = relative_error(&rows(&model, &tokens), &naive::logits(&weights, &tokens));
    assert!(error < 0.08, "{error}");
    assert!(
        model.weight_bytes()
            < weights
                .iter()
                .map(|(.., values)| values.len())
                .sum::<usize>()
    );
}

#[test]
fn what_does_not_fit_is_refused() {
    let model = QuantisedLlama::from_gguf(&mut tiny::open(tiny::bytes(3))).unwrap();
    let mut cache = model.cache();
    assert!(matches!(
        model.next_logits(&mut cache, &[]),
        Err(Error::Empty)
    ));
    let outside = tiny::vocabulary_size() as u32;
    assert!(matches!(
        model.next_logits(&mut cache, &[outside]),
        Err(Error::UnknownToken { .. })
    ));
    let long = vec![3; tiny::CONTEXT + 1];
    assert!(matches!(
        model.next_logits(&mut cache, &long),
        Err(Error::ContextFull { .. })
    ));
    assert!(matches!(
        model.next_logits_of(&mut cache, vec![0.0; 33]),
        Err(Error::Width { .. })
    ));
    assert_eq!(cache.length(), 0);
}
