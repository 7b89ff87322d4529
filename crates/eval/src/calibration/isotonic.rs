//! In: scores and outcomes, on calibration patients. Out: the rising step map that fits them best.

use crate::metrics::{Undefined, all_finite, same_length};

/// Isotonic regression: the non-decreasing least-squares fit, linear between its knots and
/// constant beyond them (Zadrozny & Elkan, KDD 2002; pool adjacent violators).
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Isotonic {
    /// Scores and values where the fit bends, by rising score.
    knots: Vec<(f64, f64)>,
}

struct Block {
    first: f64,
    last: f64,
    sum: f64,
    count: f64,
}

impl Block {
    fn mean(&self) -> f64 {
        self.sum / self.count
    }
}

impl Isotonic {
    /// Fits; equal scores share one value.
    pub fn fit(scores: &[f64], outcomes: &[bool]) -> Result<Self, Undefined> {
        same_length("outcomes", scores.len(), outcomes.len())?;
        all_finite("score", scores)?;
        if scores.is_empty() {
            return Err(Undefined::Empty);
        }
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
        let mut tied: Vec<Block> = Vec::new();
        for index in order {
            let (score, y) = (scores[index], f64::from(u8::from(outcomes[index])));
            match tied.last_mut() {
                Some(block) if block.first == score => {
                    block.sum += y;
                    block.count += 1.0;
                }
                _ => tied.push(Block {
                    first: score,
                    last: score,
                    sum: y,
                    count: 1.0,
                }),
            }
        }
        let mut blocks: Vec<Block> = Vec::new();
        for mut block in tied {
            while let Some(previous) = blocks.pop_if(|previous| previous.mean() >= block.mean()) {
                block.first = previous.first;
                block.sum += previous.sum;
                block.count += previous.count;
            }
            blocks.push(block);
        }
        let mut knots = Vec::with_capacity(2 * blocks.len());
        for block in &blocks {
            knots.push((block.first, block.mean()));
            if block.last > block.first {
                knots.push((block.last, block.mean()));
            }
        }
        Ok(Self { knots })
    }

    /// Probability of a score.
    pub fn apply(&self, score: f64) -> f64 {
        let above = self.knots.partition_point(|knot| knot.0 < score);
        match (
            above.checked_sub(1).map(|i| self.knots[i]),
            self.knots.get(above),
        ) {
            (Some((x0, y0)), Some(&(x1, y1))) => y0 + (y1 - y0) * (score - x0) / (x1 - x0),
            (None, Some(&(_, y))) | (Some((_, y)), None) => y,
            (None, None) => f64::NAN,
        }
    }
}
