//! Every operation and all its gradients against a naive reference in f64 (values) and against Burn's
//! own operations (values and gradients), for odd and even sizes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use burn::tensor::{Device, Distribution, Tensor, TensorData};
use laennec_kernels::{
    Activation, FrozenNorm, batch_norm_infer, batch_norm_train, channel_gate, channel_mean,
    composed, conv2d_one_channel, conv2d_one_channel_norm, depthwise_conv2d, depthwise_conv2d_norm,
    pointwise_conv2d, pointwise_conv2d_norm,
};

const ACTIVATIONS: [Activation; 3] = [
    Activation::Identity,
    Activation::Relu,
    Activation::Hardswish,
];
const SIZES: [[usize; 2]; 6] = [[1, 1], [2, 3], [5, 7], [8, 16], [7, 33], [6, 70]];

fn values<const D: usize>(tensor: &Tensor<D>) -> Vec<f32> {
    tensor.to_data().try_into_vec::<f32>().unwrap()
}

fn random<const D: usize>(shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::random(shape, Distribution::Normal(0.3, 2.0), device)
}

#[track_caller]
fn assert_close(found: &[f32], expected: &[f32], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}: lengths");
    let scale = expected.iter().fold(1.0f32, |max, x| max.max(x.abs()));
    for (index, (a, b)) in found.iter().zip(expected).enumerate() {
        assert!(
            (a - b).abs() <= 2e-5 * scale,
            "{what}: value {index} is {a}, expected {b} (scale {scale})"
        );
    }
}

/// Compares outputs and the gradients of both inputs of two ways to compute the same.
#[track_caller]
fn assert_same_gradients<const A: usize, const B: usize, const C: usize>(
    what: &str,
    shapes: ([usize; A], [usize; B]),
    ours: impl Fn(Tensor<A>, Tensor<B>) -> Tensor<C>,
    theirs: impl Fn(Tensor<A>, Tensor<B>) -> Tensor<C>,
) {
    let device = Device::flex().autodiff();
    let a = random(shapes.0, &device);
    let b = random(shapes.1, &device);
    let run = |f: &dyn Fn(Tensor<A>, Tensor<B>) -> Tensor<C>, weight: Option<&Tensor<C>>| {
        let (a, b) = (
            a.clone().detach().require_grad(),
            b.clone().detach().require_grad(),
        );
        let out = f(a.clone(), b.clone());
        let weight = weight.map_or_else(
            || random(out.dims(), &Device::flex().autodiff()),
            Clone::clone,
        );
        let grads = (out.clone() * weight.clone()).sum().backward();
        let found = [
            values(&out),
            values(&a.grad(&grads).unwrap()),
            values(&b.grad(&grads).unwrap()),
        ];
        (found, weight)
    };
    let (expected, weight) = run(&theirs, None);
    let (found, _) = run(&ours, Some(&weight));
    for (index, name) in ["output", "first gradient", "second gradient"]
        .iter()
        .enumerate()
    {
        assert_close(&found[index], &expected[index], &format!("{what} {name}"));
    }
}

/// Convolution of each plane, written out.
fn naive_planes(x: &Tensor<4>, weight: &Tensor<4>, stride: usize, shared: bool) -> Vec<f32> {
    let [batch, inputs, height, width] = x.dims();
    let [channels, _, k, _] = weight.dims();
    let (x, weight) = (values(x), values(weight));
    let mut out = Vec::new();
    for b in 0..batch {
        for c in 0..channels {
            let plane = if shared { b } else { b * inputs + c } * height * width;
            for h in 0..height.div_ceil(stride) {
                for w in 0..width.div_ceil(stride) {
                    let mut sum = 0.0f64;
                    for i in 0..k {
                        for j in 0..k {
                            let row = (h * stride + i).wrapping_sub(k / 2);
                            let column = (w * stride + j).wrapping_sub(k / 2);
                            if row < height && column < width {
                                sum += f64::from(x[plane + row * width + column])
                                    * f64::from(weight[(c * k + i) * k + j]);
                            }
                        }
                    }
                    out.push(sum as f32);
                }
            }
        }
    }
    out
}

#[test]
fn depthwise() {
    let device = Device::flex();
    for kernel in [3, 5] {
        for stride in [1, 2] {
            for [height, width] in SIZES {
                let shapes = ([2, 3, height, width], [3, 1, kernel, kernel]);
                let what = format!("k{kernel} s{stride} {height}x{width}");
                let (x, weight) = (random(shapes.0, &device), random(shapes.1, &device));
                let out = depthwise_conv2d(x.clone(), weight.clone(), stride);
                let expected = naive_planes(&x, &weight, stride, false);
                assert_close(&values(&out), &expected, &what);
                assert_same_gradients(
                    &what,
                    shapes,
                    |x, w| depthwise_conv2d(x, w, stride),
                    |x, w| composed::depthwise_conv2d(x, w, stride),
                );
            }
        }
    }
}

#[test]
fn one_channel() {
    let device = Device::flex();
    for stride in [1, 2] {
        for [height, width] in SIZES {
            let shapes = ([2, 1, height, width], [4, 1, 3, 3]);
            let what = format!("s{stride} {height}x{width}");
            let (x, weight) = (random(shapes.0, &device), random(shapes.1, &device));
            let out = conv2d_one_channel(x.clone(), weight.clone(), stride);
            let expected = naive_planes(&x, &weight, stride, true);
            assert_close(&values(&out), &expected, &what);
            assert_same_gradients(
                &what,
                shapes,
                |x, w| conv2d_one_channel(x, w, stride),
                |x, w| composed::conv2d_one_channel(x, w, stride),
            );
        }
    }
}

/// Linear combinations of channels, written out.
fn naive_mix(x: &Tensor<4>, weight: &Tensor<4>) -> Vec<f32> {
    let [batch, inputs, height, width] = x.dims();
    let outputs = weight.dims()[0];
    let (x, weight, pixels) = (values(x), values(weight), height * width);
    let mut out = Vec::new();
    for b in 0..batch {
        for o in 0..outputs {
            for p in 0..pixels {
                let sum: f64 = (0..inputs)
                    .map(|i| {
                        f64::from(x[(b * inputs + i) * pixels + p])
                            * f64::from(weight[o * inputs + i])
                    })
                    .sum();
                out.push(sum as f32);
            }
        }
    }
    out
}

#[test]
fn pointwise() {
    let device = Device::flex();
    // 2100 pixels are more than one tile of the weight gradient.
    for [height, width] in SIZES.into_iter().chain([[30, 70]]) {
        for (batch, inputs, outputs) in [(2, 3, 5), (1, 8, 24), (3, 17, 9)] {
            let shapes = ([batch, inputs, height, width], [outputs, inputs, 1, 1]);
            let what = format!("{inputs} to {outputs}, {height}x{width}");
            let (x, weight) = (random(shapes.0, &device), random(shapes.1, &device));
            let out = values(&pointwise_conv2d(x.clone(), weight.clone()));
            let expected = naive_mix(&x, &weight);
            assert_close(&out, &expected, &what);
            assert_same_gradients(&what, shapes, pointwise_conv2d, composed::pointwise_conv2d);
        }
    }
}

/// Pre-activation values of a batch norm, written out in f64; also means and variances.
fn naive_norm(
    x: &Tensor<4>,
    gamma: &[f32],
    beta: &[f32],
    epsilon: f64,
) -> (Vec<f64>, Vec<f32>, Vec<f32>) {
    let [batch, channels, height, width] = x.dims();
    let plane = height * width;
    let x = values(x);
    let (mut means, mut variances) = (vec![], vec![]);
    let mut out = vec![0.0; x.len()];
    for c in 0..channels {
        let indices: Vec<usize> = (0..batch)
            .flat_map(|b| (0..plane).map(move |p| (b * channels + c) * plane + p))
            .collect();
        let count = indices.len() as f64;
        let mean = indices.iter().map(|&i| f64::from(x[i])).sum::<f64>() / count;
        let variance = indices
            .iter()
            .map(|&i| (f64::from(x[i]) - mean).powi(2))
            .sum::<f64>()
            / count;
        for i in indices {
            out[i] = (f64::from(x[i]) - mean) / (variance + epsilon).sqrt() * f64::from(gamma[c])
                + f64::from(beta[c]);
        }
        means.push(mean as f32);
        variances.push(variance as f32);
    }
    (out, means, variances)
}

fn naive_activation(activation: Activation, z: f64) -> f32 {
    (match activation {
        Activation::Identity => z,
        Activation::Relu => z.max(0.0),
        Activation::Hardswish => z * (z + 3.0).clamp(0.0, 6.0) / 6.0,
    }) as f32
}

#[test]
fn norm_by_batch() {
    let device = Device::flex();
    for activation in ACTIVATIONS {
        for [height, width] in SIZES {
            let what = format!("{activation:?} {height}x{width}");
            let shape = [3, 2, height, width];
            let x = random(shape, &device) + 5.0;
            let (gamma, beta) = (random([2], &device), random([2], &device));
            let (out, moments) =
                batch_norm_train(x.clone(), gamma.clone(), beta.clone(), 1e-3, activation);
            let (z, means, variances) = naive_norm(&x, &values(&gamma), &values(&beta), 1e-3);
            let expected: Vec<f32> = z
                .into_iter()
                .map(|z| naive_activation(activation, z))
                .collect();
            assert_close(&values(&out), &expected, &what);
            assert_close(&values(&moments.mean), &means, "mean");
            assert_close(&values(&moments.variance), &variances, "variance");
            let other = beta.clone();
            assert_same_gradients(
                &format!("{what} gamma"),
                (shape, [2]),
                |x, gamma| {
                    let beta = Tensor::from_data(other.to_data(), &x.device());
                    batch_norm_train(x, gamma, beta, 1e-3, activation).0
                },
                |x, gamma| {
                    let beta = Tensor::from_data(other.to_data(), &x.device());
                    composed::batch_norm_train(x, gamma, beta, 1e-3, activation).0
                },
            );
            assert_same_gradients(
                &format!("{what} beta"),
                (shape, [2]),
                |x, beta| {
                    let gamma = Tensor::from_data(gamma.to_data(), &x.device());
                    batch_norm_train(x, gamma, beta, 1e-3, activation).0
                },
                |x, beta| {
                    let gamma = Tensor::from_data(gamma.to_data(), &x.device());
                    composed::batch_norm_train(x, gamma, beta, 1e-3, activation).0
                },
            );
        }
    }
}

fn frozen(gamma: Tensor<1>, beta: Tensor<1>, activation: Activation) -> FrozenNorm {
    let device = gamma.device();
    let channels = gamma.dims()[0];
    let ramp = |from: f32| -> Tensor<1> {
        let values: Vec<f32> = (0..channels).map(|c| from + 0.3 * c as f32).collect();
        Tensor::from_data(TensorData::new(values, [channels]), &device)
    };
    FrozenNorm {
        mean: ramp(-0.2),
        variance: ramp(0.5),
        gamma,
        beta,
        epsilon: 1e-3,
        activation,
    }
}

/// `norm` of `x`, written out in f64.
fn naive_frozen(x: &[f32], plane: usize, norm: &FrozenNorm) -> Vec<f32> {
    let [gamma, beta] = [&norm.gamma, &norm.beta].map(values);
    let [mean, variance] = [&norm.mean, &norm.variance].map(values);
    x.iter()
        .enumerate()
        .map(|(index, &x)| {
            let c = index / plane % gamma.len();
            let normed = f64::from(x - mean[c]) / (f64::from(variance[c]) + norm.epsilon).sqrt();
            let z = normed * f64::from(gamma[c]) + f64::from(beta[c]);
            naive_activation(norm.activation, z)
        })
        .collect()
}

#[test]
fn norm_by_running_statistics() {
    let device = Device::flex();
    for activation in ACTIVATIONS {
        for [height, width] in SIZES {
            let what = format!("{activation:?} {height}x{width}");
            let shape = [3, 2, height, width];
            let x = random(shape, &device);
            let norm = frozen(random([2], &device), random([2], &device), activation);
            let out = batch_norm_infer(x.clone(), norm.clone());
            let expected = naive_frozen(&values(&x), height * width, &norm);
            assert_close(&values(&out), &expected, &what);
            let with = |gamma: Tensor<1>| frozen(gamma.clone(), gamma * 0.5, activation);
            assert_same_gradients(
                &what,
                (shape, [2]),
                |x, gamma| batch_norm_infer(x, with(gamma)),
                |x, gamma| composed::batch_norm_infer(x, with(gamma)),
            );
        }
    }
}

#[test]
fn convolution_and_norm_in_one_pass() {
    let device = Device::flex();
    for activation in ACTIVATIONS {
        for ([height, width], stride) in SIZES.into_iter().flat_map(|s| [(s, 1), (s, 2)]) {
            let what = format!("{activation:?} {height}x{width} s{stride}");
            let x = random([2, 9, height, width], &device);
            let norm = frozen(random([9], &device), random([9], &device), activation);
            let plane = height.div_ceil(stride) * width.div_ceil(stride);
            for kernel in [3, 5] {
                let weight = random([9, 1, kernel, kernel], &device);
                let sums = naive_planes(&x, &weight, stride, false);
                let out = depthwise_conv2d_norm(x.clone(), weight, stride, norm.clone());
                assert_close(&values(&out), &naive_frozen(&sums, plane, &norm), &what);
            }
            let (one, weight) = (
                random([2, 1, height, width], &device),
                random([9, 1, 3, 3], &device),
            );
            let sums = naive_planes(&one, &weight, stride, true);
            let out = conv2d_one_channel_norm(one, weight, stride, norm.clone());
            assert_close(&values(&out), &naive_frozen(&sums, plane, &norm), &what);
            let weight = random([9, 9, 1, 1], &device);
            let sums = naive_mix(&x, &weight);
            let out = pointwise_conv2d_norm(x, weight, norm.clone());
            let expected = naive_frozen(&sums, height * width, &norm);
            assert_close(&values(&out), &expected, &what);
        }
    }
}

#[test]
fn gate_and_mean() {
    let device = Device::flex();
    for [height, width] in SIZES {
        let shapes = ([2, 3, height, width], [2, 3]);
        let what = format!("{height}x{width}");
        let plane = height * width;
        let (x, gate) = (random(shapes.0, &device), random(shapes.1, &device));
        let gates = values(&gate);
        let scaled: Vec<f32> = values(&x)
            .iter()
            .enumerate()
            .map(|(index, x)| x * gates[index / plane])
            .collect();
        let means: Vec<f32> = values(&x)
            .chunks(plane)
            .map(|plane| plane.iter().sum::<f32>() / plane.len() as f32)
            .collect();
        assert_close(&values(&channel_gate(x.clone(), gate)), &scaled, &what);
        assert_close(&values(&channel_mean(x)), &means, &what);
        assert_same_gradients(&what, shapes, channel_gate, composed::channel_gate);
        assert_same_gradients(
            &what,
            shapes,
            |x, gate| channel_mean(x) * gate,
            |x, gate| composed::channel_mean(x) * gate,
        );
    }
}
