//! The boundary between the trained networks and the analysis: a signal comes in, what the
//! networks say of it goes out as calibrated numbers. No answer is decided here; `decide` turns the
//! numbers into answers with the thresholds of the bundle's card.

use laennec_audio::Signal;
use laennec_corpus::{Domain, Finding};

use crate::{BundleCard, Error};

/// The networks of a bundle, ready to listen.
///
/// Implementations are shared between threads in folder mode.
pub trait Listener: Send + Sync {
    /// Listens to one signal of at most [`Listener::window_s`] seconds, at any sample rate.
    fn hear(&self, signal: &Signal) -> Result<Heard, Error>;

    /// The longest signal in seconds that [`Listener::hear`] takes at once. A longer recording is
    /// cut into windows of this length (see `windows`).
    fn window_s(&self) -> f64;

    /// What the bundle is, was trained on and was calibrated with.
    fn card(&self) -> &BundleCard;
}

/// What the networks say of one signal. Every probability is calibrated and lies in 0..=1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    /// Probability of each domain; they sum to 1. A domain that is missing counts as 0.
    pub domain: Vec<(Domain, f32)>,
    /// Probability that the signal is too poor to be judged.
    pub quality_poor: f32,
    /// Distance of the signal's embedding from the training data, in the unit of
    /// [`BundleCard::novelty_limit`]; `None` if the bundle measures none.
    pub novelty: Option<f32>,
    /// One score for each finding of the bundle, of all domains: those of a domain that the
    /// recording is not of are dropped later.
    pub findings: Vec<FindingScore>,
    /// Where in the signal the findings were heard.
    pub timeline: Vec<TimedEvent>,
    /// Probability of each finding over time, one value a step; for the figure.
    pub step_probabilities: Vec<(Finding, Vec<f32>)>,
    /// Length of one step in seconds.
    pub step_s: f32,
}

impl Heard {
    /// Probability of a domain; 0 if it was not given.
    pub fn domain_probability(&self, domain: Domain) -> f32 {
        let mut all = self.domain.iter();
        all.find(|(heard, _)| *heard == domain)
            .map_or(0.0, |(_, probability)| *probability)
    }

    /// Refuses numbers that are no probabilities and events that end before they start.
    pub(crate) fn validate(&self, bundle: &str) -> Result<(), Error> {
        let bad = |what: String, expected| {
            Err(Error::BadHearing {
                bundle: bundle.to_owned(),
                what,
                expected,
            })
        };
        let probabilities = self
            .domain
            .iter()
            .map(|(domain, probability)| (domain.word(), *probability))
            .chain([("poor_signal", self.quality_poor)])
            .chain(
                self.findings
                    .iter()
                    .map(|score| (score.finding.word(), score.probability)),
            )
            .chain(
                self.timeline
                    .iter()
                    .map(|event| (event.finding.word(), event.probability)),
            )
            .chain(
                self.step_probabilities
                    .iter()
                    .flat_map(|(finding, values)| {
                        values
                            .iter()
                            .map(|&probability| (finding.word(), probability))
                    }),
            );
        for (what, probability) in probabilities {
            if !(0.0..=1.0).contains(&probability) {
                return bad(
                    format!("{probability} for `{what}`"),
                    "a probability from 0 to 1",
                );
            }
        }
        for event in &self.timeline {
            if !(event.start_s.is_finite() && event.start_s < event.end_s) {
                return bad(
                    format!("an event from {} s to {} s", event.start_s, event.end_s),
                    "a start before the end",
                );
            }
        }
        if !self.step_probabilities.is_empty() && (self.step_s.is_nan() || self.step_s <= 0.0) {
            return bad(format!("a step of {} s", self.step_s), "a step above 0 s");
        }
        Ok(())
    }
}

/// The networks' probability that a finding can be heard in a signal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FindingScore {
    /// Which finding.
    pub finding: Finding,
    /// The domain whose networks look for it.
    pub domain: Domain,
    /// Calibrated probability that it can be heard.
    pub probability: f32,
}

/// A finding with a place in time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimedEvent {
    /// Start in seconds from the beginning of the signal.
    pub start_s: f32,
    /// End in seconds from the beginning of the signal.
    pub end_s: f32,
    /// What was heard there.
    pub finding: Finding,
    /// Calibrated probability of the event.
    pub probability: f32,
}
