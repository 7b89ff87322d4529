//! The encoders against independent implementations, their shapes and their gradients.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and says how close it came"
)]

mod common;
mod kind;
mod mn04;
mod opera_ce;
mod opera_ct;
mod opera_gt;
mod stored;
mod weights;
mod whisper;
