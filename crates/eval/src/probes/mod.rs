//! Linear probes: logistic regression on fixed features, its options chosen inside the training
//! set by cross-validation over patients.

mod folds;
mod labelled;
mod lbfgs;
mod linear;
mod logistic;
mod search;
mod standardise;

pub use folds::{group_folds, refuse_leakage, seeded_group_folds};
pub use labelled::Labelled;
pub use lbfgs::{Minimum, Stop, minimise};
pub use linear::{LinearProbe, mean_log_likelihood};
pub use logistic::{LogisticOptions, LogisticRegression, TrainingData, class_weights};
pub(crate) use logistic::{sigmoid, softmax};
pub use search::{Choice, Search};
pub use standardise::Standardiser;
