//! In: events and step probabilities of the validation recordings. Out: the section on the
//! timeline: event F1 and frame AUROC.

use laennec_assistant::bundle::{event_probabilities, events};
use laennec_assistant::wording;
use laennec_corpus::{Event, EventKind, Finding};

use super::Inputs;
use super::frozen::LungProbes;
use super::heard::HeardRecording;
use super::text::{counts, joined, shown};
use crate::error::Error;
use crate::events::{MIN_IOU, Span, Timeline, event_f1, frame_auroc};
use crate::intervals::number_groups;
use crate::report::{Align, Table};

/// Step probability from which the probe's timeline is on; it was not tuned.
const PROBE_AT: f32 = 0.5;

/// The section.
pub(super) fn section(
    inputs: &Inputs<'_>,
    heard: &[HeardRecording<'_>],
    probes: &LungProbes,
) -> Result<String, Error> {
    let annotated: Vec<&HeardRecording<'_>> = heard
        .iter()
        .filter(|one| !one.recording.events.is_empty())
        .collect();
    let mut table = Table::new(&[
        ("group", Align::Left),
        ("recordings / patients", Align::Right),
        ("events", Align::Right),
        ("found", Align::Right),
        ("missed", Align::Right),
        ("false", Align::Right),
        ("event F1", Align::Left),
        ("frame AUROC", Align::Left),
        ("linear probe: event F1", Align::Left),
        ("linear probe: frame AUROC", Align::Left),
    ]);
    for finding in [Finding::Continuous, Finding::Discontinuous] {
        let ours = timelines(&annotated, finding, |one| {
            let predicted = one.heard.timeline.iter();
            let spans = predicted
                .filter(|event| event.finding == finding)
                .map(|event| span(f64::from(event.start_s), f64::from(event.end_s)))
                .collect();
            let mut steps = one.heard.step_probabilities.iter();
            let scores = steps.find(|(f, _)| *f == finding).map(|(_, p)| p.clone());
            Some((spans, scores?, f64::from(one.heard.step_s)))
        });
        let probe = timelines(&annotated, finding, |one| {
            let hearing = probes.hearing(one.recording)?;
            let scores = event_probabilities(hearing, finding);
            let (step_s, seconds) = (hearing.step_s, one.recording.seconds);
            let spans = events(finding, &scores, PROBE_AT, step_s, seconds)
                .iter()
                .map(|event| span(f64::from(event.start_s), f64::from(event.end_s)))
                .collect();
            Some((spans, scores, step_s))
        });
        let (f1, found) = event_f1(&ours, MIN_IOU, &inputs.bootstrap)?;
        let (probe_f1, _) = event_f1(&probe, MIN_IOU, &inputs.bootstrap)?;
        let f1 = Ok(f1);
        table.push([
            wording::name(finding),
            &counts(&f1),
            &(found.hits + found.misses).to_string(),
            &found.hits.to_string(),
            &found.misses.to_string(),
            &found.false_alarms.to_string(),
            &shown(&f1),
            &shown(&frame_auroc(&ours, &inputs.bootstrap)),
            &shown(&Ok(probe_f1)),
            &shown(&frame_auroc(&probe, &inputs.bootstrap)),
        ]);
    }
    Ok(joined([
        "## Timeline of lung sounds",
        "A predicted event finds an annotated one where their intersection over union is at least \
         0.3; each pairs at most once. The gaps between annotated breaths are unlabelled, so that a \
         prediction of which more than half lies there counts neither way, and frames (0.32 s) \
         there have no truth. The thresholds were chosen on other patients, heard by \
         networks that did not learn from them; that of the linear probe is 0.5, untuned. The reference runs give no timeline.",
        &table.to_markdown(),
    ]))
}

/// Spans of events, score of every step, length of a step in s.
type Predicted = (Vec<Span>, Vec<f32>, f64);

/// One timeline a recording for which `predicted` has something.
fn timelines(
    heard: &[&HeardRecording<'_>],
    finding: Finding,
    predicted: impl Fn(&HeardRecording<'_>) -> Option<Predicted>,
) -> Vec<Timeline> {
    let groups = number_groups(heard.iter().map(|one| &one.recording.group));
    let belongs = |kind: EventKind| match finding {
        Finding::Continuous => kind.is_continuous(),
        _ => kind.is_discontinuous(),
    };
    heard
        .iter()
        .zip(groups)
        .filter_map(|(one, group)| {
            let (predicted, scores, frame_step_s) = predicted(one)?;
            let of = |events: &[Event], wanted: &dyn Fn(EventKind) -> bool| {
                let chosen = events.iter().filter(|event| wanted(event.kind));
                chosen.map(|e| span(e.start_s, e.end_s)).collect()
            };
            Some(Timeline {
                annotated: of(&one.recording.events, &belongs),
                annotated_time: of(&one.recording.events, &|_| true),
                predicted,
                frame_scores: scores.iter().map(|&p| f64::from(p)).collect(),
                frame_step_s,
                group,
            })
        })
        .collect()
}

fn span(start_s: f64, end_s: f64) -> Span {
    Span { start_s, end_s }
}
