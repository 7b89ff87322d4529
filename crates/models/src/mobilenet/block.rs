//! The inverted residual block of `MobileNetV3` (Howard et al., 2019): a feature map in, expanded by a
//! 1 × 1 convolution, filtered per channel, gated by squeeze-excite and projected back.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, activation};
use laennec_kernels::{Activation, channel_gate, channel_mean};

use super::Mode;
use super::layers::{ConvNorm, ConvShape, Kind, Padding};
use super::weights::{Named, Source, tensor};
use crate::error::Error;

/// Row of the architecture table.
#[derive(Debug, Clone, Copy)]
pub(super) struct BlockShape {
    pub(super) inputs: usize,
    pub(super) kernel: usize,
    pub(super) expanded: usize,
    pub(super) outputs: usize,
    /// Width of the squeeze layer, `None` without squeeze-excite.
    pub(super) squeeze: Option<usize>,
    pub(super) activation: Activation,
    pub(super) stride: usize,
}

/// Linear layer with weights `[outputs, inputs]` as stored by `PyTorch`.
#[derive(Module, Debug)]
pub(super) struct Linear {
    weight: Param<Tensor<2>>,
    bias: Param<Tensor<1>>,
}

impl Linear {
    pub(super) fn new(
        source: &mut dyn Source,
        prefix: &str,
        [inputs, outputs]: [usize; 2],
        device: &Device,
    ) -> Result<Self, Error> {
        let weight = tensor(
            source,
            &format!("{prefix}.weight"),
            [outputs, inputs],
            device,
        )?;
        let bias = tensor(source, &format!("{prefix}.bias"), [outputs], device)?;
        Ok(Self {
            weight: Param::from_tensor(weight),
            bias: Param::from_tensor(bias),
        })
    }

    /// `[batch, inputs]` to `[batch, outputs]`.
    pub(super) fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        input.matmul(self.weight.val().transpose()) + self.bias.val().unsqueeze()
    }

    pub(super) fn export(&self, prefix: &str, out: &mut Vec<Named>) {
        out.push(Named::new(format!("{prefix}.weight"), self.weight.val()));
        out.push(Named::new(format!("{prefix}.bias"), self.bias.val()));
    }
}

/// Squeeze-excite over channels: the mean of each channel decides its gate.
#[derive(Module, Debug)]
struct SqueezeExcite {
    squeeze: Linear,
    excite: Linear,
}

impl SqueezeExcite {
    fn forward(&self, map: Tensor<4>) -> Tensor<4> {
        let hidden = activation::relu(self.squeeze.forward(channel_mean(map.clone())));
        let gate = activation::sigmoid(self.excite.forward(hidden));
        channel_gate(map, gate)
    }
}

/// Expansion (unless it would not widen), depthwise convolution, squeeze-excite, projection; added
/// to the input where the shapes agree.
#[derive(Module, Debug)]
pub(super) struct InvertedResidual {
    expand: Option<ConvNorm>,
    depthwise: ConvNorm,
    squeeze_excite: Option<SqueezeExcite>,
    project: ConvNorm,
    residual: bool,
}

impl InvertedResidual {
    /// The block whose tensors are named `{prefix}.block.0.0.weight` ... in `source`.
    pub(super) fn new(
        source: &mut dyn Source,
        prefix: &str,
        shape: BlockShape,
        device: &Device,
    ) -> Result<Self, Error> {
        let mut index = 0..;
        let mut next = || format!("{prefix}.block.{}", index.next().unwrap_or_default());
        let pointwise = |inputs, outputs, activation| ConvShape {
            kind: Kind::Pointwise,
            inputs,
            outputs,
            kernel: 1,
            stride: 1,
            padding: Padding::Symmetric,
            activation,
        };
        let expand = if shape.expanded == shape.inputs {
            None
        } else {
            let conv = pointwise(shape.inputs, shape.expanded, shape.activation);
            Some(ConvNorm::new(source, &next(), conv, device)?)
        };
        let conv = ConvShape {
            kind: Kind::Depthwise,
            inputs: shape.expanded,
            outputs: shape.expanded,
            kernel: shape.kernel,
            stride: shape.stride,
            padding: Padding::Symmetric,
            activation: shape.activation,
        };
        let depthwise = ConvNorm::new(source, &next(), conv, device)?;
        let squeeze_excite = match shape.squeeze {
            None => None,
            Some(width) => {
                let prefix = format!("{}.conc_se_layers.0", next());
                let (fc1, fc2) = (format!("{prefix}.fc1"), format!("{prefix}.fc2"));
                Some(SqueezeExcite {
                    squeeze: Linear::new(source, &fc1, [shape.expanded, width], device)?,
                    excite: Linear::new(source, &fc2, [width, shape.expanded], device)?,
                })
            }
        };
        let conv = pointwise(shape.expanded, shape.outputs, Activation::Identity);
        let project = ConvNorm::new(source, &next(), conv, device)?;
        Ok(Self {
            expand,
            depthwise,
            squeeze_excite,
            project,
            residual: shape.stride == 1 && shape.inputs == shape.outputs,
        })
    }

    /// `[batch, inputs, bands, frames]` to `[batch, outputs, ceil(bands / stride), ceil(frames /
    /// stride)]`.
    pub(super) fn forward(&self, input: Tensor<4>, mode: Mode) -> Tensor<4> {
        let expanded = match &self.expand {
            Some(expand) => expand.forward(input.clone(), mode),
            None => input.clone(),
        };
        let filtered = self.depthwise.forward(expanded, mode);
        let gated = match &self.squeeze_excite {
            Some(gate) => gate.forward(filtered),
            None => filtered,
        };
        let output = self.project.forward(gated, mode);
        if self.residual {
            output + input
        } else {
            output
        }
    }

    /// Appends the block's tensors under the names that [`InvertedResidual::new`] reads.
    pub(super) fn export(&self, prefix: &str, out: &mut Vec<Named>) {
        let mut index = 0..;
        let mut next = || format!("{prefix}.block.{}", index.next().unwrap_or_default());
        if let Some(expand) = &self.expand {
            expand.export(&next(), out);
        }
        self.depthwise.export(&next(), out);
        if let Some(gate) = &self.squeeze_excite {
            let prefix = format!("{}.conc_se_layers.0", next());
            gate.squeeze.export(&format!("{prefix}.fc1"), out);
            gate.excite.export(&format!("{prefix}.fc2"), out);
        }
        self.project.export(&next(), out);
    }
}
