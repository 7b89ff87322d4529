//! Fused CPU operations for Burn, each beside a slow reference.
//!
//! Feature maps are f32 and `[batch, channels, height, width]`. The functions here take and give
//! Burn's tensors; on an autodiff device each carries its own gradient. On `Device::flex()` they run
//! the kernels of this crate, on other devices the compositions of Burn's own operations in
//! [`composed`].

mod activation;
mod autodiff;
pub mod composed;
pub mod extension;
mod flex;
mod functions;
mod pool;
pub mod quant;
mod raw;

pub use activation::Activation;
pub use functions::{
    FrozenNorm, Moments, batch_norm_infer, batch_norm_train, channel_gate, channel_mean,
    conv2d_one_channel, conv2d_one_channel_norm, depthwise_conv2d, depthwise_conv2d_norm,
    pointwise_conv2d, pointwise_conv2d_norm,
};
