//! A data set and a finding come in; gold and votes of the recordings that are measured go out, and
//! every figure of a contender on them.

use laennec_corpus::weak::{DomainVotes, FindingVotes, Item, VoteMatrix};
use laennec_corpus::{DataSet, Finding, Presence, Split};

use crate::intervals::{Bootstrap, Estimate, GroupKind, number_groups};
use crate::metrics::{Undefined, auroc, brier};

/// What is measured.
pub(super) const TARGETS: [(DataSet, Finding); 8] = [
    (DataSet::SprSound, Finding::Adventitious),
    (DataSet::SprSound, Finding::Continuous),
    (DataSet::SprSound, Finding::Discontinuous),
    (DataSet::SprSound, Finding::Wheeze),
    (DataSet::SprSound, Finding::FineCrackle),
    (DataSet::Kauh, Finding::Wheeze),
    (DataSet::Kauh, Finding::Discontinuous),
    (DataSet::PhysioNet2016, Finding::AbnormalHeart),
];

/// The other lung data set.
pub(super) fn other(data_set: DataSet) -> Option<DataSet> {
    match data_set {
        DataSet::SprSound => Some(DataSet::Kauh),
        DataSet::Kauh => Some(DataSet::SprSound),
        _ => None,
    }
}

/// The recordings of a target on which figures are.
pub(super) struct Measured {
    /// Rows of the data set's votes to fit on: of no validation recording.
    pub(super) fit: Vec<usize>,
    /// Rows of the data set's votes that are measured.
    pub(super) rows: Vec<usize>,
    /// Their gold.
    pub(super) gold: Vec<bool>,
    /// Patient of each, as a number.
    groups: Vec<usize>,
    kind: GroupKind,
}

impl Measured {
    /// Validation recordings with gold, or, in a set that only tests, all with gold: there label
    /// models are fitted on the same recordings, whose gold they do not see.
    pub(super) fn new(items: &[Item<'_>], domain: &DomainVotes, finding: Finding) -> Self {
        let recording = |row: usize| items[domain.items[row]].recording;
        let (mut fit, mut rows, mut gold) = (Vec::new(), Vec::new(), Vec::new());
        for row in 0..domain.items.len() {
            let validates = recording(row).split == Some(Split::Validation);
            let tests = recording(row).split == Some(Split::Test);
            if !validates {
                fit.push(row);
            }
            let presence = recording(row).presence(finding);
            if let (true, Some(presence @ (Presence::Present | Presence::Absent))) =
                (validates || tests, presence)
            {
                rows.push(row);
                gold.push(presence == Presence::Present);
            }
        }
        let kind = match domain.data_set {
            DataSet::PhysioNet2016 => GroupKind::Blocks,
            _ => GroupKind::Patients,
        };
        Self {
            groups: number_groups(rows.iter().map(|&row| &recording(row).group)),
            fit,
            rows,
            gold,
            kind,
        }
    }

    /// A figure of the measured recordings with its interval over patients.
    pub(super) fn estimate(
        &self,
        bootstrap: &Bootstrap,
        statistic: impl Fn(&[usize]) -> Result<f64, Undefined> + Sync,
    ) -> Result<Estimate, Undefined> {
        bootstrap.estimate(&self.groups, self.kind, statistic)
    }

    /// The votes to measure on.
    pub(super) fn votes(&self, domain: &DomainVotes) -> VoteMatrix {
        domain.votes.select(&self.rows)
    }
}

/// The domain of a data set among the votes on a finding.
pub(super) fn domain_of(votes: &FindingVotes, data_set: DataSet) -> Option<&DomainVotes> {
    votes
        .domains
        .iter()
        .find(|domain| domain.data_set == data_set)
}

/// AUROC of scores on the drawn observations.
pub(super) fn area(scores: &[f64], gold: &[bool], drawn: &[usize]) -> Result<f64, Undefined> {
    let (scores, gold) = select(scores, gold, drawn);
    auroc(&scores, &gold)
}

/// Mean of sensitivity and specificity of "present above one half".
pub(super) fn balanced(
    probabilities: &[f64],
    gold: &[bool],
    drawn: &[usize],
) -> Result<f64, Undefined> {
    let share = |class: bool| -> Option<f64> {
        let of_class: Vec<usize> = drawn
            .iter()
            .copied()
            .filter(|&i| gold[i] == class)
            .collect();
        let right = of_class
            .iter()
            .filter(|&&i| (probabilities[i] > 0.5) == class);
        (!of_class.is_empty()).then(|| right.count() as f64 / of_class.len() as f64)
    };
    let sensitivity = share(true).ok_or(Undefined::NoneOf("positive"))?;
    let specificity = share(false).ok_or(Undefined::NoneOf("negative"))?;
    Ok(f64::midpoint(sensitivity, specificity))
}

/// Brier score on the drawn observations.
pub(super) fn squared(
    probabilities: &[f64],
    gold: &[bool],
    drawn: &[usize],
) -> Result<f64, Undefined> {
    let (probabilities, gold) = select(probabilities, gold, drawn);
    brier(&probabilities, &gold)
}

fn select(values: &[f64], gold: &[bool], drawn: &[usize]) -> (Vec<f64>, Vec<bool>) {
    drawn.iter().map(|&i| (values[i], gold[i])).unzip()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_half_is_no_presence_and_both_classes_count_alike() {
        let gold = [true, true, true, true, false];
        let all = [0, 1, 2, 3, 4];
        assert_eq!(balanced(&[0.9, 0.9, 0.9, 0.5, 0.5], &gold, &all), Ok(0.875));
        assert_eq!(balanced(&[1.0; 5], &gold, &all), Ok(0.5));
        assert!(balanced(&[1.0; 5], &gold, &[0, 1]).is_err());
    }
}
