//! The inverted residual block of `EfficientNet` (Tan and Le, 2019): a feature map in, expanded,
//! filtered per channel, gated by squeeze-excite and projected back; dropped at random in training.

use burn::module::Module;
use burn::tensor::activation::{sigmoid, silu};
use burn::tensor::{Device, Tensor};
use laennec_kernels::{Activation, channel_gate, channel_mean};

use crate::Error;
use crate::encoder::Mode;
use crate::encoder::layers::{Linear, drop_path};
use crate::mobilenet::layers::{ConvNorm, ConvShape, Kind, Padding};
use crate::mobilenet::weights::Source;

/// Probability with which the last block's branch is dropped; the first block's is never.
const DROP_CONNECT: f64 = 0.1;

/// Row of the architecture table.
#[derive(Debug, Clone, Copy)]
pub(super) struct BlockShape {
    inputs: usize,
    pub(super) outputs: usize,
    kernel: usize,
    stride: usize,
    /// Factor of the expansion; 1 for none.
    expansion: usize,
    drop: f64,
}

impl BlockShape {
    /// The 16 blocks of `EfficientNet`-B0 after a stem of `inputs` channels.
    ///
    /// The padding of the layers of stride 2 follows from a nominal image of 224: they see sizes of
    /// 112, 56, 28 and 14, and on even sizes "same" padding has one zero more after the map.
    pub(super) fn all(mut inputs: usize) -> Vec<Self> {
        // repeats, kernel, stride, expansion, outputs
        let stages = [
            (1, 3, 1, 1, 16),
            (2, 3, 2, 6, 24),
            (2, 5, 2, 6, 40),
            (3, 3, 2, 6, 80),
            (3, 5, 1, 6, 112),
            (4, 5, 2, 6, 192),
            (1, 3, 1, 6, 320),
        ];
        let count: usize = stages.iter().map(|stage| stage.0).sum();
        let mut shapes = Vec::with_capacity(count);
        for (repeats, kernel, stride, expansion, outputs) in stages {
            for repeat in 0..repeats {
                let drop = DROP_CONNECT * shapes.len() as f64 / count as f64;
                shapes.push(Self {
                    inputs,
                    outputs,
                    kernel,
                    stride: if repeat == 0 { stride } else { 1 },
                    expansion,
                    drop,
                });
                inputs = outputs;
            }
        }
        shapes
    }
}

/// Expansion, depthwise convolution, squeeze-excite, projection; added to the input where the shapes
/// agree.
#[derive(Module, Debug)]
pub(super) struct MbConv {
    expand: Option<ConvNorm>,
    depthwise: ConvNorm,
    squeeze: Linear,
    excite: Linear,
    project: ConvNorm,
    residual: bool,
    drop: f64,
}

impl MbConv {
    /// The block whose tensors are named `{prefix}._depthwise_conv.weight` ... in `source`.
    pub(super) fn new(
        source: &mut dyn Source,
        prefix: &str,
        shape: BlockShape,
        device: &Device,
    ) -> Result<Self, Error> {
        let wide = shape.inputs * shape.expansion;
        // The gate's width is a quarter of the block's input, not of the expanded channels.
        let narrow = (shape.inputs / 4).max(1);
        let mut layer = |names: [&str; 2], kind, inputs, outputs, kernel, stride| {
            let shape = ConvShape {
                kind,
                inputs,
                outputs,
                kernel,
                stride,
                padding: Padding::Trailing,
                activation: Activation::Identity,
            };
            let [convolution, norm] = names.map(|name| format!("{prefix}.{name}"));
            ConvNorm::named(source, [&convolution, &norm], shape, device)
        };
        let expand = if shape.expansion == 1 {
            None
        } else {
            let names = ["_expand_conv", "_bn0"];
            Some(layer(names, Kind::Pointwise, shape.inputs, wide, 1, 1)?)
        };
        let names = ["_depthwise_conv", "_bn1"];
        let depthwise = layer(
            names,
            Kind::Depthwise,
            wide,
            wide,
            shape.kernel,
            shape.stride,
        )?;
        let names = ["_project_conv", "_bn2"];
        let project = layer(names, Kind::Pointwise, wide, shape.outputs, 1, 1)?;
        let mut gate = |name: &str, inputs, outputs| {
            let name = format!("{prefix}.{name}");
            Linear::of_convolution(source, &name, [outputs, inputs, 1, 1], device)
        };
        Ok(Self {
            expand,
            depthwise,
            squeeze: gate("_se_reduce", wide, narrow)?,
            excite: gate("_se_expand", narrow, wide)?,
            project,
            residual: shape.stride == 1 && shape.inputs == shape.outputs,
            drop: shape.drop,
        })
    }

    /// `[batch, inputs, height, width]` to `[batch, outputs, height / stride, width / stride]`.
    pub(super) fn forward(&self, input: Tensor<4>, mode: Mode) -> Tensor<4> {
        let expanded = match &self.expand {
            Some(expand) => silu(expand.forward(input.clone(), mode)),
            None => input.clone(),
        };
        let filtered = silu(self.depthwise.forward(expanded, mode));
        let hidden = silu(self.squeeze.forward(channel_mean(filtered.clone())));
        let gated = channel_gate(filtered, sigmoid(self.excite.forward(hidden)));
        let output = self.project.forward(gated, mode);
        if self.residual {
            drop_path(output, self.drop, mode) + input
        } else {
            output
        }
    }
}
