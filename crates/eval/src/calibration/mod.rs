//! From scores to probabilities that mean what they say, and from those to answers.

mod coverage;
mod decision;
mod isotonic;
mod platt;
mod temperature;

pub use coverage::DecisionReport;
pub use decision::{Answer, DecisionCounts, ErrorLimits, Thresholds};
pub use isotonic::Isotonic;
pub use platt::Platt;
pub use temperature::Temperature;
