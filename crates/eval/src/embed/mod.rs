//! Embeddings of recordings, kept between runs: those of the untouched mn04 over time, and one
//! vector a clip of any encoder.

mod cache;
mod clip;
mod embedding;

pub use cache::{EmbeddingCache, Item};
pub use clip::{Clip, ClipEmbedder, embed_clips};
pub use embedding::Embedding;
