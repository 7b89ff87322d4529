//! Confidence intervals: bootstrap over patients, and exact or score intervals of proportions.

mod binomial;
mod bootstrap;
mod estimate;

pub use binomial::{clopper_pearson_upper, wilson};
pub use bootstrap::{Bootstrap, FEWEST_GROUPS, number_groups};
pub use estimate::{Estimate, GroupKind, Interval};
