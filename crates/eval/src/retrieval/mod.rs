//! Sound and report in a common space: finding one from the other, and naming a class without
//! having been taught it.

mod first_hit;
mod search;
mod zero_shot;

pub use first_hit::FirstHit;
pub use search::{Direction, Retrieval, RetrievalFigure, retrieval};
pub use zero_shot::zero_shot;
