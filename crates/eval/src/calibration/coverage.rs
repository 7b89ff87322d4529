//! In: thresholds and labelled recordings with their patients. Out: coverage of the answers and
//! error among the decided, with intervals over patients.

use super::counts::DecisionCounts;
use super::decision::{Answer, Thresholds};
use crate::intervals::{Bootstrap, Estimate, GroupKind};
use crate::metrics::{Undefined, same_length};

/// What thresholds do on recordings that chose neither them nor the model.
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionReport {
    /// The counts.
    pub counts: DecisionCounts,
    /// Share of the recordings that got an answer other than uncertain.
    pub coverage: Estimate,
    /// Share of wrong answers among those; undefined where none was decided. Its `n` and groups
    /// are those of the decided.
    pub error: Result<Estimate, Undefined>,
}

impl Thresholds {
    /// Counts answers on labelled recordings whose patients (or blocks) are `groups`.
    pub fn report(
        &self,
        probabilities: &[f64],
        truth: &[bool],
        groups: &[usize],
        kind: GroupKind,
        bootstrap: &Bootstrap,
    ) -> Result<DecisionReport, Undefined> {
        same_length("groups", probabilities.len(), groups.len())?;
        let counts = self.count(probabilities, truth)?;
        let answers: Vec<Answer> = probabilities.iter().map(|&p| self.answer(p)).collect();
        let share_of = |indices: &[usize], holds: &dyn Fn(usize) -> bool| {
            if indices.is_empty() {
                return Err(Undefined::Empty);
            }
            let count = indices.iter().filter(|&&i| holds(i)).count();
            Ok(count as f64 / indices.len() as f64)
        };
        let is_decided = |i: usize| answers[i] != Answer::Uncertain;
        let is_wrong = |i: usize| match answers[i] {
            Answer::Absent => truth[i],
            Answer::Present => !truth[i],
            Answer::Uncertain => false,
        };
        let decided: Vec<usize> = (0..answers.len()).filter(|&i| is_decided(i)).collect();
        let decided_groups: Vec<usize> = decided.iter().map(|&i| groups[i]).collect();
        Ok(DecisionReport {
            counts,
            coverage: bootstrap.estimate(groups, kind, |indices| share_of(indices, &is_decided))?,
            error: bootstrap.estimate(&decided_groups, kind, |indices| {
                share_of(indices, &|i| is_wrong(decided[i]))
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coverage_counts_all_and_error_only_the_decided() {
        let thresholds = Thresholds {
            absent_below: Some(0.3),
            present_from: Some(0.7),
        };
        let p = [0.1, 0.2, 0.5, 0.8, 0.9, 0.6];
        let truth = [false, true, true, true, true, false];
        let groups = [0, 0, 1, 1, 2, 2];
        let kind = GroupKind::Patients;
        let report = thresholds
            .report(&p, &truth, &groups, kind, &Bootstrap::default())
            .unwrap();
        assert!((report.coverage.value - 4.0 / 6.0).abs() < 1e-12);
        let error = report.error.unwrap();
        assert_eq!((error.value, error.n, error.groups), (0.25, 4, 3));
        assert_eq!(report.counts.error(), Ok(0.25));
        let silent = Thresholds {
            absent_below: None,
            present_from: None,
        };
        let report = silent
            .report(&p, &truth, &groups, kind, &Bootstrap::default())
            .unwrap();
        assert_eq!(report.coverage.value, 0.0);
        assert_eq!(report.error, Err(Undefined::Empty));
    }
}
