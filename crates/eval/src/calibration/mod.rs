//! From scores to probabilities that mean what they say, and from those to answers.

mod decision;
mod isotonic;
mod platt;
mod temperature;

pub use decision::{Answer, DecisionCounts, ErrorLimits, Thresholds};
pub use isotonic::Isotonic;
pub use platt::Platt;
pub use temperature::Temperature;
