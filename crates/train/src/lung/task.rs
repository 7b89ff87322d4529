//! The lung task for the optimisation loop: batches, the two losses, figures on held-out patients.

use burn::{
    module::Module,
    tensor::{Device, Tensor, activation::softmax},
};
use laennec_audio::{LogMel, resample};
use laennec_eval::metrics::{LungScore, auroc, sprsound};
use laennec_models::{
    mobilenet::Mode,
    networks::{EVENT_CLASSES, LungNet, RECORD_CLASSES},
};
use rayon::prelude::*;

use super::{
    batch::{Batch, Item},
    data::{LungExample, RATE},
};
use crate::{
    Error,
    fit::{Loss, Step, Task, epoch_order},
    objectives::{cross_entropy, inverse_root_weights},
    recipe::LungRecipe,
    sampling,
};

/// Recordings of one forward pass outside training; more only costs memory.
const EVALUATION_BATCH: usize = 16;

/// The data and settings of lung fine-tuning.
pub struct LungTask {
    recipe: LungRecipe,
    train: Vec<LungExample>,
    held_out: Vec<LungExample>,
    record_weights: Vec<f32>,
    event_weights: Vec<f32>,
    device: Device,
}

/// Class probabilities of one recording and of its annotated intervals.
pub struct Prediction {
    /// Over [`RECORD_CLASSES`].
    pub record: Vec<f32>,
    /// Over [`EVENT_CLASSES`], one entry an annotated interval.
    pub events: Vec<Vec<f32>>,
}

impl LungTask {
    /// A task that trains on `train` and reports on `held_out`; `device` must carry autodiff.
    pub fn new(
        recipe: LungRecipe,
        train: Vec<LungExample>,
        held_out: Vec<LungExample>,
        device: Device,
    ) -> Result<Self, Error> {
        if train.is_empty() {
            return Err(Error::NoData {
                what: "SPRSound".into(),
            });
        }
        let mut records = [0; RECORD_CLASSES.len()];
        let mut events = [0; EVENT_CLASSES.len()];
        for example in &train {
            records[example.record] += 1;
            for event in &example.events {
                events[event.class] += 1;
            }
        }
        Ok(Self {
            recipe,
            train,
            held_out,
            record_weights: inverse_root_weights(&records),
            event_weights: inverse_root_weights(&events),
            device,
        })
    }

    /// Probabilities for `examples`, in their order; `net` without autodiff.
    pub fn predict(
        net: &LungNet,
        examples: &[LungExample],
        front_end: &laennec_audio::LogMelConfig,
        device: &Device,
    ) -> Result<Vec<Prediction>, Error> {
        LogMel::new(front_end)?;
        let frame_s = front_end.step_seconds();
        let mut predictions = Vec::with_capacity(examples.len());
        for chunk in examples.chunks(EVALUATION_BATCH) {
            let items = chunk
                .par_iter()
                .map_init(
                    || LogMel::new(front_end).expect("checked above"),
                    |mel, example| {
                        let samples = resample(&example.samples, RATE, front_end.rate)?;
                        Ok(Item {
                            mel: mel.compute(&samples),
                            record: example.record,
                            events: example.events.clone(),
                        })
                    },
                )
                .collect::<Result<Vec<_>, Error>>()?;
            let batch = Batch::new(&items, frame_s, device);
            let (records, events) = forward(net, &batch, Mode::Infer);
            let records = rows(softmax(records, 1));
            let mut events = events
                .map_or_else(Vec::new, |e| rows(softmax(e, 1)))
                .into_iter();
            for (item, record) in items.iter().zip(records) {
                predictions.push(Prediction {
                    record,
                    events: events.by_ref().take(item.events.len()).collect(),
                });
            }
        }
        Ok(predictions)
    }

    fn item(&self, index: usize, epoch: usize) -> Result<Item, Error> {
        let example = &self.train[index];
        let mut rng = sampling::rng(self.recipe.seed, &[epoch as u64, index as u64, 1]);
        let front_end = &self.recipe.front_end;
        let (samples, events) = self.recipe.augment.apply(example, RATE, &mut rng);
        let samples = resample(&samples, RATE, front_end.rate)?;
        let mut mel = LogMel::new(front_end)?.compute(&samples);
        self.recipe.augment.apply_mel(&mut mel, &mut rng);
        Ok(Item {
            mel,
            record: example.record,
            events,
        })
    }
}

impl Task for LungTask {
    type Net = LungNet;

    fn steps_per_epoch(&self) -> usize {
        self.train.len().div_ceil(self.recipe.batch)
    }

    fn step(&self, net: &LungNet, epoch: usize, step: usize) -> Result<Step, Error> {
        let order = epoch_order(self.recipe.seed, epoch, self.train.len());
        let chosen = order.iter().skip(step * self.recipe.batch);
        let items = chosen
            .take(self.recipe.batch)
            .collect::<Vec<_>>()
            .into_par_iter()
            .map(|&index| self.item(index, epoch))
            .collect::<Result<Vec<_>, Error>>()?;
        let front_end = &self.recipe.front_end;
        let frame_s = front_end.step_seconds();
        let batch = Batch::new(&items, frame_s, &self.device);
        let (records, events) = forward(net, &batch, Mode::Train);
        let smoothing = self.recipe.label_smoothing;
        let record = cross_entropy(records, &batch.records, &self.record_weights, smoothing);
        let mut terms = vec![("record_loss", scalar(&record))];
        let total = match events {
            None => record,
            Some(events) => {
                let event = cross_entropy(events, &batch.events, &self.event_weights, smoothing);
                terms.push(("event_loss", scalar(&event)));
                record + event
            }
        };
        Ok(Loss { total, terms }.backward(net))
    }

    fn evaluate(&self, net: &LungNet) -> Result<Vec<(String, f64)>, Error> {
        let device = self.device.clone().without_autodiff();
        let front_end = &self.recipe.front_end;
        let predictions = Self::predict(&net.valid(), &self.held_out, front_end, &device)?;
        Ok(figures(&self.held_out, &predictions))
    }
}

/// Official scores of the four tasks, and AUROC of "not Normal" for records and events; a figure
/// that the recordings leave undefined is left out.
pub(super) fn figures(examples: &[LungExample], predictions: &[Prediction]) -> Vec<(String, f64)> {
    let mut record = Pairs::default();
    let mut event = Pairs::default();
    for (example, prediction) in examples.iter().zip(predictions) {
        record.add(example.record, &prediction.record);
        for (e, p) in example.events.iter().zip(&prediction.events) {
            event.add(e.class, p);
        }
    }
    let figures = [
        ("score_1_1", event.score(2, |class| class.min(1))),
        ("score_1_2", event.score(EVENT_CLASSES.len(), |class| class)),
        // Adventitious classes together, Poor Quality apart.
        ("score_2_1", record.score(3, |class| [0, 1, 1, 1, 2][class])),
        (
            "score_2_2",
            record.score(RECORD_CLASSES.len(), |class| class),
        ),
        ("auroc_event", event.auroc()),
        ("auroc_record", record.auroc()),
    ];
    figures
        .into_iter()
        .filter_map(|(name, figure)| Some((name.to_string(), figure?)))
        .collect()
}

/// True classes with predicted probabilities; class 0 is Normal.
#[derive(Default)]
struct Pairs<'a> {
    truth: Vec<usize>,
    probabilities: Vec<&'a [f32]>,
}

impl<'a> Pairs<'a> {
    fn add(&mut self, truth: usize, probabilities: &'a [f32]) {
        self.truth.push(truth);
        self.probabilities.push(probabilities);
    }

    /// The official score after merging classes by `merge` into `classes`; probabilities of merged
    /// classes add up.
    fn score(&self, classes: usize, merge: impl Fn(usize) -> usize) -> Option<f64> {
        let truth: Vec<usize> = self.truth.iter().map(|&t| merge(t)).collect();
        let predicted: Vec<usize> = self
            .probabilities
            .iter()
            .map(|p| {
                let mut merged = vec![0.0; classes];
                for (class, p) in p.iter().enumerate() {
                    merged[merge(class)] += p;
                }
                argmax(&merged)
            })
            .collect();
        sprsound(&truth, &predicted, classes, 0)
            .ok()
            .map(LungScore::score)
    }

    fn auroc(&self) -> Option<f64> {
        let abnormal: Vec<bool> = self.truth.iter().map(|&t| t != 0).collect();
        let scores: Vec<f64> = self
            .probabilities
            .iter()
            .map(|p| f64::from(1.0 - p[0]))
            .collect();
        auroc(&scores, &abnormal).ok()
    }
}

/// Record logits, and event logits where the batch has annotated intervals.
fn forward(net: &LungNet, batch: &Batch, mode: Mode) -> (Tensor<2>, Option<Tensor<2>>) {
    let sequence = net.sequence(batch.mel.clone(), mode);
    let [items, steps, width] = sequence.dims();
    let events = batch.intervals.clone().map(|intervals| {
        net.event(intervals.matmul(sequence.clone().reshape([items * steps, width])))
    });
    (net.record(sequence, batch.mask.clone()), events)
}

fn scalar(tensor: &Tensor<1>) -> f32 {
    tensor.clone().into_scalar()
}

fn rows(tensor: Tensor<2>) -> Vec<Vec<f32>> {
    let [_, width] = tensor.dims();
    let values: Vec<f32> = tensor.into_data().try_to_vec().expect("f32 throughout");
    values.chunks(width).map(<[f32]>::to_vec).collect()
}

/// Index of the largest value, the first among equals.
pub(super) fn argmax(values: &[f32]) -> usize {
    let mut best = 0;
    for (i, v) in values.iter().enumerate() {
        if *v > values[best] {
            best = i;
        }
    }
    best
}
