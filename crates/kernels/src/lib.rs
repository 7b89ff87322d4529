//! Fused CPU operations for Burn, each beside a slow reference.
//!
//! Feature maps are f32 and `[batch, channels, height, width]`.

mod activation;
pub mod composed;

use burn::tensor::Tensor;

pub use activation::Activation;
pub use composed::{
    batch_norm_infer, batch_norm_train, channel_gate, channel_mean, conv2d_one_channel,
    depthwise_conv2d, pointwise_conv2d,
};

/// Mean and biased variance of each channel over batch, height and width; no gradient flows.
#[derive(Debug, Clone)]
pub struct Moments {
    /// `[channels]`
    pub mean: Tensor<1>,
    /// `[channels]`
    pub variance: Tensor<1>,
}
