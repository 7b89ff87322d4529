//! Every operation of this crate by Burn's own operations: the way taken on devices other than the
//! CPU, and the second reference of the tests. Shapes as in the operations themselves.

use burn::tensor::Tensor;
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;

use crate::{Activation, FrozenNorm, Moments};

/// [`crate::depthwise_conv2d`]
pub fn depthwise_conv2d(x: Tensor<4>, weight: Tensor<4>, stride: usize) -> Tensor<4> {
    let [channels, _, height, width] = weight.dims();
    let padding = [height / 2, width / 2];
    conv2d(x, weight, None, options(stride, padding, channels))
}

/// [`crate::pointwise_conv2d`]
pub fn pointwise_conv2d(x: Tensor<4>, weight: Tensor<4>) -> Tensor<4> {
    conv2d(x, weight, None, options(1, [0, 0], 1))
}

/// [`crate::conv2d_one_channel`]
pub fn conv2d_one_channel(x: Tensor<4>, weight: Tensor<4>, stride: usize) -> Tensor<4> {
    let [_, _, height, width] = weight.dims();
    let padding = [height / 2, width / 2];
    conv2d(x, weight, None, options(stride, padding, 1))
}

fn options(stride: usize, padding: [usize; 2], groups: usize) -> ConvOptions<2> {
    ConvOptions::new([stride, stride], padding, [1, 1], groups)
}

/// [`crate::batch_norm_train`]
pub fn batch_norm_train(
    x: Tensor<4>,
    gamma: Tensor<1>,
    beta: Tensor<1>,
    epsilon: f64,
    activation: Activation,
) -> (Tensor<4>, Moments) {
    let channels = x.dims()[1];
    let mean = x.clone().mean_dim(3).mean_dim(2).mean_dim(0);
    let centred = x - mean.clone();
    let variance = (centred.clone() * centred.clone())
        .mean_dim(3)
        .mean_dim(2)
        .mean_dim(0);
    let normed = centred / (variance.clone() + epsilon).sqrt();
    let z = normed * per_channel(gamma) + per_channel(beta);
    let moments = Moments {
        mean: mean.reshape([channels]).detach(),
        variance: variance.reshape([channels]).detach(),
    };
    (activation.composed(z), moments)
}

/// [`crate::batch_norm_infer`]
pub fn batch_norm_infer(x: Tensor<4>, norm: FrozenNorm) -> Tensor<4> {
    let scale = norm.gamma / (norm.variance + norm.epsilon).sqrt();
    let shift = norm.beta - norm.mean * scale.clone();
    norm.activation
        .composed(x * per_channel(scale) + per_channel(shift))
}

/// [`crate::channel_mean`]
pub fn channel_mean(x: Tensor<4>) -> Tensor<2> {
    let [batch, channels, _, _] = x.dims();
    x.mean_dim(3).mean_dim(2).reshape([batch, channels])
}

/// [`crate::channel_gate`]
pub fn channel_gate(x: Tensor<4>, gate: Tensor<2>) -> Tensor<4> {
    let [batch, channels, _, _] = x.dims();
    x * gate.reshape([batch, channels, 1, 1])
}

fn per_channel(values: Tensor<1>) -> Tensor<4> {
    let channels = values.dims()[0];
    values.reshape([1, channels, 1, 1])
}
