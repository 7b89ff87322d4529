//! Everything that changes in training: network, average, best average, optimiser, step.
//!
//! In: gradients, or a checkpoint. Out: the next state, or a checkpoint.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use burn::{
    module::{Module, ModuleMapper, Param, ParamId},
    optim::{
        GradientsParams, ModuleOptimizer, OptimizerRecord,
        lr_scheduler::module_lr_scheduler::ModuleLrScheduler,
    },
    tensor::{Bytes, Tensor},
};

use laennec_models::{mobilenet::Precision, weights};

use super::{Settings, log::Lengths, stopping::Best};
use crate::{
    Error,
    checkpoint::{self, Position},
    optimise::{OptimiserConfig, clip_global_norm, update_average},
};

/// The state of a run.
pub(super) struct State<N> {
    pub(super) net: N,
    pub(super) average: N,
    pub(super) step: usize,
    optimiser: ModuleOptimizer,
    best: Option<(Best, N)>,
}

/// What a run learns from its checkpoints besides the state.
#[derive(Default)]
pub(super) struct Restored {
    /// Bytes of the log files that belong to the steps done.
    pub(super) lengths: Lengths,
    /// Checkpoints that were passed over, with the reason.
    pub(super) damaged: Vec<(PathBuf, String)>,
}

impl<N: Module> State<N> {
    /// Before the first step.
    pub(super) fn new(net: N, settings: &Settings) -> Self {
        let net = net.map(&mut Number { next: 0 });
        Self {
            average: net.valid(),
            net,
            step: 0,
            optimiser: settings.optimiser.init(),
            best: None,
        }
    }

    /// One step of `AdamW`; returns the gradient norm before clipping.
    pub(super) fn advance(
        &mut self,
        gradients: GradientsParams,
        factor: f64,
        config: &OptimiserConfig,
    ) -> f32 {
        let (gradients, norm) = clip_global_norm(&self.net, gradients, config.clip_norm);
        let rates = ModuleLrScheduler::new(config.learning_rate * factor)
            .with_group(OptimiserConfig::heads(), config.head_learning_rate * factor)
            .step();
        self.net = self.optimiser.step(rates, self.net.clone(), gradients);
        self.step += 1;
        // A short memory at first, as the average starts from untrained heads.
        let decay = config
            .average_decay
            .min((1.0 + self.step as f32) / (10.0 + self.step as f32));
        self.average = update_average(self.average.clone(), &self.net, decay);
        norm
    }

    /// Keeps the average where these figures are the best so far.
    pub(super) fn compare(&mut self, settings: &Settings, figures: &[(String, f64)]) {
        let Some(stopping) = &settings.early_stopping else {
            return;
        };
        let best = self.best.as_ref().map(|(best, _)| *best);
        if let Some(best) = stopping.improved(best, figures, self.step) {
            self.best = Some((best, self.average.clone()));
        }
    }

    /// Whether early stopping has ended the run.
    pub(super) fn has_stopped(&self, settings: &Settings, per_epoch: usize) -> bool {
        let best = self.best.as_ref().map(|(best, _)| *best);
        let stopping = settings.early_stopping.as_ref();
        stopping.is_some_and(|stopping| stopping.is_over(best, self.step, per_epoch))
    }

    /// The network to keep: the best epoch's, or the last.
    pub(super) fn result(self) -> N {
        self.best.map_or(self.average, |(_, net)| net)
    }

    /// Writes a checkpoint below `folder`.
    pub(super) fn save(&self, folder: &Path, lengths: Lengths, run: &str) -> Result<(), Error> {
        let record = |e: burn::store::RecordError| Error::Checkpoint {
            path: folder.to_path_buf(),
            reason: e.to_string(),
        };
        // By path, not by Burn's record: that has the random identities of running statistics.
        let bytes = |net: &N| weights::to_bytes(net, Precision::F32, HashMap::default());
        let network = bytes(&self.net)?;
        let average = bytes(&self.average)?;
        // The optimiser gives its tensors in the order of a hash table; read back they are sorted.
        let optimiser = self.optimiser.into_bytes().map_err(record)?;
        let optimiser = OptimizerRecord::from_bytes(optimiser).map_err(record)?;
        let optimiser = optimiser.into_bytes().map_err(record)?;
        let best = self.best.as_ref().map(|(_, net)| bytes(net)).transpose()?;
        let position = Position {
            step: self.step,
            log_bytes: lengths.lines,
            events_bytes: lengths.events,
            best: self.best.as_ref().map(|(best, _)| *best),
            run: run.into(),
        };
        let mut parts: Vec<(&str, &[u8])> = vec![
            ("network.safetensors", &network),
            ("average.safetensors", &average),
            ("optimiser.bpk", &optimiser),
        ];
        if let Some(best) = &best {
            parts.push(("best.safetensors", best));
        }
        checkpoint::write(folder, &position, &parts)
    }

    /// Continues from the newest sound checkpoint below `folder`, if there is one.
    pub(super) fn resume(&mut self, folder: &Path, settings: &Settings) -> Result<Restored, Error> {
        let Some(restored) = checkpoint::newest(folder)? else {
            return Ok(Restored::default());
        };
        let refuse = |reason: String| Error::Checkpoint {
            path: folder.to_path_buf(),
            reason,
        };
        let position = restored.position;
        if position.run != settings.run {
            return Err(refuse(
                "belongs to another recipe or training set; name another --out".into(),
            ));
        }
        let mut parts = restored.parts.into_iter();
        let (Some(network), Some(average), Some(optimiser)) =
            (parts.next(), parts.next(), parts.next())
        else {
            return Err(refuse("has too few parts".into()));
        };
        let load = |net: N, bytes: Vec<u8>| {
            weights::from_bytes(net, &bytes, &folder.display().to_string())
        };
        self.best = match (position.best, parts.next()) {
            (Some(best), Some(bytes)) => Some((best, load(self.average.clone(), bytes)?)),
            _ => None,
        };
        self.net = load(self.net.clone(), network)?;
        self.average = load(self.average.clone(), average)?;
        self.optimiser = settings
            .optimiser
            .init()
            .from_bytes(Bytes::from_bytes_vec(optimiser))
            .map_err(|e| refuse(e.to_string()))?;
        self.step = position.step;
        Ok(Restored {
            lengths: Lengths {
                lines: position.log_bytes,
                events: position.events_bytes,
            },
            damaged: restored.damaged,
        })
    }
}

/// Gives parameters their place as identity, which is random otherwise: two runs of the same recipe
/// then have the same checkpoints, byte for byte.
struct Number {
    next: u64,
}

impl ModuleMapper for Number {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        self.next += 1;
        let (_, value, mapper) = param.consume();
        Param::from_mapped_value(ParamId::from(self.next), value, mapper)
    }
}
