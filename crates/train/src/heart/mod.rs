//! Fine-tuning of the heart encoder on PhysioNet 2016: abnormal or not.
//!
//! In: training recordings of several databases. Out: a
//! [`HeartNet`](laennec_models::networks::HeartNet). Each database is one device and population,
//! so windows are drawn balanced inside each database, and databases by the root of their size.

pub mod augment;
mod data;
mod style;
mod task;

pub use data::{HeartExample, load};
pub use task::{HeartTask, Scores};
