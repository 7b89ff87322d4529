//! The [`Listener`] of a bundle: both networks and the heads on one signal.

use laennec_audio::Signal;
use laennec_corpus::Domain;
use laennec_models::ear::{HeartEar, LungEar, LungHearing};

use super::{
    heads::Heads,
    scores::{HEART_FINDINGS, LUNG_FINDINGS, event_probabilities, logit, lung_scores},
    timeline,
};
use crate::{BundleCard, Error, FindingScore, Heard, Listener};

/// Longest signal that is heard at once, in s: the longest recordings that taught the networks.
const WINDOW_S: f64 = 16.0;

/// The networks and heads of a bundle.
#[derive(Debug)]
pub struct Ear {
    lung: LungEar,
    heart: HeartEar,
    heads: Heads,
    card: BundleCard,
}

impl Ear {
    /// The parts of a bundle, put together.
    pub fn new(lung: LungEar, heart: HeartEar, heads: Heads, card: BundleCard) -> Self {
        Self {
            lung: lung.through(heads.equaliser.clone()),
            heart,
            heads,
            card,
        }
    }

    /// The lung networks, before any head: for figures on given intervals.
    pub fn lung(&self) -> &LungEar {
        &self.lung
    }

    /// The heart networks, before any head.
    pub fn heart(&self) -> &HeartEar {
        &self.heart
    }

    /// The heads on top of the networks.
    pub fn heads(&self) -> &Heads {
        &self.heads
    }

    fn findings(&self, lung: &LungHearing, abnormal: f32) -> Vec<FindingScore> {
        let heads = self.heads.findings.iter();
        heads
            .filter_map(|head| {
                let finding = head.finding;
                let probability = if LUNG_FINDINGS.contains(&finding) {
                    head.calibration.apply(&lung_scores(lung, finding))
                } else if HEART_FINDINGS.contains(&finding) {
                    head.calibration.apply(&[logit(abnormal)])
                } else {
                    return None;
                };
                Some(FindingScore {
                    finding,
                    domain: head.domain,
                    probability,
                })
            })
            .collect()
    }
}

impl Listener for Ear {
    fn hear(&self, signal: &Signal) -> Result<Heard, Error> {
        let failed = |e: laennec_models::Error| Error::Listen {
            bundle: self.card.name.clone(),
            reason: e.to_string(),
        };
        let (samples, rate) = (&signal.samples, signal.rate);
        let lung = self.lung.hear(samples, rate).map_err(failed)?;
        let heart = self.heart.hear(samples, rate).map_err(failed)?;
        let probabilities = self.heads.domain.probabilities(&heart.pattern);
        let domain: Vec<(Domain, f32)> = self
            .heads
            .domains
            .iter()
            .copied()
            .zip(probabilities)
            .collect();
        let share = |wanted: Domain| -> f32 {
            domain
                .iter()
                .filter(|(d, _)| *d == wanted)
                .map(|(_, p)| p)
                .sum()
        };
        // Each domain has its own idea of a poor signal; they count by how likely the domain is.
        let poor = [
            (
                share(Domain::Lung),
                self.heads.poor_lung.apply(&[logit(lung.record[4])]),
            ),
            (
                share(Domain::Heart),
                self.heads.poor_heart.probabilities(&lung.embedding)[0],
            ),
        ];
        let weight: f32 = poor.iter().map(|(w, _)| w).sum();
        let sum: f32 = poor.iter().map(|(w, p)| w * p).sum();
        let steps: Vec<_> = self
            .heads
            .timeline
            .at
            .iter()
            .map(|&(finding, at)| (finding, at, event_probabilities(&lung, finding)))
            .collect();
        Ok(Heard {
            quality_poor: if weight > 0.0 {
                (sum / weight).clamp(0.0, 1.0)
            } else {
                0.0
            },
            novelty: Some(self.heads.novelty.distance(&lung.embedding)),
            findings: self.findings(&lung, heart.abnormal),
            timeline: steps
                .iter()
                .flat_map(|(finding, at, probabilities)| {
                    timeline::events(*finding, probabilities, *at, lung.step_s, signal.seconds())
                })
                .collect(),
            step_probabilities: steps.into_iter().map(|(f, _, p)| (f, p)).collect(),
            step_s: lung.step_s as f32,
            domain,
        })
    }

    fn window_s(&self) -> f64 {
        WINDOW_S
    }

    fn card(&self) -> &BundleCard {
        &self.card
    }
}
