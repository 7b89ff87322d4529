//! A listener that says what a test tells it to say.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::sync::Mutex;

use laennec_assistant::{
    AnalyzeOptions, BundleCard, Error, FindingRule, FindingScore, Gates, Heard, Listened, Listener,
    Source, analyze,
};
use laennec_audio::Signal;
use laennec_corpus::{Domain, Finding};

/// Lung findings of the card, then heart findings.
pub(crate) const LUNG: [Finding; 7] = [
    Finding::Adventitious,
    Finding::Continuous,
    Finding::Wheeze,
    Finding::Rhonchi,
    Finding::Discontinuous,
    Finding::FineCrackle,
    Finding::CoarseCrackle,
];
pub(crate) const HEART: [Finding; 2] = [Finding::AbnormalHeart, Finding::Murmur];

pub(crate) struct Told {
    pub(crate) card: BundleCard,
    pub(crate) heard: Heard,
    pub(crate) window_s: f64,
    pub(crate) lengths: Mutex<Vec<f64>>,
}

impl Told {
    pub(crate) fn new(heard: Heard) -> Self {
        let rule = |finding, domain| FindingRule {
            finding,
            domain,
            present_at: Some(0.7),
            absent_below: Some(0.2),
            not_assessed: None,
            needs_hz: if finding == Finding::FineCrackle {
                1500.0
            } else {
                0.0
            },
            stated: None,
        };
        let lung = LUNG.into_iter().map(|finding| rule(finding, Domain::Lung));
        let heart = HEART
            .into_iter()
            .map(|finding| rule(finding, Domain::Heart));
        let card = BundleCard {
            name: "told".to_owned(),
            version: "1".to_owned(),
            sha256: "00".repeat(32),
            trained_on: Vec::new(),
            gates: Gates {
                domain_at: 0.8,
                poor_at: 0.6,
                usable_below: 0.3,
            },
            rules: lung.chain(heart).collect(),
            novelty_limit: Some(2.0),
        };
        Self {
            card,
            heard,
            window_s: 15.0,
            lengths: Mutex::default(),
        }
    }

    pub(crate) fn analyze(&self, signal: &Signal) -> Listened {
        analyze(signal, &Source::default(), self, AnalyzeOptions::default()).expect("valid numbers")
    }
}

impl Listener for Told {
    fn hear(&self, signal: &Signal) -> Result<Heard, Error> {
        self.lengths
            .lock()
            .expect("no test panics while it holds this")
            .push(signal.seconds());
        Ok(self.heard.clone())
    }

    fn window_s(&self) -> f64 {
        self.window_s
    }

    fn card(&self) -> &BundleCard {
        &self.card
    }
}

/// The same probability for every finding of a domain.
pub(crate) fn heard(domain: Domain, probability: f32) -> Heard {
    let score = |finding, domain| FindingScore {
        finding,
        domain,
        probability,
    };
    let lung = LUNG.into_iter().map(|finding| score(finding, Domain::Lung));
    let heart = HEART
        .into_iter()
        .map(|finding| score(finding, Domain::Heart));
    Heard {
        domain: vec![(domain, 1.0)],
        findings: lung.chain(heart).collect(),
        step_s: 0.32,
        ..Heard::default()
    }
}

/// White noise by a linear congruential generator, peak 0.25.
pub(crate) fn noise(seconds: f64, rate: u32) -> Signal {
    let mut state = 1_u32;
    let samples = (0..(seconds * f64::from(rate)) as usize)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 33_554_432.0 - 0.25
        })
        .collect();
    Signal { samples, rate }
}
