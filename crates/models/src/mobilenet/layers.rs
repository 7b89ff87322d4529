//! The convolution layers of `MobileNetV3` and `EfficientNet`: a feature map `[batch, channels, bands, frames]` in, the
//! convolved, batch-normalised and activated map out.

use burn::module::{Module, Param, RunningState};
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Tensor};
use laennec_kernels::{
    Activation, FrozenNorm, Moments, batch_norm_infer, batch_norm_train, conv2d_one_channel,
    conv2d_one_channel_norm, depthwise_conv2d, depthwise_conv2d_norm, pointwise_conv2d,
    pointwise_conv2d_norm,
};

use super::Mode;
use super::weights::{Named, Source, tensor};
use crate::error::Error;

/// Added to the variance (`EfficientAT`'s and `EfficientNet`'s value).
const EPSILON: f64 = 1e-3;
/// Weight of the new batch in the running statistics (`EfficientAT`'s and `EfficientNet`'s value).
const MOMENTUM: f64 = 0.01;

/// How the channels of a convolution are connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// From the single input channel to all outputs, 3 × 3.
    Stem,
    /// Each channel on its own, k × k.
    Depthwise,
    /// All channels of one position, 1 × 1.
    Pointwise,
    /// From all channels to all outputs, k × k, with [`Padding::Trailing`].
    Full,
}

/// Zeros around the feature map of a convolution of stride 2 (with stride 1 both are the same).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Padding {
    /// `k / 2` on each side.
    Symmetric,
    /// `k / 2 - 1` before, `k / 2` after: what TensorFlow's "same" is on maps of even size.
    Trailing,
}

/// Shape of a [`ConvNorm`] layer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ConvShape {
    pub(crate) kind: Kind,
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
    pub(crate) kernel: usize,
    pub(crate) stride: usize,
    pub(crate) padding: Padding,
    pub(crate) activation: Activation,
}

/// Convolution without bias, batch normalisation, activation.
#[derive(Module, Debug)]
pub(crate) struct ConvNorm {
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
    pub(crate) fn new(
        source: &mut dyn Source,
        prefix: &str,
        shape: ConvShape,
        device: &Device,
    ) -> Result<Self, Error> {
        let names = [&format!("{prefix}.0"), &format!("{prefix}.1")];
        Self::named(source, names.map(String::as_str), shape, device)
    }

    /// The layer whose convolution's and norm's tensors begin with these names in `source`.
    pub(crate) fn named(
        source: &mut dyn Source,
        [convolution, norm]: [&str; 2],
        shape: ConvShape,
        device: &Device,
    ) -> Result<Self, Error> {
        let per_group = match shape.kind {
            Kind::Depthwise | Kind::Stem => 1,
            Kind::Pointwise | Kind::Full => shape.inputs,
        };
        let size = [shape.outputs, per_group, shape.kernel, shape.kernel];
        let weight = tensor(source, &format!("{convolution}.weight"), size, device)?;
        let mut channels =
            |name: &str| tensor(source, &format!("{norm}.{name}"), [shape.outputs], device);
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
    /// stride)]` (rounded down instead with [`Padding::Trailing`]).
    pub(crate) fn forward(&self, input: Tensor<4>, mode: Mode) -> Tensor<4> {
        let (weight, stride) = (self.weight.val(), self.shape.stride);
        let shifted = self.shape.kind == Kind::Depthwise
            && stride == 2
            && self.shape.padding == Padding::Trailing;
        let input = if shifted { delay(input) } else { input };
        let map = match (mode, self.shape.kind) {
            (Mode::Infer, Kind::Stem) => {
                conv2d_one_channel_norm(input, weight, stride, self.frozen())
            }
            (Mode::Infer, Kind::Depthwise) => {
                depthwise_conv2d_norm(input, weight, stride, self.frozen())
            }
            (Mode::Infer, Kind::Pointwise) => pointwise_conv2d_norm(input, weight, self.frozen()),
            (Mode::Infer, Kind::Full) => {
                batch_norm_infer(full_conv2d(input, weight, stride), self.frozen())
            }
            (Mode::Train, Kind::Stem) => conv2d_one_channel(input, weight, stride),
            (Mode::Train, Kind::Depthwise) => depthwise_conv2d(input, weight, stride),
            (Mode::Train, Kind::Pointwise) => pointwise_conv2d(input, weight),
            (Mode::Train, Kind::Full) => full_conv2d(input, weight, stride),
        };
        let map = if shifted { without_first(map) } else { map };
        match mode {
            Mode::Train => self.train_norm(map),
            Mode::Infer => map,
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
        let states = [&self.running_mean, &self.running_variance];
        update_statistics(states, moments, batch * bands * frames, MOMENTUM);
        output
    }

    /// Appends the layer's tensors under the names that [`ConvNorm::new`] reads.
    pub(crate) fn export(&self, prefix: &str, out: &mut Vec<Named>) {
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

/// Blends the statistics of a batch of `count` values a channel into a running mean and variance, the
/// batch with weight `momentum`. The running variance is the unbiased one, as in `PyTorch`.
pub(crate) fn update_statistics(
    [mean, variance]: [&RunningState<Tensor<1>>; 2],
    moments: Moments,
    count: usize,
    momentum: f64,
) {
    let unbiased = count as f64 / (count as f64 - 1.0).max(1.0);
    let blend = |state: &RunningState<Tensor<1>>, new: Tensor<1>, scale: f64| {
        let old = state.value_sync();
        let new = new.detach().to_device(&old.device());
        state.update(old * (1.0 - momentum) + new * (momentum * scale));
    };
    blend(mean, moments.mean, 1.0);
    blend(variance, moments.variance, unbiased);
}

/// A row and a column of zeros before the map. A convolution of stride 2 with `k / 2` zeros before
/// it then begins one step of its own early; its first row and column have to go.
fn delay(map: Tensor<4>) -> Tensor<4> {
    map.pad((1, 0, 1, 0), 0.0)
}

fn without_first(map: Tensor<4>) -> Tensor<4> {
    let [_, _, rows, columns] = map.dims();
    map.narrow(2, 1, rows - 1).narrow(3, 1, columns - 1)
}

/// A convolution from all channels to all outputs, padded as [`Padding::Trailing`] says.
fn full_conv2d(map: Tensor<4>, weight: Tensor<4>, stride: usize) -> Tensor<4> {
    let [_, _, rows, columns] = weight.dims();
    let around = |size: usize| ((size / 2).saturating_sub(1), size / 2);
    let padding = [around(rows), around(columns)];
    let options = ConvOptions::new_with_padding([stride, stride], padding, [1, 1], 1);
    conv2d(map, weight, None, options)
}
