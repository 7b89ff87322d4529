//! The operations for users: tensors in and out, with gradients on an autodiff device. On the CPU
//! (`Device::flex()`) the kernels of this crate run, elsewhere Burn's own operations.
//!
//! Shapes that do not fit together panic, as in Burn.

use burn::backend::{Dispatch, DispatchDevice};
use burn::tensor::{DType, Tensor};

use crate::extension::{Inference, Kernels};
use crate::{Activation, composed};

/// Mean and biased variance of each channel over batch, height and width; no gradient flows.
#[derive(Debug, Clone)]
pub struct Moments {
    /// `[channels]`
    pub mean: Tensor<1>,
    /// `[channels]`
    pub variance: Tensor<1>,
}

/// A batch norm by given statistics (constants: no gradient flows to them), and the activation after
/// it. All tensors are `[channels]`.
#[derive(Debug, Clone)]
pub struct FrozenNorm {
    /// Trained scale.
    pub gamma: Tensor<1>,
    /// Trained shift.
    pub beta: Tensor<1>,
    /// Mean, as a running average of the training batches.
    pub mean: Tensor<1>,
    /// Biased or unbiased variance, likewise.
    pub variance: Tensor<1>,
    /// Added to the variance.
    pub epsilon: f64,
    /// Applied last.
    pub activation: Activation,
}

impl FrozenNorm {
    /// The norm as `scale · x + shift`.
    fn line(&self) -> [Tensor<1>; 2] {
        let scale = self.gamma.clone() / (self.variance.clone() + self.epsilon).sqrt();
        let shift = self.beta.clone() - self.mean.clone() * scale.clone();
        [scale, shift]
    }

    /// Whether no gradient can be asked of these tensors nor of `x` and `weight`.
    fn constant(&self, x: &Tensor<4>, weight: &Tensor<4>) -> bool {
        let norm = [&self.gamma, &self.beta, &self.mean, &self.variance];
        [x, weight].iter().all(|t| !t.device().is_autodiff())
            && norm.iter().all(|t| !t.device().is_autodiff())
    }
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
    if single_planes(&x, &weight, stride) && x.dims()[1] == weight.dims()[0] {
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
    if single_planes(&x, &weight, stride) && x.dims()[1] == 1 {
        plane_conv2d(x, weight, stride)
    } else {
        composed::conv2d_one_channel(x, weight, stride)
    }
}

fn single_planes(x: &Tensor<4>, weight: &Tensor<4>, stride: usize) -> bool {
    let [_, per_group, height, width] = weight.dims();
    let sizes = per_group == 1 && height == width && matches!(height, 3 | 5);
    native(x) && sizes && matches!(stride, 1 | 2)
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
    if mixes(&x, &weight) {
        Tensor::from_dispatch(<Dispatch as Kernels>::mix_channels(
            x.into_dispatch(),
            weight.into_dispatch(),
        ))
    } else {
        composed::pointwise_conv2d(x, weight)
    }
}

fn mixes(x: &Tensor<4>, weight: &Tensor<4>) -> bool {
    let [_, inputs, height, width] = weight.dims();
    native(x) && [height, width] == [1, 1] && x.dims()[1] == inputs
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

/// Batch normalisation by given statistics, then the activation. `x`
/// `[batch, channels, height, width]`.
pub fn batch_norm_infer(x: Tensor<4>, norm: FrozenNorm) -> Tensor<4> {
    let norm = FrozenNorm {
        mean: norm.mean.detach(),
        variance: norm.variance.detach(),
        ..norm
    };
    if !native(&x) {
        return composed::batch_norm_infer(x, norm);
    }
    let moments: Tensor<2> = Tensor::stack(vec![norm.mean, norm.variance], 0);
    Tensor::from_dispatch(<Dispatch as Kernels>::normalise(
        x.into_dispatch(),
        norm.gamma.into_dispatch(),
        norm.beta.into_dispatch(),
        moments.into_dispatch(),
        norm.epsilon as f32,
        norm.activation,
        false,
    ))
}

/// [`depthwise_conv2d`] and [`batch_norm_infer`] (one pass where no gradient can be asked for).
pub fn depthwise_conv2d_norm(
    x: Tensor<4>,
    weight: Tensor<4>,
    stride: usize,
    norm: FrozenNorm,
) -> Tensor<4> {
    let depthwise = x.dims()[1] == weight.dims()[0];
    if depthwise && single_planes(&x, &weight, stride) && norm.constant(&x, &weight) {
        plane_conv2d_activated(x, weight, stride, &norm)
    } else {
        batch_norm_infer(depthwise_conv2d(x, weight, stride), norm)
    }
}

/// [`conv2d_one_channel`] and [`batch_norm_infer`] (one pass where no gradient can be asked for).
pub fn conv2d_one_channel_norm(
    x: Tensor<4>,
    weight: Tensor<4>,
    stride: usize,
    norm: FrozenNorm,
) -> Tensor<4> {
    let one = x.dims()[1] == 1;
    if one && single_planes(&x, &weight, stride) && norm.constant(&x, &weight) {
        plane_conv2d_activated(x, weight, stride, &norm)
    } else {
        batch_norm_infer(conv2d_one_channel(x, weight, stride), norm)
    }
}

fn plane_conv2d_activated(
    x: Tensor<4>,
    weight: Tensor<4>,
    stride: usize,
    norm: &FrozenNorm,
) -> Tensor<4> {
    let (weight, shift) = fold(weight, norm);
    Tensor::from_dispatch(<Dispatch as Inference>::plane_conv2d_activated(
        x.into_dispatch(),
        weight.into_dispatch(),
        shift.into_dispatch(),
        stride,
        norm.activation,
    ))
}

/// [`pointwise_conv2d`] and [`batch_norm_infer`] (one pass where no gradient can be asked for).
pub fn pointwise_conv2d_norm(x: Tensor<4>, weight: Tensor<4>, norm: FrozenNorm) -> Tensor<4> {
    if !mixes(&x, &weight) || !norm.constant(&x, &weight) {
        return batch_norm_infer(pointwise_conv2d(x, weight), norm);
    }
    let (weight, shift) = fold(weight, &norm);
    Tensor::from_dispatch(<Dispatch as Inference>::mix_channels_activated(
        x.into_dispatch(),
        weight.into_dispatch(),
        shift.into_dispatch(),
        norm.activation,
    ))
}

/// The weights with the norm's scale in them, and its shift.
fn fold(weight: Tensor<4>, norm: &FrozenNorm) -> (Tensor<4>, Tensor<1>) {
    let [scale, shift] = norm.line();
    let channels = weight.dims()[0];
    (weight * scale.reshape([channels, 1, 1, 1]), shift)
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
