//! Data sets that cannot be shipped, in the layout that their publisher documents: the sample rows
//! of `fixtures/readers`, with sounds made here, become the recordings that the rows say.
#![expect(clippy::unwrap_used, reason = "helpers of a test fail by panic")]

#[path = "../fixture_tree/mod.rs"]
mod fixture_tree;

mod circor;
mod custom;
mod hearts;
mod icbhi;
mod lungs;
mod tree;
mod volunteers;

use laennec_corpus::{EventKind, Recording};

/// Kinds of the events of a recording, by start.
fn kinds(recording: &Recording) -> Vec<EventKind> {
    recording.events.iter().map(|event| event.kind).collect()
}

/// The findings of a recording in words: `+` present, `-` absent, `?` uncertain.
fn findings(recording: &Recording) -> String {
    let words = recording.findings.iter().map(|(finding, presence)| {
        let sign = match presence.word() {
            "present" => '+',
            "absent" => '-',
            _ => '?',
        };
        format!("{sign}{finding}")
    });
    words.collect::<Vec<_>>().join(" ")
}

/// What the problems of a reading say, sorted, without the paths.
fn troubles(reading: &laennec_corpus::Reading) -> Vec<String> {
    let mut troubles: Vec<String> = reading
        .problems
        .iter()
        .map(|problem| {
            let name = problem.path.file_name().unwrap().to_string_lossy();
            let line = problem
                .line
                .map(|line| format!(":{line}"))
                .unwrap_or_default();
            format!("{name}{line} {}", problem.trouble)
        })
        .collect();
    troubles.sort();
    troubles
}
