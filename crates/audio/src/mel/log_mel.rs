//! Samples to a log-mel spectrogram the way the `EfficientAT` models expect it.

use super::bank::MelBank;
use super::config::{LogMelConfig, Scaling};
use super::ln::ln;
use super::stft::{PowerSpectrum, hann};
use super::{GROUP, LogMelStream, Mel};
use crate::Error;

/// A planned log-mel front end; make one per thread and reuse it.
pub struct LogMel {
    config: LogMelConfig,
    frame: FrameLogMel,
    padded: Vec<f32>,
    by_frame: Vec<f32>,
}

impl LogMel {
    /// Plans the transform and the filter bank.
    ///
    /// # Errors
    /// [`Error::Config`] names the field that cannot work and its valid range.
    pub fn new(config: &LogMelConfig) -> Result<Self, Error> {
        config.check()?;
        Ok(Self {
            frame: FrameLogMel::new(config),
            config: config.clone(),
            padded: Vec::new(),
            by_frame: Vec::new(),
        })
    }

    /// The settings it was made with.
    pub fn config(&self) -> &LogMelConfig {
        &self.config
    }

    /// Log-mel `[bands, frames]` of `samples` at `config.rate`; frame `t` is centred at
    /// `t * hop` samples and there are `config.frames(samples.len())` frames.
    ///
    /// Beyond both ends the signal is mirrored (PyTorch's `reflect`). Clips shorter than half a
    /// transform, which cannot be mirrored, are first extended with zeros.
    pub fn compute(&mut self, samples: &[f32]) -> Mel {
        let half = self.config.n_fft / 2;
        self.padded.clear();
        self.padded.resize(half, 0.0);
        pre_emphasise(samples, self.config.pre_emphasis, &mut self.padded);
        if let Some(wanted) = self.config.rms {
            scale(&mut self.padded[half..], wanted / level_of(samples));
        }
        let length = (self.padded.len() - half).max(self.config.shortest());
        self.padded.resize(half + length, 0.0);
        for distance in 1..=half {
            self.padded[half - distance] = self.padded[half + distance];
            let mirrored = self.padded[half + length - 1 - distance];
            self.padded.push(mirrored);
        }

        let bands = self.config.bands;
        let frames = 1 + length / self.config.hop;
        self.by_frame.resize(frames * bands, 0.0);
        for (group, out) in self.by_frame.chunks_mut(GROUP * bands).enumerate() {
            let samples = &self.padded[group * GROUP * self.config.hop..];
            if out.len() == GROUP * bands {
                self.frame.compute::<GROUP>(samples, out);
            } else {
                for (index, out) in out.chunks_exact_mut(bands).enumerate() {
                    self.frame
                        .compute::<1>(&samples[index * self.config.hop..], out);
                }
            }
        }
        let mut mel = Mel::from_frames(&self.by_frame, bands);
        if self.config.scaling == Scaling::BandMean {
            remove_band_means(&mut mel);
        }
        mel
    }

    /// A stream with the same settings, for sound that arrives piece by piece.
    pub fn stream(&self) -> LogMelStream {
        LogMelStream::new(&self.config)
    }
}

/// Log-mel of single frames: spectrum, bank, logarithm and the scaling that needs one value only.
pub(super) struct FrameLogMel {
    spectrum: PowerSpectrum<f32>,
    bank: MelBank<f32>,
    hop: usize,
    power: Vec<f32>,
    offset: f32,
    scaling: Scaling,
}

impl FrameLogMel {
    pub(super) fn new(config: &LogMelConfig) -> Self {
        let window = hann(config.window, false);
        let offset = (config.n_fft - config.window) / 2;
        let spectrum = PowerSpectrum::new(config.n_fft, &window, offset);
        let bank = MelBank::kaldi(
            config.bands,
            config.n_fft,
            config.rate,
            f64::from(config.low_hz),
            f64::from(config.high_hz),
        );
        Self {
            hop: config.hop,
            power: vec![0.0; GROUP * spectrum.bins()],
            spectrum,
            bank,
            offset: config.log_offset,
            scaling: config.scaling,
        }
    }

    /// `K` (at most [`GROUP`]) frames, a step apart from the start of `samples` on, to `out`
    /// `[K, bands]`. Frames come out the same, bit for bit, whatever `K` is.
    pub(super) fn compute<const K: usize>(&mut self, samples: &[f32], out: &mut [f32]) {
        let power = &mut self.power[..K * self.spectrum.bins()];
        for (frame, power) in power.chunks_exact_mut(self.spectrum.bins()).enumerate() {
            let samples = &samples[frame * self.hop..];
            self.spectrum.compute(samples, |sample| sample, power);
        }
        self.bank.apply::<K>(power, out);
        for value in out.iter_mut() {
            *value += self.offset;
        }
        ln(out);
        if self.scaling == Scaling::Efficientat {
            for value in out {
                *value = (*value + 4.5) / 5.0;
            }
        }
    }
}

/// Appends `x[n + 1] - c x[n]` (a convolution without padding), or the samples as they are.
pub(super) fn pre_emphasise(samples: &[f32], coefficient: Option<f32>, out: &mut Vec<f32>) {
    match coefficient {
        Some(c) => out.extend(samples.windows(2).map(|pair| pair[1] - c * pair[0])),
        None => out.extend_from_slice(samples),
    }
}

/// Root mean square of a clip; infinite for silence, which nothing can bring to a level.
fn level_of(samples: &[f32]) -> f32 {
    let squares: f64 = samples.iter().map(|&s| f64::from(s).powi(2)).sum();
    let rms = (squares / samples.len().max(1) as f64).sqrt() as f32;
    if rms > 1e-7 { rms } else { f32::INFINITY }
}

fn scale(samples: &mut [f32], factor: f32) {
    if factor > 0.0 {
        for sample in samples {
            *sample *= factor;
        }
    }
}

/// Removes each band's mean over the clip and divides by the deviation of what is left.
fn remove_band_means(mel: &mut Mel) {
    let mut squares = 0.0_f64;
    for row in mel.values.chunks_exact_mut(mel.frames) {
        let mean = row.iter().map(|&v| f64::from(v)).sum::<f64>() / row.len() as f64;
        for value in row {
            *value -= mean as f32;
            squares += f64::from(*value).powi(2);
        }
    }
    let deviation = (squares / mel.values.len() as f64).sqrt() as f32;
    // A constant clip has nothing to scale.
    if deviation > 1e-6 {
        for value in &mut mel.values {
            *value /= deviation;
        }
    }
}
