//! Audio encoders behind one trait: features of sound `[batch, bands, frames]` come in, an embedding
//! `[batch, dims]` and a sequence of tokens `[batch, tokens, dims]` go out.
//!
//! [`AnyEncoder`] is the Burn module that training and serving hold; it is one of the encoders of
//! this folder. Each says which [`FrontEnd`] makes its features.
//!
//! ```
//! use burn::tensor::Device;
//! use laennec_models::encoder::{AnyEncoder, Encoder, Mn04, Mode};
//! use laennec_models::mobilenet::MobileNetV3;
//!
//! let device = Device::flex();
//! let network = MobileNetV3::init(1, &device);
//! let encoder: AnyEncoder = Mn04::new(network, laennec_audio::LogMelConfig::lung_8k()).into();
//! let tone: Vec<f32> = (0..8000).map(|n| (n as f32 * 0.3).sin()).collect();
//! let mel = encoder.front_end().plan()?.compute(&tone);
//! let encoded = encoder.encode(laennec_models::encoder::batch_of(&[mel], &device)?, Mode::Infer);
//! assert_eq!(encoded.embedding.dims(), [1, 384]);
//! assert_eq!(encoded.tokens.dims(), [1, 4, 384]);
//! # Ok::<(), laennec_models::Error>(())
//! ```

mod any;
mod checkpoint;
mod ctranslate2;
mod front_end;
mod kind;
mod layers;
mod mn04;
mod opera_ce;
mod opera_ct;
mod opera_gt;
mod stored;
mod whisper;

use std::ops::RangeInclusive;

use burn::tensor::{Device, Tensor, TensorData};
use laennec_audio::Mel;

pub use crate::mobilenet::Mode;
pub use any::AnyEncoder;
pub use front_end::{FrontEnd, Planned};
pub use kind::Kind;
pub use mn04::Mn04;
pub use opera_ce::OperaCe;
pub use opera_ct::OperaCt;
pub use opera_gt::{OperaGt, PatchMask};
pub use whisper::{Whisper, WhisperSize};

use crate::Error;

/// Frames up to which encoders without a limit of their own are asked: 100 minutes at 10 ms.
const LONGEST: usize = 600_000;

/// What an encoder makes of a batch.
#[derive(Debug, Clone)]
pub struct Encoded {
    /// One vector a clip, `[batch, dims]`, as the encoder's authors pool it.
    pub embedding: Tensor<2>,
    /// The clip in order of time, `[batch, tokens, dims]`.
    pub tokens: Tensor<3>,
}

/// An audio encoder.
///
/// Features are `[batch, bands, frames]` as [`FrontEnd`] makes them. With [`Mode::Train`] batch norms
/// use the batch's statistics and random layers act; gradients flow in both modes on an autodiff
/// device.
pub trait Encoder {
    /// Its name in recipes and on cards.
    fn name(&self) -> &'static str;

    /// Width of the embedding and of each token.
    fn dims(&self) -> usize;

    /// What makes its features out of samples.
    fn front_end(&self) -> FrontEnd;

    /// How many frames a clip may have.
    fn frames(&self) -> RangeInclusive<usize>;

    /// Refuses features that [`Encoder::encode`] cannot take.
    ///
    /// # Errors
    /// [`Error::Features`] where the number of bands or frames is not valid.
    fn check(&self, features: &Tensor<3>) -> Result<(), Error> {
        let [_, bands, frames] = features.dims();
        let (wanted, range) = (self.front_end().bands(), self.frames());
        if bands == wanted && range.contains(&frames) {
            return Ok(());
        }
        Err(Error::Features {
            found: vec![bands, frames],
            expected: format!(
                "{wanted} bands and {} to {} frames for {}",
                range.start(),
                range.end(),
                self.name()
            ),
        })
    }

    /// Embedding and tokens, from one pass.
    ///
    /// # Panics
    /// Where [`Encoder::check`] refuses the features.
    fn encode(&self, features: Tensor<3>, mode: Mode) -> Encoded;

    /// Embedding `[batch, dims]`.
    fn embedding(&self, features: Tensor<3>, mode: Mode) -> Tensor<2> {
        self.encode(features, mode).embedding
    }

    /// Tokens `[batch, tokens, dims]`.
    fn tokens(&self, features: Tensor<3>, mode: Mode) -> Tensor<3> {
        self.encode(features, mode).tokens
    }
}

/// Spectrograms of one size as a batch `[batch, bands, frames]`.
///
/// # Errors
/// [`Error::Features`] where they differ in size or there is none.
pub fn batch_of(mels: &[Mel], device: &Device) -> Result<Tensor<3>, Error> {
    let size = mels.first().map_or([0, 0], |mel| [mel.bands, mel.frames]);
    if let Some(other) = mels.iter().find(|mel| [mel.bands, mel.frames] != size) {
        return Err(Error::Features {
            found: vec![other.bands, other.frames],
            expected: format!("{} bands and {} frames as the first clip", size[0], size[1]),
        });
    }
    if mels.is_empty() {
        return Err(Error::Features {
            found: vec![0],
            expected: "at least one clip".into(),
        });
    }
    let values: Vec<f32> = mels
        .iter()
        .flat_map(|mel| mel.values.iter().copied())
        .collect();
    let shape = [mels.len(), size[0], size[1]];
    Ok(Tensor::from_data(TensorData::new(values, shape), device))
}
