//! Samples at 16 kHz to Whisper's log-mel spectrogram.
//!
//! Source: `WhisperFeatureExtractor` of `transformers`, `OpenAI`'s `whisper/audio.py`: centred STFT of
//! 400 samples every 160 with reflection, power, Slaney mel bank up to 8 kHz, `log10`, at most 8
//! below the clip's largest value, `(x + 4) / 4`; the last frame is left out.

use serde::{Deserialize, Serialize};

use crate::mel::bank::MelBank;
use crate::mel::stft::{PowerSpectrum, hann};
use crate::{Error, Mel};

const N_FFT: usize = 400;
/// Below this power Whisper does not look.
const SMALLEST_POWER: f64 = 1e-10;
/// Values are at least the clip's largest minus this, in powers of ten.
const RANGE: f64 = 8.0;

/// Settings of [`WhisperLogMel`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhisperConfig {
    /// Number of mel bands: 80, for large-v3 128.
    pub bands: usize,
    /// Clips are filled with zeros, or cut, to this many samples; none to take them as they are.
    pub length: Option<usize>,
}

impl WhisperConfig {
    /// Sampling rate of the input, in Hz.
    pub const RATE: u32 = 16_000;
    /// Step between frames, in samples.
    pub const HOP: usize = 160;

    /// 80 bands of the clip as long as it is.
    pub fn clip() -> Self {
        Self {
            bands: 80,
            length: None,
        }
    }

    /// 80 bands of 30 s, as Whisper transcribes.
    pub fn padded() -> Self {
        Self {
            length: Some(30 * Self::RATE as usize),
            ..Self::clip()
        }
    }

    /// Number of frames for `samples` samples: `n / 160`, at least one.
    pub fn frames(&self, samples: usize) -> usize {
        (self.length.unwrap_or(samples).max(N_FFT / 2 + 1)) / Self::HOP
    }
}

/// A planned front end of Whisper; make one per thread and reuse it.
pub struct WhisperLogMel {
    config: WhisperConfig,
    spectrum: PowerSpectrum<f64>,
    bank: MelBank<f64>,
    padded: Vec<f32>,
    bins: Vec<f64>,
    power: Vec<f64>,
}

impl WhisperLogMel {
    /// Plans the transform and the filter bank.
    ///
    /// # Errors
    /// [`Error::Config`] where there are no bands or too many, or the length is below one frame.
    pub fn new(config: &WhisperConfig) -> Result<Self, Error> {
        let rate = WhisperConfig::RATE;
        crate::mel::check_bands(rate, config.bands, 0.0, rate as f32 / 2.0)?;
        if config.length.is_some_and(|length| length <= N_FFT / 2) {
            let field = "length";
            crate::mel::refuse(
                field,
                format!("{:?}", config.length),
                "at least 201 samples",
            )?;
        }
        let spectrum = PowerSpectrum::new(N_FFT, &hann(N_FFT, true), 0);
        Ok(Self {
            bins: vec![0.0; spectrum.bins()],
            spectrum,
            bank: MelBank::slaney(config.bands, N_FFT, rate, 0.0, f64::from(rate) / 2.0),
            config: config.clone(),
            padded: Vec::new(),
            power: Vec::new(),
        })
    }

    /// The settings it was made with.
    pub fn config(&self) -> &WhisperConfig {
        &self.config
    }

    /// Log-mel `[bands, frames]` of `samples` at 16 kHz; frame `t` is centred at `160 t` samples.
    /// Clips shorter than half a transform, which cannot be mirrored, are extended with zeros.
    pub fn compute(&mut self, samples: &[f32]) -> Mel {
        let half = N_FFT / 2;
        let length = self.config.length.unwrap_or(samples.len()).max(half + 1);
        self.padded.clear();
        self.padded.resize(half, 0.0);
        self.padded.extend(samples.iter().take(length));
        self.padded.resize(half + length, 0.0);
        for distance in 1..=half {
            self.padded[half - distance] = self.padded[half + distance];
            let mirrored = self.padded[half + length - 1 - distance];
            self.padded.push(mirrored);
        }

        let bands = self.config.bands;
        self.power.clear();
        self.power
            .resize(self.config.frames(samples.len()) * bands, 0.0);
        for (index, out) in self.power.chunks_exact_mut(bands).enumerate() {
            let frame = &self.padded[index * WhisperConfig::HOP..];
            self.spectrum.compute(frame, f64::from, &mut self.bins);
            self.bank.apply::<1>(&self.bins, out);
            for value in out {
                *value = value.max(SMALLEST_POWER).log10();
            }
        }
        let largest = self.power.iter().copied().fold(f64::MIN, f64::max);
        let scaled: Vec<f32> = self
            .power
            .iter()
            .map(|value| ((value.max(largest - RANGE) + 4.0) / 4.0) as f32)
            .collect();
        Mel::from_frames(&scaled, bands)
    }
}
