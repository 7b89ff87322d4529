//! The loop on a tiny network: death at every step, checkpoints of other runs.

use std::{cell::Cell, collections::HashMap, path::Path};

use burn::{
    nn::{Dropout, DropoutConfig, Linear, LinearConfig},
    tensor::{Distribution, TensorData},
};
use laennec_models::{mobilenet::Precision, weights};

use super::*;
use crate::schedule::OneCycle;

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

    fn step(&self, net: &Net, epoch: usize, step: usize) -> Result<Step, Error> {
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
        let loss = Loss {
            total: net.head.forward(hidden).square().mean(),
            terms: Vec::new(),
        };
        Ok(loss.backward(net))
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
        schedule: Schedule::OneCycle(OneCycle::default()),
        early_stopping: None,
        run: "run".into(),
    }
}

/// Trains until done or dead; weights of the average and the log.
fn train(folder: &Path, dies_at: Option<usize>) -> Option<(Vec<u8>, Vec<u8>)> {
    let trained = trained(&settings(folder), dies_at).ok()?;
    let bytes = weights::to_bytes(&trained, Precision::F32, HashMap::default()).unwrap();
    let mut log = std::fs::read(folder.join(log::LINES)).unwrap();
    assert_eq!(log.split(|b| *b == b'\n').count(), STEPS + 1);
    log.extend(std::fs::read(folder.join(log::EVENTS)).unwrap());
    Some((bytes, log))
}

fn trained(settings: &Settings, dies_at: Option<usize>) -> Result<Net, Error> {
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
    fit(&task, net, &device, settings, &mut |_| {})
}

#[test]
fn resumed_training_ends_with_the_same_bytes() {
    let _alone = crate::RANDOM.lock();
    let whole = tempfile::tempdir().unwrap();
    let (weights, log) = train(whole.path(), None).unwrap();
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
    a_checkpoint_of_another_run_is_refused();
    a_log_that_was_cut_is_refused();
}

fn a_checkpoint_of_another_run_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert!(train(folder.path(), Some(5)).is_none());
    let another = Settings {
        run: "another".into(),
        ..settings(folder.path())
    };
    let error = trained(&another, None).unwrap_err();
    let said = error.to_string();
    assert!(said.contains("another recipe or training set"), "{said}");
    assert!(train(folder.path(), None).is_some(), "its own run goes on");
}

fn a_log_that_was_cut_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert!(train(folder.path(), Some(5)).is_none());
    let path = folder.path().join(log::LINES);
    std::fs::write(&path, "{}\n").unwrap();
    let error = trained(&settings(folder.path()), None).unwrap_err();
    assert!(error.to_string().contains("put the log back"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), b"{}\n");
}
