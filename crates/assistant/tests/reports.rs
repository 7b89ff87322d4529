//! Every template report says exactly what the findings say, read back by the extractor.

mod common;

use common::{HEART, LUNG, Told, heard, noise};
use laennec_assistant::analysis::{Report, ReportSource};
use laennec_assistant::reword::{self, Refusal};
use laennec_assistant::verify::{Difference, claims, differences};
use laennec_assistant::{TimedEvent, reword as reword_report, template};
use laennec_corpus::{
    Domain, Finding, GenerateError, Generated, Presence, Prompt, TextGenerator, Tokens,
};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_template_report_is_verified(
        domain in 0_usize..3,
        probabilities in proptest::collection::vec(0.0_f32..=1.0, LUNG.len() + HEART.len()),
        quality_poor in 0.0_f32..=1.0,
        novel in proptest::bool::weighted(0.1),
        skipped in proptest::collection::vec(proptest::bool::weighted(0.2), LUNG.len() + HEART.len()),
        events in proptest::collection::vec((0.0_f32..2.0, 0.01_f32..1.0, 0_usize..LUNG.len()), 0..8),
    ) {
        let mut some = heard(Domain::ALL[domain], 0.0);
        for (score, probability) in some.findings.iter_mut().zip(&probabilities) {
            score.probability = *probability;
        }
        some.quality_poor = quality_poor;
        some.novelty = novel.then_some(9.0);
        some.timeline = events
            .iter()
            .map(|&(start_s, length, which)| TimedEvent {
                start_s,
                end_s: start_s + length,
                finding: LUNG[which],
                probability: 0.5,
            })
            .collect();
        let mut told = Told::new(some);
        for (rule, skip) in told.card.rules.iter_mut().zip(&skipped) {
            rule.not_assessed = skip.then(|| "too few patients taught it".to_owned());
        }
        let analysis = told.analyze(&noise(3.0, 8000)).analysis;
        let found = differences(&analysis.report.text, &analysis);
        prop_assert!(found.is_empty(), "{}\n{:?}\n{:?}", analysis.report.text, claims(&analysis), found);
        prop_assert!(!analysis.report.text.to_lowercase().contains("patient"));
    }

    #[test]
    fn every_finding_of_the_vocabulary_can_be_reported(
        answers in proptest::collection::vec(0_usize..4, Finding::ALL.len()),
        heart in proptest::bool::ANY,
    ) {
        // The answers are set past the networks, so that all the words of the template are tried.
        let mut analysis = Told::new(heard(Domain::Lung, 0.5)).analyze(&noise(3.0, 8000)).analysis;
        analysis.domain.domain = Some(if heart { Domain::Heart } else { Domain::Lung });
        let pattern = analysis.findings[0].clone();
        analysis.findings = Finding::ALL
            .iter()
            .zip(&answers)
            .filter(|(finding, _)| **finding != Finding::PoorSignal)
            .map(|(&finding, &answer)| {
                let mut found = pattern.clone();
                found.finding = finding;
                found.answer = Presence::ALL[answer];
                found
            })
            .collect();
        let text = template(&analysis);
        let found = differences(&text, &analysis);
        prop_assert!(found.is_empty(), "{text}\n{found:?}");
    }
}

/// A language model that always says the same.
struct Says(&'static str);

impl TextGenerator for Says {
    fn name(&self) -> String {
        "says".to_owned()
    }

    fn generate(&self, _prompt: &Prompt<'_>) -> Result<Generated, GenerateError> {
        Ok(Generated {
            text: self.0.to_owned(),
            tokens: Tokens::default(),
        })
    }
}

#[test]
fn a_rewording_is_shown_only_if_it_says_the_same() {
    let mut only = heard(Domain::Heart, 0.1);
    only.findings
        .retain(|score| score.finding == Finding::AbnormalHeart);
    let mut told = Told::new(only);
    told.card
        .rules
        .retain(|rule| rule.finding == Finding::AbnormalHeart);
    let analysis = told.analyze(&noise(3.0, 8000)).analysis;
    assert_eq!(analysis.report.text, template(&analysis));

    let mut reworded = analysis.clone();
    let result = reword_report(
        &mut reworded,
        &Says("Report: In 3.0 s, no abnormal heart sounds\nwere detected. "),
    )
    .unwrap()
    .unwrap();
    assert_eq!(result.refused, []);
    let expected = Report {
        text: "In 3.0 s, no abnormal heart sounds were detected.".to_owned(),
        source: ReportSource::Reworded,
    };
    assert_eq!(reworded.report, expected);
    assert_eq!(reworded.notices, analysis.notices);

    let mut repeated = analysis.clone();
    let said = Says("In 3.0 s, no abnormal heart sounds were detected.");
    reword_report(&mut repeated, &said).unwrap();
    let said = template(&analysis).leak();
    reword_report(&mut repeated, &Says(said)).unwrap();
    assert_eq!(repeated.report.source, ReportSource::Template);
    assert_eq!(repeated, analysis);

    for (said, expected) in [
        ("", Refusal::Empty),
        (
            "Abnormal heart sounds were detected.",
            Refusal::Differs(Difference::Answer {
                finding: Finding::AbnormalHeart,
                analysis: Some(Presence::Absent),
                text: vec![Presence::Present],
            }),
        ),
        (
            "In 8.0 s, no abnormal heart sounds were detected.",
            Refusal::Numbers {
                missing: vec!["3.0".to_owned()],
                added: vec!["8.0".to_owned()],
            },
        ),
        (
            "The patient has no abnormal heart sounds.",
            Refusal::Beyond("patient"),
        ),
        (
            "No abnormal heart sounds were detected. A murmur was detected.",
            Refusal::Differs(Difference::Answer {
                finding: Finding::Murmur,
                analysis: None,
                text: vec![Presence::Present],
            }),
        ),
    ] {
        let mut kept = analysis.clone();
        let result = reword_report(&mut kept, &Says(said)).unwrap().unwrap();
        assert!(
            result.refused.contains(&expected),
            "{said}: {:?}",
            result.refused
        );
        assert_eq!(kept.report, analysis.report);
        assert_eq!(
            kept.notices.last().map(String::as_str),
            Some(reword::KEPT_TEMPLATE)
        );
    }
    assert!(reword::prompt(&analysis).contains(&template(&analysis)));
}

#[test]
fn a_report_without_findings_is_not_reworded() {
    for some in [heard(Domain::Other, 0.1), {
        let mut poor = heard(Domain::Lung, 0.1);
        poor.quality_poor = 1.0;
        poor
    }] {
        let analysis = Told::new(some).analyze(&noise(3.0, 8000)).analysis;
        let mut asked = analysis.clone();
        let result = reword_report(&mut asked, &Says("It sounds like a dog.")).unwrap();
        assert_eq!((result, asked), (None, analysis));
    }
}
