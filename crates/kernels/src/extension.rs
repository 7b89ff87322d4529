//! The operations as an extension of Burn's backends: primitive tensors in and out. `Flex` runs the
//! kernels, `Autodiff` records the gradient; the public functions of the crate choose between this
//! and the composed operations.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};

use crate::Activation;

/// Forward operations. Shapes as in the public functions of the same names.
#[backend_extension(Flex, Autodiff)]
pub trait Kernels: Backend {
    /// Convolution of single planes: `x` `[batch, channels or 1, height, width]`, `weight`
    /// `[channels, 1, k, k]`, padding k / 2.
    fn plane_conv2d(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        stride: usize,
    ) -> FloatTensor<Self>;

    /// 1 × 1 convolution.
    fn mix_channels(x: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self>;

    /// `[2, channels]`: mean and biased variance. No gradient.
    fn moments(x: FloatTensor<Self>) -> FloatTensor<Self>;

    /// Normalisation by `moments` `[2, channels]`, `gamma` and `beta`, then the activation. With
    /// `batch_statistics` the moments are taken as those of `x` in the gradient.
    fn normalise(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        epsilon: f32,
        activation: Activation,
        batch_statistics: bool,
    ) -> FloatTensor<Self>;

    /// `[batch, channels]`: mean of each plane.
    fn plane_means(x: FloatTensor<Self>) -> FloatTensor<Self>;

    /// Each plane times its factor of `gate` `[batch, channels]`.
    fn scale_planes(x: FloatTensor<Self>, gate: FloatTensor<Self>) -> FloatTensor<Self>;
}

/// Convolutions with the batch norm folded in, without gradient: `shift` `[channels]` is added to the
/// sums, then the activation applied.
#[backend_extension(Flex)]
pub trait Inference: Backend {
    /// [`Kernels::plane_conv2d`], shifted and activated.
    fn plane_conv2d_activated(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        shift: FloatTensor<Self>,
        stride: usize,
        activation: Activation,
    ) -> FloatTensor<Self>;

    /// [`Kernels::mix_channels`], shifted and activated.
    fn mix_channels_activated(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        shift: FloatTensor<Self>,
        activation: Activation,
    ) -> FloatTensor<Self>;
}

/// Gradients of [`Kernels`], on the backend that runs them.
pub trait Gradients: Kernels {
    /// Of [`Kernels::plane_conv2d`] with respect to `x` of `shape`.
    fn plane_conv2d_input(
        grad: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        shape: [usize; 4],
        stride: usize,
    ) -> FloatTensor<Self>;

    /// Of [`Kernels::plane_conv2d`] with respect to the weight `[channels, 1, kernel, kernel]`.
    fn plane_conv2d_weight(
        x: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        kernel: usize,
        stride: usize,
    ) -> FloatTensor<Self>;

    /// Of [`Kernels::mix_channels`] with respect to `x`.
    fn mix_channels_input(grad: FloatTensor<Self>, weight: FloatTensor<Self>) -> FloatTensor<Self>;

    /// Of [`Kernels::mix_channels`] with respect to the weight.
    fn mix_channels_weight(x: FloatTensor<Self>, grad: FloatTensor<Self>) -> FloatTensor<Self>;

    /// Of [`Kernels::normalise`] with respect to `x`, `gamma` and `beta`.
    fn normalise_gradient(
        saved: Normalised<Self>,
        grad: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 3];

    /// Of [`Kernels::plane_means`] with respect to `x` of `shape`.
    fn plane_means_input(grad: FloatTensor<Self>, shape: [usize; 4]) -> FloatTensor<Self>;

    /// Of [`Kernels::scale_planes`] with respect to the factors.
    fn scale_planes_gate(x: FloatTensor<Self>, grad: FloatTensor<Self>) -> FloatTensor<Self>;
}

/// What the gradient of [`Kernels::normalise`] needs again.
#[derive(Debug, Clone)]
pub struct Normalised<B: Backend> {
    pub(crate) x: FloatTensor<B>,
    pub(crate) gamma: FloatTensor<B>,
    pub(crate) beta: FloatTensor<B>,
    pub(crate) moments: FloatTensor<B>,
    pub(crate) epsilon: f32,
    pub(crate) activation: Activation,
    pub(crate) batch_statistics: bool,
}
