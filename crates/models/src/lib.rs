//! Encoders, the decoder language model, tokenizers, weights in and out, bundles.
#![forbid(unsafe_code)]

mod error;
pub mod mobilenet;

pub use error::Error;
