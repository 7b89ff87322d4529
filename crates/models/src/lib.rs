//! Encoders, the decoder language model, tokenizers, weights in and out, bundles.
#![forbid(unsafe_code)]

pub mod chat;
pub mod ear;
pub mod encoder;
pub mod endpoint;
mod error;
pub mod generate;
pub mod gguf;
pub mod linear;
pub mod llama;
pub mod mobilenet;
pub mod networks;
pub mod projection;
pub mod registry;
pub mod teacher;
pub mod tokenizer;
pub mod weights;

pub use error::Error;
