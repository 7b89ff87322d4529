//! CPU time and tokens per second of the decoder language model: reading a prompt and writing one
//! token after the other, with `f32` weights (Burn) and with quantised weights.
//!
//! Wants `LAENNEC_MODELS` to name the folder with SmolLM2-135M-Instruct.Q4_1.gguf. Run with
//! `RAYON_NUM_THREADS=1` for figures per core; `benches/llama_cpp_decoder.py` measures llama.cpp on
//! the same prompt.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

use burn::tensor::Device;
use laennec_models::generate::Decoder;
use laennec_models::gguf::Gguf;
use laennec_models::llama::{Llama, QuantisedLlama};
use laennec_models::tokenizer::Tokenizer;

/// What is read first; about 60 tokens.
const PROMPT: &str = "The patient is a four year old boy with a cough that began three days ago. On \
    examination of the chest, wheezes were heard over both lungs, mainly on expiration, and fine \
    crackles at the right base. The heart sounds were normal, without a murmur.";

/// Tokens that are written after it.
const WRITTEN: usize = 64;

/// CPU seconds of all threads of this process; NaN where /proc is missing.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: Vec<f64> = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse().ok())
        .collect();
    // User and system time, in hundredths of a second.
    if ticks.len() == 2 {
        (ticks[0] + ticks[1]) / 100.0
    } else {
        f64::NAN
    }
}

/// Runs `work` and prints its CPU and wall time for each of `tokens`.
fn measure<T>(what: &str, tokens: usize, work: impl FnOnce() -> T) -> T {
    let (cpu, wall) = (cpu_seconds(), Instant::now());
    let out = work();
    let cpu = (cpu_seconds() - cpu) * 1e3 / tokens as f64;
    let wall = wall.elapsed().as_secs_f64() * 1e3 / tokens as f64;
    println!(
        "{what}: {cpu:.2} CPU ms and {wall:.2} ms a token, {:.1} tokens/s",
        1e3 / wall
    );
    out
}

fn run<D: Decoder>(
    name: &str,
    decoder: &D,
    prompt: &[u32],
    rounds: usize,
) -> Result<(), Box<dyn Error>> {
    let mut cache = decoder.start();
    decoder.next_logits(&mut cache, prompt)?;
    let mut caches: Vec<D::Cache> = (0..rounds).map(|_| decoder.start()).collect();
    measure(&format!("{name}, reading"), rounds * prompt.len(), || {
        caches
            .iter_mut()
            .try_for_each(|cache| decoder.next_logits(cache, prompt).map(drop))
    })?;
    measure(&format!("{name}, writing"), rounds * WRITTEN, || {
        caches.iter_mut().try_for_each(|cache| {
            (0..WRITTEN).try_for_each(|i| decoder.next_logits(cache, &[1000 + i as u32]).map(drop))
        })
    })?;
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let Some(folder) = std::env::var_os("LAENNEC_MODELS") else {
        println!("skipped: LAENNEC_MODELS names no folder");
        return Ok(());
    };
    let path = PathBuf::from(folder).join("SmolLM2-135M-Instruct.Q4_1.gguf");
    let mut gguf = Gguf::open(&path)?;
    let prompt = Tokenizer::from_gguf(gguf.metadata())?.encode(PROMPT)?;
    println!(
        "{} tokens read, {WRITTEN} written, {} threads",
        prompt.len(),
        rayon::current_num_threads()
    );
    let quantised = QuantisedLlama::from_gguf(&mut gguf)?;
    println!(
        "quantised weights: {:.1} MB",
        quantised.weight_bytes() as f64 / 1e6
    );
    run("quantised", &quantised, &prompt, 8)?;
    drop(quantised);
    run(
        "f32",
        &Llama::from_gguf(&mut gguf, &Device::flex())?,
        &prompt,
        2,
    )
}
