//! The heart task for the optimisation loop: balanced windows, the loss, figures per database.

use std::collections::BTreeMap;

use burn::{
    module::Module,
    tensor::{Device, Tensor, TensorData, activation::sigmoid},
};
use laennec_audio::{LogMel, LogMelConfig, Mel};
use laennec_eval::metrics::{SeSp, auroc};
use laennec_models::{mobilenet::Mode, networks::HeartNet};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::{
    augment::HeartAugment,
    data::HeartExample,
    style::{self, Exchange},
};
use crate::{
    Error,
    fit::{Loss, Step, Task},
    objectives::binary_cross_entropy,
    recipe::HeartRecipe,
    sampling,
};

/// Steps of one epoch; windows are drawn, so an epoch is a convention.
const STEPS_PER_EPOCH: usize = 62;

/// Windows of one forward pass outside training.
const EVALUATION_BATCH: usize = 16;

/// The data and settings of heart fine-tuning.
pub struct HeartTask {
    recipe: HeartRecipe,
    train: Vec<HeartExample>,
    held_out: Vec<HeartExample>,
    databases: Vec<Database>,
    device: Device,
}

/// The training recordings of one database by label.
struct Database {
    /// Share of windows drawn from it.
    share: f64,
    normal: Vec<usize>,
    abnormal: Vec<usize>,
}

/// A training window with its label.
struct Drawn {
    mel: Mel,
    abnormal: bool,
}

/// Probabilities of "abnormal", in the order of the examples.
pub type Scores = Vec<f64>;

impl HeartTask {
    /// A task that trains on `train` and reports on `held_out`; `device` must carry autodiff.
    pub fn new(
        recipe: HeartRecipe,
        train: Vec<HeartExample>,
        held_out: Vec<HeartExample>,
        device: Device,
    ) -> Result<Self, Error> {
        if train.is_empty() {
            return Err(Error::NoData {
                what: "PhysioNet 2016".into(),
            });
        }
        let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, example) in train.iter().enumerate() {
            by_name.entry(&example.database).or_default().push(index);
        }
        let roots: f64 = by_name.values().map(|v| (v.len() as f64).sqrt()).sum();
        let databases = by_name
            .into_values()
            .map(|members| {
                let share = (members.len() as f64).sqrt() / roots;
                let (abnormal, normal) = members.into_iter().partition(|&i| train[i].abnormal);
                Database {
                    share,
                    normal,
                    abnormal,
                }
            })
            .collect();
        Ok(Self {
            recipe,
            train,
            held_out,
            databases,
            device,
        })
    }

    /// Mean probability over the windows of each example; `net` without autodiff.
    pub fn predict(
        net: &HeartNet,
        examples: &[HeartExample],
        front_end: &LogMelConfig,
        augment: &HeartAugment,
        device: &Device,
    ) -> Result<Scores, Error> {
        LogMel::new(front_end)?;
        let mut owners = Vec::new();
        let mut windows = Vec::new();
        for (index, example) in examples.iter().enumerate() {
            for window in augment.test_windows(&example.samples, front_end.rate) {
                owners.push(index);
                windows.push(window);
            }
        }
        let mut sums = vec![(0.0, 0_usize); examples.len()];
        for (windows, owners) in windows
            .chunks(EVALUATION_BATCH)
            .zip(owners.chunks(EVALUATION_BATCH))
        {
            let mels = windows
                .par_iter()
                .map_init(
                    || LogMel::new(front_end).expect("checked above"),
                    |mel, window| mel.compute(window),
                )
                .collect::<Vec<_>>();
            let logits = net.abnormal(net.embedding(stack(&mels, device), Mode::Infer));
            let values: Vec<f32> = sigmoid(logits)
                .into_data()
                .try_to_vec()
                .expect("f32 throughout");
            for (value, &owner) in values.iter().zip(owners) {
                sums[owner].0 += f64::from(*value);
                sums[owner].1 += 1;
            }
        }
        Ok(sums.iter().map(|(sum, n)| sum / *n as f64).collect())
    }

    /// A window drawn by database, then label, then recording, and the generator that goes on to its masks.
    fn draw(&self, epoch: usize, step: usize, slot: usize) -> Result<(Drawn, ChaCha8Rng), Error> {
        let position = [epoch as u64, step as u64, slot as u64];
        let mut rng = sampling::rng(self.recipe.seed, &position);
        let mut left = rng.random_range(0.0..1.0);
        let mut chosen = &self.databases[self.databases.len() - 1];
        for database in &self.databases {
            if left < database.share {
                chosen = database;
                break;
            }
            left -= database.share;
        }
        let pool = match (rng.random_bool(0.5), &chosen.normal, &chosen.abnormal) {
            (_, pool, other) if other.is_empty() => pool,
            (_, other, pool) if other.is_empty() => pool,
            (true, _, pool) | (false, pool, _) => pool,
        };
        let example = &self.train[pool[rng.random_range(0..pool.len())]];
        let (front_end, augment) = (&self.recipe.front_end, &self.recipe.augment);
        let window = augment.window(&example.samples, front_end.rate, &mut rng)?;
        let drawn = Drawn {
            mel: LogMel::new(front_end)?.compute(&window),
            abnormal: example.abnormal,
        };
        Ok((drawn, rng))
    }

    /// The augmented windows of a step. Masks come last, since a masked band has no style.
    fn windows(&self, epoch: usize, step: usize) -> Result<Vec<Drawn>, Error> {
        let mut drawn = (0..self.recipe.batch)
            .into_par_iter()
            .map(|slot| self.draw(epoch, step, slot))
            .collect::<Result<Vec<_>, Error>>()?;
        let augment = &self.recipe.augment;
        let exchange = Exchange {
            share: augment.style_share,
            seed: self.recipe.seed,
            epoch,
            step,
        };
        let mut mels: Vec<&mut Mel> = drawn.iter_mut().map(|(one, _)| &mut one.mel).collect();
        style::mix(&mut mels, exchange);
        let masked = drawn.into_iter().map(|(mut one, mut rng)| {
            augment.apply_mel(&mut one.mel, &mut rng);
            one
        });
        Ok(masked.collect())
    }
}

impl Task for HeartTask {
    type Net = HeartNet;

    fn steps_per_epoch(&self) -> usize {
        STEPS_PER_EPOCH
    }

    fn step(&self, net: &HeartNet, epoch: usize, step: usize) -> Result<Step, Error> {
        let drawn = self.windows(epoch, step)?;
        let smoothing = self.recipe.label_smoothing;
        let targets: Vec<f32> = drawn
            .iter()
            .map(|window| {
                if window.abnormal {
                    1.0 - smoothing
                } else {
                    smoothing
                }
            })
            .collect();
        let mels: Vec<Mel> = drawn.into_iter().map(|window| window.mel).collect();
        let logits = net.abnormal(net.embedding(stack(&mels, &self.device), Mode::Train));
        let total = binary_cross_entropy(logits, &targets, &vec![1.0; targets.len()]);
        let terms = Vec::new();
        Ok(Loss { total, terms }.backward(net))
    }

    fn evaluate(&self, net: &HeartNet) -> Result<Vec<(String, f64)>, Error> {
        let device = self.device.clone().without_autodiff();
        let recipe = &self.recipe;
        let scores = Self::predict(
            &net.valid(),
            &self.held_out,
            &recipe.front_end,
            &recipe.augment,
            &device,
        )?;
        Ok(figures(&self.held_out, &scores))
    }
}

/// AUROC and (Se + Sp) / 2 at 0.5 per database; a figure that is undefined is left out.
pub(super) fn figures(examples: &[HeartExample], scores: &[f64]) -> Vec<(String, f64)> {
    let mut databases: BTreeMap<&str, (Vec<bool>, Vec<f64>)> = BTreeMap::new();
    for (example, score) in examples.iter().zip(scores) {
        let (labels, values) = databases.entry(&example.database).or_default();
        labels.push(example.abnormal);
        values.push(*score);
    }
    let mut out = Vec::new();
    for (name, (labels, values)) in databases {
        if let Ok(value) = auroc(&values, &labels) {
            out.push((format!("auroc_{name}"), value));
        }
        let called: Vec<bool> = values.iter().map(|v| *v >= 0.5).collect();
        if let Ok(value) = SeSp::new(&labels, &called) {
            out.push((format!("mean_accuracy_{name}"), value.mean()));
        }
    }
    out
}

/// Log-mels of one size to `[batch, 1, bands, frames]`.
fn stack(mels: &[Mel], device: &Device) -> Tensor<4> {
    let (bands, frames) = mels.first().map_or((0, 0), |m| (m.bands, m.frames));
    let values: Vec<f32> = mels.iter().flat_map(|m| m.values.iter().copied()).collect();
    Tensor::from_data(
        TensorData::new(values, [mels.len(), 1, bands, frames]),
        device,
    )
}
