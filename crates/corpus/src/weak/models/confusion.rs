//! Confusion tables: how often each function gives each vote where each class is true. Expected
//! counts of them, and the posterior of the classes that they give for a row of votes.

use crate::weak::votes::{ABSTAIN, VoteMatrix};

/// What an abstention says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Abstentions {
    /// Nothing: the vote is missing (Dawid & Skene 1979). A function that only ever votes for one
    /// class then says nothing at all.
    Missing,
    /// It is one more vote, with its own probability in each class. A function that only ever
    /// votes for one class speaks by its silence too.
    #[default]
    Informative,
}

/// No probability of a vote is below this, so that one vote never makes a class impossible.
pub(super) const SMALLEST: f64 = 1e-10;

/// A table `[functions, classes, outcomes]`, of counts or of probabilities. Outcomes are the
/// classes voted for and, if abstentions inform, the abstention as the last.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Confusion {
    pub(super) functions: usize,
    pub(super) classes: usize,
    pub(super) abstentions: Abstentions,
    pub(super) values: Vec<f64>,
    /// Functions whose abstentions say nothing, since they never vote where this table holds.
    pub(super) mute: Vec<bool>,
}

impl Confusion {
    /// All zero.
    pub(super) fn zeros(functions: usize, classes: usize, abstentions: Abstentions) -> Self {
        let mut table = Self {
            functions,
            classes,
            abstentions,
            values: Vec::new(),
            mute: vec![false; functions],
        };
        table.values = vec![0.0; functions * classes * table.outcomes()];
        table
    }

    /// Outcomes of a function.
    pub(super) fn outcomes(&self) -> usize {
        self.classes + usize::from(self.abstentions == Abstentions::Informative)
    }

    /// Where a vote stands among the outcomes; none where it says nothing.
    pub(super) fn outcome(&self, vote: i8) -> Option<usize> {
        match (usize::try_from(vote), self.abstentions) {
            (Ok(class), _) => Some(class),
            (Err(_), Abstentions::Informative) => Some(self.classes),
            (Err(_), Abstentions::Missing) => None,
        }
    }

    fn start(&self, function: usize, class: usize) -> usize {
        (function * self.classes + class) * self.outcomes()
    }

    /// Of one function where one class is true, `[outcomes]`.
    pub(super) fn row(&self, function: usize, class: usize) -> &[f64] {
        let start = self.start(function, class);
        &self.values[start..start + self.outcomes()]
    }

    /// Of one function where one class is true, `[outcomes]`.
    pub(super) fn row_mut(&mut self, function: usize, class: usize) -> &mut [f64] {
        let start = self.start(function, class);
        let outcomes = self.outcomes();
        &mut self.values[start..start + outcomes]
    }

    /// Whether an item says anything under this table.
    pub(super) fn speaks(&self, votes: &[i8]) -> bool {
        votes.iter().any(|&vote| self.outcome(vote).is_some())
    }

    /// Adds the votes on one item, each class with its probability.
    pub(super) fn count(&mut self, votes: &[i8], probabilities: &[f64]) {
        for (function, &vote) in votes.iter().enumerate() {
            if let Some(outcome) = self.outcome(vote) {
                for (class, probability) in probabilities.iter().enumerate() {
                    let at = self.start(function, class) + outcome;
                    self.values[at] += probability;
                }
            }
        }
    }

    /// Counts to probabilities: each row is raised to [`SMALLEST`] and scaled to sum to 1.
    pub(super) fn normalise(&mut self) {
        let outcomes = self.outcomes();
        for row in self.values.chunks_exact_mut(outcomes) {
            for value in &mut *row {
                *value = value.max(SMALLEST);
            }
            let sum: f64 = row.iter().sum();
            for value in row {
                *value /= sum;
            }
        }
    }

    /// Posterior of the classes, `[classes]`, of a table of probabilities: `p_y` times the product
    /// over functions of `P(vote | y)`, in logarithms, scaled to sum to 1.
    pub(super) fn posterior(&self, votes: &[i8], prior: &[f64]) -> Vec<f64> {
        let mut logs: Vec<f64> = prior.iter().map(|p| p.max(SMALLEST).ln()).collect();
        for (function, &vote) in votes.iter().enumerate() {
            if vote == ABSTAIN && self.mute[function] {
                continue;
            }
            if let Some(outcome) = self.outcome(vote) {
                for (class, log) in logs.iter_mut().enumerate() {
                    *log += self.row(function, class)[outcome].ln();
                }
            }
        }
        softmax(&mut logs);
        logs
    }

    /// Estimated share of each function's votes that are right, `[functions]`: the sum over classes
    /// of `p_y P(vote = y | y)` over that of `p_y P(any vote | y)`.
    pub(super) fn accuracies(&self, prior: &[f64]) -> Vec<f64> {
        (0..self.functions)
            .map(|function| {
                let (mut right, mut cast) = (0.0, 0.0);
                for (class, p) in prior.iter().enumerate() {
                    let row = self.row(function, class);
                    right += p * row[class];
                    cast += p * row[..self.classes].iter().sum::<f64>();
                }
                right / cast
            })
            .collect()
    }
}

/// Logarithms to probabilities that sum to 1, in place.
pub(super) fn softmax(logs: &mut [f64]) {
    let largest = logs.iter().copied().fold(f64::MIN, f64::max);
    let mut sum = 0.0;
    for log in &mut *logs {
        *log = (*log - largest).exp();
        sum += *log;
    }
    for log in logs {
        *log /= sum;
    }
}

/// Posterior of every item, `[items, classes]`.
pub(super) fn posteriors(votes: &VoteMatrix, table: &Confusion, prior: &[f64]) -> Vec<f64> {
    votes
        .rows()
        .flat_map(|row| table.posterior(row, prior))
        .collect()
}
