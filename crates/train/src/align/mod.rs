//! Alignment of an audio encoder with a frozen language model (AcuLa; docs/acula.md).
//!
//! In: a recipe, recordings with reports made of what is known about them, a teacher. Out: an
//! encoder whose similarities follow those of the reports, and the two projection heads. Each
//! control of the method is an option of the same recipe ([`Control`]).

mod augment;
mod encoder;
mod features;
mod hidden;
mod net;
mod probe;
mod questions;
mod recipe;
mod run;
mod supervised;
mod task;
mod terms;
mod text;
mod window;

pub use augment::Augment;
pub use encoder::{initial_weights, open_encoder};
pub use net::AlignNet;
pub use recipe::{AlignRecipe, Among, Control, Text, Weights, Wording};
pub use run::{AlignRun, ENCODER_FILE, SOUND_FILE, TEXT_FILE};
