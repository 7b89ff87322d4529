//! Embeddings of the untouched mn04, kept between runs.

mod cache;
mod embedding;

pub use cache::{EmbeddingCache, Item};
pub use embedding::Embedding;
