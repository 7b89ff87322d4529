//! In: the outcome of the benchmark. Out: the tables of its report.

use super::compare::{Scores, gain};
use super::encoder::Role;
use super::page::enters_mean;
use super::run::{Inputs, Outcome, TaskOutcome};
use super::space::SpaceOutcome;
use crate::intervals::{Estimate, GroupKind, Interval};
use crate::opera::{self, Target};
use crate::report::text::NONE;
use crate::report::{Align, Table};

/// Who is compared.
pub(super) fn contenders(inputs: &Inputs<'_>) -> Table {
    let mut table = Table::new(&[
        ("encoder", Align::Left),
        ("compared as", Align::Left),
        ("what it is", Align::Left),
        ("SHA-256", Align::Left),
    ]);
    for contender in inputs.contenders {
        let hash = contender.sha256.as_deref().unwrap_or(NONE);
        table.push([
            contender.name.as_str(),
            contender.role.word(),
            &contender.about(),
            hash.get(..16).unwrap_or(hash),
        ]);
    }
    table
}

/// Who fits and who is judged in each task.
pub(super) fn tasks(outcome: &Outcome) -> Table {
    let mut table = Table::new(&[
        ("task", Align::Left),
        ("fitted on / persons", Align::Right),
        ("judged / persons", Align::Right),
        ("judged, by class", Align::Left),
        ("least", Align::Right),
        ("in the mean", Align::Left),
    ]);
    for one in &outcome.tasks {
        let TaskOutcome { task, rows, .. } = one;
        let fitted = if rows.fitted.is_empty() {
            "other folds".to_owned()
        } else {
            format!("{} / {}", rows.fitted.len(), distinct(&rows.fitted_groups))
        };
        let persons = match rows.kind {
            GroupKind::Recordings => "unknown".to_owned(),
            _ => distinct(&rows.judged_groups).to_string(),
        };
        let by_class = task.classes.iter().enumerate().map(|(class, name)| {
            let count = rows.judged_classes.iter().filter(|c| **c == class).count();
            format!("{name} {count}")
        });
        table.push([
            task.name.clone(),
            fitted,
            format!("{} / {persons}", rows.judged.len()),
            by_class.collect::<Vec<_>>().join(", "),
            rows.fewest_units(task.classes.len()).to_string(),
            if enters_mean(one) { "yes" } else { NONE }.to_owned(),
        ]);
    }
    table
}

/// AUROC of each contender, and the mean.
pub(super) fn areas(inputs: &Inputs<'_>, outcome: &Outcome) -> Table {
    let every: Vec<usize> = (0..inputs.contenders.len()).collect();
    by_task(inputs, outcome, "task", &every, |scores, index| {
        format!("{:#}", scores[index].estimate(&inputs.bootstrap))
    })
}

/// Difference of each contender to the start, and of the mean.
pub(super) fn gains(inputs: &Inputs<'_>, outcome: &Outcome) -> Table {
    let others: Vec<usize> = (0..inputs.contenders.len())
        .filter(|&i| inputs.contenders[i].role != Role::Start)
        .collect();
    by_task(
        inputs,
        outcome,
        "task, AUROC more than the start",
        &others,
        |scores, index| {
            let gain = scores[index].minus(scores[start(inputs)]);
            signed(&gain.estimate(&inputs.bootstrap))
        },
    )
}

/// Gain of one candidate beside that of every control, and whether it counts.
pub(super) fn claim(inputs: &Inputs<'_>, outcome: &Outcome, candidate: usize) -> Table {
    let of_role = |role: Role| -> Vec<usize> {
        let all = inputs.contenders.iter().enumerate();
        all.filter(|(_, c)| c.role == role)
            .map(|(i, _)| i)
            .collect()
    };
    let (shuffled, others) = (of_role(Role::Shuffled), of_role(Role::Control));
    let mut columns = vec![
        ("task".to_owned(), Align::Left),
        ("over the start".to_owned(), Align::Left),
    ];
    for &index in shuffled.iter().chain(&others) {
        columns.push((
            format!("over {}", inputs.contenders[index].name),
            Align::Left,
        ));
    }
    columns.push(("counts".to_owned(), Align::Left));
    let borrowed: Vec<(&str, Align)> = columns.iter().map(|(n, a)| (n.as_str(), *a)).collect();
    let mut table = Table::new(&borrowed);
    each_task(outcome, |name, scores| {
        let controls: Vec<&Scores> = shuffled.iter().map(|&i| scores[i]).collect();
        let own = scores[candidate];
        let gain = gain(own, scores[start(inputs)], &controls, &inputs.bootstrap);
        let mut row = vec![name.to_owned(), signed(&gain.over_start)];
        row.extend(gain.over_shuffled.iter().map(signed));
        row.extend(
            others
                .iter()
                .map(|&i| signed(&own.minus(scores[i]).estimate(&inputs.bootstrap))),
        );
        row.push(
            gain.counts
                .map_or(NONE, |counts| if counts { "yes" } else { "no" })
                .to_owned(),
        );
        table.push(row);
    });
    table
}

/// AUROC by OPERA's protocol with its deviation over the seeds.
pub(super) fn opera_areas(inputs: &Inputs<'_>, outcome: &Outcome) -> Table {
    let mut table = Table::new(&heading(
        "task",
        inputs,
        &(0..inputs.contenders.len()).collect::<Vec<_>>(),
    ));
    let row = |name: &str, scores: &[&Scores]| {
        let cells = scores
            .iter()
            .map(|s| format!("{:.3} ± {:.3}", s.value, s.seed_deviation()));
        std::iter::once(name.to_owned())
            .chain(cells)
            .collect::<Vec<_>>()
    };
    for one in &outcome.tasks {
        table.push(row(&one.task.name, &one.opera.iter().collect::<Vec<_>>()));
    }
    let means = means(outcome, |task| &task.opera);
    if !means.1.is_empty() {
        table.push(row(&means.0, &means.1.iter().collect::<Vec<_>>()));
    }
    table
}

/// OPERA's tasks, which of them ran here, and where the data of the others are had.
pub(super) fn nineteen(outcome: &Outcome) -> Table {
    let mut table = Table::new(&[
        ("no.", Align::Right),
        ("sound", Align::Left),
        ("question", Align::Left),
        ("judged by", Align::Left),
        ("OPERA-CT", Align::Right),
        ("OPERA-CE", Align::Right),
        ("OPERA-GT", Align::Right),
        ("here", Align::Left),
    ]);
    for task in opera::TASKS {
        let ran = outcome
            .tasks
            .iter()
            .find(|one| one.task.opera == Some(task.number));
        let here = match (ran, task.labels) {
            (Some(one), _) => format!("{} recordings", one.rows.judged.len()),
            (None, Some(labels)) => {
                format!(
                    "folder `{}` is missing: {}",
                    labels.data_set.folder_name(),
                    task.source
                )
            }
            (None, None) => format!("no reader, no data: {}", task.source),
        };
        let judged = match task.target {
            Target::Classes(classes) if classes.len() == 2 => "AUROC".to_owned(),
            Target::Classes(classes) => format!("AUROC, {} classes", classes.len()),
            Target::Number => "MAE".to_owned(),
        };
        let [ct, ce, gt] = task.published;
        let number = task.number.to_string();
        table.push([
            &number,
            task.sound,
            task.question,
            &judged,
            ct,
            ce,
            gt,
            &here,
        ]);
    }
    table
}

/// Search in the common space, both ways.
pub(super) fn search(spaces: &[SpaceOutcome]) -> Table {
    let mut table = Table::new(&[
        ("encoder", Align::Left),
        ("direction", Align::Left),
        ("queries / candidates", Align::Right),
        ("figure", Align::Left),
        ("value", Align::Left),
        ("chance", Align::Right),
    ]);
    for space in spaces {
        let found = &space.retrieval;
        let directions = [
            ("sound to report", &found.sound_to_report),
            ("report to sound", &found.report_to_sound),
        ];
        for (name, direction) in directions {
            for figure in &direction.figures {
                table.push([
                    space.name.clone(),
                    name.to_owned(),
                    format!("{} / {}", space.queries, direction.candidates),
                    figure.name.clone(),
                    format!("{:#}", figure.estimate),
                    format!("{:.3}", figure.chance),
                ]);
            }
        }
    }
    table
}

/// Tasks asked without training on labels.
pub(super) fn zero_shot(spaces: &[SpaceOutcome]) -> Table {
    let columns = spaces
        .iter()
        .map(|space| (space.name.as_str(), Align::Left));
    let heading: Vec<(&str, Align)> = std::iter::once(("task", Align::Left))
        .chain(columns)
        .collect();
    let mut table = Table::new(&heading);
    let first = spaces.first().map_or(&[][..], |space| &space.zero_shot);
    for (row, (name, _)) in first.iter().enumerate() {
        let cells = spaces
            .iter()
            .map(|space| format!("{:#}", space.zero_shot[row].1));
        table.push(std::iter::once(name.clone()).chain(cells));
    }
    table
}

/// One row a task and one for the mean; one column a contender of `columns`.
fn by_task(
    inputs: &Inputs<'_>,
    outcome: &Outcome,
    first: &str,
    columns: &[usize],
    cell: impl Fn(&[&Scores], usize) -> String,
) -> Table {
    let mut table = Table::new(&heading(first, inputs, columns));
    each_task(outcome, |name, scores| {
        let mut row = vec![name.to_owned()];
        row.extend(columns.iter().map(|&index| cell(scores, index)));
        table.push(row);
    });
    table
}

/// Every task and the mean of those that enter it, with the scores of all contenders.
fn each_task(outcome: &Outcome, mut tell: impl FnMut(&str, &[&Scores])) {
    for one in &outcome.tasks {
        tell(&one.task.name, &one.nested.iter().collect::<Vec<_>>());
    }
    let (name, means) = means(outcome, |task| &task.nested);
    if !means.is_empty() {
        tell(&name, &means.iter().collect::<Vec<_>>());
    }
}

/// The mean over tasks of each contender; none where no task enters it.
fn means(outcome: &Outcome, of: impl Fn(&TaskOutcome) -> &Vec<Scores>) -> (String, Vec<Scores>) {
    let entering: Vec<&TaskOutcome> = outcome.tasks.iter().filter(|t| enters_mean(t)).collect();
    let contenders = entering.first().map_or(0, |task| of(task).len());
    let mean = |index: usize| {
        Scores::mean(
            &entering
                .iter()
                .map(|task| &of(task)[index])
                .collect::<Vec<_>>(),
        )
    };
    let name = format!("**mean of {}**", entering.len());
    (name, (0..contenders).filter_map(mean).collect())
}

fn heading<'a>(first: &'a str, inputs: &Inputs<'a>, columns: &[usize]) -> Vec<(&'a str, Align)> {
    let names = columns
        .iter()
        .map(|&i| (inputs.contenders[i].name.as_str(), Align::Left));
    std::iter::once((first, Align::Left)).chain(names).collect()
}

fn start(inputs: &Inputs<'_>) -> usize {
    let mut all = inputs.contenders.iter();
    all.position(|c| c.role == Role::Start).unwrap_or(0)
}

/// A difference with its sign.
fn signed(estimate: &Estimate) -> String {
    match estimate.interval {
        Some(Interval { low, high }) => format!("{:+.3} [{low:+.3}, {high:+.3}]", estimate.value),
        None => format!("{:+.3} [no interval]", estimate.value),
    }
}

fn distinct(groups: &[usize]) -> usize {
    groups
        .iter()
        .collect::<std::collections::BTreeSet<_>>()
        .len()
}
