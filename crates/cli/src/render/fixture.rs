//! A listener for the tests of the renderers: fixed numbers, no networks.

use laennec_assistant::{
    AnalyzeOptions, BundleCard, ClassCount, Error, FindingRule, FindingScore, Gates, Heard,
    Listened, Listener, Source, StatedErrors, TimedEvent, TrainingSource, analyze,
};
use laennec_audio::Signal;
use laennec_corpus::{Domain, Finding};

pub(crate) struct Fixed {
    card: BundleCard,
    domain: Domain,
}

const LUNG: [(Finding, f32, f32); 5] = [
    (Finding::Adventitious, 0.93, 0.0),
    (Finding::Continuous, 0.88, 0.0),
    (Finding::Wheeze, 0.81, 0.0),
    (Finding::Discontinuous, 0.07, 1000.0),
    (Finding::FineCrackle, 0.32, 1000.0),
];

impl Fixed {
    pub(crate) fn new(domain: Domain) -> Self {
        let rule = |finding, domain, needs_hz| FindingRule {
            finding,
            domain,
            present_at: Some(0.7),
            absent_below: Some(0.2),
            not_assessed: None,
            needs_hz,
            stated: Some(StatedErrors {
                false_alarm_rate: 0.08,
                miss_rate: 0.07,
                coverage: 0.81,
                positives: 41,
                negatives: 220,
            }),
        };
        let mut rules: Vec<FindingRule> = LUNG
            .iter()
            .map(|&(finding, _, needs)| rule(finding, Domain::Lung, needs))
            .collect();
        let mut stridor = rule(Finding::Stridor, Domain::Lung, 0.0);
        stridor.not_assessed = Some("only 2 patients taught it".to_owned());
        rules.push(stridor);
        rules.push(rule(Finding::AbnormalHeart, Domain::Heart, 200.0));
        let source = |name: &str, domain, population: &str| TrainingSource {
            name: name.to_owned(),
            domain,
            population: population.to_owned(),
            devices: "one digital stethoscope, 8 kHz".to_owned(),
            subjects: Some(151),
            recordings: 1200,
            per_class: vec![ClassCount {
                class: "Normal".to_owned(),
                n: 800,
            }],
        };
        let card = BundleCard {
            name: "fixed".to_owned(),
            version: "0".to_owned(),
            sha256: "0123456789abcdef".repeat(4),
            trained_on: vec![
                source("Lungs <1>", Domain::Lung, "children in one hospital"),
                source("Hearts", Domain::Heart, "adults in one hospital"),
            ],
            gates: Gates {
                domain_at: 0.8,
                poor_at: 0.6,
                usable_below: 0.3,
            },
            rules,
            novelty_limit: None,
        };
        Self { card, domain }
    }
}

impl Listener for Fixed {
    fn hear(&self, signal: &Signal) -> Result<Heard, Error> {
        let score = |finding, domain, probability| FindingScore {
            finding,
            domain,
            probability,
        };
        let mut findings: Vec<FindingScore> = LUNG
            .iter()
            .map(|&(finding, p, _)| score(finding, Domain::Lung, p))
            .collect();
        findings.push(score(Finding::AbnormalHeart, Domain::Heart, 0.55));
        let seconds = signal.seconds() as f32;
        let event = |from: f32, to: f32, finding| TimedEvent {
            start_s: from * seconds,
            end_s: to * seconds,
            finding,
            probability: 0.8,
        };
        let steps = (seconds / 0.32).ceil() as usize;
        let wave = |shift: f32| -> Vec<f32> {
            (0..steps)
                .map(|step| 0.5 + 0.45 * (step as f32 * 0.7 + shift).sin())
                .collect()
        };
        Ok(Heard {
            domain: vec![(self.domain, 0.96), (Domain::Other, 0.04)],
            quality_poor: 0.12,
            novelty: None,
            findings,
            timeline: vec![
                event(0.1, 0.25, Finding::Wheeze),
                event(0.5, 0.7, Finding::Wheeze),
                event(0.5, 0.6, Finding::FineCrackle),
            ],
            step_probabilities: vec![
                (Finding::Continuous, wave(0.0)),
                (Finding::Wheeze, wave(1.0)),
                (Finding::Discontinuous, wave(2.0)),
            ],
            step_s: 0.32,
        })
    }

    fn window_s(&self) -> f64 {
        15.0
    }

    fn card(&self) -> &BundleCard {
        &self.card
    }
}

/// Two seconds of two tones and what is heard in them.
pub(crate) fn example(domain: Domain) -> (Signal, Listened) {
    let samples = (0..16_000)
        .map(|n| {
            let at = n as f32 / 8000.0;
            0.2 * (at * 1200.0).sin() + 0.05 * (at * 5000.0).sin() * (at * 6.0).cos()
        })
        .collect();
    let signal = Signal {
        samples,
        rate: 8000,
    };
    let listened = listen(&signal, domain);
    (signal, listened)
}

pub(crate) fn listen(signal: &Signal, domain: Domain) -> Listened {
    let source = Source {
        channels: 1,
        format: "wav".to_owned(),
        notices: Vec::new(),
    };
    analyze(
        signal,
        &source,
        &Fixed::new(domain),
        AnalyzeOptions::default(),
    )
    .unwrap()
}
