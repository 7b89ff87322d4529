//! In: log-mel of a recording and mn04. Out: the recording's embedding over time.

use burn::tensor::{Device, Tensor, TensorData};
use laennec_audio::{DecodeOptions, LogMel, LogMelConfig, Mel, decode_file, resample};
use laennec_models::mobilenet::{EMBEDDING, MobileNetV3, Mode};

use crate::error::Error;

/// A recording's embedding over time: mn04's map averaged over its frequency rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedding {
    /// Row-major `[steps, 384]`.
    pub values: Vec<f32>,
    /// Time between steps, in s.
    pub step_s: f64,
}

/// Frames of log-mel per step of the map.
const FRAMES_PER_STEP: usize = 32;

impl Embedding {
    /// Number of steps.
    pub fn steps(&self) -> usize {
        self.values.len() / EMBEDDING
    }

    /// Mean over all steps, `[384]`: mn04's clip embedding.
    pub fn mean(&self) -> Vec<f64> {
        self.mean_of(0..self.steps())
    }

    /// Mean over the steps whose centre lies in `[start_s, end_s)`; where there is none, the step
    /// that holds the interval's middle.
    pub fn mean_within(&self, start_s: f64, end_s: f64) -> Vec<f64> {
        let step_at = |seconds: f64| (seconds / self.step_s).max(0.0);
        let last = self.steps().saturating_sub(1);
        // Centres lie at (i + 0.5) steps.
        let first = ((step_at(start_s) - 0.5).ceil().max(0.0) as usize).min(last + 1);
        let end = ((step_at(end_s) - 0.5).ceil().max(0.0) as usize).min(last + 1);
        if first < end {
            self.mean_of(first..end)
        } else {
            let middle = (step_at(f64::midpoint(start_s, end_s)) as usize).min(last);
            self.mean_of(middle..middle + 1)
        }
    }

    fn mean_of(&self, steps: std::ops::Range<usize>) -> Vec<f64> {
        let mut mean = vec![0.0; EMBEDDING];
        let count = steps.len().max(1) as f64;
        for row in self
            .values
            .chunks_exact(EMBEDDING)
            .skip(steps.start)
            .take(steps.len())
        {
            for (m, &v) in mean.iter_mut().zip(row) {
                *m += f64::from(v) / count;
            }
        }
        mean
    }
}

/// mn04 with the front end it was trained on.
#[derive(Debug, Clone)]
pub(super) struct Encoder {
    model: MobileNetV3,
    config: LogMelConfig,
    device: Device,
}

impl Encoder {
    pub(super) fn from_bytes(bytes: &[u8], path: &std::path::Path) -> Result<Self, Error> {
        let device = Device::flex();
        let model = MobileNetV3::from_safetensors(bytes, path, &device)?;
        Ok(Self {
            model,
            config: LogMelConfig::efficientat_32k(),
            device,
        })
    }

    /// Decodes, resamples to 32 kHz and embeds one recording.
    pub(super) fn embed(&self, recording: &std::path::Path) -> Result<Embedding, Error> {
        let in_file = |source| laennec_audio::Error::InFile {
            path: recording.to_path_buf(),
            source: Box::new(source),
        };
        let signal = decode_file(recording, &DecodeOptions::default())?.signal;
        let samples = resample(&signal.samples, signal.rate, self.config.rate).map_err(in_file)?;
        let mel = LogMel::new(&self.config)
            .map_err(in_file)?
            .compute(&samples);
        self.forward(mel)
    }

    fn forward(&self, mel: Mel) -> Result<Embedding, Error> {
        let data = TensorData::new(mel.values, [1, 1, mel.bands, mel.frames]);
        let input = Tensor::<4>::from_data(data, &self.device);
        let map = self.model.feature_map(input, Mode::Infer);
        let [_, channels, _, steps] = map.dims();
        // [1, 384, rows, steps] to [steps, 384].
        let sequence = map.mean_dim(2).reshape([channels, steps]).transpose();
        let values = sequence
            .into_data()
            .try_into_vec::<f32>()
            .map_err(|reason| Error::Shape {
                expected: format!("[{steps}, {EMBEDDING}] of f32"),
                found: format!("{reason:?}"),
            })?;
        if channels != EMBEDDING {
            return Err(Error::Shape {
                expected: format!("{EMBEDDING} channels"),
                found: format!("{channels} channels"),
            });
        }
        Ok(Embedding {
            values,
            step_s: self.config.step_seconds() * FRAMES_PER_STEP as f64,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Step `i` holds the value `i` throughout.
    fn ramp(steps: usize) -> Embedding {
        Embedding {
            values: (0..steps).flat_map(|i| vec![i as f32; EMBEDDING]).collect(),
            step_s: 0.32,
        }
    }

    #[test]
    fn an_interval_takes_the_steps_whose_centres_it_holds() {
        let embedding = ramp(10);
        assert_eq!(embedding.mean()[0], 4.5);
        // Centres 0.48, 0.80 and 1.12 s.
        assert_eq!(embedding.mean_within(0.47, 1.13)[5], 2.0);
        // Shorter than a step, between two centres, and past the end.
        assert_eq!(embedding.mean_within(0.70, 0.75)[0], 2.0);
        assert_eq!(embedding.mean_within(3.3, 9.0)[0], 9.0);
    }
}
