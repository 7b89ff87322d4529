//! Functions that go by free text: what `extract` reads in it.

use super::LabellingFunction;
use crate::extract::extract;
use crate::finding::{Finding, Presence};
use crate::recording::Domain;
use crate::weak::columns::Column;

/// The findings that texts are asked for.
const ASKED: [(Domain, Finding); 8] = [
    (Domain::Lung, Finding::Adventitious),
    (Domain::Lung, Finding::Continuous),
    (Domain::Lung, Finding::Wheeze),
    (Domain::Lung, Finding::Discontinuous),
    (Domain::Lung, Finding::FineCrackle),
    (Domain::Heart, Finding::AbnormalHeart),
    (Domain::Heart, Finding::Murmur),
    (Domain::Heart, Finding::Arrhythmia),
];

pub(super) fn functions() -> impl Iterator<Item = LabellingFunction> {
    ASKED
        .into_iter()
        .map(|(domain, finding)| LabellingFunction {
            name: "note".to_owned(),
            finding,
            domain,
            reads: vec![Column::Note],
            reason: "the text says so",
            learned_from: Vec::new(),
            rule: Box::new(move |evidence| stated(evidence.note.as_deref()?, finding)),
        })
}

/// What the text says of a finding; none where it says nothing, is unsure or contradicts itself.
fn stated(text: &str, finding: Finding) -> Option<bool> {
    let mut said = extract(text)
        .into_iter()
        .filter(|found| found.finding == finding)
        .map(|found| found.presence);
    let first = said.next()?;
    if said.any(|other| other != first) {
        return None;
    }
    match first {
        Presence::Present => Some(true),
        Presence::Absent => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_votes_only_where_it_is_clear() {
        assert_eq!(stated("Wheeze on both sides.", Finding::Wheeze), Some(true));
        assert_eq!(stated("No wheeze.", Finding::Wheeze), Some(false));
        assert_eq!(stated("No wheeze.", Finding::FineCrackle), None);
        assert_eq!(stated("Possible wheeze.", Finding::Wheeze), None);
        let both = "A wheeze is heard. No wheeze is heard.";
        assert_eq!(stated(both, Finding::Wheeze), None);
        let sided = "Wheeze at the right base. No wheeze on the left.";
        assert_eq!(stated(sided, Finding::Wheeze), Some(true));
    }
}
