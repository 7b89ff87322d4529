//! What the heads look at: a few scores for each finding, from what the networks heard.
//!
//! In: a [`LungHearing`]. Out: for each finding the logit of the record label and the logit of the
//! loudest moment; and per step the probability of each group, for the timeline.

use laennec_corpus::Finding;
use laennec_models::{
    ear::{LungHearing, any_of, is_continuous, is_discontinuous},
    networks::{EVENT_CLASSES, RECORD_CLASSES},
};

/// Findings that are looked for in lung recordings.
pub const LUNG_FINDINGS: [Finding; 5] = [
    Finding::Adventitious,
    Finding::Continuous,
    Finding::Wheeze,
    Finding::Discontinuous,
    Finding::FineCrackle,
];

/// Findings that are looked for in heart recordings.
pub const HEART_FINDINGS: [Finding; 1] = [Finding::AbnormalHeart];

/// Steps over which probabilities are averaged: about the median length of an annotated event
/// (1.3 s at 0.32 s a step).
const SMOOTHING: usize = 4;

/// Index of Poor Quality among the record classes.
const POOR: usize = 4;

/// Whether an event class counts for a finding.
fn event_counts(finding: Finding, class: &str) -> bool {
    match finding {
        Finding::Adventitious => class != "Normal",
        Finding::Continuous => is_continuous(class),
        Finding::Discontinuous => is_discontinuous(class),
        Finding::Wheeze => matches!(class, "Wheeze" | "Wheeze+Crackle"),
        Finding::FineCrackle => matches!(class, "Fine Crackle" | "Wheeze+Crackle"),
        _ => false,
    }
}

/// Whether a record class counts for a finding. Records name groups only, so a kind is looked up
/// by its group.
fn record_counts(finding: Finding, class: &str) -> bool {
    match finding {
        Finding::Adventitious => !matches!(class, "Normal" | "Poor Quality"),
        Finding::Continuous | Finding::Wheeze => is_continuous(class),
        Finding::Discontinuous | Finding::FineCrackle => is_discontinuous(class),
        _ => false,
    }
}

/// Logits of a lung finding: of its record classes, given that the recording can be judged, and
/// of its loudest moment.
pub fn lung_scores(hearing: &LungHearing, finding: Finding) -> [f64; 2] {
    let usable = (1.0 - hearing.record[POOR]).max(1e-6);
    let record = any_of(&hearing.record, &RECORD_CLASSES, |c| {
        record_counts(finding, c)
    }) / usable;
    let loudest = event_probabilities(hearing, finding)
        .into_iter()
        .fold(0.0, f32::max);
    [logit(record), logit(loudest)]
}

/// Probability of a finding at each step, averaged over neighbouring steps.
pub fn event_probabilities(hearing: &LungHearing, finding: Finding) -> Vec<f32> {
    let raw: Vec<f32> = hearing
        .steps
        .iter()
        .map(|step| any_of(step, &EVENT_CLASSES, |c| event_counts(finding, c)))
        .collect();
    (0..raw.len())
        .map(|step| {
            let from = step.saturating_sub(SMOOTHING / 2);
            let to = (step + SMOOTHING - SMOOTHING / 2).min(raw.len());
            raw[from..to].iter().sum::<f32>() / (to - from) as f32
        })
        .collect()
}

/// `ln(p / (1 - p))`, kept within ±9.2 (p of 1e-4 and 1 - 1e-4).
pub fn logit(probability: f32) -> f64 {
    let p = f64::from(probability).clamp(1e-4, 1.0 - 1e-4);
    (p / (1.0 - p)).ln()
}
