//! The decoder language model against other implementations: GGUF, tokenizer, chat template,
//! decoder, generation.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod damaged;
mod fixture;
mod generation;
mod gguf_values;
mod naive;
mod quantised;
mod smollm2;
mod tiny;
mod tiny_parity;
mod training;
mod writer;
