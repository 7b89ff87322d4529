//! Projection head: embeddings of one model `[batch, width]` in, vectors of the space in which sound
//! and text are compared `[batch, 512]` out.

use burn::{
    module::Module,
    nn::{Dropout, DropoutConfig, Linear, LinearConfig},
    tensor::{Device, Tensor, activation::relu},
};

/// Width of the hidden layer in AcuLa.
const HIDDEN: usize = 1024;
/// Width of the common space in AcuLa.
pub const COMMON: usize = 512;
/// Dropout between the two layers in AcuLa.
const DROPOUT: f64 = 0.2;

/// Linear, `ReLU`, dropout, linear (AcuLa's `model.py`; its text head takes 2,048 values whatever the
/// language model gives, this one takes the teacher's width).
#[derive(Module, Debug)]
pub struct Projection {
    hidden: Linear,
    output: Linear,
    dropout: Dropout,
}

impl Projection {
    /// A fresh head for embeddings of `width` values; initial values come from the device's
    /// generator.
    pub fn new(width: usize, device: &Device) -> Self {
        Self {
            hidden: LinearConfig::new(width, HIDDEN).init(device),
            output: LinearConfig::new(HIDDEN, COMMON).init(device),
            dropout: DropoutConfig::new(DROPOUT).init(),
        }
    }

    /// `[batch, width]` to `[batch, 512]`; dropout acts on an autodiff device only.
    pub fn forward(&self, embedding: Tensor<2>) -> Tensor<2> {
        let hidden = relu(self.hidden.forward(embedding));
        self.output.forward(self.dropout.forward(hidden))
    }
}
