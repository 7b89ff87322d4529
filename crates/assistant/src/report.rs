//! The deterministic clinical template: an analysis without a report comes in, a paragraph goes out.
//!
//! It speaks of the recording, never of the patient, and says each answer in a form from which
//! `laennec_corpus::extract` reads the same answer.

use laennec_corpus::{Domain, Finding, Presence};

use crate::analysis::{Analysis, EventAnswer, Quality};
use crate::wording;

/// Times named for one finding; further events are counted.
const TIMES_NAMED: usize = 3;

/// The template report of an analysis.
pub fn template(analysis: &Analysis) -> String {
    if analysis.quality.quality == Quality::Poor {
        let reasons = wording::list(&analysis.quality.reasons, "and");
        return format!(
            "The signal is too poor to be judged. About this recording: {reasons}. \
             No finding was assessed."
        );
    }
    let mut sentences = vec![opening(analysis)];
    let with = |answer: Presence| -> Vec<Finding> {
        let all = analysis
            .findings
            .iter()
            .filter(|found| found.answer == answer);
        all.map(|found| found.finding).collect()
    };
    for finding in with(Presence::Present) {
        sentences.push(present(finding, &analysis.events));
    }
    let uncertain: Vec<String> = names(&with(Presence::Uncertain));
    if !uncertain.is_empty() {
        sentences.push(format!(
            "It is uncertain whether this recording contains {}.",
            wording::list(&uncertain, "or")
        ));
    }
    let absent: Vec<String> = names(&with(Presence::Absent));
    if !absent.is_empty() {
        let verb = if absent.len() == 1 && !wording::is_plural(with(Presence::Absent)[0]) {
            "was"
        } else {
            "were"
        };
        sentences.push(format!(
            "No {} {verb} detected in this recording.",
            wording::list(&absent, "or")
        ));
    }
    let skipped: Vec<String> = names(&with(Presence::NotAssessed));
    if !skipped.is_empty() {
        sentences.push(format!("Not assessed: {}.", wording::list(&skipped, "and")));
    }
    sentences.join(" ")
}

fn opening(analysis: &Analysis) -> String {
    let seconds = analysis.recording.seconds;
    let quality = match analysis.quality.quality {
        Quality::Borderline => " Its signal quality is borderline.",
        Quality::Usable | Quality::Poor => "",
    };
    match analysis.domain.domain {
        Some(domain @ (Domain::Heart | Domain::Lung)) => {
            let of = wording::domain(domain);
            let stated = if analysis.domain.stated {
                ", as stated by whoever gave it"
            } else {
                ""
            };
            format!("This is a recording of {of} of {seconds:.1} s{stated}.{quality}")
        }
        Some(Domain::Other) => format!(
            "This recording of {seconds:.1} s sounds like neither heart nor lungs, so nothing in it \
             was judged.{quality}"
        ),
        None => format!(
            "Whether this recording of {seconds:.1} s is of the heart or of the lungs could not be \
             told, so nothing in it was judged.{quality}"
        ),
    }
}

fn names(findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .map(|&finding| wording::name(finding).to_owned())
        .collect()
}

fn present(finding: Finding, events: &[EventAnswer]) -> String {
    let name = wording::sentence_case(wording::name(finding));
    let verb = if wording::is_plural(finding) {
        "were"
    } else {
        "was"
    };
    let times: Vec<&EventAnswer> = events
        .iter()
        .filter(|event| event.finding == finding)
        .collect();
    if times.is_empty() {
        return format!("{name} {verb} detected in this recording.");
    }
    let named: Vec<String> = times
        .iter()
        .take(TIMES_NAMED)
        .map(|event| format!("{:.1}-{:.1} s", event.start_s, event.end_s))
        .collect();
    let more = times.len().saturating_sub(TIMES_NAMED);
    let rest = if more == 0 {
        String::new()
    } else {
        format!(" and {more} more")
    };
    let named = if more == 0 {
        wording::list(&named, "and")
    } else {
        named.join(", ")
    };
    format!("{name} {verb} detected in this recording (at {named}{rest}).")
}
