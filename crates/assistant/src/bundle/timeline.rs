//! From probabilities over time to events.
//!
//! In: the probability of a group at each step. Out: runs of steps at or above a threshold.

use laennec_corpus::Finding;
use serde::{Deserialize, Serialize};

use crate::TimedEvent;

/// Thresholds of the timeline, chosen by event F1 on patients new to the networks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimelineRule {
    /// Least probability of a step of an event, by group.
    pub at: Vec<(Finding, f32)>,
}

/// Runs of steps with probability at or above `at`; the event's probability is the run's mean.
/// `seconds` cuts the last step at the end of the signal.
pub fn events(
    finding: Finding,
    probabilities: &[f32],
    at: f32,
    step_s: f64,
    seconds: f64,
) -> Vec<TimedEvent> {
    let mut found = Vec::new();
    let mut start = None;
    for step in 0..=probabilities.len() {
        let on = probabilities.get(step).is_some_and(|p| *p >= at);
        match (start, on) {
            (None, true) => start = Some(step),
            (Some(first), false) => {
                let run = &probabilities[first..step];
                let (from, to) = (first as f64 * step_s, (step as f64 * step_s).min(seconds));
                if from < to {
                    found.push(TimedEvent {
                        start_s: from as f32,
                        end_s: to as f32,
                        finding,
                        probability: run.iter().sum::<f32>() / run.len() as f32,
                    });
                }
                start = None;
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_become_events() {
        let found = events(Finding::Continuous, &[0.9, 0.1, 0.6, 0.8], 0.5, 0.5, 1.8);
        let spans: Vec<(f32, f32)> = found.iter().map(|e| (e.start_s, e.end_s)).collect();
        assert_eq!(spans, [(0.0, 0.5), (1.0, 1.8)]);
        assert!((found[1].probability - 0.7).abs() < 1e-6);
    }
}
