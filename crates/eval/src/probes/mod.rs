//! Linear probes: logistic regression on fixed features, its options chosen inside the training
//! set by cross-validation over patients.

mod folds;
mod lbfgs;
mod linear;
mod logistic;
mod standardise;

pub use folds::{group_folds, refuse_leakage};
pub use lbfgs::{Minimum, Stop, minimise};
pub use linear::{Choice, Labelled, LinearProbe, Search, mean_log_likelihood};
pub use logistic::{LogisticOptions, LogisticRegression, TrainingData, class_weights};
pub(crate) use logistic::{sigmoid, softmax};
pub use standardise::Standardiser;
