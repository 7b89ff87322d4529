//! Recipes: one TOML file a training stage.
//!
//! In: a file below `recipes/`. Out: everything a stage needs besides the data and the initial
//! weights. Unknown keys are errors.

use std::path::Path;

use laennec_audio::LogMelConfig;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    Error, checkpoint,
    checks::{Check, below_one, count},
    error::io,
    heart::augment::HeartAugment,
    lung::augment::LungAugment,
    optimise::OptimiserConfig,
    schedule::OneCycle,
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
    /// Which part of the training patients is held out; without it, the calibration patients are.
    #[serde(default)]
    pub hold_out: Option<Part>,
    /// The only part of the training patients that is learned from, to see what more of them would
    /// bring; without it, all are that are not held out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learn_from: Option<Part>,
    /// The front end; stored with the weights, since they only work together.
    pub front_end: LogMelConfig,
    /// Learning rates, decay, clipping, averaging.
    pub optimiser: OptimiserConfig,
    /// The learning-rate schedule.
    pub schedule: OneCycle,
    /// Random changes of the training recordings.
    pub augment: A,
}

impl<A: Check> Check for FineTune<A> {
    fn check(&self) -> Result<(), String> {
        for (name, value) in [
            ("epochs", self.epochs),
            ("batch", self.batch),
            ("checkpoint_every", self.checkpoint_every),
        ] {
            count(name, value)?;
        }
        below_one("dropout", self.dropout)?;
        below_one("label_smoothing", self.label_smoothing.into())?;
        self.front_end.check()?;
        self.optimiser.check()?;
        self.schedule.check()?;
        self.augment.check()
    }
}

/// One of several parts of the training recordings, by whole patients (blocks, where these are
/// unknown). A network learns from the other parts and from the calibration recordings, so that
/// several networks together learn from everyone, and everyone is unknown to one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Which one, from 1 on.
    pub part: usize,
    /// Of how many.
    pub of: usize,
}

impl Part {
    /// As the header of a weights file stores it.
    pub fn word(self) -> String {
        format!("part {} of {}", self.part, self.of)
    }

    /// Reads [`Part::word`].
    pub fn from_word(word: &str) -> Option<Self> {
        let (part, of) = word.strip_prefix("part ")?.split_once(" of ")?;
        Some(Self {
            part: part.parse().ok()?,
            of: of.parse().ok()?,
        })
    }
}

/// What a person changes of a recipe without writing another one: the members of an ensemble differ
/// in nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Another seed.
    pub seed: Option<u64>,
    /// Another number of epochs.
    pub epochs: Option<usize>,
    /// Another part to hold out.
    pub hold_out: Option<Part>,
    /// Another part to learn from alone.
    pub learn_from: Option<Part>,
    /// Further groups by device that are left out.
    pub leave_out: Vec<String>,
}

impl Changes {
    /// The recipe with the changes made.
    pub fn apply<A>(&self, mut recipe: FineTune<A>) -> FineTune<A> {
        recipe.seed = self.seed.unwrap_or(recipe.seed);
        recipe.epochs = self.epochs.unwrap_or(recipe.epochs);
        recipe.hold_out = self.hold_out.or(recipe.hold_out);
        recipe.learn_from = self.learn_from.or(recipe.learn_from);
        recipe.leave_out.extend(self.leave_out.iter().cloned());
        recipe
    }
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
        self.wrong(&format!("this recipe does not train {wanted}"))
    }

    /// The error for a recipe that cannot be followed.
    pub(crate) fn wrong(&self, reason: &str) -> Error {
        Error::Recipe {
            path: self.path.clone(),
            reason: reason.into(),
        }
    }

    /// SHA-256 of the text.
    pub fn sha256(&self) -> String {
        checkpoint::hex(self.text.as_bytes())
    }
}
