//! The decoder language model against other implementations: GGUF, tokenizer, chat template, decoder, generation.

mod damaged;
mod fixture;
mod generation;
mod gguf_values;
mod naive;
mod quantised;
mod smollm2;
mod tiny;
mod tiny_parity;
mod writer;
