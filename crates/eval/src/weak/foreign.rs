//! Networks as foreign models: the tagger that the encoders start from, which learned from `AudioSet`
//! and from none of our data sets, and a bundle, which votes on those it did not learn from.

use std::fmt::Write as _;
use std::path::Path;

use burn::tensor::{Device, Tensor, TensorData, activation::sigmoid};
use laennec_assistant::{AnalyzeOptions, BundleCard, Listener};
use laennec_audio::{LogMel, LogMelConfig, Signal, resample};
use laennec_corpus::weak::{ForeignFinding, ForeignModel};
use laennec_corpus::{DataSet, Domain, Finding};
use laennec_models::mobilenet::{MobileNetV3, Mode};
use sha2::{Digest, Sha256};

use crate::accuracy::hear;
use crate::error::Error;

/// `AudioSet`'s class "Wheeze" among the 527.
const WHEEZE: usize = 42;
/// What it speaks of.
const TONAL: [Finding; 3] = [Finding::Adventitious, Finding::Continuous, Finding::Wheeze];
/// From which probability on it votes for presence, and below which one for absence: about the upper and
/// lower quartile of what it says of `SPRSound`'s training recordings, whose labels were not looked
/// at. A stethoscope is nothing that `AudioSet` knows, so that its probabilities are all small.
const PRESENT_AT: f64 = 2e-4;
const ABSENT_BELOW: f64 = 6e-5;

/// mn04 as published, with its classes.
#[derive(Debug)]
pub struct Tagger {
    network: MobileNetV3,
    front_end: LogMelConfig,
    device: Device,
    version: String,
}

impl Tagger {
    /// Reads mn04's published weights.
    ///
    /// # Errors
    /// [`Error::Io`] and [`Error::Model`] where the file cannot be read.
    pub fn open(weights: &Path) -> Result<Self, Error> {
        let bytes = std::fs::read(weights).map_err(Error::io(weights))?;
        let device = Device::flex();
        Ok(Self {
            network: MobileNetV3::from_safetensors(&bytes, weights, &device)?,
            front_end: LogMelConfig::efficientat_32k(),
            device,
            version: hash(&bytes),
        })
    }

    /// Probability of each of the 527 classes.
    fn classes(&self, signal: &Signal) -> Result<Vec<f32>, String> {
        let said = |error: &dyn std::fmt::Display| error.to_string();
        let samples = resample(&signal.samples, signal.rate, self.front_end.rate)
            .map_err(|error| said(&error))?;
        let mel = LogMel::new(&self.front_end)
            .map_err(|error| said(&error))?
            .compute(&samples);
        let data = TensorData::new(mel.values, [1, 1, mel.bands, mel.frames]);
        let input = Tensor::<4>::from_data(data, &self.device);
        let (logits, _) = self
            .network
            .classify(self.network.feature_map(input, Mode::Infer));
        let probabilities = sigmoid(logits).into_data().try_into_vec::<f32>();
        probabilities.map_err(|error| format!("{error:?}"))
    }
}

impl ForeignModel for Tagger {
    fn name(&self) -> &'static str {
        "audioset"
    }

    fn weights(&self) -> &str {
        &self.version
    }

    fn learned_from(&self) -> &[DataSet] {
        &[]
    }

    fn findings(&self) -> Vec<ForeignFinding> {
        let asked = TONAL.into_iter().map(|finding| ForeignFinding {
            finding,
            domain: Domain::Lung,
            present_at: PRESENT_AT,
            absent_below: ABSENT_BELOW,
        });
        asked.collect()
    }

    fn probabilities(&self, signal: &Signal) -> Result<Vec<f64>, String> {
        let wheeze = f64::from(self.classes(signal)?[WHEEZE]);
        Ok(vec![wheeze; TONAL.len()])
    }
}

/// The findings that a bundle votes on.
const HEARD: [(Finding, Domain); 5] = [
    (Finding::Adventitious, Domain::Lung),
    (Finding::Continuous, Domain::Lung),
    (Finding::Wheeze, Domain::Lung),
    (Finding::Discontinuous, Domain::Lung),
    (Finding::FineCrackle, Domain::Lung),
];

/// A bundle, asked only about data sets that it has not learned from.
pub struct BundleModel<'a> {
    ear: &'a dyn Listener,
    learned_from: Vec<DataSet>,
}

impl std::fmt::Debug for BundleModel<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BundleModel")
            .field("learned_from", &self.learned_from)
            .finish_non_exhaustive()
    }
}

impl<'a> BundleModel<'a> {
    /// From an open bundle, whose card says what it learned from. `None` where the card names a
    /// data set that is not known here, or none: then nothing can be ruled out.
    pub fn new(ear: &'a dyn Listener) -> Option<Self> {
        let trained_on = &ear.card().trained_on;
        let learned_from: Option<Vec<DataSet>> = trained_on
            .iter()
            .map(|source| DataSet::from_name(&source.name))
            .collect();
        let learned_from = learned_from.filter(|known| !known.is_empty())?;
        Some(Self { ear, learned_from })
    }

    fn card(&self) -> &BundleCard {
        self.ear.card()
    }
}

impl ForeignModel for BundleModel<'_> {
    fn name(&self) -> &str {
        &self.card().name
    }

    fn weights(&self) -> &str {
        &self.card().sha256
    }

    fn learned_from(&self) -> &[DataSet] {
        &self.learned_from
    }

    fn findings(&self) -> Vec<ForeignFinding> {
        let asked = HEARD.into_iter().map(|(finding, domain)| ForeignFinding {
            finding,
            domain,
            // The card's limits belong to other patients and another stethoscope.
            present_at: 0.5,
            absent_below: 0.5,
        });
        asked.collect()
    }

    fn probabilities(&self, signal: &Signal) -> Result<Vec<f64>, String> {
        let (heard, _) =
            hear(self.ear, signal, AnalyzeOptions::default()).map_err(|error| error.to_string())?;
        HEARD
            .into_iter()
            .map(|(finding, _)| {
                let mut scores = heard.findings.iter();
                let score = scores.find(|score| score.finding == finding);
                score
                    .map(|score| f64::from(score.probability))
                    .ok_or_else(|| format!("it does not speak of {finding}"))
            })
            .collect()
    }
}

/// The first 16 hex digits of a SHA-256.
fn hash(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest[..8].iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string does not fail");
        text
    })
}
