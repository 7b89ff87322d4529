//! Fine-tuning of the lung encoder on SPRSound's record and event labels.
//!
//! In: training recordings. Out: a [`LungNet`] whose record head knows five classes and whose
//! event head knows seven. One forward pass a recording serves both (reference: recipes, "one
//! model, four tasks").

pub mod augment;
mod batch;
mod data;
mod task;

pub use batch::Batch;
pub use data::{LungExample, RATE, load};
pub use task::LungTask;
