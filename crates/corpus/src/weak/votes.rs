//! Votes of labelling functions come in; a checked matrix of them goes out, the form that label
//! models and summaries read.

use crate::error::Error;

/// The vote of a function that does not speak of an item.
pub const ABSTAIN: i8 = -1;

/// Votes `[items, functions]`, row-major: a class from 0 to `classes - 1`, or [`ABSTAIN`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoteMatrix {
    functions: usize,
    classes: usize,
    votes: Vec<i8>,
}

impl VoteMatrix {
    /// The largest number of classes that label models take.
    pub const MAX_CLASSES: usize = 16;

    /// From row-major votes `[items, functions]`.
    ///
    /// # Errors
    /// [`Error::Votes`] for no function, fewer than two or more than [`Self::MAX_CLASSES`]
    /// classes, a number of votes that is no multiple of `functions`, or a vote for a class that
    /// is not there.
    pub fn new(functions: usize, classes: usize, votes: Vec<i8>) -> Result<Self, Error> {
        let refuse = |what: String, expected: &'static str| Err(Error::Votes { what, expected });
        if functions == 0 {
            return refuse("no labelling function".into(), "at least one");
        }
        if !(2..=Self::MAX_CLASSES).contains(&classes) {
            return refuse(format!("{classes} classes"), "2 to 16");
        }
        if !votes.len().is_multiple_of(functions) {
            let what = format!("{} votes of {functions} functions", votes.len());
            return refuse(what, "as many votes in each row as there are functions");
        }
        let known = |vote: &i8| (ABSTAIN..classes as i8).contains(vote);
        if let Some(index) = votes.iter().position(|vote| !known(vote)) {
            let (row, column) = (index / functions, index % functions);
            let what = format!("vote {} in row {row}, column {column}", votes[index]);
            return refuse(what, "-1 (abstain) or a class below the number of classes");
        }
        Ok(Self {
            functions,
            classes,
            votes,
        })
    }

    /// Number of items.
    pub fn items(&self) -> usize {
        self.votes.len() / self.functions
    }

    /// Number of labelling functions.
    pub fn functions(&self) -> usize {
        self.functions
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The votes on one item, `[functions]`.
    pub fn row(&self, item: usize) -> &[i8] {
        &self.votes[item * self.functions..(item + 1) * self.functions]
    }

    /// The votes on all items in order.
    pub fn rows(&self) -> impl Iterator<Item = &[i8]> {
        self.votes.chunks_exact(self.functions)
    }

    /// The votes of one function, `[items]`.
    pub fn column(&self, function: usize) -> impl Iterator<Item = i8> + '_ {
        self.rows().map(move |row| row[function])
    }

    /// The given items, in that order.
    #[must_use]
    pub fn select(&self, items: &[usize]) -> Self {
        Self {
            functions: self.functions,
            classes: self.classes,
            votes: items
                .iter()
                .flat_map(|&item| self.row(item))
                .copied()
                .collect(),
        }
    }

    /// Refuses a matrix whose functions or classes are not those a model was fitted on.
    pub(super) fn expect_shape(&self, functions: usize, classes: usize) -> Result<(), Error> {
        if (self.functions, self.classes) == (functions, classes) {
            return Ok(());
        }
        Err(Error::Votes {
            what: format!(
                "{} functions and {} classes, where the model was fitted on {functions} and {classes}",
                self.functions, self.classes
            ),
            expected: "the functions and classes that the model was fitted on",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_votes_are_refused_by_row_and_column() {
        let error = VoteMatrix::new(2, 2, vec![0, 1, -1, 2]).unwrap_err();
        assert!(error.to_string().contains("row 1, column 1"), "{error}");
        assert!(VoteMatrix::new(0, 2, vec![]).is_err());
        assert!(VoteMatrix::new(1, 1, vec![0]).is_err());
        assert!(VoteMatrix::new(2, 2, vec![0]).is_err());
        let votes = VoteMatrix::new(2, 2, vec![0, 1, -1, 1]).unwrap();
        assert_eq!(votes.column(1).collect::<Vec<_>>(), [1, 1]);
        assert_eq!(votes.select(&[1, 1]).items(), 2);
    }
}
