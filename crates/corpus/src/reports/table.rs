//! How the reports of a run passed: by data set, at which try, and why texts were refused.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::row::{Report, TEMPLATE};
use crate::generator::Tokens;
use crate::output::Counts;
use crate::recording::DataSet;
use crate::verify::Difference;

/// The counts of a file of reports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// By data set.
    pub rows: BTreeMap<DataSet, Row>,
    /// Texts of the language model that were refused, by the kinds of their differences; a text
    /// with two kinds counts for both. Only of texts that this run wrote.
    pub refused: BTreeMap<String, u64>,
    /// Tokens that this run cost.
    pub tokens: Tokens,
    /// Different texts, numbers taken for alike.
    pub distinct: u64,
    /// Reports taken from an earlier run.
    pub kept: u64,
}

/// The counts of one data set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Reports.
    pub reports: u64,
    /// Passed at the first, second, ... text of the language model.
    pub passed: Vec<u64>,
    /// Of the passed, those that are the template's words.
    pub copied: u64,
    /// Written by the template after the language model was given up.
    pub fallen: u64,
    /// Written by the template without asking a language model.
    pub template: u64,
}

impl Counts for Table {
    const KIND: &'static str = "reports";
}

impl Table {
    /// Counts a report.
    pub(super) fn count(&mut self, report: &Report) {
        let row = self.rows.entry(report.data_set).or_default();
        row.reports += 1;
        match (report.source.as_str(), report.tries as usize) {
            (TEMPLATE, 0) => row.template += 1,
            (TEMPLATE, _) => row.fallen += 1,
            (_, tries) => {
                let at = tries.max(1) - 1;
                if row.passed.len() <= at {
                    row.passed.resize(at + 1, 0);
                }
                row.passed[at] += 1;
                row.copied += u64::from(report.template.as_ref() == Some(&report.text));
            }
        }
    }

    /// Counts a refused text.
    pub(super) fn refuse(&mut self, difference: &Difference) {
        for kind in difference.kinds() {
            *self.refused.entry(kind.to_owned()).or_default() += 1;
        }
    }

    /// The counts of all data sets together.
    pub fn total(&self) -> Row {
        let mut total = Row::default();
        for row in self.rows.values() {
            total.reports += row.reports;
            total.copied += row.copied;
            total.fallen += row.fallen;
            total.template += row.template;
            if total.passed.len() < row.passed.len() {
                total.passed.resize(row.passed.len(), 0);
            }
            for (sum, count) in total.passed.iter_mut().zip(&row.passed) {
                *sum += count;
            }
        }
        total
    }
}
