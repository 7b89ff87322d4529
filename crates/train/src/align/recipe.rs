//! The recipe of alignment: a TOML file in; data, networks, weights of the terms, and the control
//! out.

use std::path::PathBuf;

use laennec_corpus::DataSet;
use laennec_models::teacher::TeacherConfig;
use serde::{Deserialize, Serialize};

use super::Augment;
use crate::{
    checks::{Check, count, not_negative, positive},
    fit::EarlyStopping,
    optimise::OptimiserConfig,
    recipe::Stage,
    schedule::Schedule,
};

/// What an encoder is aligned with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Text {
    /// Its own report, with all that is known of the recording.
    Report,
    /// Its own report without the findings that are evaluated: site, age, sex, device.
    LabelsHidden,
    /// The report of any other recording.
    Shuffled,
    /// The report of another recording with the same label of the same data set.
    ShuffledWithinLabel,
    /// Its own report, but each text is a random direction.
    RandomTeacher,
    /// Nothing: the terms without text alone.
    None,
}

/// Among which recordings of a batch similarities are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Among {
    /// All of them, as AcuLa does.
    #[default]
    Batch,
    /// Those of the same data set and device: what tells these apart fulfils no term then.
    Device,
}

/// How the reports of different recordings are worded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wording {
    /// Each in words drawn for it.
    #[default]
    Own,
    /// Equal facts in equal words, so that texts differ in what they state only.
    Equal,
}

/// A run of the same recipe that shows where a gain comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// As [`Text`] says.
    Text(Text),
    /// No text and no preservation: cross-entropy on the labels that the reports state.
    Supervised,
    /// The published code's alignment of covariances in place of the recipe's.
    Covariance,
}

impl Control {
    /// The names on the command line.
    pub const NAMES: [&'static str; 7] = [
        "labels-hidden",
        "shuffled",
        "shuffled-within-label",
        "random-teacher",
        "none",
        "supervised",
        "covariance",
    ];

    /// The control of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "labels-hidden" => Self::Text(Text::LabelsHidden),
            "shuffled" => Self::Text(Text::Shuffled),
            "shuffled-within-label" => Self::Text(Text::ShuffledWithinLabel),
            "random-teacher" => Self::Text(Text::RandomTeacher),
            "none" => Self::Text(Text::None),
            "supervised" => Self::Supervised,
            "covariance" => Self::Covariance,
            _ => return None,
        })
    }
}

/// Weights of the terms of the loss; a term of weight 0 is not computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Weights {
    /// `1 - linear CKA` of projected sound and text.
    pub cka: f32,
    /// `1 - debiased CKA` of projected sound and text.
    pub debiased_cka: f32,
    /// `1 - covariance CKA`: the published form, an ablation.
    pub covariance_cka: f32,
    /// Contrast in both directions.
    pub info_nce: f32,
    /// Contrast pair by pair.
    pub siglip: f32,
    /// Closeness to the frozen start.
    pub preservation: f32,
    /// Contrast of two augmented views of the same recording.
    pub cola: f32,
    /// Error of the encoder's own decoder on hidden patches; for masked auto-encoders (OPERA-GT).
    pub reconstruction: f32,
    /// Cross-entropy on the labels that the reports state.
    pub supervised: f32,
}

impl Weights {
    /// Whether any term looks at texts.
    pub fn uses_text(&self) -> bool {
        let terms = [
            self.cka,
            self.debiased_cka,
            self.covariance_cka,
            self.info_nce,
            self.siglip,
        ];
        terms.iter().any(|weight| *weight != 0.0)
    }

    fn without_text(self) -> Self {
        Self {
            preservation: self.preservation,
            cola: self.cola,
            reconstruction: self.reconstruction,
            supervised: self.supervised,
            ..Self::default()
        }
    }
}

/// A recipe for [`Stage::Align`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlignRecipe {
    /// What is trained.
    pub stage: Stage,
    /// Seed of everything random.
    pub seed: u64,
    /// Passes over the training recordings.
    pub epochs: usize,
    /// Recordings whose similarities are compared at once.
    pub batch: usize,
    /// Recordings of one forward pass; changes the memory needed and nothing else.
    pub micro_batch: usize,
    /// Optimisation steps between checkpoints.
    pub checkpoint_every: usize,
    /// Where the recordings come from.
    pub data_sets: Vec<DataSet>,
    /// Length of a clip in s; longer recordings are cut, shorter ones repeated.
    pub window_s: f64,
    /// Augmented views of each recording that are computed once and drawn from.
    pub views: usize,
    /// Blocks of the encoder that learn, from the last; what lies before is computed once.
    pub unfrozen_blocks: usize,
    /// The encoder's name, such as `mn04` or `whisper`.
    pub encoder: String,
    /// Weights to start from instead of the published ones; needed where the models folder has none.
    #[serde(default)]
    pub start: Option<PathBuf>,
    /// What is aligned with.
    pub text: Text,
    /// Who is compared with whom.
    #[serde(default)]
    pub among: Among,
    /// The words of the reports.
    #[serde(default)]
    pub wording: Wording,
    /// The language model.
    pub teacher: TeacherConfig,
    /// Terms of the loss.
    pub weights: Weights,
    /// Learning rates, decay, clipping, averaging.
    pub optimiser: OptimiserConfig,
    /// The learning-rate schedule.
    pub schedule: Schedule,
    /// When to stop before the last epoch.
    #[serde(default)]
    pub early_stopping: Option<EarlyStopping>,
    /// Random changes of the training recordings.
    pub augment: Augment,
}

impl Check for AlignRecipe {
    fn check(&self) -> Result<(), String> {
        for (name, value) in [
            ("epochs", self.epochs),
            ("batch", self.batch),
            ("micro_batch", self.micro_batch),
            ("checkpoint_every", self.checkpoint_every),
            ("data_sets", self.data_sets.len()),
        ] {
            count(name, value)?;
        }
        positive("window_s", self.window_s)?;
        let weights = &self.weights;
        let terms = [
            ("cka", weights.cka),
            ("debiased_cka", weights.debiased_cka),
            ("covariance_cka", weights.covariance_cka),
            ("info_nce", weights.info_nce),
            ("siglip", weights.siglip),
            ("preservation", weights.preservation),
            ("cola", weights.cola),
            ("reconstruction", weights.reconstruction),
            ("supervised", weights.supervised),
        ];
        for (name, weight) in terms {
            not_negative(&format!("weights.{name}"), weight.into())?;
        }
        if terms.iter().all(|(_, weight)| *weight == 0.0) {
            return Err("weights: all are 0; one term must weigh something".into());
        }
        self.optimiser.check()?;
        self.schedule.check()?;
        self.early_stopping.as_ref().map_or(Ok(()), Check::check)?;
        self.augment.check()
    }
}

impl AlignRecipe {
    /// The recipe as the control wants it; nothing else changes.
    #[must_use]
    pub fn with(mut self, control: Option<Control>) -> Self {
        match control {
            None => {}
            Some(Control::Text(text)) => self.text = text,
            Some(Control::Supervised) => {
                self.text = Text::None;
                self.weights = Weights {
                    supervised: 1.0,
                    ..Weights::default()
                };
            }
            Some(Control::Covariance) => {
                self.weights = Weights {
                    covariance_cka: 1.0,
                    ..self.weights.without_text()
                };
            }
        }
        if self.text == Text::None {
            self.weights = self.weights.without_text();
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_control_is_one_change() {
        let text = include_str!("../../../../recipes/align.toml");
        let recipe: AlignRecipe = toml::from_str(text).unwrap();
        assert_eq!(recipe.text, Text::Report);
        assert!(recipe.weights.uses_text());
        for name in Control::NAMES {
            let control = Control::from_name(name);
            assert!(control.is_some(), "{name}");
            let changed = recipe.clone().with(control);
            let texts = !matches!(name, "none" | "supervised");
            assert_eq!(changed.weights.uses_text(), texts, "{name}");
            assert_eq!(changed.optimiser, recipe.optimiser);
            assert_eq!(changed.weights.supervised, f32::from(name == "supervised"));
        }
        assert_eq!(Control::from_name("other"), None);
    }
}
