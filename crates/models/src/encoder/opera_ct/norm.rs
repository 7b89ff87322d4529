//! HTS-AT's first layer: a spectrogram `[batch, bands, frames]` in, each band normalised over batch and
//! time out.

use burn::module::{Module, Param, RunningState};
use burn::tensor::{Device, Tensor};
use laennec_kernels::{Activation, FrozenNorm, batch_norm_infer, batch_norm_train};

use crate::Error;
use crate::encoder::Mode;
use crate::mobilenet::layers::update_statistics;
use crate::mobilenet::weights::{Source, tensor};

/// `PyTorch`'s defaults: added to the variance, weight of the new batch.
const EPSILON: f64 = 1e-5;
const MOMENTUM: f64 = 0.1;

/// Batch normalisation with the bands as channels.
#[derive(Module, Debug)]
pub(super) struct BandNorm {
    gamma: Param<Tensor<1>>,
    beta: Param<Tensor<1>>,
    running_mean: RunningState<Tensor<1>>,
    running_variance: RunningState<Tensor<1>>,
}

impl BandNorm {
    /// Reads `{prefix}.weight`, `{prefix}.running_mean`, …
    pub(super) fn new(
        source: &mut dyn Source,
        prefix: &str,
        bands: usize,
        device: &Device,
    ) -> Result<Self, Error> {
        let mut values = |name: &str| tensor(source, &format!("{prefix}.{name}"), [bands], device);
        Ok(Self {
            gamma: Param::from_tensor(values("weight")?),
            beta: Param::from_tensor(values("bias")?),
            running_mean: RunningState::new(values("running_mean")?),
            running_variance: RunningState::new(values("running_var")?),
        })
    }

    /// `[batch, bands, frames]` to the same.
    pub(super) fn forward(&self, features: Tensor<3>, mode: Mode) -> Tensor<3> {
        let [batch, _, frames] = features.dims();
        let map: Tensor<4> = features.unsqueeze_dim(3);
        let (gamma, beta) = (self.gamma.val(), self.beta.val());
        let normed = match mode {
            Mode::Train => {
                let (normed, moments) =
                    batch_norm_train(map, gamma, beta, EPSILON, Activation::Identity);
                let states = [&self.running_mean, &self.running_variance];
                update_statistics(states, moments, batch * frames, MOMENTUM);
                normed
            }
            Mode::Infer => {
                let norm = FrozenNorm {
                    gamma,
                    beta,
                    mean: self.running_mean.value_sync(),
                    variance: self.running_variance.value_sync(),
                    epsilon: EPSILON,
                    activation: Activation::Identity,
                };
                batch_norm_infer(map, norm)
            }
        };
        normed.squeeze_dim(3)
    }
}
