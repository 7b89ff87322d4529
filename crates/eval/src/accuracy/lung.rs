//! In: predictions of the lung network and of the probes. Out: the section on the official tasks
//! and on each group of sounds, with its ROC diagram.

use laennec_assistant::bundle::LUNG_FINDINGS;
use laennec_assistant::wording;
use laennec_corpus::Finding;

use super::frozen::LungProbes;
use super::heard::{self, HeardRecording};
use super::reference::{self, LungReference};
use super::segments::{self, TaskProbabilities};
use super::text::{NONE, counts, joined, shown};
use super::{Figure, Inputs};
use crate::error::Error;
use crate::intervals::Bootstrap;
use crate::metrics::{ConfusionMatrix, roc_curve};
use crate::predictions::{LungFigure, Predictions};
use crate::report::{Align, Table, confusion_table, roc_svg};
use crate::tasks::sprsound::{NORMAL, SprSoundTask};

/// Groups of the classes of task 1-2: name, positive classes, classes left out.
const SEGMENT_GROUPS: [(&str, &[usize], Option<usize>); 5] = [
    ("segments: adventitious", &[1, 2, 3, 4, 5, 6], None),
    ("segments: continuous", &[1, 2, 3, 6], None),
    ("segments: wheeze", &[2, 6], None),
    ("segments: discontinuous", &[4, 5, 6], None),
    // "Wheeze+Crackle" does not say which crackle.
    ("segments: fine crackle", &[5], Some(6)),
];

/// The section, and the file name and content of its diagram.
pub(super) fn section(
    inputs: &Inputs<'_>,
    segments: &[TaskProbabilities<'_>],
    whole: &[HeardRecording<'_>],
    probes: &LungProbes,
) -> Result<(String, Figure), Error> {
    let text = joined([
        "## Lung sounds: the four official SPRSound tasks",
        "1-1 (normal or adventitious) and 1-2 (seven classes) classify annotated segments, given \
         their start and end; 2-1 (normal, adventitious, poor quality) and 2-2 (five classes) \
         classify recordings. The most probable class is the answer; no threshold was tuned. SE is \
         the share of the not-normal whose exact class was named, SP the share of the normal named \
         normal, Score = (AS + HS) / 2 with AS = (SE + SP) / 2 and HS = 2 SE SP / (SE + SP). \
         *Rare classes* are those of ten training patients or fewer; they always count in the \
         truth.",
        &scores(inputs.bootstrap, segments, probes)?.to_markdown(),
        "Area under the ROC curve (AUROC) of each group of sounds. For segments the score is the \
         network's probability of the group; for recordings it is the calibrated probability that \
         `laennec analyze` shows, on the recordings that experts could judge. Where the reference \
         runs give an AUROC of not normal, they do not say whether poor recordings count; here \
         they do.",
        &areas(inputs.bootstrap, segments, whole, probes)?.to_markdown(),
        "Answers in task 1-2 and 2-2, all classes allowed.",
        &confusion(SprSoundTask::Segments7, segments)?,
        &confusion(SprSoundTask::Records5, segments)?,
        "![ROC curves of the lung findings](figures/roc-lung.svg)",
    ]);
    Ok((text, ("roc-lung.svg", roc(whole)?)))
}

fn scores(
    bootstrap: Bootstrap,
    segments: &[TaskProbabilities<'_>],
    probes: &LungProbes,
) -> Result<Table, Error> {
    let mut table = Table::new(&[
        ("task", Align::Left),
        ("n / patients", Align::Right),
        ("SE", Align::Left),
        ("SP", Align::Left),
        ("Score", Align::Left),
        ("linear probe on mn04", Align::Left),
        ("reference 32 kHz", Align::Right),
        ("reference 8 kHz", Align::Right),
    ]);
    for task in SprSoundTask::ALL {
        let probe = probes.of(task);
        let ours = segments::predictions(task, segments)?;
        let reference = reference::lung_score(task);
        let mut row =
            |name: &str, ours: &Predictions, probe: &Predictions, reference: [&str; 2]| {
                let figure = |of: &Predictions, figure| of.lung_figure(figure, NORMAL, &bootstrap);
                let score = figure(ours, LungFigure::Score);
                table.push([
                    name,
                    &counts(&score),
                    &shown(&figure(ours, LungFigure::Sensitivity)),
                    &shown(&figure(ours, LungFigure::Specificity)),
                    &shown(&score),
                    &shown(&figure(probe, LungFigure::Score)),
                    reference[0],
                    reference[1],
                ]);
            };
        row(
            task.name(),
            &ours,
            &probe.predictions,
            [reference.at_32k, reference.at_8k],
        );
        if !probe.rare.is_empty() {
            let LungReference { at_32k, at_8k } = if task == SprSoundTask::Segments7 {
                reference::SEGMENTS_WITHOUT_RARE
            } else {
                LungReference {
                    at_32k: NONE,
                    at_8k: NONE,
                }
            };
            row(
                &format!("{}, rare classes never predicted", task.name()),
                &ours.never_predicting(&probe.rare)?,
                &probe.predictions.never_predicting(&probe.rare)?,
                [at_32k, at_8k],
            );
        }
        if let Some(poor) = task.poor_quality() {
            row(
                &format!("{}, without Poor Quality", task.name()),
                &ours.without_class(poor),
                &probe.predictions.without_class(poor),
                [NONE, NONE],
            );
        }
    }
    Ok(table)
}

fn confusion(task: SprSoundTask, segments: &[TaskProbabilities<'_>]) -> Result<String, Error> {
    let ours = segments::predictions(task, segments)?;
    let matrix = ConfusionMatrix::new(ours.truth(), &ours.predicted(), ours.class_count())?;
    Ok(confusion_table(&matrix, task.classes())?.to_markdown())
}

fn areas(
    bootstrap: Bootstrap,
    segments: &[TaskProbabilities<'_>],
    whole: &[HeardRecording<'_>],
    probes: &LungProbes,
) -> Result<Table, Error> {
    let mut table = Table::new(&[
        ("group", Align::Left),
        ("n / patients", Align::Right),
        ("with it", Align::Right),
        ("AUROC", Align::Left),
        ("linear probe on mn04", Align::Left),
        ("reference 32 kHz", Align::Right),
        ("reference 8 kHz", Align::Right),
    ]);
    let mut row = |name: &str,
                   ours: &Predictions,
                   positive: &[usize],
                   probe: Option<(&Predictions, &[usize])>,
                   reference: Option<&LungReference>| {
        let area = ours.auroc_of(positive, &bootstrap);
        let with_it = ours.truth().iter().filter(|t| positive.contains(t)).count();
        let probe = probe.map_or_else(
            || NONE.to_owned(),
            |(probe, positive)| shown(&probe.auroc_of(positive, &bootstrap)),
        );
        table.push([
            name,
            &counts(&area),
            &with_it.to_string(),
            &shown(&area),
            &probe,
            reference.map_or(NONE, |r| r.at_32k),
            reference.map_or(NONE, |r| r.at_8k),
        ]);
    };
    let ours = segments::predictions(SprSoundTask::Segments7, segments)?;
    let probe = &probes.of(SprSoundTask::Segments7).predictions;
    let references = [Some(&reference::NOT_NORMAL[0]), None, None, None, None];
    for ((name, positive, left_out), reference) in SEGMENT_GROUPS.into_iter().zip(references) {
        let of = |predictions: &Predictions| match left_out {
            Some(class) => predictions.without_class(class),
            None => predictions.clone(),
        };
        row(
            name,
            &of(&ours),
            positive,
            Some((&of(probe), positive)),
            reference,
        );
    }
    let three = segments::predictions(SprSoundTask::Records3, segments)?;
    row(
        "recordings: not normal",
        &three,
        &[1, 2],
        Some((&probes.of(SprSoundTask::Records3).predictions, &[1, 2])),
        Some(&reference::NOT_NORMAL[1]),
    );
    let five = SprSoundTask::Records5;
    let probe = &probes.of(five).predictions;
    let usable = match five.poor_quality() {
        Some(poor) => probe.without_class(poor),
        None => probe.clone(),
    };
    for finding in LUNG_FINDINGS {
        let (ours, _) = heard::finding(whole, finding)?;
        let classes: Option<&[usize]> = match finding {
            Finding::Adventitious => Some(&[1, 2, 3]),
            Finding::Continuous => Some(&[1, 3]),
            Finding::Discontinuous => Some(&[2, 3]),
            _ => None,
        };
        row(
            &format!("recordings: {}", wording::name(finding)),
            &ours,
            &[1],
            classes.map(|classes| (&usable, classes)),
            None,
        );
    }
    Ok(table)
}

fn roc(whole: &[HeardRecording<'_>]) -> Result<String, Error> {
    let mut curves = Vec::new();
    for finding in LUNG_FINDINGS {
        let (scores, truth) = heard::finding(whole, finding)?.0.binary(&[1])?;
        let curve = roc_curve(&scores, &truth)?;
        curves.push((wording::name(finding).to_owned(), curve));
    }
    Ok(roc_svg("Lung findings, validation recordings", &curves))
}

#[cfg(test)]
mod tests {
    use super::*;
    use laennec_corpus::EventKind;

    #[test]
    fn the_groups_of_segments_are_those_of_the_vocabulary() {
        for kind in EventKind::ALL {
            let Some(class) = SprSoundTask::Segments7.segment_class(*kind) else {
                continue;
            };
            let [any, continuous, _, discontinuous, _] = SEGMENT_GROUPS;
            assert_eq!(any.1.contains(&class), *kind != EventKind::Normal);
            assert_eq!(continuous.1.contains(&class), kind.is_continuous());
            assert_eq!(discontinuous.1.contains(&class), kind.is_discontinuous());
        }
    }
}
