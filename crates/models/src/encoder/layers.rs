//! The layers that the transformer encoders share: named weights of a file come in, layers that map
//! tokens `[batch, tokens, dims]` go out.

use burn::module::{Module, Param};
use burn::tensor::activation::{gelu, softmax};
use burn::tensor::module::layer_norm;
use burn::tensor::{Device, Distribution, Tensor};

use super::Mode;
use crate::Error;
use crate::linear::linear;
use crate::mobilenet::weights::{Source, tensor};

/// A product with a weight `[outputs, inputs]` and a bias.
#[derive(Module, Debug)]
pub(super) struct Linear {
    weight: Param<Tensor<2>>,
    bias: Option<Param<Tensor<1>>>,
}

impl Linear {
    /// Reads `{prefix}.weight` and `{prefix}.bias`.
    pub(super) fn new(
        source: &mut dyn Source,
        prefix: &str,
        [inputs, outputs]: [usize; 2],
        device: &Device,
    ) -> Result<Self, Error> {
        let bias = tensor(source, &format!("{prefix}.bias"), [outputs], device)?;
        Ok(Self {
            bias: Some(Param::from_tensor(bias)),
            ..Self::without_bias(source, prefix, [inputs, outputs], device)?
        })
    }

    /// Reads `{prefix}.weight`.
    pub(super) fn without_bias(
        source: &mut dyn Source,
        prefix: &str,
        [inputs, outputs]: [usize; 2],
        device: &Device,
    ) -> Result<Self, Error> {
        let name = format!("{prefix}.weight");
        let weight = tensor(source, &name, [outputs, inputs], device)?;
        Ok(Self {
            weight: Param::from_tensor(weight),
            bias: None,
        })
    }

    /// Reads a convolution of 1 × 1, or one whose windows do not overlap, as a product: the weight is
    /// stored as `[outputs, channels, height, width]`.
    pub(super) fn of_convolution(
        source: &mut dyn Source,
        prefix: &str,
        shape: [usize; 4],
        device: &Device,
    ) -> Result<Self, Error> {
        let weight: Tensor<4> = tensor(source, &format!("{prefix}.weight"), shape, device)?;
        let bias = tensor(source, &format!("{prefix}.bias"), [shape[0]], device)?;
        let inputs = shape[1..].iter().product();
        Ok(Self {
            weight: Param::from_tensor(weight.reshape([shape[0], inputs])),
            bias: Some(Param::from_tensor(bias)),
        })
    }

    /// `[..., inputs]` to `[..., outputs]`.
    pub(super) fn forward<const D: usize>(&self, x: Tensor<D>) -> Tensor<D> {
        linear(x, self.weight.val(), self.bias.as_ref().map(Param::val))
    }
}

/// Normalisation of each token (Ba et al., 2016).
#[derive(Module, Debug)]
pub(super) struct LayerNorm {
    gamma: Param<Tensor<1>>,
    beta: Param<Tensor<1>>,
    #[module(skip)]
    epsilon: f64,
}

impl LayerNorm {
    /// Reads `{prefix}.weight` and `{prefix}.bias`.
    pub(super) fn new(
        source: &mut dyn Source,
        prefix: &str,
        width: usize,
        epsilon: f64,
        device: &Device,
    ) -> Result<Self, Error> {
        let gamma = tensor(source, &format!("{prefix}.weight"), [width], device)?;
        let beta = tensor(source, &format!("{prefix}.bias"), [width], device)?;
        Ok(Self {
            gamma: Param::from_tensor(gamma),
            beta: Param::from_tensor(beta),
            epsilon,
        })
    }

    /// `[..., width]` to `[..., width]`.
    pub(super) fn forward<const D: usize>(&self, x: Tensor<D>) -> Tensor<D> {
        layer_norm(x, self.gamma.val(), Some(self.beta.val()), self.epsilon)
    }
}

/// The two layers of a transformer block's feed-forward half, with GELU between them.
#[derive(Module, Debug)]
pub(super) struct FeedForward {
    first: Linear,
    second: Linear,
}

impl FeedForward {
    /// Reads the linear layers of these names.
    pub(super) fn new(
        source: &mut dyn Source,
        [first, second]: [&str; 2],
        [width, hidden]: [usize; 2],
        device: &Device,
    ) -> Result<Self, Error> {
        Ok(Self {
            first: Linear::new(source, first, [width, hidden], device)?,
            second: Linear::new(source, second, [hidden, width], device)?,
        })
    }

    /// `[..., width]` to `[..., width]`.
    pub(super) fn forward<const D: usize>(&self, x: Tensor<D>) -> Tensor<D> {
        self.second.forward(gelu(self.first.forward(x)))
    }
}

/// `[batch, tokens, heads · width]` to `[batch, heads, tokens, width]`.
pub(super) fn split_heads(x: Tensor<3>, heads: usize) -> Tensor<4> {
    let [batch, tokens, width] = x.dims();
    x.reshape([batch, tokens, heads, width / heads])
        .swap_dims(1, 2)
}

/// `[batch, heads, tokens, width]` to `[batch, tokens, heads · width]`.
pub(super) fn join_heads(x: Tensor<4>) -> Tensor<3> {
    let [batch, heads, tokens, width] = x.dims();
    x.swap_dims(1, 2).reshape([batch, tokens, heads * width])
}

/// A projection `[batch, tokens, 3 · heads · width]` as queries, keys and values, each
/// `[batch, heads, tokens, width]`.
pub(super) fn split_qkv(x: &Tensor<3>, heads: usize) -> [Tensor<4>; 3] {
    let width = x.dims()[2] / 3;
    [0, 1, 2].map(|part| split_heads(x.clone().narrow(2, part * width, width), heads))
}

/// Softmax of scores `[batch, heads, queries, keys]` times values `[batch, heads, keys, width]`.
pub(super) fn attend(scores: Tensor<4>, value: Tensor<4>) -> Tensor<4> {
    softmax(scores, 3).matmul(value)
}

/// Stochastic depth (Huang et al., 2016): in training a residual branch is dropped for a whole clip
/// with probability `rate`, and scaled up otherwise, so that its mean stays.
pub(super) fn drop_path<const D: usize>(x: Tensor<D>, rate: f64, mode: Mode) -> Tensor<D> {
    if mode == Mode::Infer || rate == 0.0 {
        return x;
    }
    let mut shape = [1; D];
    shape[0] = x.dims()[0];
    let kept = Tensor::random(shape, Distribution::Bernoulli(1.0 - rate), &x.device());
    x * kept / (1.0 - rate)
}

/// Dropout (Srivastava et al., 2014): in training each value is zero with probability `rate`, and
/// scaled up otherwise.
pub(super) fn dropout<const D: usize>(x: Tensor<D>, rate: f64, mode: Mode) -> Tensor<D> {
    if mode == Mode::Infer {
        return x;
    }
    let kept = x.random_like(Distribution::Bernoulli(1.0 - rate));
    x * kept / (1.0 - rate)
}
