//! Findings with their presence come in; what they imply goes out, and back: the fewest findings
//! that imply the same.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, Presence};
use crate::vocabulary::ancestors;

/// All that is implied: a finding that is present makes the wider ones present, one that is absent
/// makes the narrower ones absent. A contradiction shows as two entries of one finding.
pub fn closed(
    stated: impl IntoIterator<Item = (Finding, Presence)>,
) -> BTreeSet<(Finding, Presence)> {
    let stated: BTreeSet<(Finding, Presence)> = stated.into_iter().collect();
    let mut all = stated.clone();
    for &(finding, presence) in &stated {
        match presence {
            Presence::Present => all.extend(ancestors(finding).map(|wider| (wider, presence))),
            Presence::Absent => all.extend(
                Finding::ALL
                    .iter()
                    .filter(|&&narrower| ancestors(narrower).any(|wider| wider == finding))
                    .map(|&narrower| (narrower, presence)),
            ),
            Presence::Uncertain | Presence::NotAssessed => {}
        }
    }
    all
}

/// The findings of `facts` that imply all of them, none of which follows from another: "fine
/// crackles" without "crackles", "no adventitious sounds" without "no wheeze".
pub fn most_specific(facts: &BTreeMap<Finding, Presence>) -> Vec<(Finding, Presence)> {
    let follows = |finding: Finding, presence: Presence| {
        facts.iter().any(|(&other, &same)| {
            other != finding
                && same == presence
                && match presence {
                    Presence::Present => ancestors(other).any(|wider| wider == finding),
                    Presence::Absent => ancestors(finding).any(|wider| wider == other),
                    Presence::Uncertain | Presence::NotAssessed => false,
                }
        })
    };
    facts
        .iter()
        .filter(|&(&finding, &presence)| !follows(finding, presence))
        .map(|(&finding, &presence)| (finding, presence))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Finding::{Adventitious, Continuous, Discontinuous, FineCrackle, Wheeze};
    use Presence::{Absent, Present};

    #[test]
    fn the_most_specific_findings_imply_the_others() {
        let facts = BTreeMap::from([
            (Adventitious, Present),
            (Continuous, Absent),
            (Wheeze, Absent),
            (Discontinuous, Present),
            (FineCrackle, Present),
        ]);
        let few = most_specific(&facts);
        assert_eq!(few, [(Continuous, Absent), (FineCrackle, Present)]);
        let all = closed(few);
        assert!(
            facts
                .iter()
                .all(|(&finding, &presence)| all.contains(&(finding, presence)))
        );
        assert_eq!(all, closed(facts));
    }
}
