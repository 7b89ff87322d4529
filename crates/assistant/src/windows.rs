//! Long recordings: a recording comes in, windows of the length that the networks take go out; and
//! back: what was heard in each window comes in, what was heard in the whole recording goes out.
//!
//! Rule: windows overlap by half, the last one ends with the recording.
//!
//! - Quality: the median over the windows. Windows that are poor by themselves count no further.
//! - Domain: the mean over the remaining windows.
//! - Findings of the heart, which beat after beat repeats: the mean. All others: the mean of the
//!   highest quarter of the windows, two at least, since a lung sound may fill a small part of a
//!   long recording, and every moment but the ends is heard by two windows.
//! - Time: each moment belongs to the window whose middle is nearest. Events are taken from the
//!   window to which their middle belongs; events of one finding that overlap become one.

use laennec_corpus::{Domain, Finding};

use crate::{FindingScore, Heard, TimedEvent};

/// A part of a recording, in samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First sample.
    pub start: usize,
    /// One past the last sample.
    pub end: usize,
}

impl Window {
    fn middle(self) -> f64 {
        (self.start + self.end) as f64 / 2.0
    }
}

/// Windows of `length` samples with half overlap over `samples` samples; one window if they fit.
pub fn windows(samples: usize, length: usize) -> Vec<Window> {
    let length = length.max(2);
    if samples <= length {
        return vec![Window {
            start: 0,
            end: samples,
        }];
    }
    let hop = length / 2;
    let last = samples - length;
    let mut cut: Vec<Window> = (0..last)
        .step_by(hop)
        .map(|start| Window {
            start,
            end: start + length,
        })
        .collect();
    cut.push(Window {
        start: last,
        end: samples,
    });
    cut
}

/// One window and what was heard in it.
#[derive(Clone, Debug)]
pub struct HeardWindow {
    /// Where it lies.
    pub window: Window,
    /// What was heard there, in the window's own time.
    pub heard: Heard,
}

/// The whole recording and the number of windows that were too poor to count.
#[derive(Clone, Debug)]
pub struct Combined {
    /// What was heard, in the recording's time.
    pub heard: Heard,
    /// Windows whose quality was poor.
    pub poor: usize,
}

/// Combines the windows of one recording at `rate` Hz by the rule above. `poor_at` is the
/// probability from which a window counts as poor. One window comes back as it is.
pub fn combine(mut parts: Vec<HeardWindow>, rate: u32, poor_at: f32) -> Combined {
    if parts.len() == 1 {
        let heard = parts.pop().map(|part| part.heard).unwrap_or_default();
        let poor = usize::from(heard.quality_poor >= poor_at);
        return Combined { heard, poor };
    }
    let quality_poor = median(parts.iter().map(|part| part.heard.quality_poor).collect());
    let poor = parts
        .iter()
        .filter(|part| part.heard.quality_poor >= poor_at)
        .count();
    let timeline = joined_events(&parts, rate, poor_at);
    let (step_s, step_probabilities) = joined_steps(&parts, rate);
    if poor < parts.len() {
        parts.retain(|part| part.heard.quality_poor < poor_at);
    }
    let novelty: Vec<f32> = parts.iter().filter_map(|part| part.heard.novelty).collect();
    let heard = Heard {
        domain: Domain::ALL
            .iter()
            .map(|&domain| (domain, mean_domain(&parts, domain)))
            .collect(),
        quality_poor,
        novelty: (!novelty.is_empty()).then(|| median(novelty)),
        findings: combined_findings(&parts),
        timeline,
        step_probabilities,
        step_s,
    };
    Combined { heard, poor }
}

fn mean_domain(parts: &[HeardWindow], domain: Domain) -> f32 {
    let of_window = |part: &HeardWindow| part.heard.domain_probability(domain);
    mean(&parts.iter().map(of_window).collect::<Vec<f32>>())
}

fn combined_findings(parts: &[HeardWindow]) -> Vec<FindingScore> {
    let Some(first) = parts.first() else {
        return Vec::new();
    };
    let combined = first.heard.findings.iter().map(|score| {
        let of_window = |part: &HeardWindow| {
            let all = part.heard.findings.iter();
            all.filter(|other| other.finding == score.finding)
                .map(|other| other.probability)
                .next()
        };
        let mut heard: Vec<f32> = parts.iter().filter_map(of_window).collect();
        if score.domain != Domain::Heart {
            heard.sort_by(|a, b| b.total_cmp(a));
            heard.truncate(heard.len().div_ceil(4).max(2));
        }
        FindingScore {
            probability: mean(&heard),
            ..*score
        }
    });
    combined.collect()
}

/// The window to which the sample `at` belongs: the one whose middle is nearest.
fn owner(parts: &[HeardWindow], at: f64) -> usize {
    let mut best = 0;
    for (index, part) in parts.iter().enumerate() {
        let nearer = (part.window.middle() - at).abs() < (parts[best].window.middle() - at).abs();
        if nearer {
            best = index;
        }
    }
    best
}

fn joined_events(parts: &[HeardWindow], rate: u32, poor_at: f32) -> Vec<TimedEvent> {
    let mut events: Vec<TimedEvent> = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        if part.heard.quality_poor >= poor_at {
            continue;
        }
        let offset = part.window.start as f64 / f64::from(rate);
        for event in &part.heard.timeline {
            let middle = offset + f64::from(event.start_s + event.end_s) / 2.0;
            if owner(parts, middle * f64::from(rate)) == index {
                events.push(TimedEvent {
                    start_s: event.start_s + offset as f32,
                    end_s: event.end_s + offset as f32,
                    ..*event
                });
            }
        }
    }
    events.sort_by(|a, b| {
        a.finding
            .cmp(&b.finding)
            .then(a.start_s.total_cmp(&b.start_s))
    });
    let mut joined: Vec<TimedEvent> = Vec::new();
    for event in events {
        match joined.last_mut() {
            Some(last) if last.finding == event.finding && event.start_s <= last.end_s => {
                last.end_s = last.end_s.max(event.end_s);
                last.probability = last.probability.max(event.probability);
            }
            _ => joined.push(event),
        }
    }
    joined.sort_by(|a, b| {
        a.start_s
            .total_cmp(&b.start_s)
            .then(a.finding.cmp(&b.finding))
    });
    joined
}

fn joined_steps(parts: &[HeardWindow], rate: u32) -> (f32, Vec<(Finding, Vec<f32>)>) {
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
        return (0.0, Vec::new());
    };
    let step_s = first.heard.step_s;
    if step_s <= 0.0 {
        return (0.0, Vec::new());
    }
    let rate = f64::from(rate);
    let steps = (last.window.end as f64 / rate / f64::from(step_s)).ceil() as usize;
    let owners: Vec<usize> = (0..steps)
        .map(|step| owner(parts, (step as f64 + 0.5) * f64::from(step_s) * rate))
        .collect();
    let lane = |finding: Finding| -> Vec<f32> {
        let value = |(step, &index): (usize, &usize)| {
            let part = &parts[index];
            let at_s = (step as f64 + 0.5) * f64::from(step_s) - part.window.start as f64 / rate;
            let lanes = part.heard.step_probabilities.iter();
            let values = lanes
                .filter(|(other, _)| *other == finding)
                .map(|(_, values)| values)
                .next();
            values.and_then(|values| {
                let at =
                    ((at_s / f64::from(step_s)).max(0.0) as usize).min(values.len().max(1) - 1);
                values.get(at).copied()
            })
        };
        owners
            .iter()
            .enumerate()
            .map(|at| value(at).unwrap_or(0.0))
            .collect()
    };
    let lanes = first
        .heard
        .step_probabilities
        .iter()
        .map(|(finding, _)| (*finding, lane(*finding)));
    (step_s, lanes.collect())
}

fn mean(values: &[f32]) -> f32 {
    if values.is_empty() {
        0.0
    } else {
        values.iter().sum::<f32>() / values.len() as f32
    }
}

fn median(mut values: Vec<f32>) -> f32 {
    values.sort_by(f32::total_cmp);
    let half = values.len() / 2;
    match values.len() {
        0 => 0.0,
        odd if odd % 2 == 1 => values[half],
        _ => f32::midpoint(values[half - 1], values[half]),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn part(
        start: usize,
        end: usize,
        poor: f32,
        wheeze: f32,
        events: &[(f32, f32)],
    ) -> HeardWindow {
        let event = |&(start_s, end_s): &(f32, f32)| TimedEvent {
            start_s,
            end_s,
            finding: Finding::Wheeze,
            probability: wheeze,
        };
        let score = |finding, domain| FindingScore {
            finding,
            domain,
            probability: wheeze,
        };
        let heard = Heard {
            domain: vec![(Domain::Lung, 1.0 - wheeze), (Domain::Heart, wheeze)],
            quality_poor: poor,
            novelty: Some(wheeze),
            findings: vec![
                score(Finding::Wheeze, Domain::Lung),
                score(Finding::AbnormalHeart, Domain::Heart),
            ],
            timeline: events.iter().map(event).collect(),
            step_probabilities: vec![(Finding::Wheeze, vec![wheeze; 10])],
            step_s: 1.0,
        };
        HeardWindow {
            window: Window { start, end },
            heard,
        }
    }

    #[test]
    fn heart_is_the_mean_and_lung_the_highest_quarter() {
        let probabilities = [0.1, 0.9, 0.8, 0.1, 0.1, 0.1, 0.1, 0.1];
        let parts: Vec<HeardWindow> = probabilities
            .iter()
            .enumerate()
            .map(|(at, &p)| part(at * 500, at * 500 + 1000, 0.0, p, &[]))
            .collect();
        let heard = combine(parts, 100, 0.5).heard;
        assert!((heard.findings[0].probability - 0.85).abs() < 1e-6);
        let mean = probabilities.iter().sum::<f32>() / 8.0;
        assert!((heard.findings[1].probability - mean).abs() < 1e-6);
        assert!((heard.novelty.unwrap() - 0.1).abs() < 1e-6);
    }

    #[test]
    fn poor_windows_do_not_count_unless_all_are_poor() {
        let parts = vec![
            part(0, 1000, 0.1, 0.2, &[(1.0, 2.0)]),
            part(500, 1500, 0.9, 1.0, &[(6.0, 7.0)]),
            part(1000, 2000, 0.2, 0.2, &[]),
        ];
        let combined = combine(parts.clone(), 100, 0.5);
        assert_eq!(combined.poor, 1);
        assert!((combined.heard.quality_poor - 0.2).abs() < 1e-6);
        assert!((combined.heard.findings[0].probability - 0.2).abs() < 1e-6);
        assert_eq!(combined.heard.timeline.len(), 1);
        let all_poor = combine(parts, 100, 0.05);
        assert_eq!(all_poor.poor, 3);
        assert!(all_poor.heard.findings[0].probability > 0.5);
    }

    #[test]
    fn an_event_in_two_windows_is_one_event() {
        let parts = vec![
            part(0, 1000, 0.0, 0.6, &[(6.0, 7.0), (7.9, 8.9)]),
            part(500, 1500, 0.0, 0.8, &[(1.0, 2.0), (2.9, 3.9)]),
        ];
        let heard = combine(parts, 100, 0.5).heard;
        let times: Vec<(f32, f32)> = heard
            .timeline
            .iter()
            .map(|e| (e.start_s, e.end_s))
            .collect();
        assert_eq!(times, vec![(6.0, 7.0), (7.9, 8.9)]);
        assert_eq!(heard.step_probabilities[0].1.len(), 15);
        assert_eq!(heard.step_probabilities[0].1[7], 0.6);
        assert_eq!(heard.step_probabilities[0].1[8], 0.8);
    }

    proptest! {
        #[test]
        fn windows_cover_everything_and_overlap_by_half(samples in 0_usize..5000, length in 2_usize..700) {
            let cut = windows(samples, length);
            prop_assert_eq!(cut[0].start, 0);
            prop_assert_eq!(cut[cut.len() - 1].end, samples);
            for pair in cut.windows(2) {
                prop_assert!(pair[0].start < pair[1].start);
                prop_assert!(pair[1].start - pair[0].start <= length / 2);
                prop_assert_eq!(pair[1].end - pair[1].start, length);
            }
        }
    }
}
