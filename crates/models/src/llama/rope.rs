//! Rotary position embeddings: in come positions, out go the cosines and sines by which pairs of a
//! head are turned.
//!
//! Pair `i` of a head of width `w` is `(x[i], x[i + w/2])`, Hugging Face's layout, and turns by
//! `position · base^(-2i/w)` (Su et al. 2021, equation 15). The loader reorders rows that a file
//! stores for interleaved pairs, so that this is the only layout and adapters fit Hugging Face's
//! weights.

use burn::tensor::{Device, Tensor, TensorData};

use super::Config;

/// Cosines and sines for `length` positions from `start`, each row-major `[length, head_width /
/// 2]`.
pub(super) fn angles(config: &Config, start: usize, length: usize) -> (Vec<f32>, Vec<f32>) {
    let pairs = config.head_width / 2;
    let angle = |position: usize, pair: usize| {
        position as f64 * config.rope_base.powf(-(pair as f64) / pairs as f64)
    };
    let all = || {
        (start..start + length)
            .flat_map(|position| (0..pairs).map(move |pair| angle(position, pair)))
    };
    (
        all().map(|angle| angle.cos() as f32).collect(),
        all().map(|angle| angle.sin() as f32).collect(),
    )
}

/// The rotation of a run of positions, as tensors.
pub(super) struct Rotation {
    /// `[1, 1, length, head_width / 2]`
    cosine: Tensor<4>,
    /// `[1, 1, length, head_width / 2]`
    sine: Tensor<4>,
}

impl Rotation {
    pub(super) fn new(config: &Config, start: usize, length: usize, device: &Device) -> Self {
        let (cosine, sine) = angles(config, start, length);
        let tensor = |values| {
            Tensor::from_data(
                TensorData::new(values, [1, 1, length, config.head_width / 2]),
                device,
            )
        };
        Self {
            cosine: tensor(cosine),
            sine: tensor(sine),
        }
    }

    /// Turns `x` of shape `[batch, heads, length, head_width]`.
    pub(super) fn apply(&self, x: &Tensor<4>) -> Tensor<4> {
        let pairs = x.dims()[3] / 2;
        let first = x.clone().narrow(3, 0, pairs);
        let second = x.clone().narrow(3, pairs, pairs);
        let turned_first = first.clone() * self.cosine.clone() - second.clone() * self.sine.clone();
        let turned_second = second * self.cosine.clone() + first * self.sine.clone();
        Tensor::cat(vec![turned_first, turned_second], 3)
    }
}
