//! What an encoder wants to see: samples come in, the spectrogram that its weights were trained on
//! goes out.

use laennec_audio::librosa::{LibrosaConfig, LibrosaLogMel};
use laennec_audio::whisper::{WhisperConfig, WhisperLogMel};
use laennec_audio::{LogMel, LogMelConfig, Mel, resample};
use serde::{Deserialize, Serialize};

use crate::Error;

/// Settings of a front end, of whichever family.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FrontEnd {
    /// `EfficientAT`'s family (Kaldi mel bank).
    Efficientat(LogMelConfig),
    /// librosa's log-mel, as OPERA uses it.
    Librosa(LibrosaConfig),
    /// Whisper's log-mel.
    Whisper(WhisperConfig),
}

impl FrontEnd {
    /// Sampling rate that it wants, in Hz.
    pub fn rate(&self) -> u32 {
        match self {
            Self::Efficientat(config) => config.rate,
            Self::Librosa(config) => config.rate,
            Self::Whisper(_) => WhisperConfig::RATE,
        }
    }

    /// Number of mel bands.
    pub fn bands(&self) -> usize {
        match self {
            Self::Efficientat(config) => config.bands,
            Self::Librosa(config) => config.bands,
            Self::Whisper(config) => config.bands,
        }
    }

    /// Time between frames, in s.
    pub fn step_seconds(&self) -> f64 {
        match self {
            Self::Efficientat(config) => config.step_seconds(),
            Self::Librosa(config) => config.hop as f64 / f64::from(config.rate),
            Self::Whisper(_) => WhisperConfig::HOP as f64 / f64::from(WhisperConfig::RATE),
        }
    }

    /// Plans the transforms; make one per thread and reuse it.
    ///
    /// # Errors
    /// A setting cannot work.
    pub fn plan(&self) -> Result<Planned, Error> {
        Ok(match self {
            Self::Efficientat(config) => Planned::Efficientat(LogMel::new(config)?),
            Self::Librosa(config) => Planned::Librosa(LibrosaLogMel::new(config)?),
            Self::Whisper(config) => Planned::Whisper(WhisperLogMel::new(config)?),
        })
    }
}

/// A front end that is ready to compute.
pub enum Planned {
    /// `EfficientAT`'s family.
    Efficientat(LogMel),
    /// librosa's log-mel.
    Librosa(LibrosaLogMel),
    /// Whisper's log-mel.
    Whisper(WhisperLogMel),
}

impl Planned {
    /// Spectrogram `[bands, frames]` of `samples`, which must have the front end's rate.
    pub fn compute(&mut self, samples: &[f32]) -> Mel {
        match self {
            Self::Efficientat(front_end) => front_end.compute(samples),
            Self::Librosa(front_end) => front_end.compute(samples),
            Self::Whisper(front_end) => front_end.compute(samples),
        }
    }

    /// As [`Planned::compute`], of `samples` at `rate` Hz.
    ///
    /// # Errors
    /// They cannot be resampled.
    pub fn compute_from(&mut self, samples: &[f32], rate: u32) -> Result<Mel, Error> {
        let wanted = match self {
            Self::Efficientat(front_end) => front_end.config().rate,
            Self::Librosa(front_end) => front_end.config().rate,
            Self::Whisper(_) => WhisperConfig::RATE,
        };
        Ok(self.compute(&resample(samples, rate, wanted)?))
    }
}
