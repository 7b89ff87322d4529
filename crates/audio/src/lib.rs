//! Bytes to samples to features: decoding, resampling, log-mel, signal measures, augmentation.
//!
//! 1. [`decode_file`] or [`decode_bytes`]: a recording to a mono [`Signal`], with [`Notice`]s.
//! 2. [`resample`]: a signal to the rate that a front end asks for.
//! 3. A front end: [`LogMel`] (EfficientAT family), [`librosa::LibrosaLogMel`],
//!    [`whisper::WhisperLogMel`] or [`kaldi::Fbank`], each giving a [`Mel`] `[bands, frames]`.
//! 4. [`measures::measure`]: level, clipping, noise floor, bandwidth, mains hum of a signal.
//! 5. [`fingerprint::fingerprint`]: what stays the same in copies of a sound.
//! 6. [`equalise`]: a recording as another chain would have given it.
//! 7. [`opera`]: how OPERA's encoders want clips trimmed, filled and cut.
//! 8. [`augment`] and [`synth`]: seeded degradations and synthesised examples for training.
//!
//! ```
//! use laennec_audio::{LogMel, LogMelConfig, resample};
//!
//! let tone: Vec<f32> = (0..4000).map(|n| (n as f32 * 0.3).sin()).collect();
//! let config = LogMelConfig::efficientat_32k();
//! let samples = resample(&tone, 4000, config.rate)?;
//! let mel = LogMel::new(&config)?.compute(&samples);
//! assert_eq!((mel.bands, mel.frames), (128, 100));
//! # Ok::<(), laennec_audio::Error>(())
//! ```
#![forbid(unsafe_code)]

pub mod augment;
pub mod decode;
pub mod equalise;
mod error;
pub mod fingerprint;
pub mod kaldi;
mod level;
pub mod librosa;
pub mod measures;
mod mel;
mod notice;
pub mod opera;
mod resample;
mod signal;
mod spectral;
pub mod synth;
pub mod whisper;

pub use decode::{ChannelChoice, DecodeOptions, Decoded, decode_bytes, decode_file};
pub use error::Error;
pub use mel::{LogMel, LogMelConfig, LogMelStream, Mel, Scaling};
pub use notice::Notice;
pub use resample::resample;
pub use signal::{MAX_RATE, MIN_RATE, Signal};
