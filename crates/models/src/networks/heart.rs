//! mn04 for heart recordings: abnormal or not.
//!
//! In: log-mel of a window `[batch, 1, bands, frames]`. Out: one logit a window. The four
//! frequency rows of the last feature map are kept when pooling (Niizumi et al. 2025, arXiv
//! 2505.15307: rows concatenated, then the mean over time).

use burn::{
    module::Module,
    nn::{Dropout, DropoutConfig, Linear, LinearConfig},
    tensor::{Device, Tensor},
};

use crate::mobilenet::{MobileNetV3, Mode};

const WIDTH: usize = 384;
const ROWS: usize = 4;

/// Encoder and head for heart recordings.
#[derive(Module, Debug)]
pub struct HeartNet {
    /// The encoder.
    pub backbone: MobileNetV3,
    abnormal: Linear,
    dropout: Dropout,
}

impl HeartNet {
    /// A fresh head on `backbone`; `dropout` acts before it, in training only.
    pub fn new(backbone: MobileNetV3, dropout: f64, device: &Device) -> Self {
        Self {
            backbone,
            abnormal: LinearConfig::new(ROWS * WIDTH, 1).init(device),
            dropout: DropoutConfig::new(dropout).init(),
        }
    }

    /// Log-mel `[batch, 1, 128, frames]` to embeddings `[batch, 1536]`.
    pub fn embedding(&self, mel: Tensor<4>, mode: Mode) -> Tensor<2> {
        let map = self.backbone.feature_map(mel, mode);
        let [batch, width, rows, _] = map.dims();
        map.mean_dim(3).reshape([batch, width * rows])
    }

    /// Embeddings `[batch, 1536]` to the logit of "abnormal", `[batch]`.
    pub fn abnormal(&self, embedding: Tensor<2>) -> Tensor<1> {
        let [batch, _] = embedding.dims();
        self.abnormal
            .forward(self.dropout.forward(embedding))
            .reshape([batch])
    }
}
