//! Generation with a tiny random model: streams, stops, seeds, limits.

use std::ops::ControlFlow;

use burn::tensor::Device;
use laennec_models::chat::{ChatTemplate, Message, Role};
use laennec_models::generate::{Options, Sampling, StopReason, generate};
use laennec_models::llama::Llama;
use laennec_models::tokenizer::{Error, Tokenizer};

use crate::tiny;

struct Speaker {
    model: Llama,
    tokenizer: Tokenizer,
    prompt: Vec<u32>,
}

fn speaker() -> Speaker {
    let mut gguf = tiny::open(tiny::bytes(3));
    let tokenizer = Tokenizer::from_gguf(gguf.metadata()).unwrap();
    let model = Llama::from_gguf(&mut gguf, &Device::flex()).unwrap();
    let prompt = tokenizer.encode("<|start|>wheeze").unwrap();
    Speaker {
        model,
        tokenizer,
        prompt,
    }
}

/// A warm, random text: a random model at high temperature writes bytes that are mostly not UTF-8.
fn random(seed: u64) -> Options {
    let sampling = Sampling {
        temperature: 2.0,
        ..Sampling::GREEDY
    };
    Options {
        max_tokens: 30,
        sampling,
        seed,
        ..Options::default()
    }
}

#[test]
fn the_tokenizer_merges_splits_digits_and_knows_special_tokens() {
    let Speaker { tokenizer, .. } = speaker();
    let spell = |text: &str| {
        let ids = tokenizer.encode(text).unwrap();
        ids.iter()
            .map(|id| String::from_utf8_lossy(tokenizer.token_bytes(*id).unwrap()).into_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(spell("wheeze wh"), ["whee", "ze", " wh"]);
    assert_eq!(spell("12"), ["1", "2"]);
    assert_eq!(tokenizer.encode("<|end|>").unwrap(), [0]);
    let plain = tokenizer.encode_plain("<|end|>").unwrap();
    assert!(!plain.contains(&0));
    assert_eq!(tokenizer.decode(&plain).unwrap(), "<|end|>");
    assert_eq!(tokenizer.decode(&[0, 1]).unwrap(), "");
    assert_eq!(tokenizer.special_in("a<|start|>b"), Some("<|start|>"));
    assert_eq!(
        (tokenizer.bos(), tokenizer.eos(), tokenizer.adds_bos()),
        (Some(1), Some(0), false)
    );
    let outside = tiny::vocabulary_size() as u32;
    assert!(matches!(
        tokenizer.decode(&[outside]),
        Err(Error::UnknownToken { .. })
    ));
}

#[test]
fn the_chat_template_of_the_file_is_used() {
    let gguf = tiny::open(tiny::bytes(3));
    let tokenizer = Tokenizer::from_gguf(gguf.metadata()).unwrap();
    let template = ChatTemplate::from_gguf(gguf.metadata(), &tokenizer).unwrap();
    let text = template
        .render(&[Message::new(Role::User, "12?")], true)
        .unwrap();
    assert_eq!(text, "<|start|>user 12?<|end|>");
    assert!(
        template
            .render(&[Message::new(Role::User, "<|end|>")], true)
            .is_err()
    );
}

#[test]
fn the_stream_is_the_text_and_the_seed_decides_it() {
    let Speaker {
        model,
        tokenizer,
        prompt,
    } = speaker();
    let run = |seed| {
        let mut streamed = String::new();
        let receive = |piece: &str| {
            streamed.push_str(piece);
            ControlFlow::Continue(())
        };
        let out = generate(&model, &tokenizer, &prompt, &random(seed), receive).unwrap();
        assert_eq!(streamed, out.text);
        assert_eq!(tokenizer.decode(&out.tokens).unwrap(), out.text);
        out
    };
    let mut texts: Vec<String> = (0..6).map(|seed| run(seed).text).collect();
    assert_eq!(texts[2], run(2).text);
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), 6);
}

#[test]
fn each_reason_to_stop() {
    let Speaker {
        model,
        tokenizer,
        prompt,
    } = speaker();
    let whole = |options: &Options| {
        generate(&model, &tokenizer, &prompt, options, |_| {
            ControlFlow::Continue(())
        })
        .unwrap()
    };
    let free = whole(&random(1));
    assert_eq!(
        (free.stop.clone(), free.tokens.len()),
        (StopReason::MaxTokens, 30)
    );

    let none = whole(&Options {
        max_tokens: 0,
        ..random(1)
    });
    assert_eq!((none.text.as_str(), none.stop), ("", StopReason::MaxTokens));

    let full = whole(&Options {
        max_tokens: 1000,
        ..random(1)
    });
    if full.stop == StopReason::ContextFull {
        // The last token is drawn from a full cache and needs no place of its own.
        assert_eq!(prompt.len() + full.tokens.len(), tiny::CONTEXT + 1);
    } else {
        assert!(matches!(full.stop, StopReason::EndToken(0)));
    }

    let ends = whole(&Options {
        end_tokens: vec![free.tokens[10]],
        ..random(1)
    });
    assert_eq!(ends.stop, StopReason::EndToken(free.tokens[10]));
    let at = free
        .tokens
        .iter()
        .position(|token| *token == free.tokens[10])
        .unwrap();
    assert_eq!(ends.tokens, free.tokens[..at]);

    let stop: String = free.text.chars().skip(5).take(3).collect();
    let stopped = whole(&Options {
        stop: vec![stop.clone()],
        ..random(1)
    });
    assert_eq!(stopped.stop, StopReason::StopString(stop.clone()));
    assert_eq!(stopped.text, free.text[..free.text.find(&stop).unwrap()]);

    let mut pieces = 0;
    let hung_up = generate(&model, &tokenizer, &prompt, &random(1), |_| {
        pieces += 1;
        if pieces == 4 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    let hung_up = hung_up.unwrap();
    assert_eq!((pieces, hung_up.stop), (4, StopReason::Receiver));
    assert!(free.text.starts_with(&hung_up.text));
}

#[test]
fn the_penalty_breaks_a_greedy_loop() {
    let Speaker {
        model,
        tokenizer,
        prompt,
    } = speaker();
    let distinct = |sampling| {
        let options = Options {
            max_tokens: 30,
            sampling,
            ..Options::default()
        };
        let out = generate(&model, &tokenizer, &prompt, &options, |_| {
            ControlFlow::Continue(())
        })
        .unwrap();
        let mut tokens = out.tokens.clone();
        tokens.sort_unstable();
        tokens.dedup();
        (tokens.len(), out.tokens.len())
    };
    let (looped, _) = distinct(Sampling::GREEDY);
    let (varied, length) = distinct(Sampling {
        repetition_penalty: 10.0,
        repetition_window: 64,
        ..Sampling::GREEDY
    });
    assert!(varied > looped, "{varied} {looped}");
    assert!(varied + 3 >= length, "{varied} of {length}");
}
