//! What embeddings look like: how alike two of them are (CKA), and their map in two dimensions
//! (principal components, t-SNE).

mod cka;
mod pca;
mod tsne;

pub use cka::debiased_cka;
pub use pca::principal_components;
pub use tsne::{TsneOptions, affinities, tsne};
