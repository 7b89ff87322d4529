//! Which encoder a weights file holds: names of its tensors come in, a [`Kind`] goes out.

use std::path::Path;

use burn::tensor::Device;
use laennec_audio::LogMelConfig;
use serde::{Deserialize, Serialize};

use super::checkpoint::Checkpoint;
use super::{AnyEncoder, Mn04, OperaCe, OperaCt, OperaGt, Whisper, WhisperSize};
use crate::Error;
use crate::mobilenet::MobileNetV3;

/// The encoders, by the names that recipes use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// `EfficientAT`'s mn04.
    Mn04,
    /// OPERA's `EfficientNet`, which `StethoLM` uses too.
    OperaCe,
    /// OPERA's HTS-AT.
    OperaCt,
    /// OPERA's masked auto-encoder, which `AcuLa` starts from.
    OperaGt,
    /// Whisper's encoder.
    Whisper,
}

impl Kind {
    /// All encoders.
    pub const ALL: [Self; 5] = [
        Self::Mn04,
        Self::OperaCe,
        Self::OperaCt,
        Self::OperaGt,
        Self::Whisper,
    ];

    /// Its name, as [`super::Encoder::name`] gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mn04 => "mn04",
            Self::OperaCe => "opera-ce",
            Self::OperaCt => "opera-ct",
            Self::OperaGt => "opera-gt",
            Self::Whisper => "whisper",
        }
    }

    /// A tensor that only this encoder's published layout has.
    fn mark(self) -> &'static str {
        match self {
            Self::Mn04 => "features.16.0.weight",
            Self::OperaCe => "efficientnet._conv_stem.weight",
            Self::OperaCt => "layers.0.blocks.0.attn.relative_position_bias_table",
            Self::OperaGt => "decoder_blocks.0.attn.tau",
            Self::Whisper => "encoder.embed_positions.weight",
        }
    }

    fn of(file: &Checkpoint) -> Option<Self> {
        let holds = |kind: &Self| {
            file.has_below(kind.mark())
                || *kind == Self::Whisper && file.has("encoder/position_encodings/encodings")
        };
        Self::ALL.into_iter().find(holds)
    }

    /// The encoder that the safetensors, `PyTorch` or `CTranslate2` file at `path` holds, told by the
    /// names of its tensors; none where they are of another network.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn of_file(path: &Path) -> Result<Option<Self>, Error> {
        Ok(Self::of(&Checkpoint::open(path)?))
    }
}

impl AnyEncoder {
    /// Reads an encoder in its published layout, of whichever kind the file holds, or as
    /// [`AnyEncoder::to_bytes`] stores it. Published mn04 gets the front end of `EfficientAT`; for
    /// others use [`Mn04::new`].
    ///
    /// # Errors
    /// The file cannot be read, holds none of these encoders, or lacks a tensor.
    pub fn open(path: &Path, device: &Device) -> Result<Self, Error> {
        let bytes = std::fs::read(path).map_err(|source| Error::Read {
            path: path.to_owned(),
            source,
        })?;
        if let Some(stored) = Self::from_stored(&bytes, path, device)? {
            return Ok(stored);
        }
        let kind = Kind::of_file(path)?.ok_or_else(|| Error::Header {
            path: path.to_owned(),
            reason: format!(
                "its tensors are of none of the encoders {}",
                Kind::ALL.map(Kind::name).join(", ")
            ),
        })?;
        Ok(match kind {
            Kind::Mn04 => {
                let network = MobileNetV3::load(path, device)?;
                Mn04::new(network, LogMelConfig::efficientat_32k()).into()
            }
            Kind::OperaCe => OperaCe::load(path, device)?.into(),
            Kind::OperaCt => OperaCt::load(path, device)?.into(),
            Kind::OperaGt => OperaGt::load(path, device)?.into(),
            Kind::Whisper => Whisper::load(path, device)?.into(),
        })
    }

    /// An encoder with random weights drawn from `seed`; Whisper's has the size of `tiny`.
    pub fn init(kind: Kind, seed: u64, device: &Device) -> Self {
        match kind {
            Kind::Mn04 => {
                let network = MobileNetV3::init(seed, device);
                Mn04::new(network, LogMelConfig::efficientat_32k()).into()
            }
            Kind::OperaCe => OperaCe::init(seed, device).into(),
            Kind::OperaCt => OperaCt::init(seed, device).into(),
            Kind::OperaGt => OperaGt::init(seed, device).into(),
            Kind::Whisper => Whisper::init(WhisperSize::TINY, seed, device).into(),
        }
    }
}
