//! The kernels on Burn's CPU backend: its tensors are opened as slices, the arithmetic of
//! [`crate::raw`] runs on them.

use burn::backend::flex::FlexTensor;
use burn::backend::{Flex, TensorMetadata};
use burn::tensor::Shape;

use crate::Activation;
use crate::extension::{Gradients, Inference, Kernels, Normalised};
use crate::pool;
use crate::raw::function::Finish;
use crate::raw::mix::Direction;
use crate::raw::plane::{Geometry, Wiring};
use crate::raw::{gate, mix, norm, plane, sums};

/// A contiguous tensor and its sizes.
struct Dense<const D: usize> {
    tensor: FlexTensor,
    dims: [usize; D],
}

impl<const D: usize> Dense<D> {
    fn new(tensor: FlexTensor) -> Self {
        let dims = tensor.shape().dims();
        let tensor = if tensor.is_contiguous() {
            tensor
        } else {
            tensor.to_contiguous()
        };
        Self { tensor, dims }
    }

    fn values(&self) -> &[f32] {
        let start = self.tensor.layout().start_offset();
        let count: usize = self.dims.iter().product();
        &self.tensor.storage::<f32>()[start..start + count]
    }

    /// Gives the buffer back where this was the last holder.
    fn recycle(self) {
        pool::recycle(self.tensor);
    }
}

/// The values of a contiguous tensor that nobody else holds.
fn values_mut(tensor: &mut FlexTensor) -> &mut [f32] {
    let start = tensor.layout().start_offset();
    let count = tensor.layout().num_elements();
    &mut tensor.storage_mut::<f32>()[start..start + count]
}

/// A new tensor; `fill` must write every value.
fn filled<const D: usize>(dims: [usize; D], fill: impl FnOnce(&mut [f32])) -> FlexTensor {
    let mut values = pool::take(dims.iter().product());
    fill(&mut values);
    pool::tensor(Shape::from(dims), values)
}

fn from_values<const D: usize>(dims: [usize; D], values: Vec<f32>) -> FlexTensor {
    pool::tensor(Shape::from(dims), values)
}

fn geometry([_, _, height, width]: [usize; 4], kernel: usize, stride: usize) -> Geometry {
    Geometry {
        height,
        width,
        kernel,
        stride,
    }
}

fn wiring(inputs: usize, channels: usize) -> Wiring {
    Wiring {
        channels,
        shared_input: inputs == 1,
    }
}

/// Opened statistics, scale and shift of a batch norm.
struct OpenNorm {
    moments: Dense<2>,
    gamma: Dense<1>,
    beta: Dense<1>,
    epsilon: f32,
}

impl OpenNorm {
    fn new(moments: FlexTensor, gamma: FlexTensor, beta: FlexTensor, epsilon: f32) -> Self {
        Self {
            moments: Dense::new(moments),
            gamma: Dense::new(gamma),
            beta: Dense::new(beta),
            epsilon,
        }
    }

    fn view(&self) -> norm::Norm<'_> {
        let (mean, variance) = self.moments.values().split_at(self.moments.dims[1]);
        norm::Norm {
            mean,
            variance,
            gamma: self.gamma.values(),
            beta: self.beta.values(),
            epsilon: self.epsilon,
        }
    }
}

fn plane_conv2d(
    x: FlexTensor,
    weight: FlexTensor,
    stride: usize,
    finish: Finish<'_>,
) -> FlexTensor {
    let (x, weight) = (Dense::<4>::new(x), Dense::<4>::new(weight));
    let [channels, _, kernel, _] = weight.dims;
    let [batch, inputs, _, _] = x.dims;
    let geometry = geometry(x.dims, kernel, stride);
    let dims = [batch, channels, geometry.out_height(), geometry.out_width()];
    let out = filled(dims, |out| {
        let wiring = wiring(inputs, channels);
        plane::forward(x.values(), weight.values(), out, geometry, wiring, finish);
    });
    x.recycle();
    out
}

fn mix_channels(x: FlexTensor, weight: FlexTensor, finish: Finish<'_>) -> FlexTensor {
    let (x, weight) = (Dense::<4>::new(x), Dense::<4>::new(weight));
    let [outputs, inputs, _, _] = weight.dims;
    let [batch, _, height, width] = x.dims;
    let out = filled([batch, outputs, height, width], |out| {
        let sizes = [inputs, outputs, height * width];
        let direction = Direction::Forward;
        mix::forward(x.values(), weight.values(), out, sizes, direction, finish);
    });
    x.recycle();
    out
}

impl Inference for Flex {
    fn plane_conv2d_activated(
        x: FlexTensor,
        weight: FlexTensor,
        shift: FlexTensor,
        stride: usize,
        activation: Activation,
    ) -> FlexTensor {
        let shift = Dense::<1>::new(shift);
        let finish = Finish {
            shift: shift.values(),
            activation,
        };
        plane_conv2d(x, weight, stride, finish)
    }

    fn mix_channels_activated(
        x: FlexTensor,
        weight: FlexTensor,
        shift: FlexTensor,
        activation: Activation,
    ) -> FlexTensor {
        let shift = Dense::<1>::new(shift);
        let finish = Finish {
            shift: shift.values(),
            activation,
        };
        mix_channels(x, weight, finish)
    }
}

impl Kernels for Flex {
    fn plane_conv2d(x: FlexTensor, weight: FlexTensor, stride: usize) -> FlexTensor {
        plane_conv2d(x, weight, stride, Finish::NONE)
    }

    fn mix_channels(x: FlexTensor, weight: FlexTensor) -> FlexTensor {
        mix_channels(x, weight, Finish::NONE)
    }

    fn moments(x: FlexTensor) -> FlexTensor {
        let x = Dense::<4>::new(x);
        let [_, channels, height, width] = x.dims;
        let moments = sums::moments(x.values(), channels, height * width);
        from_values([2, channels], moments)
    }

    fn normalise(
        x: FlexTensor,
        gamma: FlexTensor,
        beta: FlexTensor,
        moments: FlexTensor,
        epsilon: f32,
        activation: Activation,
        _batch_statistics: bool,
    ) -> FlexTensor {
        let x = Dense::<4>::new(x);
        let [_, _, height, width] = x.dims;
        let norm = OpenNorm::new(moments, gamma, beta, epsilon);
        let out = filled(x.dims, |out| {
            norm::apply(x.values(), out, height * width, norm.view(), activation);
        });
        x.recycle();
        out
    }

    fn plane_means(x: FlexTensor) -> FlexTensor {
        let x = Dense::<4>::new(x);
        let [batch, channels, height, width] = x.dims;
        from_values([batch, channels], gate::means(x.values(), height * width))
    }

    fn scale_planes(x: FlexTensor, gate: FlexTensor) -> FlexTensor {
        let (x, gate) = (Dense::<4>::new(x), Dense::<2>::new(gate));
        let [_, _, height, width] = x.dims;
        let out = filled(x.dims, |out| {
            gate::scale(x.values(), gate.values(), out, height * width);
        });
        x.recycle();
        out
    }
}

impl Gradients for Flex {
    fn plane_conv2d_input(
        grad: FlexTensor,
        weight: FlexTensor,
        shape: [usize; 4],
        stride: usize,
    ) -> FlexTensor {
        let (grad, weight) = (Dense::<4>::new(grad), Dense::<4>::new(weight));
        let [channels, _, kernel, _] = weight.dims;
        let [batch, inputs, height, width] = shape;
        let geometry = geometry(shape, kernel, stride);
        let per_channel = filled([batch, channels, height, width], |out| {
            plane::input_gradient(grad.values(), weight.values(), out, geometry, channels);
        });
        grad.recycle();
        if inputs == channels {
            return per_channel;
        }
        // One input plane fed all channels: its gradient is the sum of theirs.
        let per_channel = Dense::<4>::new(per_channel);
        let out = filled(shape, |out| {
            out.fill(0.0);
            let samples = per_channel
                .values()
                .chunks_exact(channels * geometry.input());
            for (out, sample) in out.chunks_exact_mut(geometry.input()).zip(samples) {
                for plane in sample.chunks_exact(geometry.input()) {
                    for (out, value) in out.iter_mut().zip(plane) {
                        *out += value;
                    }
                }
            }
        });
        per_channel.recycle();
        out
    }

    fn plane_conv2d_weight(
        x: FlexTensor,
        grad: FlexTensor,
        kernel: usize,
        stride: usize,
    ) -> FlexTensor {
        let (x, grad) = (Dense::<4>::new(x), Dense::<4>::new(grad));
        let channels = grad.dims[1];
        let values = plane::weight_gradient(
            x.values(),
            grad.values(),
            geometry(x.dims, kernel, stride),
            wiring(x.dims[1], channels),
        );
        x.recycle();
        from_values([channels, 1, kernel, kernel], values)
    }

    fn mix_channels_input(grad: FlexTensor, weight: FlexTensor) -> FlexTensor {
        let (grad, weight) = (Dense::<4>::new(grad), Dense::<4>::new(weight));
        let [outputs, inputs, _, _] = weight.dims;
        let [batch, _, height, width] = grad.dims;
        let out = filled([batch, inputs, height, width], |out| {
            let sizes = [outputs, inputs, height * width];
            let direction = Direction::Transposed;
            mix::forward(
                grad.values(),
                weight.values(),
                out,
                sizes,
                direction,
                Finish::NONE,
            );
        });
        grad.recycle();
        out
    }

    fn mix_channels_weight(x: FlexTensor, grad: FlexTensor) -> FlexTensor {
        let (x, grad) = (Dense::<4>::new(x), Dense::<4>::new(grad));
        let [_, inputs, height, width] = x.dims;
        let outputs = grad.dims[1];
        let sizes = [inputs, outputs, height * width];
        let values = mix::weight_gradient(x.values(), grad.values(), sizes);
        x.recycle();
        from_values([outputs, inputs, 1, 1], values)
    }

    fn normalise_gradient(saved: Normalised<Self>, grad: FlexTensor) -> [FlexTensor; 3] {
        let x = Dense::<4>::new(saved.x);
        let [_, channels, height, width] = x.dims;
        let norm = OpenNorm::new(saved.moments, saved.gamma, saved.beta, saved.epsilon);
        // The gradient is overwritten in place where nobody else holds it.
        let mut dx = if grad.is_unique() && grad.is_contiguous() {
            grad
        } else {
            let grad = Dense::<4>::new(grad);
            filled(grad.dims, |dx| dx.copy_from_slice(grad.values()))
        };
        let affine = norm::backward(
            x.values(),
            values_mut(&mut dx),
            height * width,
            norm.view(),
            saved.activation,
            saved.batch_statistics,
        );
        x.recycle();
        [
            dx,
            from_values([channels], affine.gamma),
            from_values([channels], affine.beta),
        ]
    }

    fn plane_means_input(grad: FlexTensor, shape: [usize; 4]) -> FlexTensor {
        let grad = Dense::<2>::new(grad);
        let [_, _, height, width] = shape;
        filled(shape, |out| {
            gate::means_gradient(grad.values(), out, height * width);
        })
    }

    fn scale_planes_gate(x: FlexTensor, grad: FlexTensor) -> FlexTensor {
        let (x, grad) = (Dense::<4>::new(x), Dense::<4>::new(grad));
        let [batch, channels, height, width] = x.dims;
        let values = gate::scale_factor_gradient(x.values(), grad.values(), height * width);
        x.recycle();
        from_values([batch, channels], values)
    }
}
