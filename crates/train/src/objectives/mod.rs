//! Training objectives: pure functions from logits or embeddings and targets to a loss.

mod cross_entropy;

pub use cross_entropy::{binary_cross_entropy, cross_entropy, inverse_root_weights};
