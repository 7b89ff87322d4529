//! In: an encoder's weights file and its role in the comparison. Out: a `Contender` that turns
//! signals into clip embeddings.

use std::fmt::Write as _;
use std::path::Path;

use burn::tensor::Device;
use laennec_audio::{LogMel, LogMelConfig, Signal, resample};
use laennec_models::ear::{FRONT_END_KEY, header_value};
use laennec_models::encoder::{AnyEncoder, Encoder, FrontEnd, Mn04, batch_of};
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
    space: Option<Space>,
    source: Source,
}

#[derive(Debug, Clone)]
enum Source {
    Network(Box<AnyEncoder>),
    MeanSpectrum(LogMelConfig),
}

impl Contender {
    /// The encoder in a weights file: the published mn04, or a network of `laennec train`, whose
    /// encoder alone is taken.
    ///
    /// # Errors
    /// The file cannot be read or is no encoder that this program knows.
    pub fn open(name: &str, role: Role, path: &Path) -> Result<Self, Error> {
        let bytes = std::fs::read(path).map_err(Error::io(path))?;
        Ok(Self {
            name: name.to_owned(),
            role,
            sha256: Some(hex(&bytes)),
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

    /// The embedding of the whole signal.
    fn embed(&self, signal: &Signal) -> Result<Vec<f32>, Error> {
        match &self.source {
            Source::Network(encoder) => {
                let mut front_end = encoder.front_end().plan()?;
                let mel = front_end.compute_from(&signal.samples, signal.rate)?;
                let features = batch_of(&[mel], &Device::flex())?;
                let embedding = encoder.embedding(features, Mode::Infer);
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

/// SHA-256 in hex digits.
fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        write!(text, "{byte:02x}").expect("writing to a string does not fail");
    }
    text
}

fn encoder(bytes: &[u8], path: &Path) -> Result<AnyEncoder, Error> {
    let device = Device::flex();
    let origin = path.display().to_string();
    let file =
        SafeTensors::deserialize(bytes).map_err(|source| laennec_models::Error::Safetensors {
            path: path.to_path_buf(),
            source,
        })?;
    let names = file.names();
    let has = |prefix: &str| names.iter().any(|name| name.starts_with(prefix));
    let fresh = || MobileNetV3::init(0, &device);
    let unknown = || Error::Encoder {
        path: path.to_path_buf(),
    };
    let trained = |network: MobileNetV3| -> Result<AnyEncoder, Error> {
        let config = front_end(bytes, path)?.ok_or_else(unknown)?;
        Ok(Mn04::new(network, config).into())
    };
    if has("backbone.") && has("abnormal.") {
        let net = HeartNet::new(fresh(), 0.0, &device);
        trained(weights::from_bytes(net, bytes, &origin)?.backbone)
    } else if has("backbone.") && has("record.") {
        let net = LungNet::new(fresh(), 0.0, &device);
        trained(weights::from_bytes(net, bytes, &origin)?.backbone)
    } else if has("features.0.") {
        let network = MobileNetV3::from_safetensors(bytes, path, &device)?;
        let config = front_end(bytes, path)?.unwrap_or_else(LogMelConfig::efficientat_32k);
        Ok(Mn04::new(network, config).into())
    } else {
        Err(unknown())
    }
}

/// The front end that `laennec train` wrote into the header; none in published weights.
fn front_end(bytes: &[u8], path: &Path) -> Result<Option<LogMelConfig>, Error> {
    let origin = path.display().to_string();
    let Some(text) = header_value(bytes, &origin, FRONT_END_KEY)? else {
        return Ok(None);
    };
    // Aligned encoders say which family it is, the networks of findings give the settings alone.
    match serde_json::from_str(&text) {
        Ok(FrontEnd::Efficientat(config)) => Ok(Some(config)),
        _ => match serde_json::from_str(&text) {
            Ok(config) => Ok(Some(config)),
            Err(_) => Err(Error::Encoder {
                path: path.to_path_buf(),
            }),
        },
    }
}
