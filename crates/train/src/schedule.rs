//! Learning-rate schedules.
//!
//! In: progress through training. Out: the factor on the peak rate.

use serde::{Deserialize, Serialize};

/// A schedule, as a recipe names it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Schedule {
    /// Smith and Topin's.
    OneCycle(OneCycle),
    /// Warm-up, then half a cosine down to 0.
    Cosine {
        /// Share of all steps spent rising from 0, in [0, 1).
        warm_up: f64,
    },
    /// Warm-up, then straight down to 0 (transformers' `get_linear_schedule_with_warmup`, AcuLa's).
    Linear {
        /// Share of all steps spent rising from 0, in [0, 1).
        warm_up: f64,
    },
}

impl From<OneCycle> for Schedule {
    fn from(schedule: OneCycle) -> Self {
        Self::OneCycle(schedule)
    }
}

impl Schedule {
    /// Factor on the peak rate at `step` of `total` steps.
    pub fn factor(&self, step: usize, total: usize) -> f64 {
        let (warm_up, straight) = match self {
            Self::OneCycle(schedule) => return schedule.factor(step, total),
            Self::Cosine { warm_up } => (warm_up, false),
            Self::Linear { warm_up } => (warm_up, true),
        };
        let rise = (warm_up * total as f64).round();
        let (step, total) = (step as f64, total as f64);
        if step < rise {
            return step / rise;
        }
        let progress = ((step - rise) / (total - rise).max(1.0)).min(1.0);
        if straight {
            1.0 - progress
        } else {
            cosine(1.0, 0.0, progress)
        }
    }
}

/// The one-cycle schedule with cosine branches (Smith and Topin 2019, arXiv 1708.07120; PyTorch's
/// `OneCycleLR`).
///
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

    /// `get_cosine_schedule_with_warmup(2, 8)` and `get_linear_schedule_with_warmup(2, 8)` of
    /// transformers 5.23.
    #[test]
    fn warm_up_and_decay_equal_transformers() {
        let cosine = [0.0, 0.5, 1.0, 0.933_013, 0.75, 0.5, 0.25, 0.066_987];
        let linear = [
            0.0, 0.5, 1.0, 0.833_333, 0.666_667, 0.5, 0.333_333, 0.166_667,
        ];
        for step in 0..8 {
            let found = Schedule::Cosine { warm_up: 0.25 }.factor(step, 8);
            assert!((found - cosine[step]).abs() < 1e-5, "{step}: {found}");
            let found = Schedule::Linear { warm_up: 0.25 }.factor(step, 8);
            assert!((found - linear[step]).abs() < 1e-5, "{step}: {found}");
        }
    }

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
