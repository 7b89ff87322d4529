//! A Llama forward pass in plain `f64` loops, straight from the papers and from the layout of
//! llama.cpp's files (interleaved rotary pairs), with nothing shared with the crate.

use std::collections::HashMap;

use crate::tiny;

type Matrix<'a> = (&'a [usize], &'a [f32]);

fn product((shape, weight): Matrix<'_>, x: &[f64]) -> Vec<f64> {
    let columns = shape[1];
    assert_eq!(columns, x.len());
    weight
        .chunks_exact(columns)
        .map(|row| row.iter().zip(x).map(|(w, x)| f64::from(*w) * x).sum())
        .collect()
}

fn norm(x: &[f64], (_, weight): Matrix<'_>) -> Vec<f64> {
    let mean = x.iter().map(|x| x * x).sum::<f64>() / x.len() as f64;
    let root = (mean + tiny::EPSILON).sqrt();
    x.iter()
        .zip(weight)
        .map(|(x, w)| x / root * f64::from(*w))
        .collect()
}

/// Turns the pairs `(2i, 2i + 1)` of one head.
fn rotate(head: &mut [f64], position: usize) {
    let width = head.len();
    for pair in 0..width / 2 {
        let angle = position as f64 / tiny::ROPE_BASE.powf(2.0 * pair as f64 / width as f64);
        let (a, b) = (head[2 * pair], head[2 * pair + 1]);
        head[2 * pair] = a * angle.cos() - b * angle.sin();
        head[2 * pair + 1] = a * angle.sin() + b * angle.cos();
    }
}

/// Logits after each of the tokens.
pub(crate) fn logits(tensors: &[tiny::Tensor], tokens: &[u32]) -> Vec<Vec<f64>> {
    let by_name: HashMap<&str, Matrix<'_>> = tensors
        .iter()
        .map(|(name, shape, values)| (name.as_str(), (shape.as_slice(), values.as_slice())))
        .collect();
    let (width, head) = (tiny::WIDTH, tiny::HEAD);
    let embedding = by_name["token_embd.weight"].1;
    let row = |token: &u32| {
        embedding[*token as usize * width..][..width]
            .iter()
            .map(|x| f64::from(*x))
            .collect()
    };
    let mut states: Vec<Vec<f64>> = tokens.iter().map(row).collect();
    for layer in 0..tiny::LAYERS {
        let weight = |part: &str| by_name[format!("blk.{layer}.{part}.weight").as_str()];
        let normed: Vec<_> = states
            .iter()
            .map(|x| norm(x, weight("attn_norm")))
            .collect();
        let heads = |part: &str, turn: bool| -> Vec<Vec<f64>> {
            let one = |(position, x): (usize, &Vec<f64>)| {
                let mut all = product(weight(part), x);
                if turn {
                    all.chunks_exact_mut(head)
                        .for_each(|head| rotate(head, position));
                }
                all
            };
            normed.iter().enumerate().map(one).collect()
        };
        let (queries, keys, values) = (
            heads("attn_q", true),
            heads("attn_k", true),
            heads("attn_v", false),
        );
        for at in 0..tokens.len() {
            let mut mixed = vec![0.0; width];
            for h in 0..tiny::HEADS {
                let kv = h / (tiny::HEADS / tiny::KV_HEADS);
                let query = &queries[at][h * head..][..head];
                let score = |past: usize| {
                    let dot: f64 = query
                        .iter()
                        .zip(&keys[past][kv * head..])
                        .map(|(q, k)| q * k)
                        .sum();
                    (dot / (head as f64).sqrt()).exp()
                };
                let scores: Vec<f64> = (0..=at).map(score).collect();
                let total: f64 = scores.iter().sum();
                for (past, score) in scores.iter().enumerate() {
                    for i in 0..head {
                        mixed[h * head + i] += score / total * values[past][kv * head + i];
                    }
                }
            }
            let added = product(weight("attn_output"), &mixed);
            states[at].iter_mut().zip(added).for_each(|(x, y)| *x += y);
            let normed = norm(&states[at], weight("ffn_norm"));
            let gate = product(weight("ffn_gate"), &normed);
            let up = product(weight("ffn_up"), &normed);
            let gated: Vec<f64> = gate
                .iter()
                .zip(up)
                .map(|(g, u)| g / (1.0 + (-g).exp()) * u)
                .collect();
            let added = product(weight("ffn_down"), &gated);
            states[at].iter_mut().zip(added).for_each(|(x, y)| *x += y);
        }
    }
    let last = |x: &Vec<f64>| {
        product(
            by_name["token_embd.weight"],
            &norm(x, by_name["output_norm.weight"]),
        )
    };
    states.iter().map(last).collect()
}
