//! OPERA-GT's decoder: what the encoder made of the visible patches `[batch, kept, 384]` in, predicted
//! values of all patches `[batch, patches, 16]` out.
//!
//! 16 blocks in the manner of Swin v2 (Liu et al., 2022): scaled cosine attention in windows of 16, a
//! small network for position biases, norms after the branches. As published they fold the memory of
//! the tokens `[patches, 256]` as a map `[32, 8, patches]` before cutting windows, so that a window
//! holds parts of many tokens. The weights were trained so; it has to be done the same way.

use burn::module::{Module, Param};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor, TensorData};

use super::mask::PatchMask;
use super::{EPSILON, PATCH, PATCHES, WIDTH};
use crate::Error;
use crate::encoder::Mode;
use crate::encoder::layers::{
    FeedForward, LayerNorm, Linear, attend, dropout, join_heads, split_qkv,
};
use crate::mobilenet::weights::{Source, tensor};

const BLOCKS: usize = 16;
const DECODER_WIDTH: usize = 256;
const HEADS: usize = 16;
/// Rows and columns of the map.
const MAP: [usize; 2] = [32, 8];
/// Side of a window.
const WINDOW: usize = 4;
/// Positions in a window.
const AREA: usize = WINDOW * WINDOW;
/// Windows in a map.
const WINDOWS: usize = MAP[0] * MAP[1] / AREA;
/// Rows by which every second block shifts its windows.
const SHIFT: usize = 2;
/// Width of the network that makes the position biases, and its dropout in training.
const BIAS_HIDDEN: usize = 384;
const BIAS_DROPOUT: f64 = 0.1;
/// Added to scores between positions that the shift has brought together.
const APART: f32 = -100.0;

/// The decoder.
#[derive(Module, Debug)]
pub(super) struct Decoder {
    input: Linear,
    /// In place of the removed patches, `[1, 1, 256]`.
    mask: Param<Tensor<3>>,
    /// Constants, `[1, 1025, 256]`.
    positions: Param<Tensor<3>>,
    blocks: Vec<Block>,
    norm: LayerNorm,
    output: Linear,
}

impl Decoder {
    pub(super) fn new(source: &mut dyn Source, device: &Device) -> Result<Self, Error> {
        let mask = tensor(source, "mask_token", [1, 1, DECODER_WIDTH], device)?;
        let positions = [1, PATCHES + 1, DECODER_WIDTH];
        let positions = tensor(source, "decoder_pos_embed", positions, device)?;
        let blocks = (0..BLOCKS).map(|index| {
            let shift = if index % 2 == 0 { 0 } else { SHIFT };
            Block::new(source, &format!("decoder_blocks.{index}"), shift, device)
        });
        let blocks = blocks.collect::<Result<_, _>>()?;
        let values = PATCH * PATCH;
        Ok(Self {
            input: Linear::new(source, "decoder_embed", [WIDTH, DECODER_WIDTH], device)?,
            mask: Param::from_tensor(mask),
            positions: Param::from_tensor(positions).set_require_grad(false),
            blocks,
            norm: LayerNorm::new(source, "decoder_norm", DECODER_WIDTH, EPSILON, device)?,
            output: Linear::new(source, "decoder_pred", [DECODER_WIDTH, values], device)?,
        })
    }

    /// `[batch, kept, 384]` to `[batch, patches, 16]`.
    pub(super) fn forward(&self, encoded: Tensor<3>, mask: &PatchMask, mode: Mode) -> Tensor<3> {
        let x = mask.restore(self.input.forward(encoded), self.mask.val());
        let [batch, patches, width] = x.dims();
        let positions = self.positions.val().narrow(1, 1, patches);
        let x = x + positions.expand([batch, patches, width]);
        let x = self.blocks.iter().fold(x, |x, b| b.forward(x, mode));
        self.output.forward(self.norm.forward(x))
    }
}

#[derive(Module, Debug)]
struct Block {
    attention: WindowAttention,
    attention_norm: LayerNorm,
    feed_forward: FeedForward,
    feed_forward_norm: LayerNorm,
    shift: usize,
}

impl Block {
    fn new(
        source: &mut dyn Source,
        prefix: &str,
        shift: usize,
        device: &Device,
    ) -> Result<Self, Error> {
        let name = |part: &str| format!("{prefix}.{part}");
        let norm = |source: &mut dyn Source, part: &str| {
            LayerNorm::new(source, &name(part), DECODER_WIDTH, EPSILON, device)
        };
        let [first, second] = [name("mlp.fc1"), name("mlp.fc2")];
        let sizes = [DECODER_WIDTH, 4 * DECODER_WIDTH];
        Ok(Self {
            attention: WindowAttention::new(source, &name("attn"), device)?,
            attention_norm: norm(source, "norm1")?,
            feed_forward: FeedForward::new(source, [&first, &second], sizes, device)?,
            feed_forward_norm: norm(source, "norm2")?,
            shift,
        })
    }

    /// `[batch, patches, 256]` to the same.
    fn forward(&self, x: Tensor<3>, mode: Mode) -> Tensor<3> {
        let mixed = self.in_windows(x.clone(), mode);
        let x = x + self.attention_norm.forward(mixed);
        let forward = self.feed_forward.forward(x.clone());
        x + self.feed_forward_norm.forward(forward)
    }

    fn in_windows(&self, x: Tensor<3>, mode: Mode) -> Tensor<3> {
        let [batch, patches, width] = x.dims();
        let (rows, columns) = (MAP[0] / WINDOW, MAP[1] / WINDOW);
        let shift = self.shift as i64;
        let map = x.reshape([batch, MAP[0], MAP[1], patches]);
        let map = map.roll_dim(-shift, 1);
        let windows = map
            .reshape([batch, rows, WINDOW, columns, WINDOW * patches])
            .permute([0, 1, 3, 2, 4])
            .reshape([batch * patches / AREA, AREA, width]);
        let mixed = self.attention.forward(windows, self.shift, mode);
        // From here on the windows are read as maps with 256 channels.
        let maps = batch * patches / (AREA * WINDOWS);
        mixed
            .reshape([maps, rows, columns, WINDOW, WINDOW * width])
            .permute([0, 1, 3, 2, 4])
            .reshape([maps, MAP[0], MAP[1], width])
            .roll_dim(shift, 1)
            .reshape([batch, patches, width])
    }
}

/// Attention by cosines with a learned temperature, and position biases by a network on
/// log-spaced relative coordinates.
#[derive(Module, Debug)]
struct WindowAttention {
    projection: Linear,
    output: Linear,
    /// `[heads]`
    temperature: Param<Tensor<1>>,
    bias_hidden: Linear,
    bias_output: Linear,
}

impl WindowAttention {
    fn new(source: &mut dyn Source, prefix: &str, device: &Device) -> Result<Self, Error> {
        let name = |part: &str| format!("{prefix}.{part}");
        let width = DECODER_WIDTH;
        let temperature = tensor(source, &name("tau"), [HEADS], device)?;
        let hidden = [2, BIAS_HIDDEN];
        let heads = [BIAS_HIDDEN, HEADS];
        Ok(Self {
            projection: Linear::new(source, &name("qkv"), [width, 3 * width], device)?,
            output: Linear::new(source, &name("proj"), [width, width], device)?,
            temperature: Param::from_tensor(temperature),
            bias_hidden: Linear::new(source, &name("meta_mlp.fc1"), hidden, device)?,
            bias_output: Linear::new(source, &name("meta_mlp.fc2"), heads, device)?,
        })
    }

    /// `[windows, 16, 256]` to the same.
    fn forward(&self, windows: Tensor<3>, shift: usize, mode: Mode) -> Tensor<3> {
        let [count, _, _] = windows.dims();
        let [query, key, value] = split_qkv(&self.projection.forward(windows), HEADS);
        let norm = |x: &Tensor<4>| x.clone().powi_scalar(2).sum_dim(3).sqrt();
        let norms = norm(&query).matmul(norm(&key).swap_dims(2, 3));
        let cosines = query.matmul(key.swap_dims(2, 3)) / norms.clamp_min(1e-6);
        let temperature = self.temperature.val().clamp_min(0.01);
        let scores = cosines / temperature.reshape([1, HEADS, 1, 1]) + self.bias(mode);
        let scores = if shift == 0 {
            scores
        } else {
            let apart = apart(shift, &scores.device());
            let shape = [count / WINDOWS, WINDOWS, HEADS * AREA, AREA];
            let repeated = apart.reshape([1, WINDOWS, 1, AREA, AREA]);
            let repeated = repeated.expand([1, WINDOWS, HEADS, AREA, AREA]);
            let repeated = repeated.reshape([1, WINDOWS, HEADS * AREA, AREA]);
            (scores.reshape(shape) + repeated).reshape([count, HEADS, AREA, AREA])
        };
        self.output.forward(join_heads(attend(scores, value)))
    }

    /// Biases by relative position, `[1, heads, 16, 16]`.
    fn bias(&self, mode: Mode) -> Tensor<4> {
        let device = self.temperature.val().device();
        let hidden = relu(self.bias_hidden.forward(coordinates(&device)));
        let hidden = dropout(hidden, BIAS_DROPOUT, mode);
        let bias = dropout(self.bias_output.forward(hidden), BIAS_DROPOUT, mode);
        bias.swap_dims(0, 1).reshape([1, HEADS, AREA, AREA])
    }
}

/// For each pair of positions `sign(d) ln(1 + |d|)` of the difference in rows and in columns,
/// `[256, 2]`.
fn coordinates(device: &Device) -> Tensor<2> {
    let log = |a: usize, b: usize| {
        let difference = a as f32 - b as f32;
        difference.signum() * difference.abs().ln_1p()
    };
    let mut values = Vec::with_capacity(AREA * AREA * 2);
    for a in 0..AREA {
        for b in 0..AREA {
            values.push(log(a / WINDOW, b / WINDOW));
            values.push(log(a % WINDOW, b % WINDOW));
        }
    }
    Tensor::from_data(TensorData::new(values, [AREA * AREA, 2]), device)
}

/// What is added to the scores of each window after a shift of rows, `[windows, 16, 16]`: in the last
/// row of windows the rows before and after the map's end must not see each other.
fn apart(shift: usize, device: &Device) -> Tensor<3> {
    let columns = MAP[1] / WINDOW;
    let mut values = vec![0.0_f32; WINDOWS * AREA * AREA];
    for window in WINDOWS - columns..WINDOWS {
        for a in 0..AREA {
            for b in 0..AREA {
                let wrapped = |position: usize| position / WINDOW >= WINDOW - shift;
                if wrapped(a) != wrapped(b) {
                    values[(window * AREA + a) * AREA + b] = APART;
                }
            }
        }
    }
    Tensor::from_data(TensorData::new(values, [WINDOWS, AREA, AREA]), device)
}
