//! The optimisation loop, the same for every stage.
//!
//! In: a [`Task`] (network, data, loss) and settings. Out: the moving average of the network after
//! the last step (or after its best epoch), a log, checkpoints. Killed at any moment and started
//! again, it continues from the last checkpoint and ends with the same bytes as if it had never
//! stopped.

mod log;
mod state;
mod stopping;
#[cfg(test)]
mod tests;

use std::{path::PathBuf, time::Instant};

use burn::{
    module::Module,
    optim::GradientsParams,
    tensor::{Device, Tensor},
};

use crate::{Error, error::io, optimise::OptimiserConfig, sampling, schedule::Schedule};
use log::Log;
use state::State;
pub use stopping::{Best, EarlyStopping};

/// A loss with its terms, for the log.
pub struct Loss {
    /// What is minimised.
    pub total: Tensor<1>,
    /// Named terms of it.
    pub terms: Vec<(&'static str, f32)>,
}

impl Loss {
    /// Its gradients for the parameters of `net`; none where the loss is not a finite number.
    pub fn backward<M: Module>(self, net: &M) -> Step {
        let value = self.total.clone().into_scalar::<f32>();
        let gradients = if value.is_finite() {
            GradientsParams::from_module(&mut self.total.backward(), net)
        } else {
            GradientsParams::new()
        };
        Step {
            gradients,
            loss: value,
            terms: self.terms,
        }
    }
}

/// What one step learns.
pub struct Step {
    /// Gradients of the loss.
    pub gradients: GradientsParams,
    /// The loss.
    pub loss: f32,
    /// Named terms of it.
    pub terms: Vec<(&'static str, f32)>,
}

/// What is trained, on what, towards what.
pub trait Task {
    /// The network.
    type Net: Module;
    /// Steps in one pass over the training data.
    fn steps_per_epoch(&self) -> usize;
    /// Loss and gradients of one step; all randomness comes from the position alone (see
    /// [`sampling`]).
    fn step(&self, net: &Self::Net, epoch: usize, step_in_epoch: usize) -> Result<Step, Error>;
    /// Figures after an epoch, on recordings that do not train.
    fn evaluate(&self, net: &Self::Net) -> Result<Vec<(String, f64)>, Error>;
}

/// How long and how fast.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Folder of log and checkpoints.
    pub folder: PathBuf,
    /// Passes over the data.
    pub epochs: usize,
    /// The recipe's seed.
    pub seed: u64,
    /// Steps between checkpoints.
    pub checkpoint_every: usize,
    /// The optimiser.
    pub optimiser: OptimiserConfig,
    /// The schedule.
    pub schedule: Schedule,
    /// When to stop before the last epoch; without it, the last step's average is the result.
    pub early_stopping: Option<EarlyStopping>,
    /// SHA-256 over recipe and training set.
    pub run: String,
}

/// What the caller learns while training runs.
#[derive(Clone, Debug)]
pub struct Progress {
    /// Steps done.
    pub step: usize,
    /// Steps in all.
    pub total: usize,
    /// Seconds since this process began training.
    pub seconds: f64,
    /// Steps that this process has done.
    pub done_here: usize,
    /// The last loss.
    pub loss: f32,
    /// Its terms.
    pub terms: Vec<(&'static str, f32)>,
    /// Learning rate of the encoder.
    pub learning_rate: f64,
    /// Figures, at the end of an epoch.
    pub figures: Vec<(String, f64)>,
    /// Checkpoints that were passed over since they were damaged, with the reason; before the first
    /// step only.
    pub damaged: Vec<(PathBuf, String)>,
}

/// Trains `net` and returns the moving average of its weights, without gradients: after the last
/// step, or after the best epoch where [`Settings::early_stopping`] says what is best.
pub fn fit<T: Task>(
    task: &T,
    net: T::Net,
    device: &Device,
    settings: &Settings,
    report: &mut dyn FnMut(&Progress),
) -> Result<T::Net, Error> {
    let checkpoints = settings.folder.join("checkpoints");
    std::fs::create_dir_all(&checkpoints).map_err(io(&checkpoints))?;
    let mut state = State::new(net, settings);
    let restored = state.resume(&checkpoints, settings)?;
    let mut log = Log::open(&settings.folder, restored.lengths)?;
    let per_epoch = task.steps_per_epoch();
    let total = settings.epochs * per_epoch;
    let began = Instant::now();
    let first = state.step;
    let mut progress = Progress {
        step: state.step,
        total,
        seconds: 0.0,
        done_here: 0,
        loss: f32::NAN,
        terms: Vec::new(),
        learning_rate: 0.0,
        figures: Vec::new(),
        damaged: restored.damaged,
    };
    report(&progress);
    progress.damaged.clear();

    while state.step < total && !state.has_stopped(settings, per_epoch) {
        let (epoch, step_in_epoch) = (state.step / per_epoch, state.step % per_epoch);
        seed_step(device, settings.seed, state.step);
        let step = task.step(&state.net, epoch, step_in_epoch)?;
        if !step.loss.is_finite() {
            return Err(Error::Diverged {
                step: state.step,
                value: step.loss,
            });
        }
        let factor = settings.schedule.factor(state.step, total);
        let norm = state.advance(step.gradients, factor, &settings.optimiser);
        if !norm.is_finite() {
            return Err(Error::Diverged {
                step: state.step,
                value: norm,
            });
        }
        let figures = if state.step.is_multiple_of(per_epoch) {
            task.evaluate(&state.average)?
        } else {
            Vec::new()
        };
        state.compare(settings, &figures);
        progress.step = state.step;
        progress.loss = step.loss;
        progress.learning_rate = settings.optimiser.learning_rate * factor;
        progress.terms = step.terms;
        progress.figures = figures;
        log.append(&progress, norm)?;
        let ends = state.step == total || state.has_stopped(settings, per_epoch);
        if state.step.is_multiple_of(settings.checkpoint_every) || ends {
            state.save(&checkpoints, log.sync()?, &settings.run)?;
        }
        progress.seconds = began.elapsed().as_secs_f64();
        progress.done_here = state.step - first;
        report(&progress);
    }
    Ok(state.result())
}

/// Dropout draws from the device's generator: seeding it by step keeps steps independent.
fn seed_step(device: &Device, seed: u64, step: usize) {
    device.seed(seed ^ (step as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
}

/// The order of the training items in an epoch.
pub fn epoch_order(seed: u64, epoch: usize, items: usize) -> Vec<usize> {
    sampling::permutation(items, &mut sampling::rng(seed, &[epoch as u64]))
}
