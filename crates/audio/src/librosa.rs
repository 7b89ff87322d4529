//! Samples to librosa's log-mel spectrogram, number for number.
//!
//! Equals, of librosa 0.11, `power_to_db(melspectrogram(y, sr, n_fft, hop_length, n_mels, fmin,
//! fmax), ref=np.max, top_db)` and, if asked for, the scaling to 0..1 per clip that OPERA and its
//! descendants add. Like librosa the transform computes in double precision.

use serde::{Deserialize, Serialize};

use crate::mel::GROUP;
use crate::mel::bank::MelBank;
use crate::mel::ln::ln;
use crate::mel::stft::{PowerSpectrum, hann};
use crate::{Error, Mel};

/// Below this power librosa does not look (`amin` of `power_to_db`).
const SMALLEST_POWER: f64 = 1e-10;

/// Settings of [`LibrosaLogMel`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LibrosaConfig {
    /// Sampling rate of the input, in Hz.
    pub rate: u32,
    /// Length of the Fourier transform and of its periodic Hann window, in samples (even).
    pub n_fft: usize,
    /// Step between frames, in samples.
    pub hop: usize,
    /// Number of mel bands (Slaney's scale, unit area).
    pub bands: usize,
    /// Lower edge of the first band, in Hz.
    pub low_hz: f32,
    /// Upper edge of the last band, in Hz.
    pub high_hz: f32,
    /// Values are at least the clip's largest minus this, in dB; none for no bound.
    pub top_db: Option<f32>,
    /// Scale each clip to 0..1 afterwards; a constant clip is left as it is.
    pub min_max: bool,
}

impl LibrosaConfig {
    /// OPERA's settings: 16 kHz, `n_fft` 1024, hop 512, 64 bands of 50 to 8000 Hz, 80 dB, min-max.
    pub fn opera() -> Self {
        Self {
            rate: 16_000,
            n_fft: 1024,
            hop: 512,
            bands: 64,
            low_hz: 50.0,
            high_hz: 8_000.0,
            top_db: Some(80.0),
            min_max: true,
        }
    }

    /// Number of frames for `samples` samples: `1 + samples / hop`.
    pub fn frames(&self, samples: usize) -> usize {
        1 + samples / self.hop
    }
}

/// A planned librosa front end; make one per thread and reuse it.
pub struct LibrosaLogMel {
    config: LibrosaConfig,
    frame: FrameMel,
    padded: Vec<f32>,
    power: Vec<f64>,
}

impl LibrosaLogMel {
    /// Plans the transform and the filter bank.
    ///
    /// # Errors
    /// [`Error::Config`] names the field that cannot work and its valid range.
    pub fn new(config: &LibrosaConfig) -> Result<Self, Error> {
        check(config)?;
        Ok(Self {
            frame: FrameMel::new(config),
            config: config.clone(),
            padded: Vec::new(),
            power: Vec::new(),
        })
    }

    /// The settings it was made with.
    pub fn config(&self) -> &LibrosaConfig {
        &self.config
    }

    /// Log-mel `[bands, frames]` in dB below the clip's largest value (or 0..1) of `samples` at
    /// `config.rate`. Frame `t` is centred at `t * hop` samples; beyond both ends there are zeros.
    pub fn compute(&mut self, samples: &[f32]) -> Mel {
        let half = self.config.n_fft / 2;
        self.padded.clear();
        self.padded.resize(half, 0.0);
        self.padded.extend_from_slice(samples);
        self.padded.resize(samples.len() + 2 * half, 0.0);

        let bands = self.config.bands;
        self.power
            .resize(self.config.frames(samples.len()) * bands, 0.0);
        for (group, out) in self.power.chunks_mut(GROUP * bands).enumerate() {
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
        finish(&self.power, &self.config)
    }

    /// A stream with the same settings, for sound that arrives piece by piece.
    pub fn stream(&self) -> LibrosaStream {
        LibrosaStream {
            frame: FrameMel::new(&self.config),
            buffer: vec![0.0; self.config.n_fft / 2],
            start: 0,
            power: Vec::new(),
            config: self.config.clone(),
        }
    }
}

/// librosa's log-mel while the sound arrives: the transforms are done at once, what refers to the
/// whole clip (its largest value, min-max) at the end. The result is that of
/// [`LibrosaLogMel::compute`] on all samples together, bit for bit.
pub struct LibrosaStream {
    config: LibrosaConfig,
    frame: FrameMel,
    buffer: Vec<f32>,
    start: usize,
    power: Vec<f64>,
}

impl LibrosaStream {
    /// Takes `samples` at `config.rate`. Returns how many frames are finished so far.
    pub fn push(&mut self, samples: &[f32]) -> usize {
        self.buffer.extend_from_slice(samples);
        while self.start + self.config.n_fft <= self.buffer.len() {
            let at = self.power.len();
            self.power.resize(at + self.config.bands, 0.0);
            self.frame
                .compute::<1>(&self.buffer[self.start..], &mut self.power[at..]);
            self.start += self.config.hop;
        }
        let spent = self.start.min(self.buffer.len());
        self.buffer.drain(..spent);
        self.start -= spent;
        self.power.len() / self.config.bands
    }

    /// The spectrogram of all frames finished so far, `[bands, frames]`, scaled by the largest
    /// value up to now.
    pub fn snapshot(&self) -> Mel {
        finish(&self.power, &self.config)
    }

    /// Ends the stream with the zeros beyond its end.
    pub fn finish(mut self) -> Mel {
        let zeros = vec![0.0; self.config.n_fft / 2];
        self.push(&zeros);
        self.snapshot()
    }
}

/// Mel power of single frames.
struct FrameMel {
    spectrum: PowerSpectrum<f64>,
    bank: MelBank<f64>,
    hop: usize,
    bins: Vec<f64>,
}

impl FrameMel {
    fn new(config: &LibrosaConfig) -> Self {
        let spectrum = PowerSpectrum::new(config.n_fft, &hann(config.n_fft, true), 0);
        let bank = MelBank::slaney(
            config.bands,
            config.n_fft,
            config.rate,
            f64::from(config.low_hz),
            f64::from(config.high_hz),
        );
        Self {
            hop: config.hop,
            bins: vec![0.0; GROUP * spectrum.bins()],
            spectrum,
            bank,
        }
    }

    /// `K` (at most [`GROUP`]) frames, a step apart, to `out` `[K, bands]`.
    fn compute<const K: usize>(&mut self, samples: &[f32], out: &mut [f64]) {
        let bins = &mut self.bins[..K * self.spectrum.bins()];
        for (frame, power) in bins.chunks_exact_mut(self.spectrum.bins()).enumerate() {
            let samples = &samples[frame * self.hop..];
            self.spectrum.compute(samples, f64::from, power);
        }
        self.bank.apply::<K>(bins, out);
    }
}

/// Mel powers `[frames, bands]` to dB and, if asked for, to 0..1.
fn finish(power: &[f64], config: &LibrosaConfig) -> Mel {
    let largest = power.iter().copied().fold(SMALLEST_POWER, f64::max);
    let reference = 10.0 * largest.log10();
    let floor = config.top_db.map_or(f32::MIN, |range| -range);
    // Single precision is enough from here on: a rounded power is off by 3e-7 dB.
    let mut by_frame: Vec<f32> = power
        .iter()
        .map(|&power| power.max(SMALLEST_POWER) as f32)
        .collect();
    ln(&mut by_frame);
    for value in &mut by_frame {
        let decibel = f64::from(*value) * (10.0 * std::f64::consts::LOG10_E);
        *value = ((decibel - reference) as f32).max(floor);
    }
    let mut mel = Mel::from_frames(&by_frame, config.bands);
    if config.min_max {
        let smallest = mel.values.iter().copied().fold(f32::MAX, f32::min);
        let largest = mel.values.iter().copied().fold(f32::MIN, f32::max);
        if largest > smallest {
            for value in &mut mel.values {
                *value = (*value - smallest) / (largest - smallest);
            }
        }
    }
    mel
}

fn check(config: &LibrosaConfig) -> Result<(), Error> {
    crate::mel::check_bands(config.rate, config.bands, config.low_hz, config.high_hz)?;
    crate::mel::check_frames(config.n_fft, config.hop)?;
    if config
        .top_db
        .is_some_and(|range| range.is_nan() || range < 0.0)
    {
        return crate::mel::refuse("top_db", "negative".to_owned(), "0 dB or more, or none");
    }
    Ok(())
}
