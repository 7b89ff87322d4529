//! What a listener heard comes in; quality, domain, four-way answers and located events of the
//! analysis go out.

use laennec_corpus::{Domain, Finding, Presence};

use crate::analysis::{Analysis, EventAnswer, FindingAnswer, Quality};
use crate::decide::{Decided, decide, group_of, reconcile};
use crate::signal_checks::Checked;
use crate::{BundleCard, FindingRule, Heard, wording};

/// Sets the quality by the network's probability of a poor signal and the gates of the card.
pub(crate) fn judge_quality(analysis: &mut Analysis, card: &BundleCard, heard: &Heard) {
    let poor = heard.quality_poor;
    analysis.quality.probability_poor = Some(poor);
    if poor >= card.gates.poor_at {
        analysis.quality.quality = Quality::Poor;
        analysis.quality.reasons.push(format!(
            "it sounds like recordings that experts set aside (probability {:.0} %)",
            poor * 100.0
        ));
    } else if poor >= card.gates.usable_below {
        analysis.quality.quality = Quality::Borderline;
        analysis.quality.reasons.push(format!(
            "probability of a poor signal {:.0} %",
            poor * 100.0
        ));
    }
}

/// The domain with the highest probability, if that is at least `at_least`.
pub(crate) fn likeliest(heard: &Heard, at_least: f32) -> Option<Domain> {
    let all = Domain::ALL.iter().copied();
    let best = all.max_by(|a, b| {
        heard
            .domain_probability(*a)
            .total_cmp(&heard.domain_probability(*b))
    });
    best.filter(|&domain| heard.domain_probability(domain) >= at_least)
}

/// Marks every finding of `domain`, or of every domain, as not assessed, for one reason.
pub(crate) fn refuse_all(
    analysis: &mut Analysis,
    card: &BundleCard,
    domain: Option<Domain>,
    reason: &str,
) {
    let rules = card
        .rules
        .iter()
        .filter(|rule| domain.is_none_or(|domain| rule.domain == domain));
    analysis.findings = rules
        .map(|rule| answer(rule, None, Presence::NotAssessed, Some(reason.to_owned())))
        .collect();
    analysis.events.clear();
}

/// Answers every finding of the domain. Bandwidth and likeness to the training data come before the
/// probability: what they forbid is not asserted.
pub(crate) fn judge_findings(
    analysis: &mut Analysis,
    card: &BundleCard,
    heard: &Heard,
    domain: Domain,
    checked: &Checked,
) {
    let unlike = match (heard.novelty, card.novelty_limit) {
        (Some(novelty), Some(limit)) if novelty > limit => {
            Some("the recording is unlike those of the training data".to_owned())
        }
        _ => None,
    };
    if let Some(unlike) = &unlike {
        analysis
            .notices
            .push(format!("{unlike}: all its answers are uncertain"));
    }
    let rules: Vec<&FindingRule> = card
        .rules
        .iter()
        .filter(|rule| rule.domain == domain)
        .collect();
    let mut too_narrow: Vec<String> = Vec::new();
    let mut decided: Vec<Decided> = Vec::with_capacity(rules.len());
    let mut probabilities = Vec::with_capacity(rules.len());
    for rule in &rules {
        let score = heard
            .findings
            .iter()
            .find(|score| score.finding == rule.finding);
        let probability = score.map(|score| score.probability);
        let not = |reason: String| Decided {
            finding: rule.finding,
            answer: Presence::NotAssessed,
            reason: Some(reason),
        };
        let mut one = match probability {
            _ if checked.bandwidth_hz < rule.needs_hz => {
                too_narrow.push(wording::name(rule.finding).to_owned());
                not(format!(
                    "bandwidth too low: sound up to {:.0} Hz, needed are {:.0} Hz",
                    checked.bandwidth_hz, rule.needs_hz
                ))
            }
            None => not(rule
                .not_assessed
                .clone()
                .unwrap_or_else(|| "the bundle gave no answer".to_owned())),
            Some(probability) => decide(rule, probability),
        };
        if let (Some(unlike), Presence::Present | Presence::Absent) = (&unlike, one.answer) {
            one.answer = Presence::Uncertain;
            one.reason = Some(unlike.clone());
        }
        probabilities.push(probability.filter(|_| one.answer != Presence::NotAssessed));
        decided.push(one);
    }
    if !too_narrow.is_empty() {
        analysis.notices.push(format!(
            "bandwidth too low for {}: the recording holds sound up to {:.0} Hz",
            wording::list(&too_narrow, "and"),
            checked.bandwidth_hz
        ));
    }
    reconcile(&mut decided);
    analysis.findings = rules
        .iter()
        .zip(decided)
        .zip(probabilities)
        .map(|((rule, one), probability)| answer(rule, probability, one.answer, one.reason))
        .collect();
}

fn answer(
    rule: &FindingRule,
    probability: Option<f32>,
    answer: Presence,
    reason: Option<String>,
) -> FindingAnswer {
    FindingAnswer {
        finding: rule.finding,
        name: wording::name(rule.finding).to_owned(),
        answer,
        probability,
        reason,
        present_at: rule.present_at,
        absent_below: rule.absent_below,
        stated: rule.stated,
    }
}

/// Keeps the events of present findings. An event of a kind that is not itself present becomes an
/// event of its group, if that is present, and so on up to a group that is absent.
pub(crate) fn locate_events(analysis: &mut Analysis, heard: &Heard) {
    let seconds = analysis.recording.seconds as f32;
    for event in &heard.timeline {
        let shown = shown_as(event.finding, &analysis.findings);
        if let Some(finding) = shown {
            analysis.events.push(EventAnswer {
                start_s: event.start_s.clamp(0.0, seconds),
                end_s: event.end_s.clamp(0.0, seconds),
                finding,
                name: wording::name(finding).to_owned(),
                probability: event.probability,
            });
        }
    }
    analysis.events.sort_by(|a, b| {
        a.start_s
            .total_cmp(&b.start_s)
            .then(a.finding.cmp(&b.finding))
    });
}

/// The finding under which an event of `finding` is shown.
fn shown_as(finding: Finding, answers: &[FindingAnswer]) -> Option<Finding> {
    let answer = |finding| {
        answers
            .iter()
            .find(|found| found.finding == finding)
            .map(|found| found.answer)
    };
    if answer(finding) == Some(Presence::Present) {
        return Some(finding);
    }
    let groups = std::iter::successors(group_of(finding), |&group| group_of(group));
    let mut open = groups.take_while(|&group| answer(group) != Some(Presence::Absent));
    open.find(|&group| answer(group) == Some(Presence::Present))
}
