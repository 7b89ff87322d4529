//! The convolution layers of `MobileNetV3`: a feature map `[batch, channels, bands, frames]` in, the
//! convolved, batch-normalised and activated map out.

use burn::module::{Module, Param, RunningState};
use burn::tensor::{Device, Tensor};
use laennec_kernels::{
    Activation, FrozenNorm, batch_norm_train, conv2d_one_channel, conv2d_one_channel_norm,
    depthwise_conv2d, depthwise_conv2d_norm, pointwise_conv2d, pointwise_conv2d_norm,
};

use super::Mode;
use super::weights::{Named, Source, tensor};
use crate::error::Error;

/// Added to the variance (`EfficientAT`'s value).
const EPSILON: f64 = 1e-3;
/// Weight of the new batch in the running statistics (`EfficientAT`'s value).
const MOMENTUM: f64 = 0.01;

/// How the channels of a convolution are connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// From the single input channel to all outputs, 3 × 3.
    Stem,
    /// Each channel on its own, k × k.
    Depthwise,
    /// All channels of one position, 1 × 1.
    Pointwise,
}

/// Shape of a [`ConvNorm`] layer.
#[derive(Debug, Clone, Copy)]
pub(super) struct ConvShape {
    pub(super) kind: Kind,
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    pub(super) kernel: usize,
    pub(super) stride: usize,
    pub(super) activation: Activation,
}

/// Convolution without bias, batch normalisation, activation.
#[derive(Module, Debug)]
pub(super) struct ConvNorm {
    weight: Param<Tensor<4>>,
    gamma: Param<Tensor<1>>,
    beta: Param<Tensor<1>>,
    running_mean: RunningState<Tensor<1>>,
    running_variance: RunningState<Tensor<1>>,
    #[module(skip)]
    shape: ConvShape,
}

impl ConvNorm {
    /// The layer whose tensors are named `{prefix}.0.weight`, `{prefix}.1.bias` ... in `source`.
    pub(super) fn new(
        source: &mut dyn Source,
        prefix: &str,
        shape: ConvShape,
        device: &Device,
    ) -> Result<Self, Error> {
        let per_group = match shape.kind {
            Kind::Depthwise | Kind::Stem => 1,
            Kind::Pointwise => shape.inputs,
        };
        let size = [shape.outputs, per_group, shape.kernel, shape.kernel];
        let weight = tensor(source, &format!("{prefix}.0.weight"), size, device)?;
        let mut channels = |name: &str| {
            tensor(
                source,
                &format!("{prefix}.1.{name}"),
                [shape.outputs],
                device,
            )
        };
        Ok(Self {
            weight: Param::from_tensor(weight),
            gamma: Param::from_tensor(channels("weight")?),
            beta: Param::from_tensor(channels("bias")?),
            running_mean: RunningState::new(channels("running_mean")?),
            running_variance: RunningState::new(channels("running_var")?),
            shape,
        })
    }

    /// `[batch, inputs, bands, frames]` to `[batch, outputs, ceil(bands / stride), ceil(frames /
    /// stride)]`.
    pub(super) fn forward(&self, input: Tensor<4>, mode: Mode) -> Tensor<4> {
        let (weight, stride) = (self.weight.val(), self.shape.stride);
        match (mode, self.shape.kind) {
            (Mode::Infer, Kind::Stem) => {
                conv2d_one_channel_norm(input, weight, stride, self.frozen())
            }
            (Mode::Infer, Kind::Depthwise) => {
                depthwise_conv2d_norm(input, weight, stride, self.frozen())
            }
            (Mode::Infer, Kind::Pointwise) => pointwise_conv2d_norm(input, weight, self.frozen()),
            (Mode::Train, Kind::Stem) => self.train_norm(conv2d_one_channel(input, weight, stride)),
            (Mode::Train, Kind::Depthwise) => {
                self.train_norm(depthwise_conv2d(input, weight, stride))
            }
            (Mode::Train, Kind::Pointwise) => self.train_norm(pointwise_conv2d(input, weight)),
        }
    }

    fn frozen(&self) -> FrozenNorm {
        FrozenNorm {
            gamma: self.gamma.val(),
            beta: self.beta.val(),
            mean: self.running_mean.value_sync(),
            variance: self.running_variance.value_sync(),
            epsilon: EPSILON,
            activation: self.shape.activation,
        }
    }

    /// Normalises by the batch and blends its statistics into the running ones.
    fn train_norm(&self, map: Tensor<4>) -> Tensor<4> {
        let [batch, _, bands, frames] = map.dims();
        let (gamma, beta) = (self.gamma.val(), self.beta.val());
        let (output, moments) = batch_norm_train(map, gamma, beta, EPSILON, self.shape.activation);
        // The running variance is the unbiased one, as in PyTorch.
        let count = (batch * bands * frames) as f64;
        let unbiased = count / (count - 1.0).max(1.0);
        let blend = |state: &RunningState<Tensor<1>>, new: Tensor<1>, scale: f64| {
            let old = state.value_sync();
            let new = new.detach().to_device(&old.device());
            state.update(old * (1.0 - MOMENTUM) + new * (MOMENTUM * scale));
        };
        blend(&self.running_mean, moments.mean, 1.0);
        blend(&self.running_variance, moments.variance, unbiased);
        output
    }

    /// Appends the layer's tensors under the names that [`ConvNorm::new`] reads.
    pub(super) fn export(&self, prefix: &str, out: &mut Vec<Named>) {
        out.push(Named::new(format!("{prefix}.0.weight"), self.weight.val()));
        for (name, values) in [
            ("weight", self.gamma.val()),
            ("bias", self.beta.val()),
            ("running_mean", self.running_mean.value_sync()),
            ("running_var", self.running_variance.value_sync()),
        ] {
            out.push(Named::new(format!("{prefix}.1.{name}"), values));
        }
    }
}
