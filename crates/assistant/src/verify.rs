//! Reads a report back: text and analysis come in, what the text says differently goes out.

use std::collections::BTreeMap;

use laennec_corpus::{Finding, Presence, extract};

use crate::{Analysis, Quality};

/// What a true report of this analysis claims: every finding that is present, absent or uncertain,
/// and that the signal may be poor where it is borderline; or, if the signal is too poor, that alone.
/// What was not assessed is no claim.
pub fn claims(analysis: &Analysis) -> BTreeMap<Finding, Presence> {
    if analysis.quality.quality == Quality::Poor {
        return BTreeMap::from([(Finding::PoorSignal, Presence::Present)]);
    }
    let answered = analysis
        .findings
        .iter()
        .filter(|found| found.answer != Presence::NotAssessed);
    let borderline = (analysis.quality.quality == Quality::Borderline)
        .then_some((Finding::PoorSignal, Presence::Uncertain));
    answered
        .map(|found| (found.finding, found.answer))
        .chain(borderline)
        .collect()
}

/// A point on which a text and the analysis disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// They say different things of a finding.
    Answer {
        /// The finding.
        finding: Finding,
        /// What the analysis says; `None` if it claims nothing.
        analysis: Option<Presence>,
        /// What the text says, each thing once; empty if it is silent.
        text: Vec<Presence>,
    },
    /// The text names a place on the body, which no analysis knows.
    Site {
        /// The finding that is placed.
        finding: Finding,
        /// Where.
        site: String,
    },
}

/// All differences between what the text says, read by [`extract`], and what the analysis says;
/// empty if they agree exactly. That something was not assessed may be said or left out.
pub fn differences(text: &str, analysis: &Analysis) -> Vec<Difference> {
    let claimed = claims(analysis);
    let mut said: BTreeMap<Finding, Vec<Presence>> = BTreeMap::new();
    let mut differences = Vec::new();
    for one in extract(text) {
        let claim = claimed.get(&one.finding);
        let harmless = one.presence == Presence::NotAssessed && claim.is_none();
        let about = said.entry(one.finding).or_default();
        if !harmless && !about.contains(&one.presence) {
            about.push(one.presence);
        }
        if let Some(site) = one.site {
            differences.push(Difference::Site {
                finding: one.finding,
                site: site.to_string(),
            });
        }
    }
    for &finding in Finding::ALL {
        let analysis = claimed.get(&finding).copied();
        let text = said.remove(&finding).unwrap_or_default();
        if text != analysis.into_iter().collect::<Vec<_>>() {
            differences.push(Difference::Answer {
                finding,
                analysis,
                text,
            });
        }
    }
    differences
}
