//! In: the outcome of the benchmark. Out: its diagrams as SVG, by file name.

use laennec_corpus::{DataSet, Split};
use laennec_models::teacher::Teacher;

use super::encoder::Role;
use super::run::{Inputs, Outcome, TaskOutcome};
use super::{layers, space};
use crate::error::Error;
use crate::metrics::{Binning, reliability, roc_curve};
use crate::probes::Standardiser;
use crate::report::{heat_map_svg, map_svg, reliability_svg, roc_svg};
use crate::similarity::{TsneOptions, debiased_cka, tsne};

/// Tasks of two classes whose ROC curves are drawn, with the names of the files.
const ROC_TASKS: [(&str, &str); 3] = [
    ("lung: adventitious sound", "probe-roc-lung.svg"),
    ("heart: abnormal, database a", "probe-roc-heart.svg"),
    ("KAUH: wheeze, fitted on children", "probe-roc-kauh.svg"),
];

/// Bins of the reliability diagram.
const BINS: usize = 8;

/// More curves than this cannot be told apart.
const MOST_CURVES: usize = 6;

/// Places that a map holds at most.
const MOST_PLACES: usize = 1000;

/// Labels of `SPRSound`'s recordings, in the order of the map's legend.
const LABELS: [&str; 5] = ["Normal", "CAS", "DAS", "CAS & DAS", "Poor Quality"];

/// File name and content of every diagram that the outcome allows.
pub(super) fn figures(
    inputs: &Inputs<'_>,
    outcome: &Outcome,
    teacher: Option<&dyn Teacher>,
) -> Result<Vec<(String, String)>, Error> {
    let mut all = Vec::new();
    let shown = drawn(inputs);
    for (name, file) in ROC_TASKS {
        if let Some(task) = outcome.tasks.iter().find(|t| t.task.name == name) {
            all.push((file.to_owned(), roc(inputs, task, &shown)?));
        }
    }
    if let Some(task) = outcome.tasks.iter().find(|t| t.task.name == ROC_TASKS[0].0) {
        let name = "probe-reliability.svg".to_owned();
        all.push((name, calibration(inputs, task, &shown)?));
    }
    all.extend(maps(inputs, outcome)?);
    if let Some(svg) = likeness(inputs, outcome) {
        all.push(("probe-cka.svg".to_owned(), svg));
    }
    all.extend(by_layer(inputs, teacher)?);
    Ok(all)
}

/// Start, candidates and controls in this order, as many as can be told apart.
fn drawn(inputs: &Inputs<'_>) -> Vec<usize> {
    let order = [
        Role::Start,
        Role::Candidate,
        Role::Shuffled,
        Role::Control,
        Role::Baseline,
    ];
    let mut all: Vec<usize> = (0..inputs.contenders.len()).collect();
    all.sort_by_key(|&i| {
        order
            .iter()
            .position(|role| *role == inputs.contenders[i].role)
    });
    all.truncate(MOST_CURVES);
    all
}

/// Score of the second class, and whether it is the truth.
fn binary(task: &TaskOutcome, contender: usize) -> (Vec<f64>, Vec<bool>) {
    let truth = task.rows.judged_classes.iter().map(|c| *c == 1).collect();
    let scores = task.probabilities[contender].column(1);
    // Rounding may carry a mean of probabilities past 1.
    (
        scores.into_iter().map(|p| p.clamp(0.0, 1.0)).collect(),
        truth,
    )
}

fn roc(inputs: &Inputs<'_>, task: &TaskOutcome, shown: &[usize]) -> Result<String, Error> {
    let mut curves = Vec::new();
    for &index in shown {
        let (scores, truth) = binary(task, index);
        curves.push((
            inputs.contenders[index].name.clone(),
            roc_curve(&scores, &truth)?,
        ));
    }
    Ok(roc_svg(&task.task.name, &curves))
}

fn calibration(inputs: &Inputs<'_>, task: &TaskOutcome, shown: &[usize]) -> Result<String, Error> {
    let mut classes = Vec::new();
    for &index in shown {
        let (scores, truth) = binary(task, index);
        let bins = reliability(&scores, &truth, BINS, Binning::EqualMass)?;
        classes.push((inputs.contenders[index].name.clone(), bins));
    }
    Ok(reliability_svg(&task.task.name, &classes))
}

/// The map of the children's validation recordings for the start and for each candidate.
fn maps(inputs: &Inputs<'_>, outcome: &Outcome) -> Result<Vec<(String, String)>, Error> {
    let label = |index: usize| {
        let class = inputs.recordings[index].recording.record_class.as_deref()?;
        LABELS.iter().position(|label| *label == class)
    };
    let rows: Vec<usize> = judged_lungs(inputs)
        .into_iter()
        .filter(|&i| label(i).is_some())
        .collect();
    if rows.len() < 100 {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for (index, contender) in inputs.contenders.iter().enumerate() {
        if !matches!(contender.role, Role::Start | Role::Candidate) {
            continue;
        }
        let features = outcome.embeddings[index].select(&rows);
        let scaled = Standardiser::fit(&features)?.apply(&features)?;
        let (map, _) = tsne(&scaled, &TsneOptions::default())?;
        let points: Vec<([f64; 2], usize)> = rows
            .iter()
            .enumerate()
            .filter_map(|(row, &i)| {
                label(i).map(|class| ([map.row(row)[0], map.row(row)[1]], class))
            })
            .collect();
        let title = format!("{}: children's lungs", contender.name);
        let file = format!("probe-map-{}.svg", file_word(&contender.name));
        all.push((file, map_svg(&title, &LABELS, &points)));
        (inputs.progress)("maps", index + 1, inputs.contenders.len());
    }
    Ok(all)
}

/// Validation recordings of `SPRSound`.
fn judged_lungs(inputs: &Inputs<'_>) -> Vec<usize> {
    (0..inputs.recordings.len())
        .filter(|&i| {
            let recording = &inputs.recordings[i].recording;
            recording.data_set == DataSet::SprSound && recording.split == Some(Split::Validation)
        })
        .take(MOST_PLACES)
        .collect()
}

/// How alike the contenders' embeddings are on the children's validation recordings.
fn likeness(inputs: &Inputs<'_>, outcome: &Outcome) -> Option<String> {
    let rows = judged_lungs(inputs);
    let own: Vec<_> = outcome
        .embeddings
        .iter()
        .map(|all| all.select(&rows))
        .collect();
    let names: Vec<String> = inputs.contenders.iter().map(|c| c.name.clone()).collect();
    let values: Vec<Vec<Option<f64>>> = own
        .iter()
        .map(|a| own.iter().map(|b| debiased_cka(a, b).ok()).collect())
        .collect();
    let any = values.iter().flatten().any(Option::is_some);
    any.then(|| heat_map_svg("CKA of the embeddings", &names, &names, &values))
}

/// For each candidate, or for the start alone, the likeness of its layers to the start's and to the
/// reports.
fn by_layer(
    inputs: &Inputs<'_>,
    teacher: Option<&dyn Teacher>,
) -> Result<Vec<(String, String)>, Error> {
    let rows = layers::compared(&judged_lungs(inputs));
    let reports = match teacher {
        Some(teacher) => Some(space::report_vectors(inputs, &rows, teacher)?),
        None => None,
    };
    let of_role = |role: Role| {
        (0..inputs.contenders.len()).filter(move |&i| inputs.contenders[i].role == role)
    };
    let mut shown: Vec<usize> = of_role(Role::Candidate).collect();
    let Some(first) = of_role(Role::Start).next().filter(|_| rows.len() >= 10) else {
        return Ok(Vec::new());
    };
    if shown.is_empty() {
        shown.push(first);
    }
    let Some(start) = layers::layers(inputs, first, &rows)? else {
        return Ok(Vec::new());
    };
    let mut all = Vec::new();
    for (done, index) in shown.iter().copied().enumerate() {
        let name = &inputs.contenders[index].name;
        if let Some(own) = layers::layers(inputs, index, &rows)? {
            let title = format!("CKA of layers: {name}");
            let svg = layers::heat_map(&title, &own, &start, reports.as_ref());
            all.push((format!("probe-cka-{}.svg", file_word(name)), svg));
        }
        (inputs.progress)("layers", done + 1, shown.len());
    }
    Ok(all)
}

/// A name as part of a file name.
pub(super) fn file_word(name: &str) -> String {
    let mut word = String::new();
    for c in name.chars().map(|c| c.to_ascii_lowercase()) {
        if c.is_ascii_alphanumeric() {
            word.push(c);
        } else if !word.ends_with('-') && !word.is_empty() {
            word.push('-');
        }
    }
    word.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_file_names() {
        assert_eq!(file_word("AcuLa (λ = 2), mn04"), "acula-2-mn04");
        assert_eq!(file_word("--"), "");
    }
}
