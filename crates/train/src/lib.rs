//! Objectives, the optimisation loop, checkpoints.
//!
//! In: a recipe and recordings. Out: weights, a log, checkpoints from which training continues
//! exactly as if it had never stopped.
#![forbid(unsafe_code)]

pub mod align;
pub mod checkpoint;
pub mod checks;
pub mod data;
mod error;
pub mod events;
pub mod fit;
mod folder;
pub mod grad_cache;
pub mod heads;
pub mod heart;
pub mod lung;
pub mod objectives;
pub mod optimise;
pub mod recipe;
pub mod run;
pub mod sampling;
pub mod schedule;

pub use error::Error;

/// Held by a test that draws from the device's random generator, which the whole process shares.
#[cfg(test)]
static RANDOM: std::sync::Mutex<()> = std::sync::Mutex::new(());
