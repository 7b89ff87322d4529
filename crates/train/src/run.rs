//! A whole fine-tuning stage: data, initial weights, optimisation, trained weights.
//!
//! In: a recipe, the data folder, mn04's weights. Out: `encoder.safetensors` (f16, with front end
//! and provenance in its header) beside the log and the checkpoints of the run.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use burn::{module::Module, tensor::Device};
use laennec_audio::LogMelConfig;
use laennec_corpus::{DataSet, Located, Split};
use laennec_models::{
    mobilenet::{MobileNetV3, Precision},
    networks::{HeartNet, LungNet},
    weights,
};
use serde::Serialize;

use crate::{
    Error, checkpoint,
    error::io,
    fit::{Progress, Settings, Task, fit},
    heart::{self, HeartTask},
    lung::{self, LungTask},
    recipe::{FineTune, HeartRecipe, LungRecipe, RecipeFile, Stage},
};

/// File name of the trained weights in the run's folder.
pub const ENCODER_FILE: &str = "encoder.safetensors";

/// What a stage reads and where it writes.
pub struct Run<'a> {
    /// The recipe.
    pub recipe: &'a RecipeFile,
    /// Recordings with their splits assigned.
    pub recordings: &'a [Located],
    /// mn04's published weights.
    pub initial: &'a Path,
    /// Folder of the run; continued if it holds checkpoints of the same run.
    pub out: &'a Path,
}

impl Run<'_> {
    /// Trains the recipe's encoder and returns the path of the weights.
    pub fn fine_tune(&self, report: &mut dyn FnMut(&Progress)) -> Result<PathBuf, Error> {
        let device = Device::flex().autodiff();
        let backbone = MobileNetV3::load(self.initial, &device)?;
        match self.recipe.stage()? {
            Stage::Lung => {
                let recipe: LungRecipe = self.recipe.parse()?;
                let load =
                    |split| lung::load(&self.part(DataSet::SprSound, split, &recipe.leave_out));
                let (train, held_out) = (load(Split::Train)?, load(Split::Calibration)?);
                let ids = train.iter().map(|e| e.id.as_str()).collect::<Vec<_>>();
                let settings = self.settings(&recipe, &ids)?;
                device.seed(recipe.seed);
                let net = LungNet::new(backbone, recipe.dropout, &device);
                let front_end = recipe.front_end.clone();
                let task = LungTask::new(recipe, train, held_out, device.clone())?;
                self.finish(&task, net, &device, &settings, &front_end, report)
            }
            Stage::Heart => {
                let recipe: HeartRecipe = self.recipe.parse()?;
                let load = |split| {
                    heart::load(
                        &self.part(DataSet::PhysioNet2016, split, &recipe.leave_out),
                        recipe.front_end.rate,
                    )
                };
                let (train, held_out) = (load(Split::Train)?, load(Split::Calibration)?);
                let ids = train.iter().map(|e| e.id.as_str()).collect::<Vec<_>>();
                let settings = self.settings(&recipe, &ids)?;
                device.seed(recipe.seed);
                let net = HeartNet::new(backbone, recipe.dropout, &device);
                let front_end = recipe.front_end.clone();
                let task = HeartTask::new(recipe, train, held_out, device.clone())?;
                self.finish(&task, net, &device, &settings, &front_end, report)
            }
            Stage::Heads | Stage::Align => Err(self.recipe.wrong_stage("an encoder")),
        }
    }

    fn part(&self, data_set: DataSet, split: Split, leave_out: &[String]) -> Vec<&Located> {
        let kept = |l: &&Located| {
            let recording = &l.recording;
            let left_out = recording
                .device
                .as_ref()
                .is_some_and(|d| leave_out.contains(d));
            recording.data_set == data_set && recording.split == Some(split) && !left_out
        };
        self.recordings.iter().filter(kept).collect()
    }

    fn settings<A>(&self, recipe: &FineTune<A>, ids: &[&str]) -> Result<Settings, Error> {
        let initial = fs::read(self.initial).map_err(io(self.initial))?;
        let key = format!(
            "{}\n{}\n{}",
            self.recipe.sha256(),
            checkpoint::hex(&initial),
            ids.join("\n")
        );
        Ok(Settings {
            folder: self.out.to_path_buf(),
            epochs: recipe.epochs,
            seed: recipe.seed,
            checkpoint_every: recipe.checkpoint_every,
            optimiser: recipe.optimiser.clone(),
            schedule: recipe.schedule.into(),
            early_stopping: None,
            run: checkpoint::hex(key.as_bytes()),
        })
    }

    fn finish<T: Task>(
        &self,
        task: &T,
        net: T::Net,
        device: &Device,
        settings: &Settings,
        front_end: &LogMelConfig,
        report: &mut dyn FnMut(&Progress),
    ) -> Result<PathBuf, Error> {
        let trained = fit(task, net, device, settings, report)?;
        let metadata = HashMap::from([
            ("front_end".to_string(), json(front_end)),
            ("recipe_sha256".to_string(), self.recipe.sha256()),
            ("run".to_string(), settings.run.clone()),
        ]);
        let bytes = weights::to_bytes(&trained.valid(), Precision::F16, metadata)?;
        let path = self.out.join(ENCODER_FILE);
        let beside = self.out.join(format!(".{ENCODER_FILE}.tmp"));
        fs::write(&beside, bytes).map_err(io(&beside))?;
        fs::rename(&beside, &path).map_err(io(&path))?;
        Ok(path)
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain data serialises")
}
