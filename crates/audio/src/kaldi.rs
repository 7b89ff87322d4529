//! Samples to Kaldi's log-mel filter-bank features (`compute-fbank-feats` without dither).
//!
//! Sources: Kaldi's `feature-fbank.cc` and `feature-window.cc`, `torchaudio.compliance.kaldi`.
//! Per frame: mean removed, pre-emphasis, Povey window, zeros up to a power of two, power
//! spectrum, mel bank, logarithm. Frames lie wholly inside the signal (`snip_edges`).

use crate::mel::bank::MelBank;
use crate::mel::stft::{PowerSpectrum, hann};
use crate::{Error, Mel};

/// Powers below the machine epsilon of f32 are raised to it before the logarithm, as in Kaldi.
const SMALLEST_POWER: f32 = f32::EPSILON;

/// Settings of [`Fbank`].
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FbankConfig {
    /// Sampling rate of the input, in Hz.
    pub rate: u32,
    /// Frame length, in milliseconds.
    pub frame_ms: f32,
    /// Step between frames, in milliseconds.
    pub step_ms: f32,
    /// Number of mel bands.
    pub bands: usize,
    /// Lower edge of the first band, in Hz.
    pub low_hz: f32,
    /// Upper edge of the last band, in Hz.
    pub high_hz: f32,
    /// Pre-emphasis coefficient; 0 for none.
    pub pre_emphasis: f32,
    /// Factor on the samples: 1 as torchaudio on samples in [-1, 1], 32768 as Kaldi on integers.
    pub scale: f32,
}

impl FbankConfig {
    /// Kaldi's usual settings: 25 ms every 10 ms, 80 bands from 20 Hz to half the rate.
    pub fn standard(rate: u32) -> Self {
        Self {
            rate,
            frame_ms: 25.0,
            step_ms: 10.0,
            bands: 80,
            low_hz: 20.0,
            high_hz: rate as f32 / 2.0,
            pre_emphasis: 0.97,
            scale: 1.0,
        }
    }

    fn frame_samples(&self) -> usize {
        (f64::from(self.rate) * f64::from(self.frame_ms) * 0.001) as usize
    }

    fn step_samples(&self) -> usize {
        (f64::from(self.rate) * f64::from(self.step_ms) * 0.001) as usize
    }
}

/// A planned Kaldi filter bank; make one per thread and reuse it.
pub struct Fbank {
    config: FbankConfig,
    spectrum: PowerSpectrum<f32>,
    bank: MelBank<f32>,
    frame: Vec<f32>,
    power: Vec<f32>,
}

impl Fbank {
    /// Plans the transform and the filter bank.
    ///
    /// # Errors
    /// [`Error::Config`] names the field that cannot work and its valid range.
    pub fn new(config: &FbankConfig) -> Result<Self, Error> {
        crate::mel::check_bands(config.rate, config.bands, config.low_hz, config.high_hz)?;
        let length = config.frame_samples();
        let n_fft = length.next_power_of_two();
        crate::mel::check_frames(n_fft, config.step_samples())?;
        let window: Vec<f64> = hann(length, false).iter().map(|w| w.powf(0.85)).collect();
        let bank = MelBank::kaldi(
            config.bands,
            n_fft,
            config.rate,
            f64::from(config.low_hz),
            f64::from(config.high_hz),
        );
        Ok(Self {
            spectrum: PowerSpectrum::new(n_fft, &window, 0),
            power: vec![0.0; n_fft / 2 + 1],
            bank,
            frame: vec![0.0; n_fft],
            config: config.clone(),
        })
    }

    /// Log-mel `[bands, frames]` of `samples` at `config.rate`, with
    /// `1 + (len - frame) / step` frames, none for a clip shorter than a frame.
    pub fn compute(&mut self, samples: &[f32]) -> Mel {
        let (length, step) = (self.config.frame_samples(), self.config.step_samples());
        let frames = (samples.len() + step).saturating_sub(length) / step;
        let bands = self.config.bands;
        let mut by_frame = vec![0.0; frames * bands];
        for (index, out) in by_frame.chunks_exact_mut(bands).enumerate() {
            self.load(&samples[index * step..index * step + length]);
            self.spectrum
                .compute(&self.frame, |sample| sample, &mut self.power);
            self.bank.apply::<1>(&self.power, out);
            for value in out {
                *value = value.max(SMALLEST_POWER).ln();
            }
        }
        Mel::from_frames(&by_frame, bands)
    }

    /// Scales a frame, removes its mean and emphasises its high frequencies; the first sample is
    /// its own predecessor.
    fn load(&mut self, samples: &[f32]) {
        let mean = samples.iter().sum::<f32>() / samples.len() as f32;
        let mut before = samples[0] - mean;
        for (out, &sample) in self.frame.iter_mut().zip(samples) {
            let sample = sample - mean;
            *out = self.config.scale * (sample - self.config.pre_emphasis * before);
            before = sample;
        }
    }
}
