//! The decoder language model, by configuration (Llama, Qwen2): in come token ids or embeddings,
//! out go hidden states, logits, and a cache that makes the next token cheap.
//!
//! [`Llama`] is a Burn module with `f32` weights, for training and for any device.
//! [`QuantisedLlama`] keeps the weights as the file stores them and is the fast way to generate on
//! a CPU.

mod attention;
mod block;
mod cache;
mod config;
mod error;
mod load;
mod model;
mod quantised;
mod rope;

pub use cache::Cache;
pub use config::{Architecture, Config};
pub use error::Error;
pub use model::Llama;
pub use quantised::{QuantisedCache, QuantisedLlama};
