//! The decoder on tiny models: against plain loops (Llama) and against transformers (Qwen2), with
//! and without a cache.

use std::path::Path;

use burn::tensor::{Device, Int, Tensor, TensorData};
use laennec_models::gguf::Gguf;
use laennec_models::llama::{Architecture, Error, Llama};

use crate::{fixture, naive, tiny};

fn model() -> Llama {
    Llama::from_gguf(&mut tiny::open(tiny::bytes(3)), &Device::flex()).unwrap()
}

fn tokens() -> Vec<u32> {
    (0..20)
        .map(|i| (i * 37 + 5) % tiny::vocabulary_size() as u32)
        .collect()
}

fn ids(tokens: &[u32]) -> Tensor<2, Int> {
    let ids: Vec<i64> = tokens.iter().map(|id| i64::from(*id)).collect();
    Tensor::from_data(TensorData::new(ids, [1, tokens.len()]), &Device::flex())
}

/// Logits after each token, row by row.
fn rows(logits: Tensor<3>) -> Vec<Vec<f32>> {
    let columns = logits.dims()[2];
    let all: Vec<f32> = logits.into_data().iter::<f32>().collect();
    all.chunks_exact(columns).map(<[f32]>::to_vec).collect()
}

fn assert_close(found: &[f32], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            (f64::from(*found) - expected).abs() < tolerance,
            "{what}: {found} {expected}"
        );
    }
}

#[test]
fn equals_plain_loops_with_and_without_cache() {
    let (model, tokens) = (model(), tokens());
    assert_eq!(model.config().architecture, Architecture::Llama);
    let expected = naive::logits(&tiny::weights(1), &tokens);

    let hidden = model
        .forward_embeddings(model.embed(ids(&tokens)), None)
        .unwrap();
    for (at, row) in rows(model.logits(hidden)).iter().enumerate() {
        assert_close(row, &expected[at], 1e-4, "whole");
    }
    // In pieces: seven tokens, five more, then one at a time.
    let mut cache = model.cache();
    assert_close(
        &model.next_logits(&mut cache, &tokens[..7]).unwrap(),
        &expected[6],
        1e-4,
        "first",
    );
    assert_close(
        &model.next_logits(&mut cache, &tokens[7..12]).unwrap(),
        &expected[11],
        1e-4,
        "second",
    );
    for at in 12..tokens.len() {
        let logits = model.next_logits(&mut cache, &tokens[at..=at]).unwrap();
        assert_close(&logits, &expected[at], 1e-4, "single");
    }
    assert_eq!(cache.length(), tokens.len());
}

#[test]
fn a_prefix_of_embeddings_acts_as_the_tokens_it_came_from() {
    let (model, tokens) = (model(), tokens());
    let expected = naive::logits(&tiny::weights(1), &tokens);
    let mut cache = model.cache();
    model
        .forward_embeddings(model.embed(ids(&tokens[..9])), Some(&mut cache))
        .unwrap();
    let logits = model.next_logits(&mut cache, &tokens[9..]).unwrap();
    assert_close(&logits, &expected[tokens.len() - 1], 1e-4, "after a prefix");
}

#[test]
fn rows_of_a_batch_do_not_touch_each_other() {
    let (model, tokens) = (model(), tokens());
    let both = Tensor::cat(vec![ids(&tokens[..10]), ids(&tokens[10..])], 0);
    let logits = rows(model.logits(model.forward_embeddings(model.embed(both), None).unwrap()));
    for (half, tokens) in tokens.chunks(10).enumerate() {
        let expected = naive::logits(&tiny::weights(1), tokens);
        for at in 0..10 {
            assert_close(&logits[half * 10 + at], &expected[at], 1e-4, "batch");
        }
    }
}

#[test]
fn qwen2_equals_transformers() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/llm_tiny_qwen2.gguf");
    let model = Llama::from_gguf(&mut Gguf::open(&path).unwrap(), &Device::flex()).unwrap();
    assert_eq!(model.config().architecture, Architecture::Qwen2);
    assert!(!model.config().tied_head);
    let expected = fixture::json("llm_tiny_qwen2.json");
    let tokens = fixture::ids(&expected["ids"]);
    let hidden = model
        .forward_embeddings(model.embed(ids(&tokens)), None)
        .unwrap();
    let found = rows(model.logits(hidden));
    for (row, expected) in found.iter().zip(expected["logits"].as_array().unwrap()) {
        assert_close(row, &fixture::numbers(expected), 1e-4, "qwen2");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let model = model();
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
        Err(Error::ContextFull {
            length: 49,
            context: 48
        })
    ));
    assert_eq!(cache.length(), 0);
    let narrow = Tensor::<3>::zeros([1, 2, tiny::WIDTH - 1], &Device::flex());
    assert!(matches!(
        model.forward_embeddings(narrow, None),
        Err(Error::Width {
            found: 31,
            expected: 32
        })
    ));
}
