//! In: predicted and annotated intervals of one class. Out: hits, misses, false alarms, and F1.
//!
//! Pairs have an intersection over union of at least the given one; each interval is in one pair
//! at most, and the number of pairs is the greatest possible (maximum bipartite matching by
//! augmenting paths), so that the order of the events does not matter.
//!
//! Only some breaths of a recording are annotated and the gaps between them are unlabelled, not
//! negative. An unpaired prediction therefore counts as false alarm only if at least half of it
//! lies in annotated time (of any class, normal included); otherwise it is counted as `unjudged`.

use super::span::Span;
use crate::metrics::Undefined;

/// What a prediction must share with an annotation to find it.
pub const MIN_IOU: f64 = 0.3;

/// Events of one class, counted over one or more recordings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EventCounts {
    /// Annotated events that were found.
    pub hits: usize,
    /// Annotated events that were not.
    pub misses: usize,
    /// Predicted events in annotated time that match nothing.
    pub false_alarms: usize,
    /// Predicted events in unlabelled time that match nothing; they count neither way.
    pub unjudged: usize,
}

impl EventCounts {
    /// `2 hits / (2 hits + misses + false alarms)`; undefined where there is nothing to find and
    /// nothing was falsely found.
    pub fn f1(self) -> Result<f64, Undefined> {
        let whole = 2 * self.hits + self.misses + self.false_alarms;
        if whole == 0 {
            return Err(Undefined::NoneOf("an annotated or predicted event"));
        }
        Ok(2.0 * self.hits as f64 / whole as f64)
    }
}

impl std::ops::Add for EventCounts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            hits: self.hits + other.hits,
            misses: self.misses + other.misses,
            false_alarms: self.false_alarms + other.false_alarms,
            unjudged: self.unjudged + other.unjudged,
        }
    }
}

impl std::iter::Sum for EventCounts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |a, b| a + b)
    }
}

/// Counts one class in one recording. `annotated_time` holds all annotated intervals of the
/// recording, of any class and normal ones too.
pub fn count_events(
    predicted: &[Span],
    annotated: &[Span],
    annotated_time: &[Span],
    min_iou: f64,
) -> EventCounts {
    let partner = pair(predicted, annotated, min_iou);
    let hits = partner.iter().flatten().count();
    let mut counts = EventCounts {
        hits,
        misses: annotated.len() - hits,
        ..EventCounts::default()
    };
    for (span, partner) in predicted.iter().zip(&partner) {
        if partner.is_none() {
            if span.covered_by(annotated_time) >= 0.5 {
                counts.false_alarms += 1;
            } else {
                counts.unjudged += 1;
            }
        }
    }
    counts
}

/// The annotation of every prediction, in a matching with the greatest number of pairs.
fn pair(predicted: &[Span], annotated: &[Span], min_iou: f64) -> Vec<Option<usize>> {
    let candidates: Vec<Vec<usize>> = predicted
        .iter()
        .map(|p| {
            (0..annotated.len())
                .filter(|&a| p.iou(annotated[a]) >= min_iou)
                .collect()
        })
        .collect();
    let mut owner: Vec<Option<usize>> = vec![None; annotated.len()];
    for prediction in 0..predicted.len() {
        let mut seen = vec![false; annotated.len()];
        augment(prediction, &candidates, &mut owner, &mut seen);
    }
    let mut partner = vec![None; predicted.len()];
    for (annotation, owner) in owner.iter().enumerate() {
        if let Some(prediction) = *owner {
            partner[prediction] = Some(annotation);
        }
    }
    partner
}

/// Finds a free annotation for `prediction`, moving others to theirs where that frees one.
fn augment(
    prediction: usize,
    candidates: &[Vec<usize>],
    owner: &mut [Option<usize>],
    seen: &mut [bool],
) -> bool {
    for &annotation in &candidates[prediction] {
        if seen[annotation] {
            continue;
        }
        seen[annotation] = true;
        let free = match owner[annotation] {
            None => true,
            Some(other) => augment(other, candidates, owner, seen),
        };
        if free {
            owner[annotation] = Some(prediction);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start_s: f64, end_s: f64) -> Span {
        Span { start_s, end_s }
    }

    #[test]
    fn an_early_greedy_choice_does_not_cost_a_pair() {
        // The first prediction fits both annotations, the second only the first of them.
        let annotated = [span(0.0, 1.0), span(1.0, 2.0)];
        let predicted = [span(0.4, 1.6), span(0.0, 0.9)];
        let counts = count_events(&predicted, &annotated, &annotated, MIN_IOU);
        assert_eq!((counts.hits, counts.misses), (2, 0));
        assert_eq!(counts.f1(), Ok(1.0));
    }

    #[test]
    fn gaps_are_not_negative() {
        let wheeze = [span(1.0, 2.0)];
        let breaths = [span(1.0, 2.0), span(4.0, 6.0)];
        let predicted = [span(2.5, 3.5), span(4.2, 5.0), span(3.7, 4.2)];
        let counts = count_events(&predicted, &wheeze, &breaths, MIN_IOU);
        let expected = EventCounts {
            hits: 0,
            misses: 1,
            false_alarms: 1,
            unjudged: 2,
        };
        assert_eq!(counts, expected);
    }

    #[test]
    fn a_recording_without_annotations_judges_nothing() {
        let counts = count_events(&[span(0.0, 1.0)], &[], &[], MIN_IOU);
        assert_eq!(counts.unjudged, 1);
        assert!(counts.f1().is_err());
    }
}
