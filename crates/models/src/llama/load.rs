//! Weights from GGUF to the decoder: in comes an open file, out goes a [`Llama`] with dequantised
//! `f32` weights.

use std::collections::HashSet;
use std::io::{Read, Seek};

use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};

use half::f16;
use laennec_kernels::quant::{Format, Matrix};

use crate::gguf::{Error as GgufError, Gguf, TensorType, dequantise};

use super::attention::Attention;
use super::block::Block;
use super::config::Architecture;
use super::{Config, Error, Llama};

/// The tensor of the output head, which a model with a tied head does not have.
pub(super) const HEAD: &str = "output.weight";

/// The tensors of a decoder, asked for by name and shape; at the end none may be left over.
pub(super) struct Weights<'a, R> {
    gguf: &'a mut Gguf<R>,
    pub(super) config: Config,
    left: HashSet<String>,
}

impl<'a, R: Read + Seek> Weights<'a, R> {
    pub(super) fn new(gguf: &'a mut Gguf<R>) -> Result<Self, Error> {
        let left: HashSet<String> = gguf
            .tensors()
            .iter()
            .map(|tensor| tensor.name.clone())
            .collect();
        let config = Config::from_gguf(gguf.metadata(), !left.contains(HEAD))?;
        Ok(Self { gguf, config, left })
    }

    /// Refuses a tensor that is absent or has another shape.
    pub(super) fn check(&self, name: &str, shape: &[usize]) -> Result<(), Error> {
        let found = &self.gguf.tensor(name)?.shape;
        if found == shape {
            return Ok(());
        }
        Err(Error::Gguf(GgufError::Shape {
            file: self.gguf.file().to_owned(),
            tensor: name.to_owned(),
            found: found.clone(),
            expected: shape.to_vec(),
        }))
    }

    /// Marks a tensor as used, after a look at its shape.
    fn take(&mut self, name: &str, shape: &[usize]) -> Result<(), Error> {
        self.check(name, shape)?;
        self.left.remove(name);
        Ok(())
    }

    /// A vector.
    pub(super) fn vector(&mut self, name: &str, length: usize) -> Result<Vec<f32>, Error> {
        self.take(name, &[length])?;
        Ok(self.gguf.tensor_f32(name)?)
    }

    /// A matrix `[rows, columns]`, row-major.
    pub(super) fn matrix(
        &mut self,
        name: &str,
        rows: usize,
        columns: usize,
    ) -> Result<Vec<f32>, Error> {
        self.take(name, &[rows, columns])?;
        Ok(self.gguf.tensor_f32(name)?)
    }

    /// A matrix `[rows, columns]` in quantised blocks, its rows in another order where one is
    /// given. `Q4_0` becomes `Q4_1` with the minimum `-8 d`, which is exact; types that are not
    /// quantised are rounded to `Q8_0`.
    pub(super) fn quantised(
        &mut self,
        name: &str,
        rows: usize,
        columns: usize,
        order: Option<&[usize]>,
    ) -> Result<Matrix, Error> {
        self.take(name, &[rows, columns])?;
        let kind = self.gguf.tensor(name)?.kind;
        let row_bytes = kind
            .block()
            .map_or(0, |(values, bytes)| columns / values * bytes);
        let mut bytes = self.gguf.tensor_bytes(name)?;
        if let Some(order) = order {
            bytes = reordered(&bytes, row_bytes, order);
        }
        let matrix = match kind {
            TensorType::Q4_1 => Matrix::new(&bytes, rows, columns, Format::Q4_1),
            TensorType::Q8_0 => Matrix::new(&bytes, rows, columns, Format::Q8_0),
            TensorType::Q4_0 => Matrix::new(&with_minima(&bytes), rows, columns, Format::Q4_1),
            _ => {
                dequantise(kind, &bytes).and_then(|values| Matrix::quantise(&values, rows, columns))
            }
        };
        matrix.ok_or_else(|| Error::Hyperparameter {
            file: self.gguf.file().to_owned(),
            field: format!("the number of columns of the tensor \"{name}\""),
            found: columns.to_string(),
            expected: "whole blocks of 32".to_owned(),
        })
    }

    /// For each row of a query or key matrix in Hugging Face's order, the row of the file. Llama
    /// files hold the rows of a head for interleaved rotary pairs (`x[2i]`, `x[2i + 1]`), which
    /// llama.cpp's converter made of half-split ones.
    pub(super) fn rotary_rows(&self, heads: usize) -> Vec<usize> {
        let width = self.config.head_width;
        let row = |head: usize, within: usize| match self.config.architecture {
            Architecture::Qwen2 => head * width + within,
            Architecture::Llama => head * width + within % (width / 2) * 2 + within / (width / 2),
        };
        (0..heads)
            .flat_map(|head| (0..width).map(move |within| (head, within)))
            .map(|(h, w)| row(h, w))
            .collect()
    }

    /// Refuses a file with tensors that nobody asked for.
    pub(super) fn finish(self) -> Result<Config, Error> {
        match self.left.into_iter().min() {
            Some(tensor) => Err(Error::UnusedTensor {
                file: self.gguf.file().to_owned(),
                tensor,
            }),
            None => Ok(self.config),
        }
    }
}

/// Blocks of `Q4_0` as blocks of `Q4_1`.
fn with_minima(bytes: &[u8]) -> Vec<u8> {
    let block = |block: &[u8]| {
        let scale = f16::from_le_bytes([block[0], block[1]]);
        let minimum = f16::from_f32(-8.0 * scale.to_f32());
        [&block[..2], &minimum.to_le_bytes(), &block[2..]].concat()
    };
    bytes.chunks_exact(18).flat_map(block).collect()
}

/// The rows of a row-major matrix in another order.
pub(super) fn reordered<T: Copy>(values: &[T], columns: usize, order: &[usize]) -> Vec<T> {
    order
        .iter()
        .flat_map(|row| &values[row * columns..(row + 1) * columns])
        .copied()
        .collect()
}

impl Llama {
    /// Loads the model of an open file onto a device, dequantised to `f32`.
    pub fn from_gguf<R: Read + Seek>(gguf: &mut Gguf<R>, device: &Device) -> Result<Self, Error> {
        let mut weights = Weights::new(gguf)?;
        let config = weights.config.clone();
        let matrix = |values: Vec<f32>, rows: usize, columns: usize| {
            Param::from_tensor(Tensor::<2>::from_data(
                TensorData::new(values, [rows, columns]),
                device,
            ))
        };
        let vector = |values: Vec<f32>| {
            let length = values.len();
            Param::from_tensor(Tensor::<1>::from_data(
                TensorData::new(values, [length]),
                device,
            ))
        };

        let (width, hidden) = (config.width, config.hidden);
        let (queries, kvs) = (config.query_width(), config.kv_width());
        let embedding = matrix(
            weights.matrix("token_embd.weight", config.vocabulary, width)?,
            config.vocabulary,
            width,
        );
        let mut blocks = Vec::with_capacity(config.layers);
        for layer in 0..config.layers {
            let name = |part: &str| format!("blk.{layer}.{part}");
            let rotary =
                |weights: &mut Weights<'_, R>, part: &str, heads: usize| -> Result<_, Error> {
                    let stored = weights.matrix(
                        &name(&format!("{part}.weight")),
                        heads * config.head_width,
                        width,
                    )?;
                    let rows = weights.rotary_rows(heads);
                    let bias = if config.attention_bias() {
                        let stored = weights.vector(&name(&format!("{part}.bias")), rows.len())?;
                        Some(vector(reordered(&stored, 1, &rows)))
                    } else {
                        None
                    };
                    Ok((
                        matrix(reordered(&stored, width, &rows), rows.len(), width),
                        bias,
                    ))
                };
            let (query, query_bias) = rotary(&mut weights, "attn_q", config.heads)?;
            let (key, key_bias) = rotary(&mut weights, "attn_k", config.kv_heads)?;
            let value_bias = if config.attention_bias() {
                Some(vector(weights.vector(&name("attn_v.bias"), kvs)?))
            } else {
                None
            };
            let mut plain = |part: &str, rows: usize, columns: usize| -> Result<_, Error> {
                Ok(matrix(
                    weights.matrix(&name(part), rows, columns)?,
                    rows,
                    columns,
                ))
            };
            let attention = Attention {
                query,
                key,
                value: plain("attn_v.weight", kvs, width)?,
                output: plain("attn_output.weight", width, queries)?,
                query_bias,
                key_bias,
                value_bias,
            };
            let (gate, up) = (
                plain("ffn_gate.weight", hidden, width)?,
                plain("ffn_up.weight", hidden, width)?,
            );
            let down = plain("ffn_down.weight", width, hidden)?;
            blocks.push(Block {
                attention_norm: vector(weights.vector(&name("attn_norm.weight"), width)?),
                attention,
                feed_forward_norm: vector(weights.vector(&name("ffn_norm.weight"), width)?),
                gate,
                up,
                down,
            });
        }
        let norm = vector(weights.vector("output_norm.weight", width)?);
        let head = if config.tied_head {
            None
        } else {
            Some(matrix(
                weights.matrix(HEAD, config.vocabulary, width)?,
                config.vocabulary,
                width,
            ))
        };
        let config = weights.finish()?;
        Ok(Self {
            embedding,
            blocks,
            norm,
            head,
            config,
        })
    }
}
