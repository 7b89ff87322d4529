//! In: features and classes of a training part and a part that selects. Out: the linear head of
//! OPERA's evaluation, at the epoch with the best AUROC on the selecting part.
//!
//! Adam with a rate of 1e-4 that is multiplied by 0.97 after each epoch, 64 epochs, batches of 32,
//! gradient norm clipped at 1, cross-entropy plus 1e-5 times the sum of squares of weights *and*
//! biases. OPERA's command line takes a learning rate, but its classifier is made with its own
//! default, so that every published figure was trained with 1e-4; so are these. Features are not
//! standardised. At this rate a head hardly leaves its start within 64 epochs: the figures measure
//! how fast a class can be read off as much as whether it can.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::head::{LinearHead, check};
use crate::matrix::{Matrix, dot};
use crate::metrics::Undefined;

const FIRST_MOMENT: f64 = 0.9;
const SECOND_MOMENT: f64 = 0.999;
const EPSILON: f64 = 1e-8;

/// Settings of OPERA's evaluation of classification tasks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OperaOptions {
    /// Learning rate of the first epoch.
    pub learning_rate: f64,
    /// Factor of the learning rate after each epoch.
    pub decay: f64,
    /// Passes over the training part.
    pub epochs: usize,
    /// Observations a step.
    pub batch: usize,
    /// Factor of the sum of squares of weights and biases.
    pub penalty: f64,
    /// Largest norm of the gradient.
    pub clip: f64,
    /// The selecting part is asked after each so many epochs.
    pub select_every: usize,
}

impl Default for OperaOptions {
    fn default() -> Self {
        Self {
            learning_rate: 1e-4,
            decay: 0.97,
            epochs: 64,
            batch: 32,
            penalty: 1e-5,
            clip: 1.0,
            select_every: 1,
        }
    }
}

impl OperaOptions {
    /// As OPERA evaluates the task of that number: UK COVID-19 and `CoughVID` (1, 2, 5, 6) in batches
    /// of 64, KAUH (10) with 50 epochs and selection every 5. Other tasks, and ours, are evaluated
    /// with the default.
    pub fn of(task: Option<u8>) -> Self {
        match task {
            Some(1 | 2 | 5 | 6) => Self {
                batch: 64,
                ..Self::default()
            },
            Some(10) => Self {
                epochs: 50,
                select_every: 5,
                ..Self::default()
            },
            _ => Self::default(),
        }
    }
}

/// Order of `n` observations in an epoch: a Fisher-Yates shuffle from `seed` and `epoch`.
pub fn shuffled(n: usize, seed: u64, epoch: usize) -> Vec<usize> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(1 + epoch as u64);
    let mut order: Vec<usize> = (0..n).collect();
    for last in (1..n).rev() {
        let wide = u128::from(rng.next_u64()) * (last as u128 + 1);
        order.swap(last, (wide >> 64) as usize);
    }
    order
}

/// Trains `start` and returns the head that `judge` rates best, the earliest of equals, with its
/// rating. `order(epoch)` gives the order of the training observations; epochs at which the rating
/// is undefined are passed over.
///
/// # Errors
/// Where shapes disagree, or no rating is defined.
pub fn fit(
    start: LinearHead,
    features: &Matrix,
    classes: &[usize],
    options: &OperaOptions,
    order: impl Fn(usize) -> Vec<usize>,
    judge: impl Fn(&LinearHead) -> Result<f64, Undefined>,
) -> Result<(LinearHead, f64), Undefined> {
    check(&start, features, classes)?;
    let mut head = start;
    let mut adam = Adam::new(head.weights().values().len());
    let mut gradient = vec![0.0; head.weights().values().len()];
    let mut rate = options.learning_rate;
    let mut best: Option<(LinearHead, f64)> = None;
    let mut reason = Undefined::Empty;
    for epoch in 0..options.epochs {
        for batch in order(epoch).chunks(options.batch.max(1)) {
            head.gradient(features, classes, batch, options.penalty, &mut gradient);
            clip(&mut gradient, options.clip);
            adam.step(head.weights_mut().values_mut(), &gradient, rate);
        }
        rate *= options.decay;
        if (epoch + 1) % options.select_every.max(1) == 0 {
            match judge(&head) {
                Ok(rating) if best.as_ref().is_none_or(|(_, most)| rating > *most) => {
                    best = Some((head.clone(), rating));
                }
                Ok(_) => {}
                Err(undefined) => reason = undefined,
            }
        }
    }
    best.ok_or(reason)
}

/// Scales a gradient of a greater norm to `most` (`PyTorch`'s `clip_grad_norm_`).
fn clip(gradient: &mut [f64], most: f64) {
    let factor = most / (dot(gradient, gradient).sqrt() + 1e-6);
    if factor < 1.0 {
        for g in gradient {
            *g *= factor;
        }
    }
}

/// Adam with its usual moments (Kingma & Ba 2015, algorithm 1).
struct Adam {
    first: Vec<f64>,
    second: Vec<f64>,
    steps: i32,
}

impl Adam {
    fn new(parameters: usize) -> Self {
        Self {
            first: vec![0.0; parameters],
            second: vec![0.0; parameters],
            steps: 0,
        }
    }

    fn step(&mut self, parameters: &mut [f64], gradient: &[f64], rate: f64) {
        self.steps += 1;
        let first_bias = 1.0 - FIRST_MOMENT.powi(self.steps);
        let second_bias = 1.0 - SECOND_MOMENT.powi(self.steps);
        let moments = self.first.iter_mut().zip(&mut self.second);
        for ((parameter, &g), (m, v)) in parameters.iter_mut().zip(gradient).zip(moments) {
            *m = FIRST_MOMENT * *m + (1.0 - FIRST_MOMENT) * g;
            *v = SECOND_MOMENT * *v + (1.0 - SECOND_MOMENT) * g * g;
            *parameter -= rate * (*m / first_bias) / ((*v / second_bias).sqrt() + EPSILON);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_holds_every_observation_and_differs_by_seed_and_epoch() {
        let order = shuffled(50, 1, 0);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..50).collect::<Vec<_>>());
        assert_eq!(order, shuffled(50, 1, 0));
        assert_ne!(order, shuffled(50, 1, 1));
        assert_ne!(order, shuffled(50, 2, 0));
    }

    #[test]
    fn the_best_epoch_is_kept_and_a_rating_must_be_defined_once() {
        let features = Matrix::new(4, 1, vec![-1.0, -0.5, 0.5, 1.0]).unwrap();
        let classes = [0, 0, 1, 1];
        let options = OperaOptions {
            learning_rate: 0.1,
            epochs: 6,
            batch: 4,
            ..OperaOptions::default()
        };
        let start = LinearHead::init(2, 1, 0);
        let order = |_| (0..4).collect::<Vec<_>>();
        // Rated by how close the first weight is to what it is after the third step.
        let slope = |head: &LinearHead| head.weights().row(1)[0] - head.weights().row(0)[0];
        let third = OperaOptions {
            epochs: 3,
            ..options
        };
        let last = |_: &LinearHead| Ok(1.0);
        let rising = std::cell::Cell::new(0.0);
        let count = |_: &LinearHead| {
            rising.set(rising.get() + 1.0);
            Ok(rising.get())
        };
        let (wanted, _) = fit(start.clone(), &features, &classes, &third, order, count).unwrap();
        let near = |head: &LinearHead| Ok(-(slope(head) - slope(&wanted)).abs());
        let (kept, _) = fit(start.clone(), &features, &classes, &options, order, near).unwrap();
        assert_eq!(kept, wanted);
        let (first, _) = fit(start.clone(), &features, &classes, &options, order, last).unwrap();
        assert!(slope(&first) < slope(&kept), "the earliest of equals");
        let never = |_: &LinearHead| Err(Undefined::Empty);
        assert!(fit(start, &features, &classes, &options, order, never).is_err());
    }
}
