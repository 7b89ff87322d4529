//! In: annotated intervals and a frame grid. Out: the truth of every frame, or none in the gaps.

use super::span::Span;

/// Truth of `frames` frames of `step_s` seconds, frame `i` by its centre `(i + 0.5) × step_s`:
/// `Some(true)` inside an interval of `positive`, `Some(false)` inside another annotated interval,
/// `None` in unlabelled time. An interval holds its start and not its end.
pub fn frame_truth(
    frames: usize,
    step_s: f64,
    positive: &[Span],
    annotated_time: &[Span],
) -> Vec<Option<bool>> {
    let inside = |spans: &[Span], at: f64| spans.iter().any(|s| s.start_s <= at && at < s.end_s);
    (0..frames)
        .map(|frame| {
            let centre = (frame as f64 + 0.5) * step_s;
            if inside(positive, centre) {
                Some(true)
            } else {
                inside(annotated_time, centre).then_some(false)
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_outside_annotations_have_no_truth() {
        let span = |start_s, end_s| Span { start_s, end_s };
        let wheeze = [span(1.0, 2.0)];
        let all = [span(1.0, 2.0), span(3.0, 4.0)];
        let truth = frame_truth(5, 1.0, &wheeze, &all);
        assert_eq!(truth, vec![None, Some(true), None, Some(false), None]);
    }
}
