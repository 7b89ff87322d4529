//! Weights from GGUF to the quantised decoder: in comes an open file, out goes a
//! [`QuantisedLlama`].

use std::io::{Read, Seek};

use laennec_kernels::quant::Matrix;

use crate::gguf::Gguf;
use crate::llama::Error;
use crate::llama::load::{HEAD, Weights, reordered};

use super::{Block, Projection, QuantisedLlama};

impl QuantisedLlama {
    /// Loads the model of an open file. Matrices in `Q4_0`, `Q4_1` and `Q8_0` keep their numbers
    /// exactly; those of other types are rounded to `Q8_0`.
    pub fn from_gguf<R: Read + Seek>(gguf: &mut Gguf<R>) -> Result<Self, Error> {
        let mut weights = Weights::new(gguf)?;
        let config = weights.config.clone();
        let (width, hidden) = (config.width, config.hidden);
        let embedding = weights.quantised("token_embd.weight", config.vocabulary, width, None)?;
        let mut blocks = Vec::with_capacity(config.layers);
        for layer in 0..config.layers {
            let name = |part: &str| format!("blk.{layer}.{part}");
            let norm =
                |weights: &mut Weights<'_, R>, part: &str| weights.vector(&name(part), width);
            let matrix = |weights: &mut Weights<'_, R>,
                          part: &str,
                          rows,
                          columns|
             -> Result<Matrix, Error> {
                weights.quantised(&name(part), rows, columns, None)
            };
            let projection =
                |weights: &mut Weights<'_, R>, part: &str, heads: usize, rotary: bool| {
                    let rows = heads * config.head_width;
                    weights.check(&name(&format!("{part}.weight")), &[rows, width])?;
                    let order = if rotary {
                        weights.rotary_rows(heads)
                    } else {
                        (0..rows).collect()
                    };
                    let matrix = weights.quantised(
                        &name(&format!("{part}.weight")),
                        rows,
                        width,
                        Some(&order),
                    )?;
                    let bias = if config.attention_bias() {
                        let stored = weights.vector(&name(&format!("{part}.bias")), rows)?;
                        Some(reordered(&stored, 1, &order))
                    } else {
                        None
                    };
                    Ok::<_, Error>(Projection { matrix, bias })
                };
            blocks.push(Block {
                attention_norm: norm(&mut weights, "attn_norm.weight")?,
                query: projection(&mut weights, "attn_q", config.heads, true)?,
                key: projection(&mut weights, "attn_k", config.kv_heads, true)?,
                value: projection(&mut weights, "attn_v", config.kv_heads, false)?,
                output: matrix(
                    &mut weights,
                    "attn_output.weight",
                    width,
                    config.query_width(),
                )?,
                feed_forward_norm: norm(&mut weights, "ffn_norm.weight")?,
                gate: matrix(&mut weights, "ffn_gate.weight", hidden, width)?,
                up: matrix(&mut weights, "ffn_up.weight", hidden, width)?,
                down: matrix(&mut weights, "ffn_down.weight", width, hidden)?,
            });
        }
        let norm = weights.vector("output_norm.weight", width)?;
        let head = if config.tied_head {
            None
        } else {
            Some(weights.quantised(HEAD, config.vocabulary, width, None)?)
        };
        let config = weights.finish()?;
        Ok(Self {
            config,
            embedding,
            blocks,
            norm,
            head,
        })
    }
}
