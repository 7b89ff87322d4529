//! The report grammar: whatever it draws is read back as the facts that it was given.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod common;

use std::collections::BTreeSet;

use laennec_corpus::facts::{Facts, Mode};
use laennec_corpus::reports::Template;
use laennec_corpus::verify::differences;
use laennec_corpus::wording::Draw;

#[test]
fn every_wording_states_exactly_its_facts() {
    let mut failures = Vec::new();
    for seed in 0..1500 {
        let facts = common::random_facts(seed);
        let mode = if facts.signal.is_some() {
            Mode::LabelsHidden
        } else {
            Mode::Full
        };
        let mut template = Template::new(&facts, Draw::new(seed, &[]));
        for _ in 0..3 {
            let text = template.write();
            let found = differences(&text, &facts, mode);
            if !found.is_none() {
                failures.push(format!("{text}\n  {found}\n"));
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} of 4500:\n{}",
        failures.len(),
        failures[..failures.len().min(25)].join("\n")
    );
}

#[test]
fn real_recordings_are_reported_in_both_modes() {
    let Some(recordings) = common::data() else {
        return;
    };
    let mut full = BTreeSet::new();
    for recording in &recordings {
        for mode in [Mode::Full, Mode::LabelsHidden] {
            let facts = Facts::of(recording, mode, None);
            let text = Template::new(&facts, Draw::new(7, &[&recording.id])).write();
            let found = differences(&text, &facts, mode);
            assert!(found.is_none(), "{text}\n{found}\n{facts:?}");
            if mode == Mode::Full {
                full.insert(text);
            }
        }
    }
    assert!(
        full.len() * 10 > recordings.len() * 9,
        "{} texts",
        full.len()
    );
    for text in full.iter().step_by(300) {
        eprintln!("{text}");
    }
}
