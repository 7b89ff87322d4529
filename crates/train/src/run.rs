//! A whole fine-tuning stage: data, initial weights, optimisation, trained weights.
//!
//! In: a recipe, the data folder, mn04's weights. Out: `encoder.safetensors` (f16, with front end
//! and provenance in its header) beside the log and the checkpoints of the run.

use std::{
    collections::{BTreeSet, HashMap},
    fs,
    path::{Path, PathBuf},
};

use burn::{module::Module, tensor::Device};
use laennec_audio::LogMelConfig;
use laennec_corpus::{DataSet, Located};
use laennec_models::{
    ear::{FRONT_END_KEY, HELD_OUT_KEY, LEFT_OUT_KEY, TAUGHT_KEY, Taught},
    mobilenet::{MobileNetV3, Precision},
    networks::{HeartNet, LungNet},
    weights,
};
use serde::Serialize;

use crate::{
    Error, checkpoint,
    checks::Check,
    data,
    error::io,
    fit::{Progress, Settings, Task, fit},
    heart::{self, HeartTask},
    lung::{self, LungTask},
    recipe::{Changes, FineTune, HeartRecipe, LungRecipe, Part, RecipeFile, Stage},
};

/// File name of the trained weights in the run's folder.
pub const ENCODER_FILE: &str = "encoder.safetensors";

/// What the header of the weights has under [`HELD_OUT_KEY`] where no part was held out but the
/// calibration recordings.
pub const CALIBRATION: &str = "calibration";

/// What a stage reads and where it writes.
pub struct Run<'a> {
    /// The recipe.
    pub recipe: &'a RecipeFile,
    /// What is changed of it.
    pub changes: &'a Changes,
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
        checkpoint::keep_weights(self.out, ENCODER_FILE)?;
        let device = Device::flex().autodiff();
        let backbone = MobileNetV3::load(self.initial, &device)?;
        match self.recipe.stage()? {
            Stage::Lung => {
                let recipe: LungRecipe = self.changes.apply(self.recipe.parse()?);
                let (train, held_out) = self.parts(DataSet::SprSound, &recipe)?;
                let settings = self.settings(&recipe, &train, &held_out)?;
                let origin = Origin::of(&recipe, &train);
                let (train, held_out) = (lung::load(&train)?, lung::load(&held_out)?);
                device.seed(recipe.seed);
                let net = LungNet::new(backbone, recipe.dropout, &device);
                let task = LungTask::new(recipe, train, held_out, device.clone())?;
                self.finish(&task, net, &device, &settings, &origin, report)
            }
            Stage::Heart => {
                let recipe: HeartRecipe = self.changes.apply(self.recipe.parse()?);
                let (train, held_out) = self.parts(DataSet::PhysioNet2016, &recipe)?;
                let settings = self.settings(&recipe, &train, &held_out)?;
                let origin = Origin::of(&recipe, &train);
                let load = |part: &[&Located]| heart::load(part, recipe.front_end.rate);
                let (train, held_out) = (load(&train)?, load(&held_out)?);
                device.seed(recipe.seed);
                let net = HeartNet::new(backbone, recipe.dropout, &device);
                let task = HeartTask::new(recipe, train, held_out, device.clone())?;
                self.finish(&task, net, &device, &settings, &origin, report)
            }
            Stage::Heads | Stage::Align => Err(self.recipe.wrong_stage("an encoder")),
        }
    }

    /// The recordings that teach, and those that are only reported on.
    fn parts<A: Check>(
        &self,
        data_set: DataSet,
        recipe: &FineTune<A>,
    ) -> Result<(Vec<&Located>, Vec<&Located>), Error> {
        recipe
            .check()
            .map_err(|reason| self.recipe.wrong(&reason))?;
        self.check_part("hold_out", recipe.hold_out)?;
        self.check_part("learn_from", recipe.learn_from)?;
        if recipe.hold_out.is_some() && recipe.learn_from.is_some() {
            let reason = "hold_out and learn_from name parts of the same patients; give one";
            return Err(self.recipe.wrong(reason));
        }
        let devices: BTreeSet<&str> = self
            .recordings
            .iter()
            .filter(|l| l.recording.data_set == data_set)
            .filter_map(|l| l.recording.device.as_deref())
            .collect();
        if let Some(name) = recipe
            .leave_out
            .iter()
            .find(|n| !devices.contains(n.as_str()))
        {
            let known: Vec<&str> = devices.into_iter().collect();
            return Err(self.recipe.wrong(&format!(
                "leave_out: {data_set} has no recordings of {name}; there are {}",
                if known.is_empty() {
                    "no databases to tell apart".into()
                } else {
                    known.join(", ")
                }
            )));
        }
        let left_out = |l: &Located| {
            let device = l.recording.device.as_ref();
            device.is_some_and(|d| recipe.leave_out.contains(d))
        };
        let (mut taught, mut held_out) =
            data::sides(self.recordings, recipe.hold_out, recipe.learn_from);
        for side in [&mut taught, &mut held_out] {
            side.retain(|l| l.recording.data_set == data_set && !left_out(l));
        }
        Ok((taught, held_out))
    }

    fn check_part(&self, name: &str, part: Option<Part>) -> Result<(), Error> {
        match part {
            Some(Part { part, of }) if !(2..=20).contains(&of) || !(1..=of).contains(&part) => {
                Err(self.recipe.wrong(&format!(
                    "{name}: {part}/{of}: write the part, 1 to {of}, of 2 to 20 parts"
                )))
            }
            _ => Ok(()),
        }
    }

    fn settings<A: Serialize>(
        &self,
        recipe: &FineTune<A>,
        train: &[&Located],
        held_out: &[&Located],
    ) -> Result<Settings, Error> {
        let initial = fs::read(self.initial).map_err(io(self.initial))?;
        let key = format!(
            "{}\n{}\n{}",
            json(recipe),
            checkpoint::hex(&initial),
            data::seen(&[train, held_out])
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
        recipe: &Origin,
        report: &mut dyn FnMut(&Progress),
    ) -> Result<PathBuf, Error> {
        let trained = fit(task, net, device, settings, report)?;
        let metadata = HashMap::from([
            (FRONT_END_KEY.to_string(), json(&recipe.front_end)),
            (HELD_OUT_KEY.to_string(), recipe.held_out.clone()),
            (LEFT_OUT_KEY.to_string(), recipe.left_out.clone()),
            (TAUGHT_KEY.to_string(), recipe.taught.to_json()),
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

/// What the header of the weights says of their recipe.
struct Origin {
    front_end: LogMelConfig,
    held_out: String,
    left_out: String,
    taught: Taught,
}

impl Origin {
    fn of<A>(recipe: &FineTune<A>, train: &[&Located]) -> Self {
        Self {
            front_end: recipe.front_end.clone(),
            held_out: recipe
                .hold_out
                .map_or_else(|| CALIBRATION.to_string(), Part::word),
            left_out: recipe.leave_out.join(","),
            taught: data::taught(train),
        }
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain data serialises")
}
