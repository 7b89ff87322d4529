//! In: an encoder's weights file and its role in the comparison. Out: a `Contender` that turns
//! signals into clip embeddings.

use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::path::Path;

use burn::tensor::Device;
use laennec_audio::{LogMel, LogMelConfig, Mel, Signal, resample};
use laennec_models::ear::{FRONT_END_KEY, TAUGHT_KEY, Taught, header_value};
use laennec_models::encoder::{AnyEncoder, Encoder, Mn04, batch_of};
use laennec_models::mobilenet::{MobileNetV3, Mode};
use laennec_models::networks::{HeartNet, LungNet};
use laennec_models::weights;
use safetensors::SafeTensors;
use sha2::{Digest, Sha256};

use super::space::Space;
use crate::embed::ClipEmbedder;
use crate::error::Error;

/// Raised when what is computed from the same audio and weights changes.
const VERSION: &str = "clip-v1";

/// What a contender is compared as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The encoder that training started from: gains are over it.
    Start,
    /// What can be known without an encoder.
    Baseline,
    /// An encoder whose gain is claimed.
    Candidate,
    /// The same training without what the claim is about, for comparison.
    Control,
    /// The same training with reports shuffled across recordings: a gain counts only above it.
    Shuffled,
}

impl Role {
    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Baseline => "baseline",
            Self::Candidate => "candidate",
            Self::Control => "control",
            Self::Shuffled => "shuffled control",
        }
    }
}

/// Something whose embeddings are probed.
#[derive(Debug, Clone)]
pub struct Contender {
    /// Its name in tables.
    pub name: String,
    /// What it is compared as.
    pub role: Role,
    /// SHA-256 of its weights file; none of a baseline.
    pub sha256: Option<String>,
    learned: Vec<String>,
    space: Option<Space>,
    source: Source,
}

/// Data sets of the header's [`Taught`]; files that this program did not train have none.
fn learned(bytes: &[u8], path: &Path) -> Result<Vec<String>, Error> {
    let origin = path.display().to_string();
    // Published weights may be no safetensors at all.
    let said = header_value(bytes, &origin, TAUGHT_KEY).ok().flatten();
    Ok(match said {
        None => Vec::new(),
        Some(_) => Taught::read(bytes, &origin)?.data_sets,
    })
}

#[derive(Debug, Clone)]
enum Source {
    Network(Box<AnyEncoder>),
    MeanSpectrum(LogMelConfig),
}

impl Contender {
    /// The encoder in a weights file: a published one of any kind, an aligned one, or a network of
    /// `laennec train`, whose encoder alone is taken.
    ///
    /// # Errors
    /// The file cannot be read or is no encoder that this program knows.
    pub fn open(name: &str, role: Role, path: &Path) -> Result<Self, Error> {
        let bytes = std::fs::read(path).map_err(Error::io(path))?;
        Ok(Self {
            name: name.to_owned(),
            role,
            sha256: Some(hex(&Sha256::digest(&bytes))),
            learned: learned(&bytes, path)?,
            space: Space::beside(path)?,
            source: Source::Network(Box::new(encoder(&bytes, path)?)),
        })
    }

    /// The mean over time of mn04's log-mel spectrum: level and frequency response of sound and
    /// recording chain, nothing of the order in time.
    pub fn mean_spectrum() -> Self {
        Self {
            name: "mean spectrum".to_owned(),
            role: Role::Baseline,
            sha256: None,
            learned: Vec::new(),
            space: None,
            source: Source::MeanSpectrum(LogMelConfig::efficientat_32k()),
        }
    }

    /// The encoder; none of a baseline.
    pub fn encoder(&self) -> Option<&AnyEncoder> {
        match &self.source {
            Source::Network(encoder) => Some(encoder),
            Source::MeanSpectrum(_) => None,
        }
    }

    /// Names of the data sets that taught it, as its header says; none of published weights.
    pub fn learned(&self) -> &[String] {
        &self.learned
    }

    /// The projection heads that lie beside an aligned encoder.
    pub fn space(&self) -> Option<&Space> {
        self.space.as_ref()
    }

    /// Architecture, width and front end in words.
    pub fn about(&self) -> String {
        match &self.source {
            Source::Network(encoder) => {
                let front_end = encoder.front_end();
                format!(
                    "{}, {} values, {} Hz, {} mel bands",
                    encoder.name(),
                    encoder.dims(),
                    front_end.rate(),
                    front_end.bands()
                )
            }
            Source::MeanSpectrum(config) => {
                format!(
                    "{} mel bands at {} Hz, no encoder",
                    config.bands, config.rate
                )
            }
        }
    }
}

impl ClipEmbedder for Contender {
    fn key(&self) -> String {
        let hash = self.sha256.as_deref().unwrap_or("spectrum");
        format!("{VERSION}-{}", &hash[..hash.len().min(16)])
    }

    fn width(&self) -> usize {
        match &self.source {
            Source::Network(encoder) => encoder.dims(),
            Source::MeanSpectrum(config) => config.bands,
        }
    }

    /// The embedding of the whole signal; of one longer than the encoder takes, the mean over its
    /// pieces.
    fn embed(&self, signal: &Signal) -> Result<Vec<f32>, Error> {
        match &self.source {
            Source::Network(encoder) => {
                let mut front_end = encoder.front_end().plan()?;
                let mel = front_end.compute_from(&signal.samples, signal.rate)?;
                let pieces = pieces(&mel, encoder.frames());
                let features = batch_of(&pieces, &Device::flex())?;
                let embedding = encoder.embedding(features, Mode::Infer).mean_dim(0);
                embedding
                    .into_data()
                    .try_to_vec()
                    .map_err(|reason| Error::Shape {
                        expected: format!("[1, {}] of f32", encoder.dims()),
                        found: format!("{reason:?}"),
                    })
            }
            Source::MeanSpectrum(config) => {
                let samples = resample(&signal.samples, signal.rate, config.rate)?;
                let mel = LogMel::new(config)?.compute(&samples);
                let mean = |band| {
                    let values = mel.band(band);
                    values.iter().sum::<f32>() / values.len() as f32
                };
                Ok((0..mel.bands).map(mean).collect())
            }
        }
    }
}

/// A spectrogram in as few pieces of equal length as an encoder of so many `frames` needs, evenly
/// spread; one that is too short is repeated.
fn pieces(mel: &Mel, frames: RangeInclusive<usize>) -> Vec<Mel> {
    let length = mel.frames.clamp(*frames.start(), *frames.end());
    let count = mel.frames.div_ceil(length).max(1);
    let room = mel.frames.saturating_sub(length);
    let piece = |number: usize| {
        let first = number * room / (count - 1).max(1);
        let columns = (first..first + length).map(|frame| frame % mel.frames.max(1));
        let columns: Vec<usize> = columns.collect();
        let bands = (0..mel.bands).map(|band| mel.band(band));
        let values =
            bands.flat_map(|band| columns.iter().map(|&frame| band[frame]).collect::<Vec<_>>());
        Mel {
            values: values.collect(),
            bands: mel.bands,
            frames: length,
        }
    };
    (0..count).map(piece).collect()
}

/// Bytes in hex digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        write!(text, "{byte:02x}").expect("writing to a string does not fail");
    }
    text
}

fn encoder(bytes: &[u8], path: &Path) -> Result<AnyEncoder, Error> {
    let device = Device::flex();
    let origin = path.display().to_string();
    // Networks of findings are no encoder of their own, and published mn04 has no front end.
    let published = AnyEncoder::open(path, &device);
    let Ok(file) = SafeTensors::deserialize(bytes) else {
        return Ok(published?);
    };
    let names = file.names();
    let has = |prefix: &str| names.iter().any(|name| name.starts_with(prefix));
    let fresh = || MobileNetV3::init(0, &device);
    let trained = |network: MobileNetV3| -> Result<AnyEncoder, Error> {
        let config = front_end(bytes, path)?.ok_or_else(|| Error::Encoder {
            path: path.to_path_buf(),
        })?;
        Ok(Mn04::new(network, config).into())
    };
    if has("backbone.") && has("abnormal.") {
        let net = HeartNet::new(fresh(), 0.0, &device);
        trained(weights::from_bytes(net, bytes, &origin)?.backbone)
    } else if has("backbone.") && has("record.") {
        let net = LungNet::new(fresh(), 0.0, &device);
        trained(weights::from_bytes(net, bytes, &origin)?.backbone)
    } else {
        published.map_err(|error| match error {
            laennec_models::Error::Header { .. } => Error::Encoder {
                path: path.to_path_buf(),
            },
            other => other.into(),
        })
    }
}

/// The front end that `laennec train` wrote into the header of a network of findings.
fn front_end(bytes: &[u8], path: &Path) -> Result<Option<LogMelConfig>, Error> {
    let origin = path.display().to_string();
    let Some(text) = header_value(bytes, &origin, FRONT_END_KEY)? else {
        return Ok(None);
    };
    let config = serde_json::from_str(&text);
    config.map(Some).map_err(|_| Error::Encoder {
        path: path.to_path_buf(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_cover_a_long_spectrogram_and_repeat_a_short_one() {
        let mel = |frames: usize| Mel {
            values: (0..2 * frames).map(|i| i as f32).collect(),
            bands: 2,
            frames,
        };
        let whole = pieces(&mel(7), 1..=10);
        assert_eq!((whole.len(), whole[0].values.clone()), (1, mel(7).values));
        let parts = pieces(&mel(7), 3..=3);
        let starts: Vec<f32> = parts.iter().map(|part| part.band(0)[0]).collect();
        assert_eq!(starts, [0.0, 2.0, 4.0]);
        assert_eq!(parts[2].band(1), [11.0, 12.0, 13.0]);
        assert_eq!(pieces(&mel(2), 5..=9)[0].band(0), [0.0, 1.0, 0.0, 1.0, 0.0]);
    }
}
