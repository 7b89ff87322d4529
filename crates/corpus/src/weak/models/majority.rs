//! Votes come in; the majority's class, and the share of votes of each class, go out.

use crate::weak::votes::VoteMatrix;

/// Probability 1 for the class with the most votes, divided among classes that tie. An item
/// without votes has all classes tied. As Snorkel's `MajorityLabelVoter`.
pub fn majority(votes: &VoteMatrix) -> Vec<f64> {
    from_counts(votes, |counts| {
        let most = counts.iter().copied().fold(0.0, f64::max);
        for count in counts {
            *count = f64::from(u8::from(*count == most));
        }
    })
}

/// The share of votes of each class; all classes alike for an item without votes. Where expectation
/// maximisation starts, and, unlike [`majority`], a score that ranks items.
pub fn vote_shares(votes: &VoteMatrix) -> Vec<f64> {
    from_counts(votes, |counts| {
        if counts.iter().all(|&count| count == 0.0) {
            counts.fill(1.0);
        }
    })
}

/// Counts the votes of each class, changes them, and scales them to sum to 1.
fn from_counts(votes: &VoteMatrix, change: impl Fn(&mut [f64])) -> Vec<f64> {
    let mut all = Vec::with_capacity(votes.items() * votes.classes());
    for row in votes.rows() {
        let mut counts = vec![0.0; votes.classes()];
        for &vote in row {
            if let Ok(class) = usize::try_from(vote) {
                counts[class] += 1.0;
            }
        }
        change(&mut counts);
        let sum: f64 = counts.iter().sum();
        all.extend(counts.iter().map(|count| count / sum));
    }
    all
}
