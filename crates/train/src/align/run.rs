//! A whole alignment: recordings, an encoder and a teacher in; the aligned encoder, the projection
//! heads and a log out.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
};

use burn::{module::Module, tensor::Device};
use laennec_corpus::{Located, Split};
use laennec_models::{
    ear::TAUGHT_KEY,
    mobilenet::Precision,
    teacher::{RandomTeacher, TEACHER_KEY, Teacher},
    weights,
};
use serde::Serialize;

use super::{
    AlignNet, AlignRecipe, Control, Text,
    encoder::{frozen_blocks, initial_weights, open_encoder},
    features::{Source, View},
    hidden,
    questions::{Question, answers, questions},
    supervised::Supervised,
    task::{AlignTask, Part},
    text::texts,
};
use crate::{
    Error, checkpoint,
    checks::Check,
    data,
    error::io,
    fit::{Progress, Settings, Task, fit},
    recipe::RecipeFile,
};

/// File name of the aligned encoder in the run's folder, in the layout of its published weights.
pub const ENCODER_FILE: &str = "encoder.safetensors";
/// File name of the projection of sounds.
pub const SOUND_FILE: &str = "sound-projection.safetensors";
/// File name of the projection of texts.
pub const TEXT_FILE: &str = "text-projection.safetensors";

/// Values of a random teacher's vectors, as all-MiniLM-L6-v2 gives.
const RANDOM_WIDTH: usize = 384;

/// What a run reads and where it writes.
pub struct AlignRun<'a> {
    /// The recipe.
    pub recipe: &'a RecipeFile,
    /// Which control of it, if any.
    pub control: Option<Control>,
    /// Another seed than the recipe's.
    pub seed: Option<u64>,
    /// Another number of epochs than the recipe's.
    pub epochs: Option<usize>,
    /// Recordings with their splits assigned.
    pub recordings: &'a [Located],
    /// The models folder, where the teacher lies and the encoder's published weights.
    pub models: &'a Path,
    /// Folder of what is computed once; shared by runs.
    pub cache: &'a Path,
    /// Folder of the run; continued if it holds checkpoints of the same run.
    pub out: &'a Path,
}

impl AlignRun<'_> {
    /// Aligns the encoder and returns the path of its weights. `say` gets lines about the
    /// preparation, `report` the steps.
    pub fn run(
        &self,
        say: &mut dyn FnMut(&str),
        report: &mut dyn FnMut(&Progress),
    ) -> Result<PathBuf, Error> {
        let mut recipe: AlignRecipe = self.recipe.parse::<AlignRecipe>()?.with(self.control);
        let fixed = recipe.seed;
        recipe.seed = self.seed.unwrap_or(recipe.seed);
        recipe.epochs = self.epochs.unwrap_or(recipe.epochs);
        recipe
            .check()
            .map_err(|reason| self.recipe.wrong(&reason))?;
        checkpoint::keep_weights(self.out, ENCODER_FILE)?;
        let initial = initial_weights(&recipe, self.models)?;
        let hash = checkpoint::hex(&fs::read(&initial).map_err(io(&initial))?);
        let train = self.part(&recipe, Split::Train);
        let held_out = self.part(&recipe, Split::Calibration);
        if train.len() < 4 {
            return Err(Error::NoData {
                what: recipe
                    .data_sets
                    .iter()
                    .map(|d| d.name())
                    .collect::<Vec<_>>()
                    .join(", "),
            });
        }
        let plain = Device::flex();
        let start = open_encoder(&recipe.encoder, &initial, &plain)?;
        if recipe.weights.reconstruction != 0.0 {
            hidden::check(&start)?;
        }
        let teacher = self.teacher(&recipe, &plain)?;
        let source = Source {
            encoder: &start,
            hash: &hash,
            frozen: frozen_blocks(&start, recipe.unfrozen_blocks),
            cache: self.cache,
            device: &plain,
        };
        let questions = questions(&recipe.data_sets);
        let parts = self.parts(
            (&recipe, fixed),
            &questions,
            &source,
            teacher.as_deref(),
            [&train, &held_out],
            say,
        )?;
        let [train_part, held_out_part] = parts;

        let device = Device::flex().autodiff();
        device.seed(recipe.seed);
        let encoder = open_encoder(&recipe.encoder, &initial, &device)?;
        let logits = Supervised::logits(&questions);
        let width = teacher.as_ref().map_or(1, |teacher| teacher.width());
        let net = AlignNet::new(encoder, width, logits, &device);
        let identity = teacher.as_ref().map(|teacher| teacher.identity());
        let seen = data::seen(&[&train, &held_out]);
        let settings = self.settings(&recipe, &[&hash, &seen, &identity.unwrap_or_default()]);
        let header = Header {
            recipe: self.recipe.sha256(),
            run: settings.run.clone(),
            taught: data::taught(&train).to_json(),
            teacher: json(&recipe.teacher),
        };
        let task = AlignTask::new(
            (recipe, questions),
            &net.valid(),
            train_part,
            held_out_part,
            device.clone(),
        );
        let before = task.evaluate(&net)?;
        self.check_stopping(&settings, &before)?;
        // Those of single questions are in the log of the steps.
        let figures = before.iter().filter(|(name, _)| !name.contains('/'));
        let figures: Vec<String> = figures.map(|(name, v)| format!("{name} {v:.3}")).collect();
        say(&format!(
            "before the first step, patients held out: {}",
            figures.join("  ")
        ));
        let trained = fit(&task, net, &device, &settings, report)?;
        self.write(&trained.valid(), &header)
    }

    /// The teacher, if texts are looked at; before anything long is computed.
    fn teacher(
        &self,
        recipe: &AlignRecipe,
        device: &Device,
    ) -> Result<Option<Box<dyn Teacher>>, Error> {
        Ok(match recipe.text {
            Text::None => None,
            Text::RandomTeacher => Some(Box::new(RandomTeacher {
                width: RANDOM_WIDTH,
                seed: recipe.seed,
            })),
            _ => Some(recipe.teacher.open(self.models, device)?),
        })
    }

    /// Refuses to stop by a figure that is not measured: training would never stop.
    fn check_stopping(&self, settings: &Settings, figures: &[(String, f64)]) -> Result<(), Error> {
        let Some(stopping) = &settings.early_stopping else {
            return Ok(());
        };
        let names: Vec<&str> = figures.iter().map(|(name, _)| name.as_str()).collect();
        if names.contains(&stopping.figure.as_str()) {
            return Ok(());
        }
        Err(self.recipe.wrong(&format!(
            "early_stopping.figure: {} is not measured; there are {}",
            stopping.figure,
            names.join(", ")
        )))
    }

    fn part(&self, recipe: &AlignRecipe, split: Split) -> Vec<&Located> {
        self.recordings
            .iter()
            .filter(|l| recipe.data_sets.contains(&l.recording.data_set))
            .filter(|l| l.recording.split == Some(split))
            .collect()
    }

    /// Everything that is computed once. Views and wordings are drawn with the recipe's own seed, so
    /// that runs with other seeds share them.
    fn parts(
        &self,
        (recipe, fixed): (&AlignRecipe, u64),
        questions: &[Question],
        source: &Source<'_>,
        teacher: Option<&dyn Teacher>,
        recordings: [&[&Located]; 2],
        say: &mut dyn FnMut(&str),
    ) -> Result<[Part; 2], Error> {
        let mut features = |recordings: &[&Located], number: Option<usize>| {
            let view = View {
                window_s: recipe.window_s,
                augmented: number.map(|number| (&recipe.augment, fixed, number)),
            };
            let what = number.map_or("clean clips".to_owned(), |n| {
                format!("view {} of {}", n + 1, recipe.views)
            });
            source.features(recordings, view, &mut |done| {
                if done % 200 < 8 || done == recordings.len() {
                    say(&format!("{what}: {done} of {}", recordings.len()));
                }
            })
        };
        let views = (0..recipe.views)
            .map(|number| features(recordings[0], Some(number)))
            .collect::<Result<_, _>>()?;
        let clean = [
            features(recordings[0], None)?,
            features(recordings[1], None)?,
        ];
        let mut both = [None, None];
        if let Some(teacher) = teacher {
            let drawn = (recipe.text, recipe.wording, [fixed, recipe.seed]);
            for (slot, recordings) in both.iter_mut().zip(recordings) {
                let texts = texts(recordings, drawn, teacher, self.cache)?;
                say(&format!(
                    "{} different texts for {} recordings",
                    texts.different(),
                    recordings.len()
                ));
                *slot = Some(texts);
            }
        }
        let [train_texts, held_out_texts] = both;
        let [train_clean, held_out_clean] = clean;
        let train = Part {
            clean: train_clean,
            views,
            texts: train_texts,
            answers: answers(questions, recordings[0]),
            devices: devices(recordings[0]),
        };
        let held_out = Part {
            clean: held_out_clean,
            views: Vec::new(),
            texts: held_out_texts,
            answers: answers(questions, recordings[1]),
            devices: devices(recordings[1]),
        };
        Ok([train, held_out])
    }

    /// `hashes` of all besides the recipe that the run depends on.
    fn settings(&self, recipe: &AlignRecipe, hashes: &[&str]) -> Settings {
        let key = format!("{}\n{}", json(recipe), hashes.join("\n"));
        Settings {
            folder: self.out.to_path_buf(),
            epochs: recipe.epochs,
            seed: recipe.seed,
            checkpoint_every: recipe.checkpoint_every,
            optimiser: recipe.optimiser.clone(),
            schedule: recipe.schedule,
            early_stopping: recipe.early_stopping.clone(),
            run: checkpoint::hex(key.as_bytes()),
        }
    }

    fn write(&self, net: &AlignNet, header: &Header) -> Result<PathBuf, Error> {
        let pairs = [
            ("recipe_sha256", header.recipe.as_str()),
            ("run", header.run.as_str()),
            (TAUGHT_KEY, header.taught.as_str()),
            (TEACHER_KEY, header.teacher.as_str()),
        ];
        let owned = pairs.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let metadata: HashMap<String, String> = owned.into_iter().collect();
        let encoder = net.backbone.to_bytes(Precision::F32, &pairs)?;
        let sound = weights::to_bytes(&net.sound, Precision::F32, metadata.clone())?;
        let text = weights::to_bytes(&net.text, Precision::F32, metadata)?;
        for (name, bytes) in [
            (SOUND_FILE, sound),
            (TEXT_FILE, text),
            (ENCODER_FILE, encoder),
        ] {
            let path = self.out.join(name);
            let beside = self.out.join(format!(".{name}.tmp"));
            fs::write(&beside, bytes).map_err(io(&beside))?;
            fs::rename(&beside, &path).map_err(io(&path))?;
        }
        Ok(self.out.join(ENCODER_FILE))
    }
}

/// Data set and device of each recording, numbered.
fn devices(recordings: &[&Located]) -> Vec<usize> {
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let number = |located: &&Located| {
        let recording = &located.recording;
        let next = known.len();
        let name = format!("{} {:?}", recording.data_set, recording.device);
        *known.entry(name).or_insert(next)
    };
    recordings.iter().map(number).collect()
}

/// What the headers of the weights say.
struct Header {
    recipe: String,
    run: String,
    taught: String,
    teacher: String,
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain data serialises")
}
