//! Which patches a masked auto-encoder sees: a mask comes in; tokens of the kept patches go out, and
//! filled up again.

use burn::tensor::{Device, Int, Tensor, TensorData};

/// The patches that the encoder sees, of each clip its own, but of each the same number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatchMask {
    /// `[batch][kept]`
    kept: Vec<Vec<usize>>,
    patches: usize,
}

impl PatchMask {
    /// From a row-major mask `[batch, patches]`, 1 for hidden patches and 0 for those that are seen.
    /// `None` unless the same number of patches, at least one, is seen in each clip.
    pub fn from_hidden(hidden: &[f32], batch: usize) -> Option<Self> {
        let patches = hidden.len().checked_div(batch)?;
        if patches == 0 || patches * batch != hidden.len() {
            return None;
        }
        let seen = |row: &[f32]| (0..patches).filter(|patch| row[*patch] == 0.0).collect();
        let kept: Vec<Vec<usize>> = hidden.chunks_exact(patches).map(seen).collect();
        let count = kept.first()?.len();
        let even = count > 0 && kept.iter().all(|row| row.len() == count);
        even.then_some(Self { kept, patches })
    }

    /// Number of clips and of patches in each.
    pub fn dims(&self) -> [usize; 2] {
        [self.kept.len(), self.patches]
    }

    /// 1 for hidden patches, 0 for those that are seen, `[batch, patches]`.
    pub fn hidden(&self, device: &Device) -> Tensor<2> {
        let [batch, patches] = self.dims();
        let mut values = vec![1.0_f32; batch * patches];
        for (clip, kept) in self.kept.iter().enumerate() {
            for patch in kept {
                values[clip * patches + patch] = 0.0;
            }
        }
        Tensor::from_data(TensorData::new(values, [batch, patches]), device)
    }

    /// Of tokens `[batch, patches, width]` the kept ones, `[batch, kept, width]`.
    pub(super) fn keep(&self, tokens: Tensor<3>) -> Tensor<3> {
        let [batch, patches, width] = tokens.dims();
        let rows: Vec<i64> = self
            .kept
            .iter()
            .enumerate()
            .flat_map(|(clip, kept)| {
                kept.iter()
                    .map(move |patch| (clip * patches + patch) as i64)
            })
            .collect();
        let count = rows.len() / batch;
        let rows = indices(rows, &tokens.device());
        tokens
            .reshape([batch * patches, width])
            .select(0, rows)
            .reshape([batch, count, width])
    }

    /// Kept tokens `[batch, kept, width]` back in their places, `filler` `[1, 1, width]` in those of
    /// the hidden ones: `[batch, patches, width]`.
    pub(super) fn restore(&self, tokens: Tensor<3>, filler: Tensor<3>) -> Tensor<3> {
        let [batch, count, width] = tokens.dims();
        let mut rows = vec![(batch * count) as i64; batch * self.patches];
        for (clip, kept) in self.kept.iter().enumerate() {
            for (index, patch) in kept.iter().enumerate() {
                rows[clip * self.patches + patch] = (clip * count + index) as i64;
            }
        }
        let rows = indices(rows, &tokens.device());
        let tokens = tokens.reshape([batch * count, width]);
        Tensor::cat(vec![tokens, filler.reshape([1, width])], 0)
            .select(0, rows)
            .reshape([batch, self.patches, width])
    }
}

fn indices(rows: Vec<i64>, device: &Device) -> Tensor<1, Int> {
    let count = rows.len();
    Tensor::from_data(TensorData::new(rows, [count]), device)
}
