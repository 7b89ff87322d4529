//! Mel spectrograms: the matrix type, the filter banks and the EfficientAT family of front ends.

pub(crate) mod bank;
mod config;
pub(crate) mod ln;
mod log_mel;
pub(crate) mod stft;
mod stream;

pub use config::{LogMelConfig, Scaling};
pub(crate) use config::{check_bands, check_frames, refuse};
pub use log_mel::LogMel;
pub use stream::LogMelStream;

/// Frames that are transformed before the filter bank runs over them together.
pub(crate) const GROUP: usize = 4;

/// A mel spectrogram.
#[derive(Debug, Clone, PartialEq)]
pub struct Mel {
    /// Row-major values `[bands, frames]`: `values[band * frames + frame]`.
    pub values: Vec<f32>,
    /// Number of bands.
    pub bands: usize,
    /// Number of frames.
    pub frames: usize,
}

impl Mel {
    /// One band over time, `[frames]`.
    pub fn band(&self, band: usize) -> &[f32] {
        &self.values[band * self.frames..(band + 1) * self.frames]
    }

    /// From frames one after the other, `[frames, bands]`, to `[bands, frames]`.
    pub(crate) fn from_frames(by_frame: &[f32], bands: usize) -> Mel {
        // Tiles keep both sides of the transposition in the cache.
        const TILE: usize = 16;
        let frames = by_frame.len() / bands;
        let mut values = vec![0.0; bands * frames];
        for start in (0..frames).step_by(TILE) {
            let end = (start + TILE).min(frames);
            for band in 0..bands {
                let row = &mut values[band * frames + start..band * frames + end];
                for (value, frame) in row.iter_mut().zip(start..end) {
                    *value = by_frame[frame * bands + band];
                }
            }
        }
        Mel {
            values,
            bands,
            frames,
        }
    }
}
