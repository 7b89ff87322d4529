//! The operations for users: tensors in and out, with gradients on an autodiff device. On the CPU
//! (`Device::flex()`) the kernels of this crate run, elsewhere Burn's own operations.

use burn::backend::{Dispatch, DispatchDevice};
use burn::tensor::{DType, Tensor};

use crate::extension::Kernels;
use crate::{Activation, composed};

/// Mean and biased variance of each channel over batch, height and width; no gradient flows.
#[derive(Debug, Clone)]
pub struct Moments {
    /// `[channels]`
    pub mean: Tensor<1>,
    /// `[channels]`
    pub variance: Tensor<1>,
}

/// Whether the kernels can run on this tensor: f32 on the CPU backend, not empty.
fn native<const D: usize>(x: &Tensor<D>) -> bool {
    let device = x.device().without_autodiff();
    matches!(device.as_dispatch(), DispatchDevice::Flex(_))
        && x.dtype() == DType::F32
        && x.dims().iter().all(|&size| size > 0)
}

/// Convolution of each channel with its own kernel, padding k / 2.
///
/// `x` `[batch, channels, height, width]`, `weight` `[channels, 1, k, k]` to
/// `[batch, channels, ceil(height / stride), ceil(width / stride)]`. Kernels of 3 and 5 with stride 1
/// and 2 are fast, others composed.
pub fn depthwise_conv2d(x: Tensor<4>, weight: Tensor<4>, stride: usize) -> Tensor<4> {
    if native(&x) && supported(&weight, stride) && x.dims()[1] == weight.dims()[0] {
        plane_conv2d(x, weight, stride)
    } else {
        composed::depthwise_conv2d(x, weight, stride)
    }
}

/// Convolution of a single input channel to several outputs, padding k / 2.
///
/// `x` `[batch, 1, height, width]`, `weight` `[outputs, 1, k, k]` to
/// `[batch, outputs, ceil(height / stride), ceil(width / stride)]`.
pub fn conv2d_one_channel(x: Tensor<4>, weight: Tensor<4>, stride: usize) -> Tensor<4> {
    if native(&x) && supported(&weight, stride) && x.dims()[1] == 1 {
        plane_conv2d(x, weight, stride)
    } else {
        composed::conv2d_one_channel(x, weight, stride)
    }
}

fn supported(weight: &Tensor<4>, stride: usize) -> bool {
    let [_, per_group, height, width] = weight.dims();
    per_group == 1 && height == width && matches!(height, 3 | 5) && matches!(stride, 1 | 2)
}

fn plane_conv2d(x: Tensor<4>, weight: Tensor<4>, stride: usize) -> Tensor<4> {
    Tensor::from_dispatch(<Dispatch as Kernels>::plane_conv2d(
        x.into_dispatch(),
        weight.into_dispatch(),
        stride,
    ))
}

/// Linear combination of the channels at each position (1 × 1 convolution).
///
/// `x` `[batch, inputs, height, width]`, `weight` `[outputs, inputs, 1, 1]` to
/// `[batch, outputs, height, width]`.
pub fn pointwise_conv2d(x: Tensor<4>, weight: Tensor<4>) -> Tensor<4> {
    let [_, inputs, height, width] = weight.dims();
    if native(&x) && [height, width] == [1, 1] && x.dims()[1] == inputs {
        Tensor::from_dispatch(<Dispatch as Kernels>::mix_channels(
            x.into_dispatch(),
            weight.into_dispatch(),
        ))
    } else {
        composed::pointwise_conv2d(x, weight)
    }
}

/// Batch normalisation by the batch's own statistics (biased variance), then the activation.
///
/// `x` `[batch, channels, height, width]`, `gamma` and `beta` `[channels]`; also returns the
/// statistics, for running means.
pub fn batch_norm_train(
    x: Tensor<4>,
    gamma: Tensor<1>,
    beta: Tensor<1>,
    epsilon: f64,
    activation: Activation,
) -> (Tensor<4>, Moments) {
    if !native(&x) {
        return composed::batch_norm_train(x, gamma, beta, epsilon, activation);
    }
    let moments = <Dispatch as Kernels>::moments(x.clone().into_dispatch());
    let out = <Dispatch as Kernels>::normalise(
        x.into_dispatch(),
        gamma.into_dispatch(),
        beta.into_dispatch(),
        moments.clone(),
        epsilon as f32,
        activation,
        true,
    );
    let moments: Tensor<2> = Tensor::from_dispatch(moments);
    let channels = moments.dims()[1];
    let row = |index| {
        moments
            .clone()
            .narrow(0, index, 1)
            .reshape([channels])
            .detach()
    };
    let moments = Moments {
        mean: row(0),
        variance: row(1),
    };
    (Tensor::from_dispatch(out), moments)
}

/// Batch normalisation by given statistics (constants: no gradient flows to them), then the
/// activation. `x` `[batch, channels, height, width]`, all others `[channels]`.
pub fn batch_norm_infer(
    x: Tensor<4>,
    gamma: Tensor<1>,
    beta: Tensor<1>,
    mean: Tensor<1>,
    variance: Tensor<1>,
    epsilon: f64,
    activation: Activation,
) -> Tensor<4> {
    let (mean, variance) = (mean.detach(), variance.detach());
    if !native(&x) {
        return composed::batch_norm_infer(x, gamma, beta, mean, variance, epsilon, activation);
    }
    let moments: Tensor<2> = Tensor::stack(vec![mean, variance], 0);
    Tensor::from_dispatch(<Dispatch as Kernels>::normalise(
        x.into_dispatch(),
        gamma.into_dispatch(),
        beta.into_dispatch(),
        moments.into_dispatch(),
        epsilon as f32,
        activation,
        false,
    ))
}

/// Mean of each channel over height and width: `[batch, channels, height, width]` to
/// `[batch, channels]`.
pub fn channel_mean(x: Tensor<4>) -> Tensor<2> {
    if native(&x) {
        Tensor::from_dispatch(<Dispatch as Kernels>::plane_means(x.into_dispatch()))
    } else {
        composed::channel_mean(x)
    }
}

/// Each channel of `x` `[batch, channels, height, width]` times its factor in `gate`
/// `[batch, channels]`.
pub fn channel_gate(x: Tensor<4>, gate: Tensor<2>) -> Tensor<4> {
    if native(&x) {
        Tensor::from_dispatch(<Dispatch as Kernels>::scale_planes(
            x.into_dispatch(),
            gate.into_dispatch(),
        ))
    } else {
        composed::channel_gate(x, gate)
    }
}
