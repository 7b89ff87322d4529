//! The one-cycle learning-rate schedule.
//!
//! In: progress through training. Out: the factor on the peak rate. Smith and Topin 2019
//! (arXiv 1708.07120) with cosine branches, as PyTorch's `OneCycleLR`.

use serde::{Deserialize, Serialize};

/// Rises from `peak / div` over the first `warm_up` of all steps, then falls to
/// `peak / (div * final_div)`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OneCycle {
    /// Share of all steps spent rising, in (0, 1).
    pub warm_up: f64,
    /// Peak over initial rate.
    pub div: f64,
    /// Initial over final rate.
    pub final_div: f64,
}

impl Default for OneCycle {
    /// PyTorch's defaults.
    fn default() -> Self {
        Self {
            warm_up: 0.3,
            div: 25.0,
            final_div: 1e4,
        }
    }
}

impl OneCycle {
    /// Factor on the peak rate at `step` of `total` steps.
    pub fn factor(&self, step: usize, total: usize) -> f64 {
        let rise = (self.warm_up * total as f64 - 1.0).max(1.0);
        let fall = (total as f64 - 1.0 - rise).max(1.0);
        let start = 1.0 / self.div;
        let end = start / self.final_div;
        let step = step as f64;
        if step <= rise {
            cosine(start, 1.0, step / rise)
        } else {
            cosine(1.0, end, ((step - rise) / fall).min(1.0))
        }
    }
}

fn cosine(from: f64, to: f64, progress: f64) -> f64 {
    to + (from - to) / 2.0 * (1.0 + (std::f64::consts::PI * progress).cos())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `torch.optim.lr_scheduler.OneCycleLR(max_lr=1, total_steps=10)`, PyTorch 2.11.
    #[test]
    fn equals_pytorch() {
        let expected = [
            0.04, 0.52, 1.0, 0.950_485, 0.811_746, 0.611_262, 0.388_742, 0.188_258, 0.049_519, 4e-6,
        ];
        for (step, expected) in expected.into_iter().enumerate() {
            let factor = OneCycle::default().factor(step, 10);
            assert!((factor - expected).abs() < 1e-5, "{step}: {factor}");
        }
    }
}
