//! From probabilities to answers: the thresholds of the bundle's card come in with the scores, one
//! answer for each finding goes out, and answers about a group and its kinds agree.

use laennec_corpus::{Finding, Presence};

use crate::FindingRule;

/// An answer and, unless the finding's own probability made it present or absent, its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Which finding.
    pub finding: Finding,
    /// Present, absent, uncertain or not assessed.
    pub answer: Presence,
    /// Why it is uncertain or not assessed, or from which other answer it follows.
    pub reason: Option<String>,
}

/// The answer of one rule to one probability.
///
/// Present at or above `present_at`, absent below `absent_below`, uncertain between the two.
pub fn decide(rule: &FindingRule, probability: f32) -> Decided {
    let (answer, reason) = if let Some(reason) = &rule.not_assessed {
        (Presence::NotAssessed, Some(reason.clone()))
    } else if rule.present_at.is_some_and(|at| probability >= at) {
        (Presence::Present, None)
    } else if rule.absent_below.is_some_and(|below| probability < below) {
        (Presence::Absent, None)
    } else {
        let reason = if rule.present_at.is_none() {
            "likely or not, this bundle has no threshold from which it counts as present"
        } else {
            "the probability lies between the thresholds"
        };
        (Presence::Uncertain, Some(reason.to_owned()))
    };
    Decided {
        finding: rule.finding,
        answer,
        reason,
    }
}

/// The group that a finding is a kind of, if there is one.
pub const fn group_of(finding: Finding) -> Option<Finding> {
    match finding {
        Finding::Wheeze | Finding::Rhonchi | Finding::Stridor | Finding::Squawk => {
            Some(Finding::Continuous)
        }
        Finding::FineCrackle | Finding::CoarseCrackle => Some(Finding::Discontinuous),
        Finding::Continuous | Finding::Discontinuous | Finding::PleuralRub => {
            Some(Finding::Adventitious)
        }
        Finding::SystolicMurmur | Finding::DiastolicMurmur | Finding::ContinuousMurmur => {
            Some(Finding::Murmur)
        }
        Finding::Murmur
        | Finding::S3
        | Finding::S4
        | Finding::SplitSound
        | Finding::Click
        | Finding::PericardialRub
        | Finding::Arrhythmia => Some(Finding::AbnormalHeart),
        Finding::PoorSignal
        | Finding::Adventitious
        | Finding::Diminished
        | Finding::Bronchial
        | Finding::AbnormalHeart => None,
    }
}

/// Whether `group` is the group of `finding`, or the group of its group, and so on.
pub fn is_kind_of(finding: Finding, group: Finding) -> bool {
    let mut at = group_of(finding);
    while let Some(found) = at {
        if found == group {
            return true;
        }
        at = group_of(found);
    }
    false
}

/// Makes the answers about groups and their kinds agree:
///
/// 1. a group that is absent and a kind of it that is present contradict each other: both become
///    uncertain;
/// 2. a kind that is present makes an uncertain group present;
/// 3. a group that is absent makes an uncertain kind absent, since the group's miss rate covers it.
///
/// What is not assessed stays so.
pub fn reconcile(decided: &mut [Decided]) {
    let kinds: Vec<(usize, usize)> = (0..decided.len())
        .flat_map(|group| (0..decided.len()).map(move |kind| (group, kind)))
        .filter(|&(group, kind)| is_kind_of(decided[kind].finding, decided[group].finding))
        .collect();
    let mut contradicted = vec![false; decided.len()];
    for &(group, kind) in &kinds {
        if decided[group].answer == Presence::Absent && decided[kind].answer == Presence::Present {
            contradicted[group] = true;
            contradicted[kind] = true;
        }
    }
    for (one, _) in decided
        .iter_mut()
        .zip(&contradicted)
        .filter(|(_, hit)| **hit)
    {
        one.answer = Presence::Uncertain;
        one.reason = Some("the networks contradict each other about group and kind".to_owned());
    }
    for &(group, kind) in &kinds {
        if decided[kind].answer == Presence::Present && decided[group].answer == Presence::Uncertain
        {
            decided[group].answer = Presence::Present;
            decided[group].reason = Some("a kind of it is present".to_owned());
        }
    }
    for &(group, kind) in &kinds {
        if decided[group].answer == Presence::Absent && decided[kind].answer == Presence::Uncertain
        {
            decided[kind].answer = Presence::Absent;
            decided[kind].reason = Some("the group that it is a kind of is absent".to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use laennec_corpus::Domain;
    use proptest::prelude::*;

    use super::*;

    fn rule(present_at: Option<f32>, absent_below: Option<f32>) -> FindingRule {
        FindingRule {
            finding: Finding::Wheeze,
            domain: Domain::Lung,
            present_at,
            absent_below,
            not_assessed: None,
            needs_hz: 0.0,
            stated: None,
        }
    }

    fn one(finding: Finding, answer: Presence) -> Decided {
        Decided {
            finding,
            answer,
            reason: None,
        }
    }

    #[test]
    fn thresholds_split_the_range_into_three() {
        let both = rule(Some(0.7), Some(0.2));
        for (probability, expected) in [
            (0.0, Presence::Absent),
            (0.2, Presence::Uncertain),
            (0.69, Presence::Uncertain),
            (0.7, Presence::Present),
            (1.0, Presence::Present),
        ] {
            assert_eq!(decide(&both, probability).answer, expected, "{probability}");
        }
        assert_eq!(
            decide(&rule(None, Some(0.2)), 1.0).answer,
            Presence::Uncertain
        );
        assert_eq!(
            decide(&rule(Some(0.7), None), 0.0).answer,
            Presence::Uncertain
        );
        let mut never = rule(Some(0.7), Some(0.2));
        never.not_assessed = Some("two patients".to_owned());
        assert_eq!(decide(&never, 1.0).answer, Presence::NotAssessed);
    }

    #[test]
    fn a_present_kind_lifts_its_groups() {
        let mut decided = [
            one(Finding::Adventitious, Presence::Uncertain),
            one(Finding::Continuous, Presence::Uncertain),
            one(Finding::Wheeze, Presence::Present),
        ];
        reconcile(&mut decided);
        assert!(decided.iter().all(|one| one.answer == Presence::Present));
    }

    #[test]
    fn a_contradiction_is_uncertain_on_both_sides() {
        let mut decided = [
            one(Finding::Discontinuous, Presence::Absent),
            one(Finding::FineCrackle, Presence::Present),
        ];
        reconcile(&mut decided);
        assert!(decided.iter().all(|one| one.answer == Presence::Uncertain));
        assert!(decided.iter().all(|one| one.reason.is_some()));
    }

    proptest! {
        #[test]
        fn groups_and_kinds_agree(answers in proptest::collection::vec(0_usize..4, Finding::ALL.len())) {
            let mut decided: Vec<Decided> = Finding::ALL
                .iter()
                .zip(&answers)
                .map(|(&finding, &answer)| one(finding, Presence::ALL[answer]))
                .collect();
            let before = decided.clone();
            reconcile(&mut decided);
            for (group, kind) in decided.iter().flat_map(|a| decided.iter().map(move |b| (a, b))) {
                if is_kind_of(kind.finding, group.finding) && group.answer == Presence::Absent {
                    prop_assert!(matches!(kind.answer, Presence::Absent | Presence::NotAssessed));
                }
                if is_kind_of(kind.finding, group.finding) && kind.answer == Presence::Present {
                    prop_assert!(matches!(group.answer, Presence::Present | Presence::NotAssessed));
                }
            }
            for (was, is) in before.iter().zip(&decided) {
                prop_assert_eq!(was.answer == Presence::NotAssessed, is.answer == Presence::NotAssessed);
            }
            let once = decided.clone();
            reconcile(&mut decided);
            prop_assert_eq!(once, decided);
        }
    }
}
