//! In: the lung tasks' predictions, and the same recordings changed. Out: the section on other
//! shares of the classes, other levels and other bandwidths.

use laennec_corpus::Located;

use super::frozen::LungProbes;
use super::segments::{self, TaskProbabilities};
use super::text::{joined, shown};
use super::{Inputs, Variant};
use crate::error::Error;
use crate::intervals::{Bootstrap, Estimate};
use crate::metrics::{LungScore, Undefined};
use crate::predictions::{LungFigure, Predictions};
use crate::report::{Align, Table};
use crate::stress::{ClassShares, reweighted_auroc, reweighted_lung_score};
use crate::tasks::sprsound::{NORMAL, SprSoundTask};

/// Other levels and bandwidths.
const VARIANTS: [Variant; 3] = [
    Variant::Gain(10.0),
    Variant::Gain(-10.0),
    Variant::LowPass(2000.0),
];

/// Share of Poor Quality in SPRSound's official test set.
const POOR_ELSEWHERE: f64 = 0.01;

/// Weight of sounds (wheeze) in the shifted shares.
const MORE_WHEEZE: f64 = 2.0;

/// The section.
pub(super) fn section(
    inputs: &Inputs<'_>,
    heard: &[TaskProbabilities<'_>],
    located: &[&Located],
    probes: &LungProbes,
) -> Result<String, Error> {
    let records = segments::predictions(SprSoundTask::Records3, heard)?;
    let observed = ClassShares::observed(records.truth(), records.class_count())?;
    let poor = SprSoundTask::Records3.poor_quality();
    let poor_here = poor.map_or(0.0, |class| observed.shares()[class]);
    Ok(joined([
        "## Other class shares, levels and bandwidths",
        &format!(
            "Another hospital has other shares of the classes. Here Poor Quality is {:.0} % of the \
             recordings instead of {:.0} % (as in SPRSound's official test set), and wheeze (1-2) or \
             continuous sounds alone (2-2) are weighted {MORE_WHEEZE:.0} times; nothing is trained or \
             chosen anew. Recordings of a class are assumed to be alike in both places: this shows \
             the effect of the shares alone.",
            POOR_ELSEWHERE * 100.0,
            poor_here * 100.0
        ),
        &prevalence(inputs.bootstrap, heard, probes)?,
        "Official Scores on the same recordings after a change of level or bandwidth, the most \
         probable class as answer. There are no figures of the linear probe and of the reference \
         runs for these.",
        &variants(inputs, heard, located)?,
    ]))
}

/// Shares of a task's classes at the other place.
fn shifted(task: SprSoundTask, predictions: &Predictions) -> Result<ClassShares, Undefined> {
    let mut shares = ClassShares::observed(predictions.truth(), predictions.class_count())?;
    let classes = task.classes();
    for wheeze in ["Wheeze", "CAS"] {
        if let Some(class) = classes.iter().position(|name| *name == wheeze) {
            shares = shares.scaled(class, MORE_WHEEZE)?;
        }
    }
    match task.poor_quality() {
        Some(poor) => shares.with_share(poor, POOR_ELSEWHERE),
        None => Ok(shares),
    }
}

fn prevalence(
    bootstrap: Bootstrap,
    heard: &[TaskProbabilities<'_>],
    probes: &LungProbes,
) -> Result<String, Error> {
    let mut table = Table::new(&[
        ("task", Align::Left),
        ("Score as observed", Align::Left),
        ("Score, other shares", Align::Left),
        ("AUROC not normal, other shares", Align::Left),
        ("linear probe: Score, other shares", Align::Left),
    ]);
    for task in [
        SprSoundTask::Segments7,
        SprSoundTask::Records3,
        SprSoundTask::Records5,
    ] {
        let ours = segments::predictions(task, heard)?;
        let target = shifted(task, &ours)?;
        let not_normal: Vec<usize> = (NORMAL + 1..ours.class_count()).collect();
        let area = at_shares(&ours, bootstrap, |part| {
            reweighted_auroc(part, &not_normal, &target)
        });
        table.push([
            task.name(),
            &shown(&ours.lung_figure(LungFigure::Score, NORMAL, &bootstrap)),
            &shown(&score_at(&ours, &target, bootstrap)),
            &shown(&area),
            &shown(&score_at(&probes.of(task).predictions, &target, bootstrap)),
        ]);
    }
    Ok(table.to_markdown())
}

fn score_at(
    predictions: &Predictions,
    target: &ClassShares,
    bootstrap: Bootstrap,
) -> Result<Estimate, Undefined> {
    at_shares(predictions, bootstrap, |part| {
        reweighted_lung_score(part, NORMAL, target).map(LungScore::score)
    })
}

/// A weighted figure of each resample; resamples that lack a class are left out.
fn at_shares(
    predictions: &Predictions,
    bootstrap: Bootstrap,
    figure: impl Fn(&Predictions) -> Result<f64, Undefined> + Sync,
) -> Result<Estimate, Undefined> {
    predictions.estimate(&bootstrap, |indices| figure(&predictions.select(indices)))
}

fn variants(
    inputs: &Inputs<'_>,
    heard: &[TaskProbabilities<'_>],
    located: &[&Located],
) -> Result<String, Error> {
    let mut columns = vec![("heard", Align::Left)];
    columns.extend(SprSoundTask::ALL.map(|task| (task.name(), Align::Left)));
    let mut table = Table::new(&columns);
    let row = |variant: Variant, heard: &[TaskProbabilities<'_>]| {
        let mut row = vec![variant.name()];
        for task in SprSoundTask::ALL {
            let predictions = segments::predictions(task, heard)?;
            let score = predictions.lung_figure(LungFigure::Score, NORMAL, &inputs.bootstrap);
            row.push(shown(&score));
        }
        Ok::<_, Error>(row)
    };
    table.push(row(Variant::AsRecorded, heard)?);
    for variant in VARIANTS {
        let what = format!("lung tasks, {}", variant.name());
        let changed = segments::hear_all(inputs, &what, located, variant)?;
        table.push(row(variant, &changed)?);
    }
    Ok(table.to_markdown())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intervals::GroupKind;
    use crate::matrix::Matrix;

    #[test]
    fn the_shifted_shares_are_those_of_the_text() {
        let truth: Vec<usize> = [
            vec![0; 60],
            vec![1; 10],
            vec![2; 15],
            vec![3; 5],
            vec![4; 10],
        ]
        .concat();
        let matrix = Matrix::new(100, 5, vec![0.2; 500]).unwrap();
        let groups = (0..100).collect();
        let predictions = Predictions::new(matrix, truth, groups, GroupKind::Recordings).unwrap();
        let shares = shifted(SprSoundTask::Records5, &predictions).unwrap();
        let shares = shares.shares();
        assert!((shares[4] - 0.01).abs() < 1e-12);
        // Continuous sounds were a sixth of the normal recordings and are now a third.
        assert!((shares[1] / shares[0] - 1.0 / 3.0).abs() < 1e-12);
        assert!((shares[2] / shares[0] - 0.25).abs() < 1e-12);
    }
}
