//! Recipes: one TOML file a training stage.
//!
//! In: a file below `recipes/`. Out: everything a stage needs besides the data and the initial
//! weights. Unknown keys are errors.

use std::path::Path;

use laennec_audio::LogMelConfig;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    Error, checkpoint, error::io, heart::augment::HeartAugment, lung::augment::LungAugment,
    optimise::OptimiserConfig, schedule::OneCycle,
};

/// What a recipe trains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The lung encoder with its record and event heads.
    Lung,
    /// The heart encoder with its head.
    Heart,
    /// Domain, quality and finding heads on trained encoders, calibration, the bundle.
    Heads,
    /// An encoder aligned with a language model.
    Align,
}

/// Only the stage of a recipe, to decide how to read the rest.
#[derive(Deserialize)]
struct Header {
    stage: Stage,
}

/// Fine-tuning of an encoder.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FineTune<A> {
    /// What is trained.
    pub stage: Stage,
    /// Seed of everything random.
    pub seed: u64,
    /// Passes over the training recordings.
    pub epochs: usize,
    /// Recordings a step.
    pub batch: usize,
    /// Dropout before the heads.
    pub dropout: f64,
    /// Label smoothing of the cross-entropies.
    pub label_smoothing: f32,
    /// Optimisation steps between checkpoints.
    pub checkpoint_every: usize,
    /// Groups by device (PhysioNet's databases) that neither train nor are reported while training,
    /// to see what carries over to a database that was never heard.
    #[serde(default)]
    pub leave_out: Vec<String>,
    /// The front end; stored with the weights, since they only work together.
    pub front_end: LogMelConfig,
    /// Learning rates, decay, clipping, averaging.
    pub optimiser: OptimiserConfig,
    /// The learning-rate schedule.
    pub schedule: OneCycle,
    /// Random changes of the training recordings.
    pub augment: A,
}

/// A recipe for [`Stage::Lung`].
pub type LungRecipe = FineTune<LungAugment>;
/// A recipe for [`Stage::Heart`].
pub type HeartRecipe = FineTune<HeartAugment>;

/// A recipe file's text with its path, for errors.
pub struct RecipeFile {
    text: String,
    path: std::path::PathBuf,
}

impl RecipeFile {
    /// Reads the file.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Ok(Self {
            text: std::fs::read_to_string(path).map_err(io(path))?,
            path: path.to_path_buf(),
        })
    }

    /// The stage that the file is for.
    pub fn stage(&self) -> Result<Stage, Error> {
        self.parse::<Header>().map(|header| header.stage)
    }

    /// The whole recipe.
    pub fn parse<R: DeserializeOwned>(&self) -> Result<R, Error> {
        toml::from_str(&self.text).map_err(|e| Error::Recipe {
            path: self.path.clone(),
            reason: e.to_string(),
        })
    }

    /// The error for a recipe of another stage than the one wanted.
    pub(crate) fn wrong_stage(&self, wanted: &str) -> Error {
        Error::Recipe {
            path: self.path.clone(),
            reason: format!("this recipe does not train {wanted}"),
        }
    }

    /// SHA-256 of the text.
    pub fn sha256(&self) -> String {
        checkpoint::hex(self.text.as_bytes())
    }
}
