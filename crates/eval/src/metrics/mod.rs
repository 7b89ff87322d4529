//! Pure functions from truth and prediction to figures.
//!
//! Each names its source. Where a figure is not defined for the data, the answer is
//! [`Undefined`] with the reason, never a conventional number.

mod confusion;
mod official;
mod physionet;
mod probability;
mod ranking;
mod undefined;

pub use confusion::{ConfusionMatrix, SeSp};
pub use official::{LungScore, icbhi, sprsound, sprsound_without};
pub use physionet::{HeartAnswer, HeartShares, physionet};
pub(crate) use probability::sorted_quantile;
pub use probability::{
    Binning, ReliabilityBin, brier, expected_calibration_error, mean_absolute_error, reliability,
};
pub use ranking::{RocPoint, auroc, auroc_weighted, average_precision, macro_auroc, roc_curve};
pub use undefined::Undefined;
pub(crate) use undefined::{all_classes, all_finite, all_probabilities, same_length};
