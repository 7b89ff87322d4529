//! Label models: votes come in, a probability of each class for each item goes out. None of them
//! sees gold.
//!
//! | model | idea |
//! |---|---|
//! | [`majority`] | every vote counts the same |
//! | [`DawidSkene`] | each function has a confusion matrix, found by expectation maximisation |
//! | [`Snorkel`] | the accuracies that explain how often functions agree (matrix completion) |
//! | [`CrossDomain`] | confusion matrices of each data set, shrunk towards a common one |
//!
//! Probabilities are row-major `[items, classes]`; each row sums to 1.

mod assignment;
mod completion;
mod confusion;
mod cross_domain;
mod dawid_skene;
mod descent;
mod majority;
mod shrinkage;
mod special;

pub use completion::{Snorkel, SnorkelOptions};
pub use confusion::Abstentions;
pub use cross_domain::{CrossDomain, CrossDomainOptions, Shrinkage};
pub use dawid_skene::{DawidSkene, DawidSkeneOptions};
pub use majority::{majority, vote_shares};
