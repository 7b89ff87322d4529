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
    mobilenet::Precision,
    teacher::{RandomTeacher, Teacher},
    weights,
};

use super::{
    AlignNet, AlignRecipe, Control, Text,
    encoder::{frozen_blocks, initial_weights, open_encoder},
    features::{Source, View},
    questions::{Question, answers, questions},
    supervised::Supervised,
    task::{AlignTask, Part},
    text::texts,
};
use crate::{
    Error, checkpoint,
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
            [&train, &held_out],
            say,
        )?;
        let Parts {
            train: train_part,
            held_out: held_out_part,
            teacher_width,
        } = parts;

        let device = Device::flex().autodiff();
        device.seed(recipe.seed);
        let encoder = open_encoder(&recipe.encoder, &initial, &device)?;
        let logits = Supervised::logits(&questions);
        let net = AlignNet::new(encoder, teacher_width, logits, &device);
        let settings = self.settings(&recipe, &hash, &train);
        let task = AlignTask::new(
            (recipe, questions),
            &net.valid(),
            train_part,
            held_out_part,
            device.clone(),
        );
        let before = task.evaluate(&net)?;
        // Those of single questions are in the log of the steps.
        let figures = before.iter().filter(|(name, _)| !name.contains('/'));
        let figures: Vec<String> = figures.map(|(name, v)| format!("{name} {v:.3}")).collect();
        say(&format!(
            "before the first step, patients held out: {}",
            figures.join("  ")
        ));
        let trained = fit(&task, net, &device, &settings, report)?;
        self.write(&trained.valid(), &settings.run)
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
        recordings: [&[&Located]; 2],
        say: &mut dyn FnMut(&str),
    ) -> Result<Parts, Error> {
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
        let mut teacher_width = 1;
        let mut both = [None, None];
        if recipe.text != Text::None {
            let teacher: Box<dyn Teacher> = if recipe.text == Text::RandomTeacher {
                Box::new(RandomTeacher {
                    width: RANDOM_WIDTH,
                    seed: recipe.seed,
                })
            } else {
                recipe.teacher.open(self.models, source.device)?
            };
            teacher_width = teacher.width();
            let drawn = (recipe.text, recipe.wording, [fixed, recipe.seed]);
            for (slot, recordings) in both.iter_mut().zip(recordings) {
                let texts = texts(recordings, drawn, &*teacher, self.cache)?;
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
        Ok(Parts {
            train: Part {
                clean: train_clean,
                views,
                texts: train_texts,
                answers: answers(questions, recordings[0]),
                devices: devices(recordings[0]),
            },
            held_out: Part {
                clean: held_out_clean,
                views: Vec::new(),
                texts: held_out_texts,
                answers: answers(questions, recordings[1]),
                devices: devices(recordings[1]),
            },
            teacher_width,
        })
    }

    fn settings(&self, recipe: &AlignRecipe, hash: &str, train: &[&Located]) -> Settings {
        let ids: Vec<&str> = train.iter().map(|l| l.recording.id.as_str()).collect();
        let recipe_json = serde_json::to_string(recipe).expect("plain data serialises");
        let key = format!("{recipe_json}\n{hash}\n{}", ids.join("\n"));
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

    fn write(&self, net: &AlignNet, run: &str) -> Result<PathBuf, Error> {
        let recipe = self.recipe.sha256();
        let pairs = [("recipe_sha256", recipe.as_str()), ("run", run)];
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

struct Parts {
    train: Part,
    held_out: Part,
    teacher_width: usize,
}
