//! The network of alignment: encoder, projection heads of sound and text, heads of the other terms.

use burn::{
    module::{Module, Param},
    nn::{Dropout, DropoutConfig, LayerNorm, LayerNormConfig, Linear, LinearConfig},
    tensor::{Device, Tensor},
};
use laennec_models::{
    encoder::{AnyEncoder, Encoder},
    projection::{COMMON, Projection},
};

/// Inverse temperature of `CLIP`'s start, 1 / 0.07.
const INVERSE_TEMPERATURE: f32 = 14.285_714;
/// Largest inverse temperature, as in `CLIP`.
const HOTTEST: f32 = 100.0;
/// Bias of `SigLIP`'s start.
const BIAS: f32 = -10.0;
/// Dropout of OPERA's head for contrast of views.
const DROPOUT: f64 = 0.1;

/// Encoder and heads. All but `backbone` learn at the heads' rate.
#[derive(Module, Debug)]
pub struct AlignNet {
    /// The encoder.
    pub backbone: AnyEncoder,
    /// From the encoder's embedding to the common space.
    pub sound: Projection,
    /// From the teacher's vector to the common space.
    pub text: Projection,
    log_inverse_temperature: Param<Tensor<1>>,
    bias: Param<Tensor<1>>,
    labels: Linear,
    views: ViewHead,
}

/// OPERA's head for two views of a recording: linear, norm, tanh, and a form for one of them.
#[derive(Module, Debug)]
struct ViewHead {
    linear: Linear,
    norm: LayerNorm,
    form: Param<Tensor<2>>,
    dropout: Dropout,
}

impl AlignNet {
    /// Fresh heads on `backbone` for a teacher of `teacher` values and for labels of `classes`
    /// classes in all; initial values come from the device's generator.
    pub fn new(backbone: AnyEncoder, teacher: usize, classes: usize, device: &Device) -> Self {
        let dims = backbone.dims();
        Self {
            sound: Projection::new(dims, device),
            text: Projection::new(teacher, device),
            log_inverse_temperature: Param::from_tensor(Tensor::from_data(
                [INVERSE_TEMPERATURE.ln()],
                device,
            )),
            bias: Param::from_tensor(Tensor::from_data([BIAS], device)),
            labels: LinearConfig::new(dims, classes).init(device),
            views: ViewHead {
                linear: LinearConfig::new(dims, COMMON).init(device),
                norm: LayerNormConfig::new(COMMON).init(device),
                form: Param::from_tensor(Tensor::eye(COMMON, device)),
                dropout: DropoutConfig::new(DROPOUT).init(),
            },
            backbone,
        }
    }

    /// Factor on cosines in contrasts, `[1]`.
    pub(super) fn inverse_temperature(&self) -> Tensor<1> {
        self.log_inverse_temperature
            .val()
            .clamp_max(HOTTEST.ln())
            .exp()
    }

    /// Added to the cosines in the contrast pair by pair, `[1]`.
    pub(super) fn bias(&self) -> Tensor<1> {
        self.bias.val()
    }

    /// Embeddings `[batch, dims]` to logits `[batch, classes]` of all labels, one after the other.
    pub(super) fn labels(&self, embedding: Tensor<2>) -> Tensor<2> {
        self.labels.forward(embedding)
    }

    /// Embeddings `[batch, dims]` to what views are compared by, `[batch, 512]`.
    pub(super) fn view(&self, embedding: Tensor<2>) -> Tensor<2> {
        let head = &self.views;
        let hidden = head.linear.forward(head.dropout.forward(embedding));
        head.dropout.forward(head.norm.forward(hidden).tanh())
    }

    /// The bilinear form of that comparison, `[512, 512]`.
    pub(super) fn form(&self) -> Tensor<2> {
        self.views.form.val()
    }
}
