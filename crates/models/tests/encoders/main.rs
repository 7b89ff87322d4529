//! The encoders against independent implementations, their shapes and their gradients.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
mod mn04;
