//! The analysis of one recording as it is shown and exported: stable field names, no path, no name,
//! nothing of the patient. `SCHEMA_VERSION` changes when a field changes its name or meaning.

use laennec_corpus::{Domain, Finding, Presence};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::card::{StatedErrors, TrainingSource};
use crate::schema;

/// Version of the exported format.
pub const SCHEMA_VERSION: &str = "1";

/// Stands beside every result.
pub const RESEARCH_USE: &str = "For research use only. Not a medical device: it must not be used \
    to diagnose, to treat or to decide about a patient. It speaks of one recording, never of a person.";

/// What Laennec heard in one recording.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Analysis {
    /// Version of this format.
    pub schema_version: String,
    /// Opaque id: `rec-` and the first 16 hexadecimal digits of the SHA-256 of sample rate and samples.
    /// The same samples always get the same id; neither path nor file name enters it.
    pub id: String,
    /// Facts about the recording.
    pub recording: RecordingFacts,
    /// Whether the signal can be judged.
    pub quality: QualityAnswer,
    /// What the recording is of.
    pub domain: DomainAnswer,
    /// One answer for each finding of the domain; all of them `not_assessed` if quality or domain
    /// does not allow an answer.
    pub findings: Vec<FindingAnswer>,
    /// Where present findings were heard, by start time.
    pub events: Vec<EventAnswer>,
    /// How a long recording was cut.
    pub windows: WindowFacts,
    /// The report: a paragraph that says what `quality`, `domain` and `findings` say.
    pub report: Report,
    /// What the reader should know besides, for example that only the first part was analysed.
    pub notices: Vec<String>,
    /// The bundle that listened.
    pub bundle: BundleFacts,
    /// Research-use notice.
    pub research_use: String,
}

impl Analysis {
    /// One sentence on the people and devices that the networks learned from: those of the
    /// recording's domain, or all where there is none.
    pub fn population(&self) -> String {
        let sources = self
            .bundle
            .trained_on
            .iter()
            .filter(|source| match self.domain.domain {
                Some(domain @ (Domain::Heart | Domain::Lung)) => source.domain == domain,
                Some(Domain::Other) | None => true,
            });
        let described: Vec<String> = sources.map(TrainingSource::describe).collect();
        if described.is_empty() {
            "The bundle does not state what it was trained on.".to_owned()
        } else {
            format!("Trained on {}.", described.join("; "))
        }
    }
}

/// Facts about the recording, measured on the samples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RecordingFacts {
    /// Length in seconds of what was analysed.
    pub seconds: f64,
    /// Sample rate in Hz; 0 if the file holds no samples and does not say.
    pub rate_hz: u32,
    /// Channels of the file; more than one were mixed or one was chosen.
    pub channels: usize,
    /// Container and coding, for example `wav, pcm_s16le`.
    pub format: String,
    /// Root mean square level without the offset, in dB below full scale; -144 for silence.
    pub level_dbfs: f32,
    /// Largest magnitude, in dB below full scale.
    pub peak_dbfs: f32,
    /// Level of the quiet parts (10th percentile of 50 ms), in dB below full scale.
    pub noise_floor_dbfs: f32,
    /// Mean of the samples, in parts of full scale.
    pub dc_offset: f32,
    /// Frequency in Hz up to which the recording holds sound.
    pub bandwidth_hz: f32,
    /// Share of clipped samples, 0..=1.
    pub clipped: f32,
    /// Share of frames of 50 ms that are silent, 0..=1.
    pub silent: f32,
    /// Frequency of mains hum in Hz (50 or 60), if there is clear hum.
    pub mains_hum_hz: Option<u32>,
}

/// Whether the signal can be judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct QualityAnswer {
    /// The answer.
    pub quality: Quality,
    /// Calibrated probability of poor quality; `null` if the measures alone decided.
    pub probability_poor: Option<f32>,
    /// Why the signal is poor or borderline, in words.
    pub reasons: Vec<String>,
}

/// Signal quality.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// Good enough to be judged.
    Usable,
    /// Judged, but to be read with care.
    Borderline,
    /// Not judged.
    Poor,
}

/// What the recording is of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DomainAnswer {
    /// The domain; `null` if uncertain or not assessed.
    #[schemars(schema_with = "schema::optional_domain")]
    pub domain: Option<Domain>,
    /// Whether the person who gave the recording stated the domain, so that it was not decided here.
    pub stated: bool,
    /// Calibrated probabilities; empty if the signal is too poor to be asked.
    pub probabilities: Vec<DomainProbability>,
}

/// Probability of one domain.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DomainProbability {
    /// The domain.
    #[schemars(schema_with = "schema::domain")]
    pub domain: Domain,
    /// Its calibrated probability.
    pub probability: f32,
}

/// The answer for one finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FindingAnswer {
    /// Which finding, by its id in the vocabulary.
    #[schemars(schema_with = "schema::finding")]
    pub finding: Finding,
    /// Its name in words.
    pub name: String,
    /// Present, absent, uncertain or not assessed.
    #[schemars(schema_with = "schema::presence")]
    pub answer: Presence,
    /// Calibrated probability that the finding can be heard; `null` if it was not asked.
    pub probability: Option<f32>,
    /// Why the answer is uncertain or not assessed, or from which other answer it follows; `null`
    /// where the probability alone made it present or absent.
    pub reason: Option<String>,
    /// Probability at and above which the answer is present; `null` if never.
    pub present_at: Option<f32>,
    /// Probability below which the answer is absent; `null` if never.
    pub absent_below: Option<f32>,
    /// Error rates on patients heard by networks that did not learn from them, if stated.
    pub stated: Option<StatedErrors>,
}

/// A finding with a place in time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EventAnswer {
    /// Start in seconds from the beginning of the recording.
    pub start_s: f32,
    /// End in seconds from the beginning of the recording.
    pub end_s: f32,
    /// Which finding, by its id in the vocabulary.
    #[schemars(schema_with = "schema::finding")]
    pub finding: Finding,
    /// Its name in words.
    pub name: String,
    /// Calibrated probability.
    pub probability: f32,
}

/// How the recording was cut for the networks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WindowFacts {
    /// Windows listened to; 0 if the measures alone decided.
    pub count: usize,
    /// Length of a window in seconds.
    pub length_s: f64,
    /// Windows left out of the findings because their signal was poor.
    pub poor: usize,
}

/// The report in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// The text.
    pub text: String,
    /// Who wrote it.
    pub source: ReportSource,
}

/// Who wrote the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportSource {
    /// The deterministic template.
    Template,
    /// The language model; the text was verified against the findings.
    Reworded,
}

/// The bundle that listened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BundleFacts {
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
    /// SHA-256 of the weights.
    pub sha256: String,
    /// What it was trained on.
    pub trained_on: Vec<TrainingSource>,
}
