//! The extractor against sentences that were written before its rules and frozen by hash.
//!
//! `cargo test -p laennec-corpus --test extract -- --nocapture` prints the agreement on each part
//! and the sentences on which the extractor disagrees.

#![expect(clippy::unwrap_used, reason = "helpers of a test fail by panic")]

mod frozen;
mod score;
mod sentences;

use laennec_corpus::vocabulary::Language;
use laennec_corpus::{Presence, extract, extract_in};
use proptest::prelude::*;

use score::Score;

#[test]
fn a_denial_of_carriers_is_only_of_what_they_carry() {
    for (text, expected) in [
        ("No lung field is free of crackles.", Presence::Present),
        (
            "Wheeze at the left base and in no other area.",
            Presence::Present,
        ),
        (
            "Crackles in the left lung, none on the right.",
            Presence::Present,
        ),
        ("No chest pain, crackles at both bases.", Presence::Present),
    ] {
        let said = extract(text);
        assert_eq!(said.first().map(|s| s.presence), Some(expected), "{text}");
    }
}

/// What is asked of sentences written by the hand that wrote the rules.
fn assert_own(score: &Score) {
    assert!(score.all().f1() >= 0.97, "{}", score.faults);
    assert!(
        score.sites_right * 10 >= score.sites * 9,
        "{}",
        score.faults
    );
    assert!(
        score.attributes_right * 10 >= score.attributes * 9,
        "{}",
        score.faults
    );
}

#[test]
fn sentences_of_reports() {
    for file in ["report_en", "report_ja"] {
        let score = Score::of(file, &[file]);
        let all = score.all();
        assert_eq!((all.missed, all.invented), (0, 0), "{}", score.faults);
    }
}

#[test]
fn own_english_sentences() {
    let files = ["general_en", "clinician_en", "lung_en", "heart_en"];
    let scores = files.map(|file| Score::of(file, &[file]));
    scores.iter().for_each(assert_own);
}

#[test]
fn own_japanese_sentences() {
    assert_own(&Score::of("clinical_ja", &["clinical_ja"]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_gives_spans_inside_it(
        text in "(\\PC|no |wheeze|crackles|murmur |grade |[?(),.;/ '\u{2019}+>-]|喘鳴|なし|の疑い|右下肺野|収縮期|雑音|を除いて|、|。|Ⅲ音|\n){0,24}"
    ) {
        let texts = [Language::English, Language::Japanese].map(|language| extract_in(&text, language));
        for said in texts.iter().flatten().chain(&extract(&text)) {
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

    #[test]
    fn what_none_carries_is_absent(
        carrier in proptest::sample::select(vec![
            "Neither lung has", "None of the recordings shows", "No lung field has",
            "Not one of the clips contains", "Neither recording has", "No lobe has", "Neither has",
            "In neither lung are there", "No part of the chest has",
        ]),
        found in proptest::sample::select(vec!["wheezes", "crackles", "abnormal heart sounds", "a murmur"]),
    ) {
        let said = extract(&format!("{carrier} {found}."));
        prop_assert_eq!(said.len(), 1);
        prop_assert_eq!(said[0].presence, Presence::Absent, "{} {}", carrier, found);
    }

    #[test]
    fn what_is_found_nowhere_is_absent(
        place in proptest::sample::select(vec![
            "heard in neither lung", "present in none of the recordings", "heard nowhere",
            "audible over no lung field", "present in neither of the recordings",
        ]),
        found in proptest::sample::select(vec!["Wheezes are", "Crackles are", "A murmur is"]),
    ) {
        let said = extract(&format!("{found} {place}."));
        prop_assert_eq!(said.len(), 1);
        prop_assert_eq!(said[0].presence, Presence::Absent, "{} {}", found, place);
    }

    #[test]
    fn denying_a_japanese_list_denies_each_of_it(
        list in proptest::sample::subsequence(vec!["喘鳴", "いびき音", "捻髪音", "水泡音"], 2..4)
    ) {
        let joined = format!("{}は聴取しない。", list.join("、"));
        let said = extract(&joined);
        prop_assert_eq!(said.len(), list.len());
        prop_assert!(said.iter().all(|said| said.presence == Presence::Absent), "{}", joined);
    }
}

/// The first, blind measurements of these sentences were lower, see `docs/vocabulary.md`: classes of
/// their errors were mended afterwards, so that these figures are of sentences that were seen.
fn assert_seen(set: &str) {
    let (english, japanese) = (format!("{set}_en"), format!("{set}_ja"));
    for files in [
        &[english.as_str()][..],
        &[japanese.as_str()],
        &[english.as_str(), japanese.as_str()],
    ] {
        let score = Score::of(&files.join(" and "), files);
        assert!(score.all().f1() >= 0.99, "{}", score.faults);
        assert!(
            score.sites_right * 10 >= score.sites * 8,
            "{}",
            score.faults
        );
    }
}

#[test]
fn independent_sentences() {
    assert_seen("independent");
}

#[test]
fn second_independent_sentences() {
    assert_seen("independent2");
}

#[test]
fn third_independent_sentences() {
    assert_seen("independent3");
}

/// A little below what was measured (0.959), see `docs/vocabulary.md`.
const BLIND_F1: f64 = 0.95;

/// These were never used to mend a rule: what to expect of text from elsewhere.
#[test]
fn fourth_independent_sentences_stay_blind() {
    let files = ["independent4_en", "independent4_ja"];
    for file in files {
        Score::of(file, &[file]);
    }
    let f1 = Score::of("independent4", &files).all().f1();
    assert!(f1 >= BLIND_F1, "{f1}");
}
