//! Calibration of quality, findings and timeline by cross-fitting.
//!
//! In: what networks hear in recordings that they did not learn from. Out: logistic maps from scores to
//! probabilities, and the thresholds of the timeline.

use std::collections::BTreeMap;

use laennec_assistant::{
    TimedEvent,
    bundle::{
        Calibration, FindingHead, HEART_FINDINGS, LUNG_FINDINGS, event_probabilities, events,
        logit, lung_scores,
    },
};
use laennec_corpus::{Domain, Event, Finding, Located, Presence, Quality, Recording};
use laennec_eval::{
    Matrix,
    events::{EventCounts, MIN_IOU, Span, count_events},
    metrics::SeSp,
    probes::{LogisticOptions, LogisticRegression, TrainingData},
};
use laennec_models::ear::{HeartEar, LungEar, LungHearing};
use rayon::prelude::*;

use super::{CROSS_FITTED, examples::decode, is_of, networks::Networks};
use crate::Error;

/// Groups that the timeline shows.
const TIMELINE: [Finding; 2] = [Finding::Continuous, Finding::Discontinuous];

/// Recordings of each kind that a database must have to help to choose the heart's threshold.
const FEWEST_OF_A_KIND: usize = 10;

/// Penalty of the calibrations: a handful of weights, so a mild one.
const C: f64 = 1.0;

/// What networks heard in recordings that they did not learn from.
pub(super) struct Calibrating<'a> {
    lung: Vec<(&'a Recording, LungHearing)>,
    heart: Vec<(&'a Recording, f32)>,
}

impl<'a> Calibrating<'a> {
    /// Hears all recordings that no network of a part has learned from.
    pub(super) fn hear(
        recordings: &'a [Located],
        lung: &Networks<LungEar>,
        heart: &Networks<HeartEar>,
    ) -> Result<Self, Error> {
        let of = |domain| {
            recordings
                .par_iter()
                .filter(move |l| is_of(l, domain, &CROSS_FITTED))
        };
        let lung = of(Domain::Lung).filter_map(|l| Some((l, lung.new_to(l)?)));
        let heart = of(Domain::Heart).filter_map(|l| Some((l, heart.new_to(l)?)));
        Ok(Self {
            lung: lung
                .map(|(l, ear)| Ok((&l.recording, ear.hear(&decode(l)?, 8000)?)))
                .collect::<Result<_, Error>>()?,
            heart: heart
                .map(|(l, ear)| Ok((&l.recording, ear.hear(&decode(l)?, 8000)?.abnormal)))
                .collect::<Result<_, Error>>()?,
        })
    }

    /// From the logit of Poor Quality to its probability.
    pub(super) fn poor(&self) -> Result<Calibration, Error> {
        let rows = self.lung.iter();
        fit(rows
            .map(|(r, h)| (vec![logit(h.record[4])], r.quality == Some(Quality::Poor)))
            .collect())
    }

    /// One head a finding; recordings that cannot be judged or say nothing of it do not count.
    pub(super) fn heads(&self) -> Result<Vec<FindingHead>, Error> {
        let lung = LUNG_FINDINGS.map(|finding| {
            let rows = self.lung.iter().filter_map(|(r, h)| {
                let label = label(r, finding)?;
                Some((lung_scores(h, finding).to_vec(), label))
            });
            (finding, Domain::Lung, rows.collect::<Vec<_>>())
        });
        let heart = HEART_FINDINGS.map(|finding| {
            let rows = self
                .heart
                .iter()
                .filter_map(|(r, p)| Some((vec![logit(*p)], label(r, finding)?)));
            (finding, Domain::Heart, rows.collect::<Vec<_>>())
        });
        lung.into_iter()
            .chain(heart)
            .map(|(finding, domain, rows)| {
                Ok(FindingHead {
                    finding,
                    domain,
                    calibration: fit(rows)?,
                })
            })
            .collect()
    }

    /// The threshold with the greatest (Se + Sp) / 2, on average over the databases that have enough
    /// recordings of both kinds; the middle one where several do equally well.
    pub(super) fn even_at(&self) -> Result<f32, Error> {
        let mut databases: BTreeMap<&str, (Vec<f64>, Vec<bool>)> = BTreeMap::new();
        for (recording, abnormal) in &self.heart {
            let name = recording.device.as_deref().unwrap_or_default();
            if let Some(label) = label(recording, Finding::AbnormalHeart) {
                let (scores, truth) = databases.entry(name).or_default();
                scores.push(f64::from(*abnormal));
                truth.push(label);
            }
        }
        databases.retain(|_, (_, truth)| {
            let abnormal = truth.iter().filter(|t| **t).count();
            abnormal.min(truth.len() - abnormal) >= FEWEST_OF_A_KIND
        });
        let mean = |at: f64| -> Result<f64, Error> {
            let mut sum = 0.0;
            for (scores, truth) in databases.values() {
                let called: Vec<bool> = scores.iter().map(|s| *s >= at).collect();
                sum += SeSp::new(truth, &called)
                    .map_err(laennec_eval::Error::from)?
                    .mean();
            }
            Ok(sum)
        };
        let mut best: (f64, Vec<f64>) = (f64::MIN, Vec::new());
        for step in 5..=95 {
            let at = f64::from(step) / 100.0;
            let value = mean(at)?;
            if value > best.0 + 1e-9 {
                best = (value, vec![at]);
            } else if value > best.0 - 1e-9 {
                best.1.push(at);
            }
        }
        Ok(best.1[best.1.len() / 2] as f32)
    }

    /// The threshold of each group with the best event F1.
    pub(super) fn timeline(&self) -> Result<Vec<(Finding, f32)>, Error> {
        TIMELINE
            .iter()
            .map(|&finding| {
                let mut best = (0.0, 0.5);
                for step in 2..=18 {
                    let at = step as f32 * 0.05;
                    let counts: EventCounts = self
                        .lung
                        .iter()
                        .map(|(r, h)| score(r, h, finding, at))
                        .sum();
                    let f1 = counts.f1().unwrap_or(0.0);
                    if f1 > best.0 {
                        best = (f1, at);
                    }
                }
                Ok((finding, best.1))
            })
            .collect()
    }
}

/// Whether the recording has the finding; none where it is not known or cannot be judged.
pub(super) fn label(recording: &Recording, finding: Finding) -> Option<bool> {
    if recording.quality == Some(Quality::Poor) {
        return None;
    }
    match recording.presence(finding)? {
        Presence::Present => Some(true),
        Presence::Absent => Some(false),
        Presence::Uncertain | Presence::NotAssessed => None,
    }
}

fn score(recording: &Recording, hearing: &LungHearing, finding: Finding, at: f32) -> EventCounts {
    let probabilities = event_probabilities(hearing, finding);
    let seconds = recording.seconds;
    let predicted = events(finding, &probabilities, at, hearing.step_s, seconds);
    let counts = |event: &&Event| match finding {
        Finding::Continuous => event.kind.is_continuous(),
        _ => event.kind.is_discontinuous(),
    };
    let span = |event: &Event| Span {
        start_s: event.start_s,
        end_s: event.end_s,
    };
    let predicted: Vec<Span> = predicted
        .iter()
        .map(|e: &TimedEvent| Span {
            start_s: f64::from(e.start_s),
            end_s: f64::from(e.end_s),
        })
        .collect();
    let annotated: Vec<Span> = recording.events.iter().filter(counts).map(span).collect();
    let all: Vec<Span> = recording.events.iter().map(span).collect();
    count_events(&predicted, &annotated, &all, MIN_IOU)
}

fn fit(rows: Vec<(Vec<f64>, bool)>) -> Result<Calibration, Error> {
    let (scores, labels): (Vec<Vec<f64>>, Vec<bool>) = rows.into_iter().unzip();
    let features = Matrix::from_rows(&scores).map_err(laennec_eval::Error::from)?;
    let classes: Vec<usize> = labels.iter().map(|l| usize::from(*l)).collect();
    let model = LogisticRegression::fit(
        TrainingData {
            features: &features,
            classes: &classes,
            class_count: 2,
            weights: &vec![1.0; classes.len()],
        },
        LogisticOptions::with_c(C),
        None,
    )?;
    let row = model.coefficients().row(0);
    let (weights, bias) = row.split_at(row.len() - 1);
    Ok(Calibration {
        weights: weights.to_vec(),
        bias: bias[0],
    })
}
