//! From what a listener says to the analysis: gates, thresholds, windows, events, JSON.

mod common;

use common::{LUNG, Told, heard, noise};
use laennec_assistant::analysis::Analysis;
use laennec_assistant::{AnalyzeOptions, Quality, Source, TimedEvent, analyze};
use laennec_audio::Signal;
use laennec_corpus::{Domain, Finding, Presence};

fn answer(analysis: &Analysis, finding: Finding) -> Presence {
    analysis
        .findings
        .iter()
        .find(|found| found.finding == finding)
        .expect("the card has a rule for it")
        .answer
}

#[test]
fn what_cannot_be_judged_is_poor_and_asserts_nothing() {
    let told = Told::new(heard(Domain::Lung, 0.99));
    let signals = [
        Signal {
            samples: Vec::new(),
            rate: 0,
        },
        Signal {
            samples: vec![0.0; 16_000],
            rate: 8000,
        },
        Signal {
            samples: vec![0.3; 16_000],
            rate: 8000,
        },
        noise(0.9, 8000),
        Signal {
            samples: noise(2.0, 8000)
                .samples
                .iter()
                .map(|x| (x * 40.0).clamp(-1.0, 1.0))
                .collect(),
            rate: 8000,
        },
    ];
    for signal in signals {
        let analysis = told.analyze(&signal).analysis;
        assert_eq!(analysis.quality.quality, Quality::Poor);
        assert!(!analysis.quality.reasons.is_empty());
        assert!(
            analysis
                .findings
                .iter()
                .all(|found| found.answer == Presence::NotAssessed)
        );
        assert!(!analysis.findings.is_empty() && analysis.events.is_empty());
        assert!(analysis.report.text.contains("too poor to be judged"));
    }
    assert!(
        told.lengths.lock().unwrap().is_empty(),
        "no network was asked"
    );
}

#[test]
fn thresholds_and_domain_decide() {
    for (probability, expected) in [
        (0.9, Presence::Present),
        (0.4, Presence::Uncertain),
        (0.1, Presence::Absent),
    ] {
        let analysis = Told::new(heard(Domain::Lung, probability))
            .analyze(&noise(3.0, 8000))
            .analysis;
        assert_eq!(analysis.domain.domain, Some(Domain::Lung));
        assert_eq!(analysis.findings.len(), LUNG.len());
        assert!(
            analysis
                .findings
                .iter()
                .all(|found| found.answer == expected)
        );
    }
    let mut unsure = heard(Domain::Lung, 0.9);
    unsure.domain = vec![(Domain::Lung, 0.6), (Domain::Heart, 0.4)];
    let told = Told::new(unsure);
    let analysis = told.analyze(&noise(3.0, 8000)).analysis;
    assert_eq!(analysis.domain.domain, None);
    assert!(
        analysis
            .findings
            .iter()
            .all(|found| found.answer == Presence::NotAssessed)
    );
    let stated = AnalyzeOptions {
        domain: Some(Domain::Heart),
    };
    let analysis = analyze(&noise(3.0, 8000), &Source::default(), &told, stated)
        .unwrap()
        .analysis;
    assert!(analysis.domain.stated);
    assert_eq!(answer(&analysis, Finding::AbnormalHeart), Presence::Present);
    let analysis = Told::new(heard(Domain::Other, 0.9))
        .analyze(&noise(3.0, 8000))
        .analysis;
    assert_eq!(analysis.domain.domain, Some(Domain::Other));
    assert!(
        analysis
            .findings
            .iter()
            .all(|found| found.answer == Presence::NotAssessed)
    );
}

#[test]
fn quality_and_novelty_hold_answers_back() {
    let mut poor = heard(Domain::Lung, 0.9);
    poor.quality_poor = 0.7;
    let analysis = Told::new(poor).analyze(&noise(3.0, 8000)).analysis;
    assert_eq!(analysis.quality.quality, Quality::Poor);
    assert!(
        analysis
            .findings
            .iter()
            .all(|found| found.answer == Presence::NotAssessed)
    );
    let mut strange = heard(Domain::Lung, 0.9);
    strange.novelty = Some(2.5);
    strange.quality_poor = 0.4;
    let analysis = Told::new(strange).analyze(&noise(3.0, 8000)).analysis;
    assert_eq!(analysis.quality.quality, Quality::Borderline);
    assert!(
        analysis
            .findings
            .iter()
            .all(|found| found.answer == Presence::Uncertain)
    );
}

#[test]
fn a_narrow_recording_is_not_asked_for_what_it_cannot_hold() {
    let analysis = Told::new(heard(Domain::Lung, 0.1))
        .analyze(&noise(3.0, 2000))
        .analysis;
    assert_eq!(
        answer(&analysis, Finding::FineCrackle),
        Presence::NotAssessed
    );
    assert_eq!(answer(&analysis, Finding::Wheeze), Presence::Absent);
    assert!(
        analysis
            .notices
            .iter()
            .any(|notice| notice.contains("bandwidth too low for fine crackles"))
    );
}

#[test]
fn long_recordings_are_cut() {
    let told = Told::new(heard(Domain::Lung, 0.9));
    let analysis = told.analyze(&noise(40.0, 1000)).analysis;
    let lengths = told.lengths.lock().unwrap();
    assert!(lengths.iter().all(|length| (*length - 15.0).abs() < 1e-9));
    assert_eq!(lengths.len(), 5);
    assert_eq!(analysis.windows.count, 5);
}

#[test]
fn events_belong_to_what_is_present() {
    let mut some = heard(Domain::Lung, 0.1);
    for score in &mut some.findings {
        if matches!(
            score.finding,
            Finding::Adventitious | Finding::Discontinuous
        ) {
            score.probability = 0.9;
        }
    }
    let event = |finding| TimedEvent {
        start_s: 1.0,
        end_s: 2.0,
        finding,
        probability: 0.8,
    };
    some.timeline = vec![
        event(Finding::FineCrackle),
        event(Finding::Wheeze),
        event(Finding::AbnormalHeart),
    ];
    let analysis = Told::new(some).analyze(&noise(3.0, 8000)).analysis;
    let shown: Vec<Finding> = analysis.events.iter().map(|event| event.finding).collect();
    assert_eq!(shown, [Finding::Discontinuous]);
}

#[test]
fn what_is_no_probability_is_an_error() {
    for bad in [f32::NAN, -0.1, 1.1] {
        let told = Told::new(heard(Domain::Lung, bad));
        let result = analyze(
            &noise(3.0, 8000),
            &Source::default(),
            &told,
            AnalyzeOptions::default(),
        );
        assert!(matches!(
            result,
            Err(laennec_assistant::Error::BadHearing { .. })
        ));
    }
}

#[test]
fn json_comes_back_and_names_every_field_of_the_schema() {
    let mut some = heard(Domain::Lung, 0.9);
    some.timeline = vec![TimedEvent {
        start_s: 1.0,
        end_s: 2.0,
        finding: Finding::Wheeze,
        probability: 0.8,
    }];
    let analysis = Told::new(some).analyze(&noise(3.0, 8000)).analysis;
    let json = serde_json::to_value(&analysis).unwrap();
    assert_eq!(
        serde_json::from_value::<Analysis>(json.clone()).unwrap(),
        analysis
    );
    let schema = serde_json::to_value(laennec_assistant::json_schema()).unwrap();
    let fields = |value: &serde_json::Value| -> Vec<String> {
        let mut names: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
        names.sort();
        names
    };
    assert_eq!(fields(&json), fields(&schema["properties"]));
    for (part, name) in [
        ("recording", "RecordingFacts"),
        ("quality", "QualityAnswer"),
        ("domain", "DomainAnswer"),
    ] {
        assert_eq!(
            fields(&json[part]),
            fields(&schema["$defs"][name]["properties"]),
            "{name}"
        );
    }
    for (part, name) in [("findings", "FindingAnswer"), ("events", "EventAnswer")] {
        assert_eq!(
            fields(&json[part][0]),
            fields(&schema["$defs"][name]["properties"]),
            "{name}"
        );
    }
}
