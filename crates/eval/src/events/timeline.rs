//! In: predicted and annotated timelines of recordings with their patients. Out: event F1 and
//! frame AUROC with intervals over patients.

use super::frames::frame_truth;
use super::matching::{EventCounts, count_events};
use super::span::Span;
use crate::intervals::{Bootstrap, Estimate, GroupKind};
use crate::metrics::{Undefined, all_finite, auroc, same_length};

/// One class of one recording: what is annotated and what was predicted.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// Annotated intervals of the class.
    pub annotated: Vec<Span>,
    /// All annotated intervals of the recording, of any class and normal ones too.
    pub annotated_time: Vec<Span>,
    /// Predicted intervals of the class.
    pub predicted: Vec<Span>,
    /// Score of every frame.
    pub frame_scores: Vec<f64>,
    /// Time between frames, in s.
    pub frame_step_s: f64,
    /// Patient.
    pub group: usize,
}

/// Event F1 at `min_iou` (see [`count_events`]) over all recordings, with the summed counts. `n`
/// of the estimate is the number of recordings.
pub fn event_f1(
    timelines: &[Timeline],
    min_iou: f64,
    bootstrap: &Bootstrap,
) -> Result<(Estimate, EventCounts), Undefined> {
    let counts: Vec<EventCounts> = timelines
        .iter()
        .map(|t| count_events(&t.predicted, &t.annotated, &t.annotated_time, min_iou))
        .collect();
    let groups: Vec<usize> = timelines.iter().map(|t| t.group).collect();
    let estimate = bootstrap.estimate(&groups, GroupKind::Patients, |indices| {
        indices.iter().map(|&i| counts[i]).sum::<EventCounts>().f1()
    })?;
    Ok((estimate, counts.into_iter().sum()))
}

/// AUROC of the frame scores over all frames in annotated time. `n` of the estimate is the number
/// of those frames.
pub fn frame_auroc(timelines: &[Timeline], bootstrap: &Bootstrap) -> Result<Estimate, Undefined> {
    let (mut scores, mut truth, mut groups) = (Vec::new(), Vec::new(), Vec::new());
    for timeline in timelines {
        all_finite("frame score", &timeline.frame_scores)?;
        let frames = frame_truth(
            timeline.frame_scores.len(),
            timeline.frame_step_s,
            &timeline.annotated,
            &timeline.annotated_time,
        );
        same_length("frames", timeline.frame_scores.len(), frames.len())?;
        for (&score, positive) in timeline.frame_scores.iter().zip(frames) {
            if let Some(positive) = positive {
                scores.push(score);
                truth.push(positive);
                groups.push(timeline.group);
            }
        }
    }
    bootstrap.estimate(&groups, GroupKind::Patients, |indices| {
        let scores: Vec<f64> = indices.iter().map(|&i| scores[i]).collect();
        let truth: Vec<bool> = indices.iter().map(|&i| truth[i]).collect();
        auroc(&scores, &truth)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::MIN_IOU;

    #[test]
    fn unlabelled_frames_and_events_do_not_count() {
        let span = |start_s, end_s| Span { start_s, end_s };
        let timelines: Vec<Timeline> = (0..4)
            .map(|group| Timeline {
                annotated: vec![span(1.0, 2.0)],
                annotated_time: vec![span(1.0, 2.0), span(3.0, 4.0)],
                predicted: vec![span(1.1, 2.0), span(2.0, 3.0)],
                // The gap scores highest, and yet the order of the annotated frames is perfect.
                frame_scores: vec![0.9, 0.8, 0.9, 0.1],
                frame_step_s: 1.0,
                group,
            })
            .collect();
        let bootstrap = Bootstrap::default();
        let (f1, counts) = event_f1(&timelines, MIN_IOU, &bootstrap).unwrap();
        assert_eq!((f1.value, counts.unjudged), (1.0, 4));
        let frames = frame_auroc(&timelines, &bootstrap).unwrap();
        assert_eq!((frames.value, frames.n, frames.groups), (1.0, 8, 4));
    }
}
