//! In: KAUH's recordings as heard. Out: the section on adults and another stethoscope, of which
//! nothing was trained.

use std::collections::BTreeSet;

use laennec_corpus::{DataSet, Finding, Split};

use super::Inputs;
use super::frozen::{LungProbes, embeddings};
use super::heard::{self, HeardRecording};
use super::reference;
use super::text::{counts, joined, shown};
use crate::embed::Embedding;
use crate::error::Error;
use crate::intervals::{GroupKind, number_groups};
use crate::matrix::Matrix;
use crate::predictions::Predictions;
use crate::report::{Align, Table};
use crate::tasks::sprsound::SprSoundTask;

/// What KAUH annotates, the finding that answers it, and the classes of task 2-2 that do.
const QUESTIONS: [(&str, Finding, &[usize]); 3] = [
    ("wheeze", Finding::Wheeze, &[1, 3]),
    ("crackle", Finding::Discontinuous, &[2, 3]),
    ("any of the two", Finding::Adventitious, &[1, 2, 3]),
];

/// The section; empty where the data set is not there.
pub(super) fn section(
    inputs: &Inputs<'_>,
    heard: &[HeardRecording<'_>],
    probes: &LungProbes,
) -> Result<String, Error> {
    if heard.is_empty() {
        return Ok(String::new());
    }
    let located = inputs.of(DataSet::Kauh, Split::Test);
    let rows: Vec<Vec<f64>> = embeddings(inputs, &located)?
        .iter()
        .map(Embedding::mean)
        .collect();
    let probe = &probes.of(SprSoundTask::Records5).probe;
    let probed = probe.probabilities(&Matrix::from_rows(&rows)?)?;
    let mut table = Table::new(&[
        ("question", Align::Left),
        ("files / persons", Align::Right),
        ("with it", Align::Right),
        ("AUROC a file", Align::Left),
        ("linear probe on mn04", Align::Left),
        ("reference 32 kHz", Align::Right),
        ("reference 8 kHz", Align::Right),
    ]);
    for ((name, finding, classes), reference) in QUESTIONS.into_iter().zip(reference::KAUH) {
        let (ours, used) = heard::finding(heard, finding)?;
        let scores: Vec<[f64; 2]> = used
            .iter()
            .map(|&index| classes.iter().map(|&c| probed.row(index)[c]).sum::<f64>())
            .map(|p| [1.0 - p, p])
            .collect();
        let groups = number_groups(used.iter().map(|&index| &heard[index].recording.group));
        let probe = Predictions::new(
            Matrix::from_rows(&scores)?,
            ours.truth().to_vec(),
            groups,
            GroupKind::Patients,
        )?;
        let area = ours.auroc_of(&[1], &inputs.bootstrap);
        table.push([
            name,
            &counts(&area),
            &ours.truth().iter().sum::<usize>().to_string(),
            &shown(&area),
            &shown(&probe.auroc_of(&[1], &inputs.bootstrap)),
            reference.at_32k,
            reference.at_8k,
        ]);
    }
    let by_filter = by_filter(inputs, heard)?.to_markdown();
    Ok(joined([
        "## Other patients, another device: KAUH",
        "Adults' lungs, another hospital and stethoscope, 4 kHz; never trained or calibrated on. That \
         the shipped bundle equalises lung recordings was chosen after a look at these, so its \
         figures here are optimistic. Up to three files are one recording through the \
         stethoscope's filters, so that intervals resample persons (the widest grouping that the \
         data set allows). The linear probe is that of task 2-2.",
        &table.to_markdown(),
        "AUROC among the files of each filter.",
        &by_filter,
    ]))
}

/// One column for each filter of the stethoscope.
fn by_filter(inputs: &Inputs<'_>, heard: &[HeardRecording<'_>]) -> Result<Table, Error> {
    let (_, used) = heard::finding(heard, QUESTIONS[0].1)?;
    let filter = |&index: &usize| heard[index].recording.device.as_deref();
    let filters: BTreeSet<&str> = used.iter().filter_map(filter).collect();
    let head: Vec<String> = filters
        .iter()
        .map(|name| {
            let files = used.iter().filter(|index| filter(index) == Some(name));
            format!("{name}, {} files", files.count())
        })
        .collect();
    let mut columns = vec![("question", Align::Left)];
    columns.extend(head.iter().map(|name| (name.as_str(), Align::Left)));
    let mut table = Table::new(&columns);
    for (name, finding, _) in QUESTIONS {
        let (predictions, used) = heard::finding(heard, finding)?;
        let mut row = vec![name.to_owned()];
        for wanted in &filters {
            let of_it: Vec<usize> = (0..used.len())
                .filter(|&i| filter(&used[i]) == Some(wanted))
                .collect();
            let area = predictions.select(&of_it).auroc_of(&[1], &inputs.bootstrap);
            row.push(shown(&area));
        }
        table.push(row);
    }
    Ok(table)
}
