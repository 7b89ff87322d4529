//! Recordings come in, the file of their weak labels and its totals go out; a second run with the
//! same recordings, notes and models does nothing.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::gather::Item;
use super::label::{Options, Table, label};
use super::{sound, table};
use crate::error::Error;
use crate::finding::Finding;
use crate::ids::hex;
use crate::output::{Counts, Inputs, Written, note, unchanged};
use crate::recording::DataSet;

/// What a file of weak labels holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    /// By data set and finding, in that order.
    pub labels: Vec<LabelCount>,
    /// By finding, data set and function.
    pub functions: Vec<FunctionShares>,
}

/// The labels of one finding in one data set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabelCount {
    /// The data set.
    pub data_set: DataSet,
    /// The finding.
    pub finding: Finding,
    /// Recordings with a label.
    pub labels: usize,
    /// The sum of their probabilities.
    pub expected: f64,
}

/// What was learned of a function on a data set, without gold: see
/// [`Shares`](super::Shares) and [`FunctionReport`](super::FunctionReport).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FunctionShares {
    /// The data set.
    pub data_set: DataSet,
    /// The finding.
    pub finding: Finding,
    /// The function's name.
    pub function: String,
    /// Share of recordings on which it votes.
    pub coverage: f64,
    /// Share on which another votes too.
    pub overlap: f64,
    /// Share on which it votes and two functions disagree.
    pub conflict: f64,
    /// Estimated share of its votes that are right.
    pub accuracy: f64,
}

impl Counts for Totals {
    const KIND: &'static str = "weak labels";
}

impl Totals {
    fn of(table: &Table) -> Self {
        let mut counts: BTreeMap<(DataSet, Finding), (usize, f64)> = BTreeMap::new();
        for label in &table.labels {
            let count = counts.entry((label.data_set, label.finding)).or_default();
            count.0 += 1;
            count.1 += label.probability;
        }
        let labels = counts
            .into_iter()
            .map(|((data_set, finding), (labels, expected))| LabelCount {
                data_set,
                finding,
                labels,
                expected,
            });
        let functions = table.functions.iter().map(|report| FunctionShares {
            data_set: report.data_set,
            finding: report.finding,
            function: report.function.name.clone(),
            coverage: report.shares.coverage,
            overlap: report.shares.overlap,
            conflict: report.shares.conflict,
            accuracy: report.accuracy,
        });
        Self {
            labels: labels.collect(),
            functions: functions.collect(),
        }
    }
}

/// Labels recordings as [`label`] does and writes the table to `path`, as
/// [`table::write`] does. Where the file is there already from the same recordings,
/// notes and models, nothing is done.
///
/// # Errors
/// As [`label`] and [`table::write`]; [`Error::Write`] and [`Error::Json`] where what the
/// file was made from cannot be noted beside it.
pub fn write(
    path: &Path,
    items: &[Item<'_>],
    options: &Options<'_>,
) -> Result<Written<Totals>, Error> {
    let inputs = inputs(items, options)?;
    if let Some(table) = unchanged(path, &inputs) {
        return Ok(Written {
            table,
            unchanged: true,
        });
    }
    let labels = label(items, options)?;
    table::write(path, &labels)?;
    let totals = Totals::of(&labels);
    note(path, inputs, &totals)?;
    Ok(Written {
        table: totals,
        unchanged: false,
    })
}

/// The hash of all that the labels depend on. Whether a sound is at hand counts, since a sound that
/// is not cannot be measured; of a note only its hash is kept.
fn inputs(items: &[Item<'_>], options: &Options<'_>) -> Result<String, Error> {
    let models: Vec<[&str; 2]> = options
        .models
        .iter()
        .map(|model| [model.name(), model.weights()])
        .collect();
    let label_model = format!("{:?}", options.label_model);
    let mut inputs = Inputs::new();
    inputs.add(&("weak", table::VERSION, sound::VERSION, models, label_model))?;
    for item in items {
        let note = item.note.map(|note| hex(&Sha256::digest(note)));
        inputs.add(&(item.recording, item.path.is_some(), note))?;
    }
    Ok(inputs.finish())
}
