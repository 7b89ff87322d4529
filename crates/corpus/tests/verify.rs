//! Verification finds what a text adds, leaves out or must not say; texts and facts written by hand.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::{BTreeMap, BTreeSet};

use laennec_corpus::facts::{Device, Facts, Mode, Noise, Phase, Signal, Timing};
use laennec_corpus::verify::{differences, label_words};
use laennec_corpus::wording::AgeGroup;
use laennec_corpus::{Diagnosis, Domain, Finding, Presence, Sex};

/// A boy of school age with inspiratory fine crackles at the left base, behind.
fn facts() -> Facts {
    Facts {
        domains: BTreeSet::from([Domain::Lung]),
        findings: BTreeMap::from([
            (Finding::Adventitious, Presence::Present),
            (Finding::Continuous, Presence::Absent),
            (Finding::Wheeze, Presence::Absent),
            (Finding::Discontinuous, Presence::Present),
            (Finding::FineCrackle, Presence::Present),
        ]),
        phases: BTreeSet::from([(Finding::FineCrackle, Phase::Inspiratory)]),
        murmurs: BTreeSet::new(),
        timings: vec![Timing {
            finding: Finding::FineCrackle,
            count: 1,
            spans: vec![(12, 30)],
        }],
        site: Some("left_lower_posterior".parse().unwrap()),
        sex: Some(Sex::Male),
        age: Some(AgeGroup::SchoolAge),
        device: Some(Device::Diaphragm),
        diagnoses: BTreeSet::from([Diagnosis::Pneumonia]),
        tenths: Some(92),
        signal: None,
    }
}

const TRUE: &str = "Lung sounds of a school-age boy over the left lower posterior chest, recorded \
    with the diaphragm for 9.2 s. Fine inspiratory crackles are heard from 1.2 to 3.0 s, but no \
    continuous adventitious sounds. He has pneumonia.";

#[test]
fn a_true_text_passes_however_it_is_written() {
    let found = differences(TRUE, &facts(), Mode::Full);
    assert!(found.is_none(), "{found}");
}

#[test]
fn each_wrong_word_is_found() {
    let cases = [
        ("school-age boy", "school-age girl", "sex"),
        ("school-age boy", "teenage boy", "age"),
        ("left lower", "right lower", "site"),
        ("posterior", "anterior", "site"),
        ("diaphragm", "bell", "device"),
        ("9.2 s", "8.2 s", "number"),
        ("Fine inspiratory", "Coarse inspiratory", "finding"),
        ("Fine inspiratory", "Fine expiratory", "phase"),
        (
            "Fine inspiratory crackles are heard",
            "No fine inspiratory crackles are heard",
            "finding",
        ),
        ("from 1.2 to 3.0 s", "from 2.2 to 3.0 s", "time"),
        ("no continuous", "also continuous", "finding"),
        (", but no continuous adventitious sounds", "", "finding"),
        ("no continuous adventitious sounds", "no wheeze", "finding"),
        ("Lung sounds", "Heart sounds", "organ"),
        ("pneumonia", "asthma", "diagnosis"),
        ("He has pneumonia", "He has no disease", "diagnosis"),
        (
            "He has pneumonia.",
            "He has pneumonia and needs treatment.",
            "beyond",
        ),
        (
            "Lung sounds of",
            "I'm sorry for the confusion. Lung sounds of",
            "beyond",
        ),
        (
            "Lung sounds of",
            "A report from the given statements. Lung sounds of",
            "beyond",
        ),
        (" from 1.2 to 3.0 s", "", "time"),
        ("of a school-age boy ", "", "age"),
        (
            "He has pneumonia.",
            "He has pneumonia. A pleural rub is also heard.",
            "finding",
        ),
    ];
    for (from, to, kind) in cases {
        let text = TRUE.replacen(from, to, 1);
        assert_ne!(text, TRUE, "{from}");
        let found = differences(&text, &facts(), Mode::Full);
        assert!(found.kinds().contains(kind), "{text}\n{found}");
    }
    assert!(
        differences(" ", &facts(), Mode::Full)
            .kinds()
            .contains("empty")
    );
}

#[test]
fn a_time_belongs_to_the_finding_it_stands_with() {
    let mut facts = facts();
    facts.timings.push(Timing {
        finding: Finding::Rhonchi,
        count: 1,
        spans: vec![(40, 52)],
    });
    facts.findings = BTreeMap::from([
        (Finding::FineCrackle, Presence::Present),
        (Finding::Rhonchi, Presence::Present),
    ]);
    facts.phases.clear();
    let says = |first: &str, second: &str| {
        format!(
            "Lung sounds of a school-age boy over the left lower posterior chest with the \
             diaphragm (9.2 s). Fine crackles at {first} and rhonchi at {second}. Pneumonia."
        )
    };
    let right = differences(&says("1.2-3.0 s", "4.0-5.2 s"), &facts, Mode::Full);
    assert!(right.is_none(), "{right}");
    let swapped = differences(&says("4.0-5.2 s", "1.2-3.0 s"), &facts, Mode::Full);
    assert!(swapped.kinds().contains("time"), "{swapped}");
}

#[test]
fn hidden_labels_are_found_in_any_guise() {
    let facts = Facts {
        domains: BTreeSet::from([Domain::Lung]),
        signal: Some(Signal {
            noise: Noise::Low,
            tempo: Some(24),
        }),
        ..Facts::default()
    };
    let plain = "Lung sounds. Background noise is low. About 24 breaths a minute.";
    let found = differences(plain, &facts, Mode::LabelsHidden);
    assert!(found.is_none(), "{found}");
    for telling in [
        "History of wheeze.",
        "The lungs are clear.",
        "Nothing abnormal.",
        "If crackles recur, listen again.",
        "This is a healthy person.",
        "Normal breathing.",
    ] {
        let text = format!("{plain} {telling}");
        assert!(!label_words(&text).is_empty(), "{telling}");
        assert!(
            !differences(&text, &facts, Mode::LabelsHidden).is_none(),
            "{telling}"
        );
    }
    let high = plain.replace("low", "high").replace("24", "25");
    let kinds = differences(&high, &facts, Mode::LabelsHidden).kinds();
    assert!(
        kinds.contains("noise") && kinds.contains("tempo"),
        "{kinds:?}"
    );
}
