//! mn04 for lung recordings: five record classes, seven event classes.
//!
//! In: log-mel `[batch, 1, bands, frames]`. Out: a sequence of steps, record logits, event logits.
//! The tasks and their classes are SPRSound's (data/README; Zhang et al. 2022): the record label
//! and the label of annotated intervals.

use burn::{
    module::Module,
    nn::{Dropout, DropoutConfig, Linear, LinearConfig},
    tensor::{Device, Tensor},
};

use super::AttentionPooling;
use crate::mobilenet::{MobileNetV3, Mode};

/// SPRSound's record classes, in the order of the logits.
pub const RECORD_CLASSES: [&str; 5] = ["Normal", "CAS", "DAS", "CAS & DAS", "Poor Quality"];

/// SPRSound's event classes, in the order of the logits.
pub const EVENT_CLASSES: [&str; 7] = [
    "Normal",
    "Fine Crackle",
    "Coarse Crackle",
    "Wheeze",
    "Rhonchi",
    "Stridor",
    "Wheeze+Crackle",
];

const WIDTH: usize = 384;
const HIDDEN: usize = 128;

/// Encoder and heads for lung recordings.
#[derive(Module, Debug)]
pub struct LungNet {
    /// The encoder.
    pub backbone: MobileNetV3,
    pooling: AttentionPooling,
    record: Linear,
    event: Linear,
    dropout: Dropout,
}

impl LungNet {
    /// Fresh heads on `backbone`; `dropout` acts before both heads, in training only.
    pub fn new(backbone: MobileNetV3, dropout: f64, device: &Device) -> Self {
        Self {
            backbone,
            pooling: AttentionPooling::new(WIDTH, HIDDEN, device),
            record: LinearConfig::new(2 * WIDTH, RECORD_CLASSES.len()).init(device),
            event: LinearConfig::new(WIDTH, EVENT_CLASSES.len()).init(device),
            dropout: DropoutConfig::new(dropout).init(),
        }
    }

    /// Log-mel `[batch, 1, bands, frames]` to steps `[batch, steps, 384]`, the mean over frequency
    /// of the feature map.
    pub fn sequence(&self, mel: Tensor<4>, mode: Mode) -> Tensor<3> {
        let map = self.backbone.feature_map(mel, mode);
        let [batch, width, _, steps] = map.dims();
        map.mean_dim(2)
            .reshape([batch, width, steps])
            .swap_dims(1, 2)
    }

    /// Steps `[batch, steps, 384]` and mask `[batch, steps]` to record logits `[batch, 5]`.
    pub fn record(&self, sequence: Tensor<3>, mask: Tensor<2>) -> Tensor<2> {
        let pooled = self.pooling.forward(sequence, mask);
        self.record.forward(self.dropout.forward(pooled))
    }

    /// Mean embeddings of intervals `[events, 384]` to event logits `[events, 7]`. A single step
    /// is an interval too: that is how the timeline is read.
    pub fn event(&self, pooled: Tensor<2>) -> Tensor<2> {
        self.event.forward(self.dropout.forward(pooled))
    }
}
