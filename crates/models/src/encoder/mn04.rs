//! mn04 as an encoder: log-mel `[batch, bands, frames]` in; the mean of the feature map as embedding
//! and its time steps, averaged over frequency, as tokens.

use burn::module::Module;
use burn::tensor::Tensor;
use laennec_audio::LogMelConfig;
use laennec_kernels::channel_mean;

use super::{Encoded, Encoder, FrontEnd, LONGEST, Mode};
use crate::mobilenet::{EMBEDDING, MobileNetV3};

/// `EfficientAT`'s mn04 with the front end that its weights were trained with.
#[derive(Module, Debug)]
pub struct Mn04 {
    /// The network.
    pub network: MobileNetV3,
    #[module(skip)]
    front_end: LogMelConfig,
}

impl Mn04 {
    /// The published weights go with [`LogMelConfig::efficientat_32k`].
    pub fn new(network: MobileNetV3, front_end: LogMelConfig) -> Self {
        Self { network, front_end }
    }
}

impl Encoder for Mn04 {
    fn name(&self) -> &'static str {
        "mn04"
    }

    fn dims(&self) -> usize {
        EMBEDDING
    }

    fn front_end(&self) -> FrontEnd {
        FrontEnd::Efficientat(self.front_end.clone())
    }

    fn frames(&self) -> std::ops::RangeInclusive<usize> {
        1..=LONGEST
    }

    /// `ceil(frames / 32)` tokens.
    fn encode(&self, features: Tensor<3>, mode: Mode) -> Encoded {
        let map = self.network.feature_map(features.unsqueeze_dim(1), mode);
        let [batch, width, _, steps] = map.dims();
        Encoded {
            embedding: channel_mean(map.clone()),
            tokens: map
                .mean_dim(2)
                .reshape([batch, width, steps])
                .swap_dims(1, 2),
        }
    }
}
