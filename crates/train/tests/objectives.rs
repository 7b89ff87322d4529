//! The objectives against PyTorch: values and gradients (`fixtures/make_objectives.py`).
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use burn::tensor::{Device, Gradients, Tensor, TensorData};
use laennec_train::objectives::{
    cola, covariance_cka, debiased_cka, info_nce, linear_cka, patches, preservation,
    reconstruction, siglip,
};
use safetensors::SafeTensors;

struct Fixture(Vec<u8>);

/// An input's name, and how to read its gradient.
type Of<'a> = (&'a str, &'a dyn Fn(&Gradients) -> Vec<f32>);

impl Fixture {
    fn open() -> Self {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/objectives.safetensors");
        Self(std::fs::read(path).unwrap())
    }

    fn values(&self, name: &str) -> (Vec<f32>, Vec<usize>) {
        let tensors = SafeTensors::deserialize(&self.0).unwrap();
        let view = tensors.tensor(name).unwrap();
        let values = view.data().chunks_exact(4);
        let values = values.map(|b| f32::from_le_bytes(b.try_into().unwrap()));
        (values.collect(), view.shape().to_vec())
    }

    /// An input that carries gradients.
    fn input<const D: usize>(&self, name: &str) -> Tensor<D> {
        let (values, shape) = self.values(&format!("in.{name}"));
        let shape: [usize; D] = shape.try_into().unwrap();
        Tensor::from_data(TensorData::new(values, shape), &device()).require_grad()
    }

    /// Value and gradients of one objective equal PyTorch's to 1e-5 of their scale.
    fn check(&self, name: &str, value: &Tensor<1>, gradients: &[Of<'_>]) {
        let expected = self.values(&format!("{name}.value")).0;
        close(name, &[value.clone().into_scalar::<f32>()], &expected);
        let grads = value.backward();
        for (input, gradient) in gradients {
            let expected = self.values(&format!("{name}.grad.{input}")).0;
            close(
                &format!("{name}.grad.{input}"),
                &gradient(&grads),
                &expected,
            );
        }
    }
}

fn device() -> Device {
    Device::flex().autodiff()
}

fn close(what: &str, found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let scale = expected
        .iter()
        .fold(0.0_f32, |m, v| m.max(v.abs()))
        .max(1e-3);
    for (f, e) in found.iter().zip(expected) {
        assert!(
            (f - e).abs() < 1e-5 * scale + 1e-7,
            "{what}: {f} against {e}"
        );
    }
}

fn flat<const D: usize>(tensor: &Tensor<D>) -> impl Fn(&Gradients) -> Vec<f32> + use<D> {
    let tensor = tensor.clone();
    move |grads| {
        tensor
            .grad(grads)
            .unwrap()
            .into_data()
            .try_to_vec()
            .unwrap()
    }
}

fn scalar(value: f32) -> Tensor<1> {
    Tensor::from_data([value], &device()).require_grad()
}

fn identity(n: usize) -> Tensor<2> {
    Tensor::eye(n, &device())
}

#[test]
fn alignments_equal_pytorch() {
    let fixture = Fixture::open();
    let (x, y) = (fixture.input::<2>("x"), fixture.input::<2>("y"));
    let value = linear_cka(x.clone(), y.clone());
    fixture.check("linear_cka", &value, &[("x", &flat(&x)), ("y", &flat(&y))]);
    let value = debiased_cka(x.clone(), y.clone());
    fixture.check(
        "debiased_cka",
        &value,
        &[("x", &flat(&x)), ("y", &flat(&y))],
    );
    let w = fixture.input::<2>("same_width");
    let value = covariance_cka(x.clone(), w.clone());
    let gradients: [Of<'_>; 2] = [("x", &flat(&x)), ("same_width", &flat(&w))];
    fixture.check("covariance_cka", &value, &gradients);
}

#[test]
fn contrasts_equal_pytorch() {
    let fixture = Fixture::open();
    let (x, w) = (fixture.input::<2>("x"), fixture.input::<2>("same_width"));
    let positives = fixture.input::<2>("positives").detach();
    let scale = scalar(4.0);
    let value = info_nce(x.clone(), w.clone(), identity(12), scale.clone());
    let gradients: [Of<'_>; 3] = [
        ("x", &flat(&x)),
        ("same_width", &flat(&w)),
        ("scale", &flat(&scale)),
    ];
    fixture.check("clip", &value, &gradients);
    let value = info_nce(x.clone(), w.clone(), positives.clone(), scale.clone());
    fixture.check("info_nce", &value, &gradients);
    let bias = scalar(-1.5);
    let value = siglip(x.clone(), w.clone(), positives, scale.clone(), bias.clone());
    fixture.check("siglip", &value, &gradients);
    let value = siglip(
        x.clone(),
        w.clone(),
        fixture.input::<2>("positives").detach(),
        scale,
        bias.clone(),
    );
    fixture.check("siglip", &value, &[("bias", &flat(&bias))]);
    let form = fixture.input::<2>("form");
    let value = cola(x.clone(), w.clone(), form.clone());
    let gradients: [Of<'_>; 3] = [
        ("x", &flat(&x)),
        ("same_width", &flat(&w)),
        ("form", &flat(&form)),
    ];
    fixture.check("cola", &value, &gradients);
}

#[test]
fn self_supervised_terms_equal_pytorch() {
    let fixture = Fixture::open();
    let (x, w) = (fixture.input::<2>("x"), fixture.input::<2>("same_width"));
    let value = preservation(x.clone(), w.clone());
    fixture.check(
        "preservation",
        &value,
        &[("x", &flat(&x)), ("same_width", &flat(&w))],
    );

    let cut = patches(fixture.input("spectrogram"), [4, 4]);
    let (expected, shape) = fixture.values("patches");
    assert_eq!(cut.dims().to_vec(), shape);
    let found: Vec<f32> = cut.clone().into_data().try_to_vec().unwrap();
    close("patches", &found, &expected);

    let drawn = fixture.input::<3>("drawn");
    let mask = fixture.input::<2>("mask").detach();
    for (name, normalised) in [
        ("reconstruction", false),
        ("reconstruction_normalised", true),
    ] {
        let value = reconstruction(
            drawn.clone(),
            cut.clone().detach(),
            mask.clone(),
            normalised,
        );
        fixture.check(name, &value, &[("drawn", &flat(&drawn))]);
    }
}

/// Reports that are shuffled over the recordings change every alignment but the published one.
#[test]
fn the_published_alignment_is_blind_to_the_pairing() {
    let fixture = Fixture::open();
    let (x, w) = (fixture.input::<2>("x"), fixture.input::<2>("same_width"));
    let shuffled = w.clone().flip([0]);
    let change = |similarity: fn(Tensor<2>, Tensor<2>) -> Tensor<1>| {
        let paired = similarity(x.clone(), w.clone()).into_scalar::<f32>();
        (similarity(x.clone(), shuffled.clone()).into_scalar::<f32>() - paired).abs()
    };
    assert!(change(covariance_cka) < 1e-6);
    assert!(change(linear_cka) > 1e-2);
    assert!(change(debiased_cka) > 1e-2);
}

/// A sound and its own copy are alike; independent noise is not, whatever the width, only debiased.
#[test]
fn the_debiased_form_has_no_floor() {
    let device = device();
    device.seed(3);
    let normal = burn::tensor::Distribution::Normal(0.0, 1.0);
    let noise = || Tensor::<2>::random([24, 400], normal, &device);
    let (mut biased, mut debiased) = (0.0, 0.0);
    for _ in 0..8 {
        let (x, y) = (noise(), noise());
        biased += linear_cka(x.clone(), y.clone()).into_scalar::<f32>() / 8.0;
        debiased += debiased_cka(x.clone(), y).into_scalar::<f32>() / 8.0;
        let own = debiased_cka(x.clone(), x.clone()).into_scalar::<f32>();
        assert!((own - 1.0).abs() < 1e-4, "{own}");
    }
    assert!(biased > 0.8, "{biased}");
    assert!(debiased.abs() < 0.05, "{debiased}");
}
