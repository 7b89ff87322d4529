//! Labelling functions: what may be known of a recording comes in; a vote on one finding, or none,
//! goes out.
//!
//! A function declares the columns it reads and is shown no others. It does not vote on a data set
//! whose gold comes from one of them. What it goes by is stated with it; whether that holds is for
//! the label model to find out.

mod acoustic;
mod model;
mod note;
mod subject;

use super::columns::Column;
use super::evidence::{Evidence, reads_gold};
use super::foreign::ForeignModel;
use crate::finding::Finding;
use crate::recording::{DataSet, Domain};

/// A rule that votes: present, absent, or (none) nothing.
type Rule = Box<dyn Fn(&Evidence) -> Option<bool> + Send + Sync>;

/// A labelling function.
pub struct LabellingFunction {
    /// Its name, with its main column first: `sound: tonal ridges`.
    pub name: String,
    /// The finding that it votes on.
    pub finding: Finding,
    /// The recordings that it votes on.
    pub domain: Domain,
    /// What it reads.
    pub reads: Vec<Column>,
    /// What it goes by.
    pub reason: &'static str,
    /// Data sets that it never votes on, besides those whose gold it would read.
    pub learned_from: Vec<DataSet>,
    rule: Rule,
}

impl std::fmt::Debug for LabellingFunction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LabellingFunction")
            .field("name", &self.name)
            .field("finding", &self.finding)
            .field("reads", &self.reads)
            .finish_non_exhaustive()
    }
}

impl LabellingFunction {
    /// Whether it votes on recordings of a data set and domain at all.
    pub fn votes_on(&self, data_set: DataSet, domain: Domain) -> bool {
        self.domain == domain
            && !reads_gold(&self.reads, data_set)
            && !self.learned_from.contains(&data_set)
    }

    /// Its vote: present, absent or (none) nothing.
    pub fn vote(&self, data_set: DataSet, domain: Domain, evidence: &Evidence) -> Option<bool> {
        if !self.votes_on(data_set, domain) {
            return None;
        }
        (self.rule)(&evidence.restricted(&self.reads))
    }
}

/// What is common to the functions of a group: one rule that votes on several findings.
struct Draft {
    name: &'static str,
    reads: &'static [Column],
    reason: &'static str,
    domain: Domain,
    findings: &'static [Finding],
    rule: fn(&Evidence) -> Option<bool>,
}

impl Draft {
    fn functions(self) -> impl Iterator<Item = LabellingFunction> {
        self.findings.iter().map(move |&finding| LabellingFunction {
            name: self.name.to_owned(),
            finding,
            domain: self.domain,
            reads: self.reads.to_vec(),
            reason: self.reason,
            learned_from: Vec::new(),
            rule: Box::new(self.rule),
        })
    }
}

/// Continuous sounds.
const TONAL: &[Finding] = &[Finding::Continuous, Finding::Wheeze];
/// Discontinuous sounds.
const CRACKLES: &[Finding] = &[Finding::Discontinuous, Finding::FineCrackle];
/// Both together.
const ANY: &[Finding] = &[Finding::Adventitious];
/// Heart findings without a place in the cycle.
const HEART: &[Finding] = &[Finding::AbnormalHeart, Finding::Murmur];

/// All functions, those of the given models included, in a fixed order.
pub fn functions(models: &[&dyn ForeignModel]) -> Vec<LabellingFunction> {
    acoustic::drafts()
        .chain(subject::drafts())
        .flat_map(Draft::functions)
        .chain(note::functions())
        .chain(models.iter().flat_map(|model| model::functions(*model)))
        .collect()
}

/// Present at or above one limit, absent at or below the other.
fn between(value: f64, absent_to: f64, present_from: f64) -> Option<bool> {
    if value >= present_from {
        Some(true)
    } else {
        (value <= absent_to).then_some(false)
    }
}
