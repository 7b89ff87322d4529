//! In: `SPRSound`'s official test recordings, where the data folder has them. Out: the section on the
//! four official tasks there.

use laennec_corpus::{DataSet, Located, OfficialSplit};

use super::frozen::LungProbes;
use super::segments;
use super::text::{counts, joined, shown};
use super::{Inputs, Variant};
use crate::error::Error;
use crate::predictions::{LungFigure, Predictions};
use crate::report::{Align, Table};
use crate::tasks::sprsound::{NORMAL, SprSoundTask};

/// The section; empty where the data folder has no official test.
pub(super) fn section(inputs: &Inputs<'_>, probes: &LungProbes) -> Result<String, Error> {
    let is_test = |l: &&Located| {
        l.recording.data_set == DataSet::SprSound
            && l.recording.official_split == Some(OfficialSplit::Test)
    };
    let located: Vec<&Located> = inputs.recordings.iter().filter(is_test).collect();
    if located.is_empty() {
        return Ok(String::new());
    }
    let heard = segments::hear_all(inputs, "official test", &located, Variant::AsRecorded)?;
    let mut table = Table::new(&[
        ("task", Align::Left),
        ("n / patients", Align::Right),
        ("SE", Align::Left),
        ("SP", Align::Left),
        ("Score", Align::Left),
        ("AUROC not normal", Align::Left),
    ]);
    let mut row = |name: &str, predictions: &Predictions| {
        let figure = |figure| predictions.lung_figure(figure, NORMAL, &inputs.bootstrap);
        let score = figure(LungFigure::Score);
        let others: Vec<usize> = (0..predictions.class_count())
            .filter(|class| *class != NORMAL)
            .collect();
        table.push([
            name,
            &counts(&score),
            &shown(&figure(LungFigure::Sensitivity)),
            &shown(&figure(LungFigure::Specificity)),
            &shown(&score),
            &shown(&predictions.auroc_of(&others, &inputs.bootstrap)),
        ]);
    };
    for task in SprSoundTask::ALL {
        let predictions = segments::predictions(task, &heard)?;
        row(task.name(), &predictions);
        let rare = &probes.of(task).rare;
        if !rare.is_empty() {
            row(
                &format!("{}, rare classes never predicted", task.name()),
                &predictions.never_predicting(rare)?,
            );
        }
    }
    Ok(joined([
        "## SPRSound's official test",
        "The recordings that the challenge tests on, with the tasks, answers and figures of the \
         section above. By its design some of these patients have other recordings in the \
         challenge's training part, from which a bundle may have learned.",
        &table.to_markdown(),
    ]))
}
