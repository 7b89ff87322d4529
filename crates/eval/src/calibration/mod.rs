//! From scores to probabilities that mean what they say, and from those to answers.

mod counts;
mod coverage;
mod decision;
mod isotonic;
mod limits;
mod platt;
mod temperature;

pub use counts::DecisionCounts;
pub use coverage::DecisionReport;
pub use decision::{Answer, Thresholds};
pub use isotonic::Isotonic;
pub use limits::ErrorLimits;
pub use platt::Platt;
pub use temperature::Temperature;
