//! The layers of a Swin transformer (Liu et al., 2021): tokens of an image `[batch, side², width]` in,
//! tokens out; attention stays within windows of 8 × 8, which every second block shifts by half.

use burn::module::{Module, Param};
use burn::tensor::{Device, Int, Tensor, TensorData};

use super::EPSILON;
use crate::Error;
use crate::encoder::Mode;
use crate::encoder::layers::{
    FeedForward, LayerNorm, Linear, attend, drop_path, join_heads, split_qkv,
};
use crate::mobilenet::weights::{Source, tensor};

/// Side of a window.
const WINDOW: usize = 8;
/// Positions in a window.
const AREA: usize = WINDOW * WINDOW;
/// Differences of rows (or columns) within a window.
const SPAN: usize = 2 * WINDOW - 1;
/// Added to scores between positions that the shift has brought together.
const APART: f32 = -100.0;

/// Sizes of a [`Block`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    pub(super) width: usize,
    pub(super) heads: usize,
    /// Side of the image in tokens.
    pub(super) side: usize,
    pub(super) shifted: bool,
    /// Probability of dropping a branch in training.
    pub(super) drop: f64,
}

/// Attention within windows and feed-forward, each added to its input; the norms come first.
#[derive(Module, Debug)]
pub(super) struct Block {
    attention_norm: LayerNorm,
    projection: Linear,
    output: Linear,
    /// For each relative position a bias of each head, `[15 · 15, heads]`.
    biases: Param<Tensor<2>>,
    feed_forward_norm: LayerNorm,
    feed_forward: FeedForward,
    #[module(skip)]
    sizes: Sizes,
}

impl Block {
    /// The block whose tensors are named `{prefix}.attn.qkv.weight` ... in `source`.
    pub(super) fn new(
        source: &mut dyn Source,
        prefix: &str,
        sizes: Sizes,
        device: &Device,
    ) -> Result<Self, Error> {
        let name = |part: &str| format!("{prefix}.{part}");
        let width = sizes.width;
        let [first, second] = [name("mlp.fc1"), name("mlp.fc2")];
        let biases = name("attn.relative_position_bias_table");
        let biases = tensor(source, &biases, [SPAN * SPAN, sizes.heads], device)?;
        let hidden = [width, 4 * width];
        Ok(Self {
            attention_norm: LayerNorm::new(source, &name("norm1"), width, EPSILON, device)?,
            projection: Linear::new(source, &name("attn.qkv"), [width, 3 * width], device)?,
            output: Linear::new(source, &name("attn.proj"), [width, width], device)?,
            biases: Param::from_tensor(biases),
            feed_forward_norm: LayerNorm::new(source, &name("norm2"), width, EPSILON, device)?,
            feed_forward: FeedForward::new(source, [&first, &second], hidden, device)?,
            sizes: Sizes {
                // A window as large as the image cannot be shifted.
                shifted: sizes.shifted && sizes.side > WINDOW,
                ..sizes
            },
        })
    }

    /// `[batch, side², width]` to the same.
    pub(super) fn forward(&self, x: Tensor<3>, mode: Mode) -> Tensor<3> {
        let drop = self.sizes.drop;
        let mixed = self.in_windows(self.attention_norm.forward(x.clone()));
        let x = x + drop_path(mixed, drop, mode);
        let forward = self
            .feed_forward
            .forward(self.feed_forward_norm.forward(x.clone()));
        x + drop_path(forward, drop, mode)
    }

    fn in_windows(&self, x: Tensor<3>) -> Tensor<3> {
        let [batch, tokens, width] = x.dims();
        let side = self.sizes.side;
        let count = side / WINDOW;
        let shift = if self.sizes.shifted { WINDOW / 2 } else { 0 } as i64;
        let windows = x
            .reshape([batch, side, side, width])
            .roll(&[-shift, -shift], &[1, 2])
            .reshape([batch * count, WINDOW, count, WINDOW * width])
            .swap_dims(1, 2)
            .reshape([batch * count * count, AREA, width]);
        self.attention(windows)
            .reshape([batch * count, count, WINDOW, WINDOW * width])
            .swap_dims(1, 2)
            .reshape([batch, side, side, width])
            .roll(&[shift, shift], &[1, 2])
            .reshape([batch, tokens, width])
    }

    /// `[windows, 64, width]` to the same.
    fn attention(&self, windows: Tensor<3>) -> Tensor<3> {
        let [count, _, width] = windows.dims();
        let heads = self.sizes.heads;
        let [query, key, value] = split_qkv(&self.projection.forward(windows), heads);
        let scale = ((width / heads) as f64).sqrt().recip();
        let device = query.device();
        let biases = self.biases.val().select(0, relative_positions(&device));
        let biases = biases.swap_dims(0, 1).reshape([1, heads, AREA, AREA]);
        let scores = (query * scale).matmul(key.swap_dims(2, 3)) + biases;
        let scores = if self.sizes.shifted {
            let apart = apart(self.sizes.side, &device);
            let images = apart.dims()[0];
            let apart = apart
                .reshape([images, 1, AREA, AREA])
                .expand([images, heads, AREA, AREA])
                .reshape([1, images * heads, AREA, AREA]);
            let by_image = [count / images, images * heads, AREA, AREA];
            (scores.reshape(by_image) + apart).reshape([count, heads, AREA, AREA])
        } else {
            scores
        };
        self.output.forward(join_heads(attend(scores, value)))
    }
}

/// For each pair of positions in a window the row of the table of biases, `[64 · 64]`.
fn relative_positions(device: &Device) -> Tensor<1, Int> {
    let difference = |a: usize, b: usize| WINDOW - 1 + a - b;
    let mut rows = Vec::with_capacity(AREA * AREA);
    for a in 0..AREA {
        for b in 0..AREA {
            let row =
                difference(a / WINDOW, b / WINDOW) * SPAN + difference(a % WINDOW, b % WINDOW);
            rows.push(row as i64);
        }
    }
    Tensor::from_data(TensorData::new(rows, [AREA * AREA]), device)
}

/// What is added to the scores of each window of a shifted image, `[windows, 64, 64]`: positions
/// that were not neighbours before the shift must not see each other.
fn apart(side: usize, device: &Device) -> Tensor<3> {
    let count = side / WINDOW;
    // Whether a row (or column) of the shifted image has come around from the other end.
    let wrapped = |position: usize| position >= side - WINDOW / 2;
    let region = |window: usize, position: usize| {
        let row = window / count * WINDOW + position / WINDOW;
        let column = window % count * WINDOW + position % WINDOW;
        (wrapped(row), wrapped(column))
    };
    let mut values = Vec::with_capacity(count * count * AREA * AREA);
    for window in 0..count * count {
        for a in 0..AREA {
            for b in 0..AREA {
                let same = region(window, a) == region(window, b);
                values.push(if same { 0.0 } else { APART });
            }
        }
    }
    Tensor::from_data(TensorData::new(values, [count * count, AREA, AREA]), device)
}

/// Four neighbouring tokens become one of twice the width.
#[derive(Module, Debug)]
pub(super) struct Merge {
    norm: LayerNorm,
    reduction: Linear,
}

impl Merge {
    /// Reads `{prefix}.norm.weight`, `{prefix}.reduction.weight`, …
    pub(super) fn new(
        source: &mut dyn Source,
        prefix: &str,
        width: usize,
        device: &Device,
    ) -> Result<Self, Error> {
        let name = |part: &str| format!("{prefix}.{part}");
        let sizes = [4 * width, 2 * width];
        Ok(Self {
            norm: LayerNorm::new(source, &name("norm"), 4 * width, EPSILON, device)?,
            reduction: Linear::without_bias(source, &name("reduction"), sizes, device)?,
        })
    }

    /// `[batch, side², width]` to `[batch, side² / 4, 2 · width]`.
    pub(super) fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        let [batch, tokens, width] = x.dims();
        let half = tokens.isqrt() / 2;
        // Of the four the left column comes first, each from top to bottom.
        let joined = x
            .reshape([batch * half, 2, half, 2, width])
            .permute([0, 2, 3, 1, 4])
            .reshape([batch, half * half, 4 * width]);
        self.reduction.forward(self.norm.forward(joined))
    }
}
