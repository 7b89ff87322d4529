//! Votes come in; coverage, overlap and conflict, of the whole and of each labelling function, go
//! out, as Snorkel's `LFAnalysis` defines them. With gold, each function's accuracy.

use super::votes::{ABSTAIN, VoteMatrix};

/// Shares of the items, each in 0..=1; all 0 where there are no items.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shares {
    /// Items with a vote: of this function, or (for the whole) of any.
    pub coverage: f64,
    /// Items on which another function votes too; for the whole, items with two votes or more.
    pub overlap: f64,
    /// Items on which another function votes otherwise; more exactly, items on which this function
    /// votes and any two functions disagree. For the whole, items with a disagreement.
    pub conflict: f64,
}

/// Shares of the whole and of each function.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Over all functions.
    pub whole: Shares,
    /// Of each function, in the order of the columns.
    pub functions: Vec<Shares>,
}

/// Counts coverage, overlap and conflict.
pub fn summary(votes: &VoteMatrix) -> Summary {
    let mut whole = [0_usize; 3];
    let mut functions = vec![[0_usize; 3]; votes.functions()];
    for row in votes.rows() {
        let mut cast = row.iter().filter(|&&vote| vote != ABSTAIN);
        let first = cast.next();
        let more: Vec<i8> = cast.copied().collect();
        let state = [
            first.is_some(),
            !more.is_empty(),
            more.iter().any(|vote| Some(vote) != first),
        ];
        for (measure, holds) in state.into_iter().enumerate() {
            whole[measure] += usize::from(holds);
            for (function, counts) in functions.iter_mut().enumerate() {
                counts[measure] += usize::from(holds && row[function] != ABSTAIN);
            }
        }
    }
    let items = votes.items().max(1) as f64;
    let shares = |[coverage, overlap, conflict]: [usize; 3]| Shares {
        coverage: coverage as f64 / items,
        overlap: overlap as f64 / items,
        conflict: conflict as f64 / items,
    };
    Summary {
        whole: shares(whole),
        functions: functions.into_iter().map(shares).collect(),
    }
}

/// The share of each function's votes that equal the gold class; none for a function without
/// votes on items with gold. For measuring only: gold never enters a label model.
pub fn accuracies(votes: &VoteMatrix, gold: &[Option<usize>]) -> Vec<Option<f64>> {
    let mut counts = vec![(0_usize, 0_usize); votes.functions()];
    for (row, gold) in votes.rows().zip(gold) {
        let Some(gold) = gold else { continue };
        for (&vote, (right, cast)) in row.iter().zip(&mut counts) {
            if vote != ABSTAIN {
                *cast += 1;
                *right += usize::from(vote as usize == *gold);
            }
        }
    }
    counts
        .into_iter()
        .map(|(right, cast)| (cast > 0).then(|| right as f64 / cast as f64))
        .collect()
}
