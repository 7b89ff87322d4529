//! The benchmarks of the accuracy report: which recordings and segments, which classes, which
//! split, which figure.

mod held_out;
pub mod physionet;
pub mod sprsound;

pub use held_out::HeldOut;
