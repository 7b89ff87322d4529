//! The card of a bundle: what was trained on whom, and the thresholds with their stated error
//! rates. Read from the bundle; printed with every result.

use laennec_corpus::{Domain, Finding};
use serde::{Deserialize, Serialize};

use crate::{Error, schema, wording};

/// What a bundle says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BundleCard {
    /// Name of the bundle.
    pub name: String,
    /// Version of the bundle.
    pub version: String,
    /// SHA-256 of the bundle's weights, lower-case hexadecimal.
    pub sha256: String,
    /// The data sets that taught the networks.
    pub trained_on: Vec<TrainingSource>,
    /// Thresholds on the domain and the quality.
    pub gates: Gates,
    /// How each finding is decided; a finding without an entry is not assessed.
    pub rules: Vec<FindingRule>,
    /// Embedding distance above which a signal counts as unlike the training data: nothing is
    /// asserted or denied there. `None` if the bundle measures none.
    #[serde(default)]
    pub novelty_limit: Option<f32>,
}

impl BundleCard {
    /// The rule of a finding, if the bundle decides it.
    pub fn rule(&self, finding: Finding) -> Option<&FindingRule> {
        self.rules.iter().find(|rule| rule.finding == finding)
    }

    /// Refuses a card whose thresholds cannot be used.
    pub fn validate(&self) -> Result<(), Error> {
        let refuse = |what: String, expected| {
            Err(Error::BadCard {
                bundle: self.name.clone(),
                what,
                expected,
            })
        };
        let gates = [
            self.gates.domain_at,
            self.gates.poor_at,
            self.gates.usable_below,
        ];
        let of_rules = self
            .rules
            .iter()
            .flat_map(|rule| [rule.present_at, rule.absent_below]);
        for threshold in gates.into_iter().map(Some).chain(of_rules).flatten() {
            if !(0.0..=1.0).contains(&threshold) {
                return refuse(format!("the threshold {threshold}"), "a number from 0 to 1");
            }
        }
        if self.gates.usable_below > self.gates.poor_at {
            return refuse(
                "`usable_below` above `poor_at`".to_owned(),
                "the reverse order",
            );
        }
        for (at, rule) in self.rules.iter().enumerate() {
            if let (Some(present_at), Some(absent_below)) = (rule.present_at, rule.absent_below)
                && absent_below > present_at
            {
                let what = format!("`absent_below` above `present_at` for `{}`", rule.finding);
                return refuse(what, "the reverse order");
            }
            if self.rules[..at]
                .iter()
                .any(|other| other.finding == rule.finding)
            {
                return refuse(
                    format!("two rules for `{}`", rule.finding),
                    "one rule a finding",
                );
            }
        }
        Ok(())
    }
}

/// One data set of the training data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TrainingSource {
    /// Name of the data set.
    pub name: String,
    /// What its recordings are of.
    #[schemars(schema_with = "schema::domain")]
    pub domain: Domain,
    /// Whose recordings they are, for example `children, Shanghai`.
    pub population: String,
    /// Recording devices and sample rate.
    pub devices: String,
    /// Subjects, where the data set says who is who.
    #[serde(default)]
    pub subjects: Option<usize>,
    /// Recordings used for training.
    pub recordings: usize,
    /// Training examples of each class.
    #[serde(default)]
    pub per_class: Vec<ClassCount>,
}

impl TrainingSource {
    /// `SPRSound (lung sounds, children, ...; 1,506 recordings of 201 subjects; devices)`.
    pub fn describe(&self) -> String {
        let subjects = self
            .subjects
            .map_or(String::new(), |subjects| format!(" of {subjects} subjects"));
        format!(
            "{} ({}: {}; {} recordings{subjects}; {})",
            self.name,
            wording::domain(self.domain),
            self.population,
            self.recordings,
            self.devices
        )
    }
}

/// How many training examples a class had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ClassCount {
    /// Class as the data set names it.
    pub class: String,
    /// Number of examples.
    pub n: usize,
}

/// Thresholds that come before any finding.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gates {
    /// Least probability of the likeliest domain; below it the domain is uncertain.
    pub domain_at: f32,
    /// At or above this probability of poor quality the signal is poor and no finding is judged.
    pub poor_at: f32,
    /// Below this probability of poor quality the signal is usable; between the two it is borderline.
    pub usable_below: f32,
}

/// How the probability of one finding becomes an answer, with what is known of the errors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FindingRule {
    /// The finding.
    pub finding: Finding,
    /// Domain of the finding.
    pub domain: Domain,
    /// At or above this probability: present. `None`: the bundle never asserts it.
    pub present_at: Option<f32>,
    /// Below this probability: absent. `None`: the bundle never denies it.
    pub absent_below: Option<f32>,
    /// Why the finding is not assessed at all, for example too few patients.
    #[serde(default)]
    pub not_assessed: Option<String>,
    /// Lowest bandwidth in Hz that the finding needs; the sample rate must be twice this.
    pub needs_hz: f32,
    /// Measured on patients heard by networks that did not learn from them.
    #[serde(default)]
    pub stated: Option<StatedErrors>,
}

/// Error rates of the decided answers, with the number of recordings behind them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct StatedErrors {
    /// Share of the recordings without the finding that are called present.
    pub false_alarm_rate: f32,
    /// Share of the recordings with the finding that are called absent.
    pub miss_rate: f32,
    /// Share of recordings that get a decided answer (present or absent).
    pub coverage: f32,
    /// Recordings with the finding.
    pub positives: usize,
    /// Recordings without the finding.
    pub negatives: usize,
}
