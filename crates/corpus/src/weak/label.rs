//! Recordings come in; for each finding, the votes on them and the probabilities that a label model
//! makes of those go out.

use std::collections::BTreeMap;
use std::path::Path;

use super::columns::Column;
use super::evidence::Evidence;
use super::foreign::ForeignModel;
use super::functions::{LabellingFunction, functions};
use super::gather::{Item, gather};
use super::models::{CrossDomain, CrossDomainOptions};
use super::summary::{Shares, summary};
use super::votes::{ABSTAIN, VoteMatrix};
use crate::error::Error;
use crate::finding::Finding;
use crate::recording::DataSet;

/// How to label.
pub struct Options<'a> {
    /// Models that learned elsewhere.
    pub models: &'a [&'a dyn ForeignModel],
    /// The file that keeps what was measured on sounds; none measures all again.
    pub kept: Option<&'a Path>,
    /// The label model.
    pub label_model: CrossDomainOptions,
    /// Is told how many of how many sounds were measured.
    pub progress: &'a (dyn Fn(usize, usize) + Sync),
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            models: &[],
            kept: None,
            label_model: CrossDomainOptions::default(),
            progress: &|_, _| {},
        }
    }
}

/// The votes on one finding of one data set.
#[derive(Clone, Debug, PartialEq)]
pub struct DomainVotes {
    /// The data set.
    pub data_set: DataSet,
    /// Which of the items they are, by index.
    pub items: Vec<usize>,
    /// Votes, class 1 for present, `[items, functions]`.
    pub votes: VoteMatrix,
}

/// The votes on one finding.
#[derive(Debug)]
pub struct FindingVotes {
    /// The finding.
    pub finding: Finding,
    /// The functions: names, in the order of the columns.
    pub functions: Vec<FunctionFacts>,
    /// The votes, by data set. Only data sets on which some function votes.
    pub domains: Vec<DomainVotes>,
}

/// What is to be said of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionFacts {
    /// Its name.
    pub name: String,
    /// What it reads.
    pub reads: Vec<Column>,
    /// What it goes by.
    pub reason: &'static str,
}

/// A weak label of a recording.
#[derive(Clone, Debug, PartialEq)]
pub struct WeakLabel {
    /// Opaque id of the recording.
    pub id: String,
    /// Its data set.
    pub data_set: DataSet,
    /// The finding.
    pub finding: Finding,
    /// Probability that it is present.
    pub probability: f64,
    /// Who voted: the function's name, and whether for presence. At least one.
    pub votes: Vec<(String, bool)>,
}

/// What was learned of a function on a data set, without gold.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionReport {
    /// The finding.
    pub finding: Finding,
    /// The data set.
    pub data_set: DataSet,
    /// The function.
    pub function: FunctionFacts,
    /// Coverage, overlap and conflict.
    pub shares: Shares,
    /// Estimated share of its votes that are right.
    pub accuracy: f64,
}

/// Weak labels with what they come from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// By data set, id and finding.
    pub labels: Vec<WeakLabel>,
    /// By finding, data set and function; functions without a vote there are left out.
    pub functions: Vec<FunctionReport>,
}

/// Labels recordings: gathers evidence, votes, fits the cross-domain label model on each finding.
/// The same recordings, models and options give the same table.
///
/// # Errors
/// [`Error::Io`] and [`Error::Write`] where the kept file cannot be used, [`Error::Foreign`] where a
/// model fails.
pub fn label(items: &[Item<'_>], options: &Options<'_>) -> Result<Table, Error> {
    let mut table = Table::default();
    let evidence = gather(items, options)?;
    for finding in votes(items, &evidence, options.models)? {
        let matrices: Vec<VoteMatrix> = finding
            .domains
            .iter()
            .map(|domain| domain.votes.clone())
            .collect();
        let model = CrossDomain::fit(&matrices, &options.label_model)?;
        for (index, domain) in finding.domains.iter().enumerate() {
            let probabilities = model.probabilities(&domain.votes, index)?;
            table
                .labels
                .extend(labels(items, &finding, domain, &probabilities));
            let shares = summary(&domain.votes).functions;
            let accuracies = model.accuracies(index);
            let facts = finding.functions.iter().zip(shares).zip(accuracies);
            table
                .functions
                .extend(facts.filter(|((_, shares), _)| shares.coverage > 0.0).map(
                    |((function, shares), accuracy)| FunctionReport {
                        finding: finding.finding,
                        data_set: domain.data_set,
                        function: function.clone(),
                        shares,
                        accuracy,
                    },
                ));
        }
    }
    table
        .labels
        .sort_by(|a, b| (a.data_set, &a.id, a.finding).cmp(&(b.data_set, &b.id, b.finding)));
    Ok(table)
}

/// The labels of the recordings on which any function votes.
fn labels<'a>(
    items: &'a [Item<'_>],
    finding: &'a FindingVotes,
    domain: &'a DomainVotes,
    probabilities: &'a [f64],
) -> impl Iterator<Item = WeakLabel> + 'a {
    let rows = domain.items.iter().zip(domain.votes.rows());
    rows.zip(probabilities.chunks_exact(2))
        .filter_map(|((&item, row), probability)| {
            let cast = finding
                .functions
                .iter()
                .zip(row)
                .filter(|(_, vote)| **vote != ABSTAIN);
            let votes: Vec<(String, bool)> = cast
                .map(|(function, &vote)| (function.name.clone(), vote == 1))
                .collect();
            let recording = items[item].recording;
            (!votes.is_empty()).then(|| WeakLabel {
                id: recording.id.clone(),
                data_set: recording.data_set,
                finding: finding.finding,
                probability: probability[1],
                votes,
            })
        })
}

/// The votes on every finding on which some function votes, in the order of findings, from the
/// evidence of each item.
///
/// # Errors
/// As [`VoteMatrix::new`].
pub fn votes(
    items: &[Item<'_>],
    evidence: &[Evidence],
    models: &[&dyn ForeignModel],
) -> Result<Vec<FindingVotes>, Error> {
    let mut by_finding: BTreeMap<Finding, Vec<LabellingFunction>> = BTreeMap::new();
    for function in functions(models) {
        by_finding
            .entry(function.finding)
            .or_default()
            .push(function);
    }
    let mut all = Vec::new();
    for (finding, functions) in by_finding {
        let mut rows: BTreeMap<DataSet, (Vec<usize>, Vec<i8>)> = BTreeMap::new();
        for (index, (item, evidence)) in items.iter().zip(evidence).enumerate() {
            let (data_set, domain) = (item.recording.data_set, item.recording.domain);
            if !functions
                .iter()
                .any(|function| function.votes_on(data_set, domain))
            {
                continue;
            }
            let (indices, votes) = rows.entry(data_set).or_default();
            indices.push(index);
            votes.extend(functions.iter().map(|function| {
                function
                    .vote(data_set, domain, evidence)
                    .map_or(ABSTAIN, i8::from)
            }));
        }
        let mut domains = Vec::new();
        for (data_set, (items, votes)) in rows {
            if votes.iter().any(|&vote| vote != ABSTAIN) {
                let votes = VoteMatrix::new(functions.len(), 2, votes)?;
                domains.push(DomainVotes {
                    data_set,
                    items,
                    votes,
                });
            }
        }
        if !domains.is_empty() {
            let facts = |function: LabellingFunction| FunctionFacts {
                name: function.name,
                reads: function.reads,
                reason: function.reason,
            };
            all.push(FindingVotes {
                finding,
                functions: functions.into_iter().map(facts).collect(),
                domains,
            });
        }
    }
    Ok(all)
}
