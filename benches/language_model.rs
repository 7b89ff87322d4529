//! CPU time of the decoder language model: reading a prompt and writing 64 tokens after it, with
//! quantised weights and with `f32` weights (Burn).
//!
//! Wants `LAENNEC_MODELS` to name the folder with `SmolLM2-135M-Instruct.Q4_1.gguf`. Run with
//! `RAYON_NUM_THREADS=1` for figures per core.

use std::path::Path;

use burn::tensor::Device;
use laennec_benches::{Case, Failure, Stopwatch, Work, model, run};
use laennec_models::generate::Decoder;
use laennec_models::gguf::Gguf;
use laennec_models::llama::{Llama, QuantisedLlama};
use laennec_models::tokenizer::Tokenizer;

const FILE: &str = "SmolLM2-135M-Instruct.Q4_1.gguf";

/// What is read; `benches/peers` reads it from the same file.
const PROMPT: &str = include_str!("prompt.txt");

/// Tokens that are written after it.
const WRITTEN: usize = 64;

fn main() -> Result<(), Failure> {
    run(&[
        Case {
            name: "read-prompt",
            what: "to read the prompt, 60 tokens, Q4_1",
            prepare: |file| quantised(file, Part::Reading),
        },
        Case {
            name: "write-64-tokens",
            what: "to write 64 tokens after it, one by one, Q4_1",
            prepare: |file| quantised(file, Part::Writing),
        },
        Case {
            name: "write-64-tokens-f32",
            what: "to write 64 tokens after it, one by one, f32",
            prepare: single_precision,
        },
    ])
}

/// Which part of the work is timed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Reading,
    Writing,
}

fn quantised(_: Option<&Path>, part: Part) -> Result<Option<Work>, Failure> {
    let Some(path) = model(FILE) else {
        return Ok(None);
    };
    let mut gguf = Gguf::open(&path)?;
    let prompt = Tokenizer::from_gguf(gguf.metadata())?.encode(PROMPT.trim())?;
    let decoder = QuantisedLlama::from_gguf(&mut gguf)?;
    Ok(Some(Box::new(move |watch| {
        generate(&decoder, &prompt, part, watch)
    })))
}

fn single_precision(_: Option<&Path>) -> Result<Option<Work>, Failure> {
    let Some(path) = model(FILE) else {
        return Ok(None);
    };
    let mut gguf = Gguf::open(&path)?;
    let prompt = Tokenizer::from_gguf(gguf.metadata())?.encode(PROMPT.trim())?;
    let decoder = Llama::from_gguf(&mut gguf, &Device::flex())?;
    Ok(Some(Box::new(move |watch| {
        generate(&decoder, &prompt, Part::Writing, watch)
    })))
}

/// Reads and, if that is timed, writes greedily; gives the number of the first token written.
fn generate<D: Decoder>(
    decoder: &D,
    prompt: &[u32],
    part: Part,
    watch: &mut Stopwatch,
) -> Result<f64, Failure> {
    let mut cache = decoder.start();
    let mut read = || -> Result<u32, Failure> {
        let logits = decoder.next_logits(&mut cache, prompt)?;
        Ok(most_likely(&logits))
    };
    if part == Part::Reading {
        return watch.time(read).map(f64::from);
    }
    let first = read()?;
    watch.time(|| {
        (0..WRITTEN).try_fold(first, |token, _| -> Result<u32, Failure> {
            let logits = decoder.next_logits(&mut cache, &[token])?;
            Ok(most_likely(&logits))
        })
    })?;
    Ok(f64::from(first))
}

fn most_likely(logits: &[f32]) -> u32 {
    let best = (0..logits.len()).max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
    best.unwrap_or_default() as u32
}
