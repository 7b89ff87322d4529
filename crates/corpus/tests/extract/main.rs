//! The extractor against sentences that were written before its rules and frozen by hash:
//! `report` in the wording of the product's reports, `general` plain clinical English,
//! `clinician` notes with their abbreviations.

#![expect(clippy::unwrap_used, reason = "helpers of a test fail by panic")]

mod frozen;
#[expect(
    dead_code,
    reason = "the attributes of murmurs are stated, not yet extracted"
)]
mod sentences;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use laennec_corpus::{Presence, extract};
use proptest::prelude::*;

use sentences::cases;

/// Findings that agree, that were missed or wrong, that were invented; sites likewise.
#[derive(Default)]
struct Score {
    right: usize,
    missed: usize,
    invented: usize,
    sites_right: usize,
    sites: usize,
    faults: String,
}

impl Score {
    fn f1(&self) -> f64 {
        2.0 * self.right as f64 / (2 * self.right + self.missed + self.invented) as f64
    }
}

fn score(name: &str) -> Score {
    let mut score = Score::default();
    let mut sentences = 0;
    for case in cases(name) {
        let found = extract(&case.text);
        let stated: BTreeSet<_> = case
            .findings
            .iter()
            .map(|s| (s.finding, s.presence))
            .collect();
        let extracted: BTreeSet<_> = found.iter().map(|e| (e.finding, e.presence)).collect();
        score.right += stated.intersection(&extracted).count();
        score.missed += stated.difference(&extracted).count();
        score.invented += extracted.difference(&stated).count();
        if stated != extracted {
            writeln!(
                score.faults,
                "{:?}: stated {stated:?}, extracted {extracted:?}",
                case.text
            )
            .unwrap();
        }
        for said in case.findings.iter().filter(|said| said.site.is_some()) {
            score.sites += 1;
            let hit = found
                .iter()
                .any(|e| (e.finding, e.site) == (said.finding, said.site));
            score.sites_right += usize::from(hit);
            if !hit {
                let sites: Vec<_> = found.iter().map(|e| (e.finding, e.site)).collect();
                writeln!(score.faults, "{:?}: sites {sites:?}", case.text).unwrap();
            }
        }
        sentences += 1;
    }
    eprintln!(
        "{name}: {sentences} sentences, F1 {:.3} ({} right, {} missed, {} invented), \
         sites {} of {}\n{}",
        score.f1(),
        score.right,
        score.missed,
        score.invented,
        score.sites_right,
        score.sites,
        score.faults,
    );
    score
}

#[test]
fn sentences_of_reports() {
    let score = score("report_en");
    assert_eq!((score.missed, score.invented), (0, 0), "{}", score.faults);
}

#[test]
fn general_sentences() {
    let score = score("general_en");
    assert!(score.f1() >= 0.97, "{}", score.faults);
    assert!(
        score.sites_right * 10 >= score.sites * 9,
        "{}",
        score.faults
    );
}

#[test]
fn sentences_of_clinicians() {
    let score = score("clinician_en");
    assert!(score.f1() >= 0.97, "{}", score.faults);
    assert!(
        score.sites_right * 10 >= score.sites * 9,
        "{}",
        score.faults
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_gives_spans_inside_it(text in "(\\PC|no |wheeze|crackles|[?(),.;/ '\u{2019}+>]){0,24}") {
        for said in extract(&text) {
            prop_assert!(text.get(said.span.clone()).is_some_and(|words| !words.is_empty()));
        }
    }

    #[test]
    fn denying_a_list_denies_each_of_it(
        list in proptest::sample::subsequence(vec!["wheeze", "stridor", "rhonchi", "crackles"], 2..4)
    ) {
        let joined = format!("No {} or {} is heard.", list[1..].join(", "), list[0]);
        let said = extract(&joined);
        prop_assert_eq!(said.len(), list.len());
        prop_assert!(said.iter().all(|said| said.presence == Presence::Absent), "{}", joined);
    }
}
