//! The optimisation loop, the same for every stage.
//!
//! In: a [`Task`] (network, data, loss) and settings. Out: the moving average of the network after
//! the last step, a JSONL log, checkpoints. Killed at any moment and started again, it continues
//! from the last checkpoint and ends with the same bytes as if it had never stopped.

use std::{
    fs::{File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    time::Instant,
};

use burn::{
    module::Module,
    optim::{
        GradientsParams, ModuleOptimizer, lr_scheduler::module_lr_scheduler::ModuleLrScheduler,
    },
    store::ModuleRecord,
    tensor::{Bytes, Device, Tensor},
};
use serde_json::{Map, Value, json};

use crate::{
    Error,
    checkpoint::{self, Position},
    error::io,
    optimise::{OptimiserConfig, clip_global_norm, update_average},
    sampling,
    schedule::OneCycle,
};

/// A loss with its terms, for the log.
pub struct Loss {
    /// What is minimised.
    pub total: Tensor<1>,
    /// Named terms of it.
    pub terms: Vec<(&'static str, f32)>,
}

/// What is trained, on what, towards what.
pub trait Task {
    /// The network.
    type Net: Module;
    /// Steps in one pass over the training data.
    fn steps_per_epoch(&self) -> usize;
    /// The loss of one step; all randomness comes from the position alone (see [`sampling`]).
    fn loss(&self, net: &Self::Net, epoch: usize, step_in_epoch: usize) -> Result<Loss, Error>;
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
    pub schedule: OneCycle,
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
    /// Figures, at the end of an epoch.
    pub figures: Vec<(String, f64)>,
}

/// Trains `net` and returns the moving average of its weights, without gradients.
pub fn fit<T: Task>(
    task: &T,
    net: T::Net,
    device: &Device,
    settings: &Settings,
    report: &mut dyn FnMut(&Progress),
) -> Result<T::Net, Error> {
    let checkpoints = settings.folder.join("checkpoints");
    std::fs::create_dir_all(&checkpoints).map_err(io(&checkpoints))?;
    let log_path = settings.folder.join("log.jsonl");
    let mut state = State {
        average: net.valid(),
        net,
        optimiser: settings.optimiser.init(),
        step: 0,
    };
    let mut log = resume(&mut state, &checkpoints, &log_path, settings)?;

    let per_epoch = task.steps_per_epoch();
    let total = settings.epochs * per_epoch;
    let began = Instant::now();
    let first = state.step;
    while state.step < total {
        let (epoch, step_in_epoch) = (state.step / per_epoch, state.step % per_epoch);
        // Dropout draws from the device's generator: seeding it by step keeps steps independent.
        device.seed(settings.seed ^ (state.step as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let loss = task.loss(&state.net, epoch, step_in_epoch)?;
        let value = loss.total.clone().into_scalar::<f32>();
        if !value.is_finite() {
            return Err(Error::Diverged {
                step: state.step,
                value,
            });
        }
        let factor = settings.schedule.factor(state.step, total);
        let norm = state.advance(&loss.total, factor, &settings.optimiser);
        let mut line = Map::new();
        line.insert("step".into(), json!(state.step));
        line.insert("loss".into(), json!(value));
        line.insert("gradient_norm".into(), json!(norm));
        line.insert(
            "learning_rate".into(),
            json!(settings.optimiser.learning_rate * factor),
        );
        for (name, term) in loss.terms {
            line.insert(name.into(), json!(term));
        }
        let figures = if state.step.is_multiple_of(per_epoch) {
            task.evaluate(&state.average)?
        } else {
            Vec::new()
        };
        for (name, figure) in &figures {
            line.insert(name.clone(), json!(figure));
        }
        append(&mut log, &log_path, line)?;
        if state.step.is_multiple_of(settings.checkpoint_every) || state.step == total {
            state.save(&checkpoints, &mut log, &log_path, &settings.run)?;
        }
        report(&Progress {
            step: state.step,
            total,
            seconds: began.elapsed().as_secs_f64(),
            done_here: state.step - first,
            loss: value,
            figures,
        });
    }
    Ok(state.average)
}

struct State<N> {
    net: N,
    average: N,
    optimiser: ModuleOptimizer,
    step: usize,
}

impl<N: Module> State<N> {
    /// One step of `AdamW`; returns the gradient norm before clipping.
    fn advance(&mut self, loss: &Tensor<1>, factor: f64, config: &OptimiserConfig) -> f32 {
        let mut grads = loss.backward();
        let grads = GradientsParams::from_module(&mut grads, &self.net);
        let (grads, norm) = clip_global_norm(&self.net, grads, config.clip_norm);
        let rates = ModuleLrScheduler::new(config.learning_rate * factor)
            .with_group(OptimiserConfig::heads(), config.head_learning_rate * factor)
            .step();
        self.net = self.optimiser.step(rates, self.net.clone(), grads);
        self.step += 1;
        // A short memory at first, as the average starts from untrained heads.
        let decay = config
            .average_decay
            .min((1.0 + self.step as f32) / (10.0 + self.step as f32));
        self.average = update_average(self.average.clone(), &self.net, decay);
        norm
    }

    fn save(&self, folder: &Path, log: &mut File, log_path: &Path, run: &str) -> Result<(), Error> {
        log.sync_all().map_err(io(log_path))?;
        let log_bytes = log.metadata().map_err(io(log_path))?.len();
        let record = |e: burn::store::RecordError| Error::Checkpoint {
            path: folder.to_path_buf(),
            reason: e.to_string(),
        };
        let network = self
            .net
            .clone()
            .into_record()
            .into_bytes()
            .map_err(record)?;
        let average = self
            .average
            .clone()
            .into_record()
            .into_bytes()
            .map_err(record)?;
        let optimiser = self.optimiser.into_bytes().map_err(record)?;
        let position = Position {
            step: self.step,
            log_bytes,
            run: run.into(),
        };
        checkpoint::write(
            folder,
            &position,
            &[
                ("network.bpk", &network),
                ("average.bpk", &average),
                ("optimiser.bpk", &optimiser),
            ],
        )
    }
}

/// Restores the newest checkpoint, if any, and opens the log at its position.
fn resume<N: Module>(
    state: &mut State<N>,
    checkpoints: &Path,
    log_path: &Path,
    settings: &Settings,
) -> Result<File, Error> {
    let restored = checkpoint::newest(checkpoints)?;
    let log_bytes = restored.as_ref().map_or(0, |r| r.position.log_bytes);
    let log = OpenOptions::new()
        .create(true)
        .append(true)
        .open(log_path)
        .map_err(io(log_path))?;
    log.set_len(log_bytes).map_err(io(log_path))?;
    let Some(restored) = restored else {
        return Ok(log);
    };
    let refuse = |reason: String| Error::Checkpoint {
        path: checkpoints.to_path_buf(),
        reason,
    };
    if restored.position.run != settings.run {
        return Err(refuse(
            "belongs to another recipe or training set; name another --out".into(),
        ));
    }
    let mut parts = restored.parts.into_iter().map(Bytes::from_bytes_vec);
    let (Some(network), Some(average), Some(optimiser)) =
        (parts.next(), parts.next(), parts.next())
    else {
        return Err(refuse("has too few parts".into()));
    };
    let load = |net: N, bytes: Bytes| -> Result<N, Error> {
        let record = ModuleRecord::from_bytes(bytes).map_err(|e| refuse(e.to_string()))?;
        net.try_load_record(record)
            .map_err(|e| refuse(e.to_string()))
    };
    state.net = load(state.net.clone(), network)?;
    state.average = load(state.average.clone(), average)?;
    state.optimiser = settings
        .optimiser
        .init()
        .from_bytes(optimiser)
        .map_err(|e| refuse(e.to_string()))?;
    state.step = restored.position.step;
    Ok(log)
}

fn append(log: &mut File, path: &Path, line: Map<String, Value>) -> Result<(), Error> {
    let mut text = Value::Object(line).to_string();
    text.push('\n');
    log.write_all(text.as_bytes()).map_err(io(path))
}

/// The order of the training items in an epoch.
pub fn epoch_order(seed: u64, epoch: usize, items: usize) -> Vec<usize> {
    sampling::permutation(items, &mut sampling::rng(seed, &[epoch as u64]))
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, collections::HashMap};

    use burn::{
        nn::{Dropout, DropoutConfig, Linear, LinearConfig},
        tensor::{Distribution, TensorData},
    };
    use laennec_models::{mobilenet::Precision, weights};

    use super::*;

    const STEPS: usize = 12;

    #[derive(Module, Debug)]
    struct Net {
        backbone: Linear,
        head: Linear,
        dropout: Dropout,
    }

    /// A regression with dropout whose process "dies" before a given step.
    struct Dying {
        device: Device,
        dies_at: Cell<Option<usize>>,
    }

    impl Task for Dying {
        type Net = Net;

        fn steps_per_epoch(&self) -> usize {
            4
        }

        fn loss(&self, net: &Net, epoch: usize, step: usize) -> Result<Loss, Error> {
            let at = epoch * 4 + step;
            if self.dies_at.get() == Some(at) {
                return Err(Error::Diverged {
                    step: at,
                    value: f32::NAN,
                });
            }
            let x: Vec<f32> = (0..32)
                .map(|i| ((at * 32 + i) as f32 * 0.37).sin())
                .collect();
            let x = Tensor::<2>::from_data(TensorData::new(x, [8, 4]), &self.device);
            let noise = Tensor::<2>::random([8, 6], Distribution::Default, &self.device);
            let hidden = net.dropout.forward(net.backbone.forward(x).tanh() + noise);
            Ok(Loss {
                total: net.head.forward(hidden).square().mean(),
                terms: Vec::new(),
            })
        }

        fn evaluate(&self, _net: &Net) -> Result<Vec<(String, f64)>, Error> {
            Ok(Vec::new())
        }
    }

    fn settings(folder: &Path) -> Settings {
        Settings {
            folder: folder.into(),
            epochs: 3,
            seed: 5,
            checkpoint_every: 3,
            optimiser: OptimiserConfig {
                learning_rate: 1e-2,
                head_learning_rate: 2e-2,
                weight_decay: 0.01,
                clip_norm: 0.5,
                average_decay: 0.9,
            },
            schedule: OneCycle::default(),
            run: "run".into(),
        }
    }

    /// Trains until done or dead; weights of the average and the log.
    fn train(folder: &Path, dies_at: Option<usize>) -> Option<(Vec<u8>, Vec<u8>)> {
        let device = Device::flex().autodiff();
        device.seed(1);
        let net = Net {
            backbone: LinearConfig::new(4, 6).init(&device),
            head: LinearConfig::new(6, 1).init(&device),
            dropout: DropoutConfig::new(0.2).init(),
        };
        let task = Dying {
            device: device.clone(),
            dies_at: Cell::new(dies_at),
        };
        let trained = fit(&task, net, &device, &settings(folder), &mut |_| {}).ok()?;
        let bytes = weights::to_bytes(&trained, Precision::F32, HashMap::default()).unwrap();
        Some((bytes, std::fs::read(folder.join("log.jsonl")).unwrap()))
    }

    /// One test, not several: the device's random generator is shared by the whole process.
    #[test]
    fn resumed_training_ends_with_the_same_bytes() {
        let whole = tempfile::tempdir().unwrap();
        let (weights, log) = train(whole.path(), None).unwrap();
        assert_eq!(log.split(|b| *b == b'\n').count(), STEPS + 1);
        for dies_at in 1..STEPS {
            let folder = tempfile::tempdir().unwrap();
            assert!(train(folder.path(), Some(dies_at)).is_none());
            let (resumed, resumed_log) = train(folder.path(), None).unwrap();
            assert!(
                resumed == weights,
                "weights differ after death at {dies_at}"
            );
            assert!(resumed_log == log, "logs differ after death at {dies_at}");
        }
    }

    #[test]
    fn a_checkpoint_of_another_run_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let part: &[u8] = b"";
        let position = Position {
            step: 3,
            log_bytes: 0,
            run: "another".into(),
        };
        checkpoint::write(
            &folder.path().join("checkpoints"),
            &position,
            &[("network.bpk", part)],
        )
        .unwrap();
        assert!(train(folder.path(), None).is_none());
    }
}
