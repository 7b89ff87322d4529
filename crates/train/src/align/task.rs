//! Alignment for the optimisation loop: batches of cached maps and text vectors in; loss, gradients
//! and figures on held-out patients out.

use burn::{
    module::Module,
    tensor::{Device, Tensor, TensorData},
};
use rand::RngExt;

use super::{
    AlignNet, AlignRecipe, Among,
    encoder::{embedding, frozen_blocks},
    features::Features,
    hidden, probe,
    questions::{Answers, Question},
    supervised::Supervised,
    terms::{FEWEST, Sum, by_device, chosen, text_terms},
    text::Texts,
};
use crate::{
    Error,
    fit::{Loss, Step, Task, epoch_order},
    grad_cache::grad_cache,
    objectives::{cola, debiased_cka, preservation},
    sampling,
};

/// Tells the draw of hidden patches from others at the same place.
const HIDDEN_PATCHES: u64 = 7;

/// Recordings with everything that is computed once.
pub(super) struct Part {
    /// The clean clips, in the order of the recordings.
    pub(super) clean: Features,
    /// Augmented views of them; none for recordings that do not train.
    pub(super) views: Vec<Features>,
    /// Their texts; `None` where nothing looks at texts.
    pub(super) texts: Option<Texts>,
    /// What is known of them.
    pub(super) answers: Answers,
    /// Data set and device of each, numbered.
    pub(super) devices: Vec<usize>,
}

/// The data and settings of a run.
pub(super) struct AlignTask {
    recipe: AlignRecipe,
    questions: Vec<Question>,
    train: Part,
    held_out: Part,
    /// Embeddings of the clean training clips by the frozen start.
    start: Vec<Vec<f32>>,
    supervised: Supervised,
    frozen: usize,
    device: Device,
}

impl AlignTask {
    /// `start` is the network before the first step, without autodiff; `device` carries autodiff.
    pub(super) fn new(
        (recipe, questions): (AlignRecipe, Vec<Question>),
        start: &AlignNet,
        train: Part,
        held_out: Part,
        device: Device,
    ) -> Self {
        let frozen = frozen_blocks(&start.backbone, recipe.unfrozen_blocks);
        let supervised = Supervised::new(&questions, &train.answers);
        let mut task = Self {
            recipe,
            questions,
            train,
            held_out,
            start: Vec::new(),
            supervised,
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
            for members in self.compared(rows) {
                let share = members.len() as f32 / rows.len() as f32;
                let own: Vec<usize> = members.iter().map(|&place| rows[place]).collect();
                let pair = [&sound, &text].map(|all| chosen(all, &members));
                let positives = || texts.positives(&own, &self.device);
                text_terms(net, weights, pair, positives, share, &mut sum);
            }
        }
        sum.add("preservation_loss", weights.preservation, || {
            preservation(current.clone(), self.start_of(rows))
        });
        // In the order in which `step` gives them.
        let mut others = embedded[1..].iter();
        sum.add("cola_loss", weights.cola, || {
            let other = others
                .next()
                .expect("a second view where views are contrasted");
            let (first, second) = (net.view(current.clone()), net.view(other.clone()));
            cola(first, second, net.form())
        });
        sum.add("reconstruction_loss", weights.reconstruction, || {
            let errors = others.next().expect("errors where patches are hidden");
            errors.clone().mean()
        });
        sum.add("supervised_loss", weights.supervised, || {
            self.supervised.loss(&net.labels(current.clone()), rows)
        });
        sum.into()
    }

    /// Likeness of projected sound and text on held-out recordings: of all of them, where telling
    /// hearts from lungs does much, and within data set and device.
    fn likeness(&self, net: &AlignNet, texts: &Texts, sounds: &[Vec<f32>]) -> Vec<(String, f64)> {
        let device = self.device.clone().without_autodiff();
        let of = |rows: &[usize]| -> Option<f64> {
            let width = sounds.first()?.len();
            let values: Vec<f32> = rows.iter().flat_map(|&row| sounds[row].clone()).collect();
            let sound = TensorData::new(values, [rows.len(), width]);
            let sound = net.sound.forward(Tensor::from_data(sound, &device));
            let text = net.text.forward(texts.batch(rows, &device));
            Some(f64::from(debiased_cka(sound, text).into_scalar::<f32>()))
        };
        let all: Vec<usize> = (0..sounds.len()).collect();
        let groups = by_device(&self.held_out.devices, &all);
        let asked: usize = groups.iter().map(Vec::len).sum();
        let within = groups
            .iter()
            .filter_map(|rows| Some(of(rows)? * rows.len() as f64))
            .sum::<f64>();
        let mut figures = Vec::new();
        if all.len() >= FEWEST {
            figures.extend(of(&all).map(|value| ("debiased_cka".into(), value)));
            figures.push(("debiased_cka_within".into(), within / asked as f64));
        }
        figures
    }

    /// Places in `rows` whose similarities are compared with each other.
    fn compared(&self, rows: &[usize]) -> Vec<Vec<usize>> {
        match self.recipe.among {
            Among::Batch => vec![(0..rows.len()).collect()],
            Among::Device => {
                let devices: Vec<usize> = rows.iter().map(|&row| self.train.devices[row]).collect();
                by_device(&devices, &(0..rows.len()).collect::<Vec<_>>())
            }
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
}

impl Task for AlignTask {
    type Net = AlignNet;

    fn steps_per_epoch(&self) -> usize {
        // What is left over is smaller than a batch, and similarities among few are another loss.
        (self.train.devices.len() / self.recipe.batch).max(1)
    }

    fn step(&self, net: &AlignNet, epoch: usize, step: usize) -> Result<Step, Error> {
        let order = epoch_order(self.recipe.seed, epoch, self.train.devices.len());
        let rows: Vec<usize> = order
            .into_iter()
            .skip(step * self.recipe.batch)
            .take(self.recipe.batch)
            .collect();
        let pieces: Vec<&[usize]> = rows.chunks(self.recipe.micro_batch).collect();
        let weights = &self.recipe.weights;
        let embed = |net: &AlignNet, piece: usize| {
            let view = |other| self.views(pieces[piece], epoch, other);
            let first = view(0);
            let mut embedded = vec![embedding(&net.backbone, first.clone(), self.frozen)];
            if weights.cola != 0.0 {
                embedded.push(embedding(&net.backbone, view(1), self.frozen));
            }
            if weights.reconstruction != 0.0 {
                let position = [epoch as u64, step as u64, piece as u64, HIDDEN_PATCHES];
                let mut rng = sampling::rng(self.recipe.seed, &position);
                embedded.push(hidden::errors(&net.backbone, first, &mut rng)?);
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
        let train = self.embeddings(&net, &self.train.clean);
        let test = self.embeddings(&net, &self.held_out.clean);
        let mut figures = probe::figures(
            &self.questions,
            &probe::Answered {
                embeddings: &train,
                answers: &self.train.answers,
            },
            &probe::Answered {
                embeddings: &test,
                answers: &self.held_out.answers,
            },
        )?;
        if let Some(texts) = &self.held_out.texts {
            figures.extend(self.likeness(&net, texts, &test));
        }
        Ok(figures)
    }
}
