//! In: probabilities and truth on calibration patients, and the errors allowed. Out: thresholds for
//! "absent" and "present", what they cost, and answers for new probabilities.

use serde::{Deserialize, Serialize};

use super::counts::DecisionCounts;
use super::limits::ErrorLimits;
use crate::error::Error;
use crate::metrics::{Undefined, all_probabilities, same_length};

/// What is said about a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Below the lower threshold.
    Absent,
    /// Between the thresholds.
    Uncertain,
    /// At or above the upper threshold.
    Present,
}

/// Thresholds on a probability.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Thresholds {
    /// Absent below this; `None` where no threshold keeps the limits.
    pub absent_below: Option<f64>,
    /// Present at or above this; `None` where no threshold keeps the limits.
    pub present_from: Option<f64>,
}

impl Thresholds {
    /// The pair that answers most recordings within `limits`; of equal pairs the one that says
    /// absent least often. A threshold lies midway between two probabilities. Undefined unless
    /// both outcomes occur.
    pub fn choose(
        probabilities: &[f64],
        truth: &[bool],
        limits: &ErrorLimits,
    ) -> Result<Self, Error> {
        limits.check()?;
        same_length("truth", probabilities.len(), truth.len())?;
        all_probabilities("probability", probabilities)?;
        let n = truth.len();
        let positives = truth.iter().filter(|&&t| t).count();
        if positives == 0 {
            return Err(Undefined::NoneOf("positive").into());
        }
        if positives == n {
            return Err(Undefined::NoneOf("negative").into());
        }
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b]));
        let sorted: Vec<f64> = order.iter().map(|&i| probabilities[i]).collect();
        // positives_below[k]: positives among the k lowest.
        let mut positives_below = vec![0_usize; n + 1];
        for (k, &i) in order.iter().enumerate() {
            positives_below[k + 1] = positives_below[k] + usize::from(truth[i]);
        }
        let is_cut = |k: usize| k == 0 || k == n || sorted[k - 1] < sorted[k];
        let negatives = n - positives;
        let absent_ok =
            |k: usize| k == 0 || limits.allow(positives_below[k], k, positives, limits.miss_rate);
        let present_ok = |k: usize| {
            let called = n - k;
            let wrong = called - (positives - positives_below[k]);
            called == 0 || limits.allow(wrong, called, negatives, limits.false_alarm_rate)
        };
        // first_present[k]: the lowest allowed start of "present" at or above k.
        let mut first_present = vec![n; n + 1];
        for k in (0..n).rev() {
            let allowed = is_cut(k) && present_ok(k);
            first_present[k] = if allowed { k } else { first_present[k + 1] };
        }
        let decided = |k: usize| k + n - first_present[k];
        let cut = (0..=n)
            .filter(|&k| is_cut(k) && absent_ok(k))
            .fold(
                0,
                |best, k| if decided(k) > decided(best) { k } else { best },
            );
        let present_cut = first_present[cut];
        Ok(Self {
            absent_below: (cut > 0).then(|| between(&sorted, cut)),
            present_from: (present_cut < n).then(|| between(&sorted, present_cut)),
        })
    }

    /// The answer for one probability.
    pub fn answer(&self, probability: f64) -> Answer {
        if self.present_from.is_some_and(|from| probability >= from) {
            Answer::Present
        } else if self.absent_below.is_some_and(|below| probability < below) {
            Answer::Absent
        } else {
            Answer::Uncertain
        }
    }

    /// Counts answers and errors on labelled recordings.
    pub fn count(
        &self,
        probabilities: &[f64],
        truth: &[bool],
    ) -> Result<DecisionCounts, Undefined> {
        same_length("truth", probabilities.len(), truth.len())?;
        let mut counts = DecisionCounts {
            total: truth.len(),
            positives: truth.iter().filter(|&&t| t).count(),
            absent: 0,
            missed: 0,
            present: 0,
            false_alarms: 0,
        };
        for (&probability, &positive) in probabilities.iter().zip(truth) {
            match self.answer(probability) {
                Answer::Absent => {
                    counts.absent += 1;
                    counts.missed += usize::from(positive);
                }
                Answer::Present => {
                    counts.present += 1;
                    counts.false_alarms += usize::from(!positive);
                }
                Answer::Uncertain => {}
            }
        }
        Ok(counts)
    }
}

/// Midway between the `cut`-th lowest probability and the one below it; at the ends, the end.
fn between(sorted: &[f64], cut: usize) -> f64 {
    match (cut.checked_sub(1).map(|i| sorted[i]), sorted.get(cut)) {
        (Some(below), Some(&above)) => {
            let middle = f64::midpoint(below, above);
            // Neighbouring numbers have nothing between them; the upper one keeps the order.
            if middle > below { middle } else { above }
        }
        (None, Some(_)) => 0.0,
        // All are called absent, 1 included only if it was seen: nothing above it exists.
        _ => 1.0 + f64::EPSILON,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn clean_separation_is_answered_in_full() {
        let p = [0.1, 0.2, 0.8, 0.9];
        let truth = [false, false, true, true];
        let thresholds = Thresholds::choose(&p, &truth, &ErrorLimits::default()).unwrap();
        let counts = thresholds.count(&p, &truth).unwrap();
        assert_eq!(counts.coverage(), Ok(1.0));
        assert_eq!(counts.error(), Ok(0.0));
    }

    #[test]
    fn a_bound_on_four_recordings_proves_nothing() {
        let p = [0.1, 0.2, 0.8, 0.9];
        let truth = [false, false, true, true];
        let limits = ErrorLimits {
            confidence: Some(0.95),
            ..ErrorLimits::default()
        };
        let thresholds = Thresholds::choose(&p, &truth, &limits).unwrap();
        assert_eq!(
            (thresholds.absent_below, thresholds.present_from),
            (None, None)
        );
        assert_eq!(thresholds.answer(0.99), Answer::Uncertain);
    }

    proptest! {
        #[test]
        fn limits_hold_and_no_pair_of_cuts_answers_more(
            cases in proptest::collection::vec((0_u8..12, any::<bool>()), 2..40),
            per_cent in 0_u8..40,
        ) {
            let p: Vec<f64> = cases.iter().map(|c| f64::from(c.0) / 11.0).collect();
            let truth: Vec<bool> = cases.iter().map(|c| c.1).collect();
            prop_assume!(truth.contains(&true) && truth.contains(&false));
            let rate = f64::from(per_cent) / 100.0;
            let limits = ErrorLimits {
                miss_rate: rate,
                false_alarm_rate: rate,
                error_among_decided: rate,
                confidence: None,
            };
            let keeps = |c: &DecisionCounts| {
                c.missed as f64 <= rate * c.positives as f64
                    && c.false_alarms as f64 <= rate * (c.total - c.positives) as f64
                    && (c.absent == 0 || c.missed as f64 / c.absent as f64 <= rate)
                    && (c.present == 0 || c.false_alarms as f64 / c.present as f64 <= rate)
            };
            let chosen = Thresholds::choose(&p, &truth, &limits).unwrap();
            let counts = chosen.count(&p, &truth).unwrap();
            prop_assert!(keeps(&counts), "{chosen:?} {counts:?}");
            for low in 0..=12_u8 {
                for high in low..=12 {
                    let other = Thresholds {
                        absent_below: Some((f64::from(low) - 0.5) / 11.0),
                        present_from: Some((f64::from(high) - 0.5) / 11.0),
                    };
                    let other = other.count(&p, &truth).unwrap();
                    prop_assert!(
                        !keeps(&other)
                            || other.absent + other.present <= counts.absent + counts.present
                    );
                }
            }
        }
    }
}
