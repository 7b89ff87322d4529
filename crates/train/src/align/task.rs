//! Alignment for the optimisation loop: batches of cached maps and text vectors in; loss, gradients
//! and figures on held-out patients out.

use burn::{
    module::Module,
    tensor::{Device, Tensor, TensorData},
};
use laennec_models::networks::RECORD_CLASSES;
use rand::RngExt;

use super::{
    AlignNet, AlignRecipe,
    encoder::{embedding, frozen_blocks},
    features::Features,
    labels::Labels,
    probe,
    text::Texts,
};
use crate::{
    Error,
    fit::{Loss, Step, Task, epoch_order},
    grad_cache::grad_cache,
    objectives::{
        binary_cross_entropy, cola, covariance_cka, cross_entropy, debiased_cka, info_nce,
        inverse_root_weights, linear_cka, preservation, siglip,
    },
    sampling,
};

/// Recordings with everything that is computed once.
pub(super) struct Part {
    /// The clean clips, in the order of the recordings.
    pub(super) clean: Features,
    /// Augmented views of them; none for recordings that do not train.
    pub(super) views: Vec<Features>,
    /// Their texts; `None` where nothing looks at texts.
    pub(super) texts: Option<Texts>,
    /// Their labels.
    pub(super) labels: Vec<Labels>,
}

/// The data and settings of a run.
pub(super) struct AlignTask {
    recipe: AlignRecipe,
    train: Part,
    held_out: Part,
    /// Embeddings of the clean training clips by the frozen start.
    start: Vec<Vec<f32>>,
    class_weights: Vec<f32>,
    frozen: usize,
    device: Device,
}

impl AlignTask {
    /// `start` is the network before the first step, without autodiff; `device` carries autodiff.
    pub(super) fn new(
        recipe: AlignRecipe,
        start: &AlignNet,
        train: Part,
        held_out: Part,
        device: Device,
    ) -> Self {
        let frozen = frozen_blocks(&start.backbone, recipe.unfrozen_blocks);
        let mut counts = [0; RECORD_CLASSES.len()];
        for class in train.labels.iter().filter_map(|labels| labels.lung) {
            counts[class] += 1;
        }
        let mut task = Self {
            recipe,
            train,
            held_out,
            start: Vec::new(),
            class_weights: inverse_root_weights(&counts),
            frozen,
            device,
        };
        task.start = task.embeddings(start, &task.train.clean);
        task
    }

    /// Embeddings of all clips; `net` without autodiff.
    fn embeddings(&self, net: &AlignNet, clips: &Features) -> Vec<Vec<f32>> {
        let device = self.device.clone().without_autodiff();
        let all: Vec<usize> = (0..clips.len()).collect();
        let mut rows = Vec::with_capacity(all.len());
        for chosen in all.chunks(self.recipe.micro_batch) {
            let embedded = embedding(&net.backbone, clips.batch(chosen, &device), self.frozen);
            let [_, width] = embedded.dims();
            let values: Vec<f32> = embedded.into_data().try_to_vec().expect("f32 throughout");
            rows.extend(values.chunks(width).map(<[f32]>::to_vec));
        }
        rows
    }

    /// Maps of one piece of the batch, each recording in a view drawn for it; `other` gives another
    /// draw.
    fn views(&self, rows: &[usize], epoch: usize, other: u64) -> Tensor<4> {
        let views = &self.train.views;
        if views.is_empty() {
            return self.train.clean.batch(rows, &self.device);
        }
        let maps = rows
            .iter()
            .map(|&row| {
                let position = [epoch as u64, row as u64, 2 + other];
                let view = sampling::rng(self.recipe.seed, &position).random_range(0..views.len());
                views[view].batch(&[row], &self.device)
            })
            .collect();
        Tensor::cat(maps, 0)
    }

    /// The loss of embeddings `[batch, dims]` of the recordings `rows`, and of their second views.
    fn loss(&self, net: &AlignNet, rows: &[usize], embedded: &[Tensor<2>]) -> Loss {
        let weights = &self.recipe.weights;
        let current = &embedded[0];
        let mut sum = Sum::new(&self.device);
        if let Some(texts) = self.train.texts.as_ref().filter(|_| weights.uses_text()) {
            let sound = net.sound.forward(current.clone());
            let text = net.text.forward(texts.batch(rows, &self.device));
            let distance = |value: Tensor<1>| value.neg().add_scalar(1.0);
            let positives = || texts.positives(rows, &self.device);
            sum.add("cka_loss", weights.cka, || {
                distance(linear_cka(sound.clone(), text.clone()))
            });
            sum.add("debiased_cka_loss", weights.debiased_cka, || {
                distance(debiased_cka(sound.clone(), text.clone()))
            });
            sum.add("covariance_cka_loss", weights.covariance_cka, || {
                distance(covariance_cka(sound.clone(), text.clone()))
            });
            sum.add("info_nce_loss", weights.info_nce, || {
                let scale = net.inverse_temperature();
                info_nce(sound.clone(), text.clone(), positives(), scale)
            });
            sum.add("siglip_loss", weights.siglip, || {
                let scale = net.inverse_temperature();
                siglip(sound.clone(), text.clone(), positives(), scale, net.bias())
            });
        }
        sum.add("preservation_loss", weights.preservation, || {
            preservation(current.clone(), self.start_of(rows))
        });
        if let Some(other) = embedded.get(1) {
            sum.add("cola_loss", weights.cola, || {
                let (first, second) = (net.view(current.clone()), net.view(other.clone()));
                cola(first, second, net.form())
            });
        }
        sum.add("supervised_loss", weights.supervised, || {
            self.supervised(net, rows, current.clone())
        });
        Loss {
            total: sum.total,
            terms: sum.terms,
        }
    }

    fn start_of(&self, rows: &[usize]) -> Tensor<2> {
        let rows: Vec<Tensor<2>> = rows
            .iter()
            .map(|&row| Tensor::<1>::from_data(self.start[row].as_slice(), &self.device))
            .map(Tensor::unsqueeze)
            .collect();
        Tensor::cat(rows, 0)
    }

    /// Cross-entropies of the lungs' classes and of "abnormal heart", summed.
    fn supervised(&self, net: &AlignNet, rows: &[usize], embedded: Tensor<2>) -> Tensor<1> {
        let labels: Vec<Labels> = rows.iter().map(|&row| self.train.labels[row]).collect();
        let lungs: Vec<Option<usize>> = labels.iter().map(|l| l.lung).collect();
        let hearts: Vec<Option<bool>> = labels.iter().map(|l| l.abnormal).collect();
        let (lung, heart) = net.labels(embedded);
        let mut total = Tensor::<1>::zeros([1], &self.device);
        if lungs.iter().any(Option::is_some) {
            total = total + cross_entropy(lung, &lungs, &self.class_weights, 0.0);
        }
        if hearts.iter().any(Option::is_some) {
            let targets: Vec<f32> = hearts
                .iter()
                .map(|h| f32::from(u8::from(*h == Some(true))))
                .collect();
            let known: Vec<f32> = hearts
                .iter()
                .map(|h| f32::from(u8::from(h.is_some())))
                .collect();
            total = total + binary_cross_entropy(heart, &targets, &known);
        }
        total
    }
}

impl Task for AlignTask {
    type Net = AlignNet;

    fn steps_per_epoch(&self) -> usize {
        // What is left over is smaller than a batch, and similarities among few are another loss.
        (self.train.labels.len() / self.recipe.batch).max(1)
    }

    fn step(&self, net: &AlignNet, epoch: usize, step: usize) -> Result<Step, Error> {
        let order = epoch_order(self.recipe.seed, epoch, self.train.labels.len());
        let rows: Vec<usize> = order
            .into_iter()
            .skip(step * self.recipe.batch)
            .take(self.recipe.batch)
            .collect();
        let pieces: Vec<&[usize]> = rows.chunks(self.recipe.micro_batch).collect();
        let two_views = self.recipe.weights.cola != 0.0;
        let embed = |net: &AlignNet, piece: usize| {
            let view = |other| {
                let maps = self.views(pieces[piece], epoch, other);
                embedding(&net.backbone, maps, self.frozen)
            };
            let mut embedded = vec![view(0)];
            if two_views {
                embedded.push(view(1));
            }
            Ok(embedded)
        };
        let seed = self.recipe.seed ^ (epoch as u64) << 32 ^ step as u64;
        grad_cache(net, pieces.len(), &self.device, seed, embed, |net, all| {
            Ok(self.loss(net, &rows, all))
        })
    }

    fn evaluate(&self, net: &AlignNet) -> Result<Vec<(String, f64)>, Error> {
        let net = net.valid();
        let device = self.device.clone().without_autodiff();
        let train = self.embeddings(&net, &self.train.clean);
        let test = self.embeddings(&net, &self.held_out.clean);
        let mut figures = probe::figures(
            &probe::Labelled {
                embeddings: &train,
                labels: &self.train.labels,
            },
            &probe::Labelled {
                embeddings: &test,
                labels: &self.held_out.labels,
            },
        )?;
        // Similarities are undefined among fewer than four.
        if let Some(texts) = self.held_out.texts.as_ref().filter(|_| test.len() >= 4) {
            let rows: Vec<usize> = (0..test.len()).collect();
            let width = test[0].len();
            let sound = TensorData::new(test.concat(), [rows.len(), width]);
            let sound = net.sound.forward(Tensor::from_data(sound, &device));
            let text = net.text.forward(texts.batch(&rows, &device));
            let value = debiased_cka(sound, text).into_scalar::<f32>();
            figures.push(("debiased_cka".into(), f64::from(value)));
        }
        Ok(figures)
    }
}

/// A weighted sum in the making.
struct Sum {
    total: Tensor<1>,
    terms: Vec<(&'static str, f32)>,
}

impl Sum {
    fn new(device: &Device) -> Self {
        Self {
            total: Tensor::zeros([1], device),
            terms: Vec::new(),
        }
    }

    /// Adds a term unless it weighs nothing; the log gets it without its weight.
    fn add(&mut self, name: &'static str, weight: f32, term: impl FnOnce() -> Tensor<1>) {
        if weight == 0.0 {
            return;
        }
        let term = term();
        self.terms.push((name, term.clone().into_scalar()));
        self.total = self.total.clone() + term.mul_scalar(weight);
    }
}
