//! From predictions and labelled recordings to figures that can be believed: metrics with
//! confidence intervals over patients, linear probes, calibration, baselines, tables and diagrams.
//!
//! Every figure that its definition leaves open is an error value ([`metrics::Undefined`]), never
//! a conventional number; every split is by patient or block.
#![forbid(unsafe_code)]

pub mod accuracy;
pub mod baselines;
pub mod benchmark;
pub mod calibration;
pub mod embed;
mod error;
pub mod events;
pub mod intervals;
mod matrix;
pub mod metrics;
pub mod opera;
mod predictions;
pub mod probes;
pub mod report;
pub mod retrieval;
pub mod similarity;
pub mod stress;
pub mod tasks;
pub mod weak;

pub use error::Error;
pub use matrix::Matrix;
pub use predictions::{LungFigure, Predictions};
