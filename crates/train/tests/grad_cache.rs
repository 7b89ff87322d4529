//! Gradient caching against one large backward pass. A process of its own: the device's generator,
//! which is seeded here, belongs to the whole process.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use burn::{
    module::{Module, ModuleVisitor, Param},
    nn::{Linear, LinearConfig},
    optim::GradientsParams,
    tensor::{Device, Tensor, TensorData},
};

use laennec_train::{
    fit::{Loss, Step},
    grad_cache::grad_cache,
    objectives::{linear_cka, preservation},
};

#[derive(Module, Debug)]
struct Net {
    first: Linear,
    second: Linear,
    head: Linear,
}

const ITEMS: usize = 24;

fn wave(rows: usize, columns: usize, frequency: f32, device: &Device) -> Tensor<2> {
    let values: Vec<f32> = (0..rows * columns)
        .map(|i| (i as f32 * frequency).sin())
        .collect();
    Tensor::from_data(TensorData::new(values, [rows, columns]), device)
}

fn embed(net: &Net, from: usize, count: usize, device: &Device) -> Vec<Tensor<2>> {
    let input = wave(ITEMS, 5, 0.731, device).narrow(0, from, count);
    let hidden = net.first.forward(input).tanh();
    vec![net.second.forward(hidden.clone()), hidden]
}

fn loss(net: &Net, embedded: &[Tensor<2>], device: &Device) -> Loss {
    let text = wave(ITEMS, 4, 0.377, device);
    let start = wave(ITEMS, 6, 0.911, device);
    let projected = net.head.forward(embedded[0].clone());
    Loss {
        total: linear_cka(projected, text).neg() + preservation(embedded[1].clone(), start),
        terms: Vec::new(),
    }
}

struct Collect<'a>(&'a GradientsParams, Vec<f32>);

impl ModuleVisitor for Collect<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let gradient = self.0.get::<D>(param.id).unwrap().into_data();
        self.1.extend(gradient.try_to_vec::<f32>().unwrap());
    }
}

fn values(step: &Step, net: &Net) -> Vec<f32> {
    let mut collect = Collect(&step.gradients, Vec::new());
    net.visit(&mut collect);
    collect.1
}

#[test]
fn gradients_equal_those_of_the_whole_batch() {
    let device = Device::flex().autodiff();
    device.seed(4);
    let net = Net {
        first: LinearConfig::new(5, 6).init(&device),
        second: LinearConfig::new(6, 7).init(&device),
        head: LinearConfig::new(7, 3).init(&device),
    };
    let whole = loss(&net, &embed(&net, 0, ITEMS, &device), &device).backward(&net);
    let expected = values(&whole, &net);
    let largest = expected.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
    assert!(largest > 1e-3);
    // Sixteen at a time: the last piece is smaller.
    for size in [ITEMS, 16, 8, 1] {
        let step = grad_cache(
            &net,
            ITEMS.div_ceil(size),
            &device,
            9,
            |net, piece| {
                let from = piece * size;
                Ok(embed(net, from, size.min(ITEMS - from), &device))
            },
            |net, embedded| Ok(loss(net, embedded, &device)),
        )
        .unwrap();
        assert!((step.loss - whole.loss).abs() < 1e-5);
        for (found, expected) in values(&step, &net).iter().zip(&expected) {
            assert!((found - expected).abs() < 1e-5, "{found} {expected}");
        }
    }
}
