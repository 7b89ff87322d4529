//! Votes and gold of every target come in; docs/weak.md goes out.

use std::fmt::Write as _;

use laennec_corpus::weak::models::{CrossDomain, CrossDomainOptions};
use laennec_corpus::weak::{
    Column, Evidence, FindingVotes, Item, Opinion, VoteMatrix, accuracies, summary,
};
use laennec_corpus::{DataSet, Finding};

use super::contenders::{Contender, Votes, contenders};
use super::target::{Measured, TARGETS, area, balanced, domain_of, other, squared};
use crate::error::Error;
use crate::intervals::{Bootstrap, Estimate};
use crate::metrics::Undefined;
use crate::report::{Align, Table};

/// The first line of the report, by which it is known.
pub const MARKER: &str = "<!-- Made by `laennec eval weak`; run it again instead of editing. -->";

/// Everything that the report needs.
pub(super) struct Material<'a> {
    pub(super) items: &'a [Item<'a>],
    pub(super) evidence: &'a [Evidence],
    pub(super) votes: &'a [FindingVotes],
    pub(super) bootstrap: Bootstrap,
    /// Name and hash of each network that votes.
    pub(super) networks: Vec<(String, String)>,
}

/// A figure of scores and gold on the drawn observations.
type Statistic = fn(&[f64], &[bool], &[usize]) -> Result<f64, Undefined>;

/// A target with its figures.
struct Answered {
    name: String,
    text: String,
    /// Contender and its AUROC minus that of majority vote.
    gains: Vec<(String, Result<Estimate, Undefined>)>,
}

pub(super) fn page(material: &Material<'_>) -> Result<String, Error> {
    let mut answered = Vec::new();
    for (data_set, finding) in TARGETS {
        let votes = material.votes.iter().find(|votes| votes.finding == finding);
        let Some(votes) = votes.filter(|votes| domain_of(votes, data_set).is_some()) else {
            continue;
        };
        answered.push(target(material, votes, data_set)?);
    }
    let mut text = format!("{MARKER}\n\n{INTRODUCTION}\n");
    let networks = material.networks.iter();
    let networks: Vec<String> = networks
        .map(|(name, hash)| format!("{name} `{hash}`"))
        .collect();
    write!(text, "\nNetworks that vote: {}.\n", networks.join(", ")).expect("writing to a string");
    text.push_str(&verdict(&answered));
    for target in &answered {
        write!(text, "\n## {}\n\n{}", target.name, target.text).expect("writing to a string");
    }
    Ok(text)
}

const INTRODUCTION: &str = "\
# Weak supervision

Made by `laennec eval weak --out docs/weak.md` from the data folder; every figure was measured in that run.

`laennec corpus label` makes labels out of what is not gold: age, sex, site, device, diagnosis, text, \
measures of the sound, networks that learned from other data sets. No labelling function reads a \
column from which the gold of a data set comes (for SPRSound neither the record label nor the events, \
which imply each other). Here the labels are compared with that hidden gold, which no label model \
saw.

- SPRSound: fitted on the votes of training and calibration patients, measured on validation \
patients. The limits of the acoustic functions were set looking at training patients' gold.
- KAUH: fitted and measured on the same recordings, since none trains; nothing was set by their gold. \
Files are one recording through up to three filters; persons are resampled.
- In KAUH the diagnosis nearly gives the sound away: see the accuracy by gold of its functions. What \
is reached with them is that diagnosis read back, not hearing; *no diagnosis* is the control without.
- PhysioNet 2016: as SPRSound, by blocks, since persons are unknown; no limit was set on it. There are too few validation \
blocks for intervals.
- *Same set*: the label model was fitted on the votes of the data set that is measured. *Both sets*: \
on SPRSound and KAUH together. *Other set*: on the other of the two alone. With two lung sets \
anything across sets is exploratory.
- *Dawid-Skene* counts abstentions as votes. *Snorkel* is the package's label model with its own \
defaults (uniform class balance, abstentions ignored). *Cross-domain* is this project's: confusion \
tables of each set shrunk towards common ones.
- *Majority class* is the best constant. *Measure alone* and *network alone* are a single source, \
ranked by its own number, without any label model.

AUROC ranks; balanced accuracy is at a probability of one half; Brier is the mean squared error of \
the probability. Square brackets hold 95 % intervals from 1000 bootstrap resamples of patients. \
*Gain* is AUROC minus that of majority vote, resampled together.

For research only; not a medical device.
";

/// What can be said of all targets, computed from the gains.
fn verdict(answered: &[Answered]) -> String {
    let mut names: Vec<&String> = Vec::new();
    for (name, _) in answered.iter().flat_map(|target| &target.gains) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut table = Table::new(&[
        ("source or label model", Align::Left),
        ("better than majority vote", Align::Right),
        ("worse", Align::Right),
        ("cannot be told", Align::Right),
    ]);
    for name in names {
        let mut counts = [0_usize; 3];
        for target in answered {
            for (_, gain) in target.gains.iter().filter(|(other, _)| other == name) {
                let interval = gain.as_ref().ok().and_then(|gain| gain.interval);
                let side = match interval {
                    Some(interval) if interval.low > 0.0 => 0,
                    Some(interval) if interval.high < 0.0 => 1,
                    _ => 2,
                };
                counts[side] += 1;
            }
        }
        table.push([
            name.clone(),
            counts[0].to_string(),
            counts[1].to_string(),
            counts[2].to_string(),
        ]);
    }
    format!(
        "\n## Is it better than counting votes?\n\nThe number of targets on which the AUROC is above \
         or below that of majority vote with an interval that excludes zero.\n\n{}",
        table.to_markdown()
    )
}

fn target(
    material: &Material<'_>,
    votes: &FindingVotes,
    data_set: DataSet,
) -> Result<Answered, Error> {
    let domain = domain_of(votes, data_set).expect("it was looked for");
    let elsewhere = other(data_set).and_then(|other| domain_of(votes, other));
    let measured = Measured::new(material.items, domain, votes.finding);
    let fit = domain.votes.select(&measured.fit);
    let own = measured.votes(domain);
    let reads_diagnoses =
        |&index: &usize| votes.functions[index].reads.contains(&Column::Diagnoses);
    let diagnoses: Vec<usize> = (0..votes.functions.len()).filter(reads_diagnoses).collect();
    let all = contenders(&Votes {
        diagnoses: &diagnoses,
        fit: &fit,
        other: elsewhere.map(|other| &other.votes),
        measured: &own,
    });
    let positive = measured.gold.iter().filter(|&&gold| gold).count();
    let mut table = Table::new(&[
        ("source or label model", Align::Left),
        ("fitted on", Align::Left),
        ("AUROC", Align::Left),
        ("gain", Align::Left),
        ("balanced accuracy", Align::Left),
        ("Brier", Align::Left),
    ]);
    let share = positive as f64 / measured.gold.len().max(1) as f64;
    table.push([
        "majority class",
        "–",
        "0.500",
        "–",
        "0.500",
        &format!("{:.3}", share * (1.0 - share)),
    ]);
    let base = all[0].probabilities.as_ref().map_or(&[][..], Vec::as_slice);
    let mut gains = Vec::new();
    for (name, scores) in alone(material, votes.finding, domain, &measured) {
        let gain = gain(material, &measured, &scores, base);
        let ranked = measured.estimate(&material.bootstrap, |drawn| {
            area(&scores, &measured.gold, drawn)
        });
        table.push([name.as_str(), "–", &shown(&ranked), &shown(&gain), "–", "–"]);
        gains.push((name, gain));
    }
    for contender in &all {
        let (row, gain) = row(material, &measured, contender, base);
        table.push(row);
        if let Some(gain) = gain {
            gains.push((
                format!("{}, {}", contender.name, contender.setting.words()),
                gain,
            ));
        }
    }
    let groups = measured
        .estimate(&material.bootstrap, |_| Ok(0.0))
        .map_or(0, |e| e.groups);
    let text = format!(
        "{} recordings / {groups} {}, {positive} with it.\n\n{}\n{}",
        measured.gold.len(),
        if data_set == DataSet::PhysioNet2016 {
            "blocks"
        } else {
            "patients"
        },
        table.to_markdown(),
        sources(votes, domain, &measured, &fit, &own)?,
    );
    Ok(Answered {
        name: format!("{data_set}: {}", votes.finding.word().replace('_', " ")),
        text,
        gains,
    })
}

/// The line of a label model, and its gain.
fn row(
    material: &Material<'_>,
    measured: &Measured,
    contender: &Contender,
    base: &[f64],
) -> (Vec<String>, Option<Result<Estimate, Undefined>>) {
    let mut cells = vec![
        contender.name.to_owned(),
        contender.setting.words().to_owned(),
    ];
    let probabilities = match &contender.probabilities {
        Ok(probabilities) => probabilities,
        Err(error) => {
            cells.push(format!("not fitted: {error}"));
            return (cells, None);
        }
    };
    let figure = |statistic: Statistic| {
        shown(&measured.estimate(&material.bootstrap, |drawn| {
            statistic(probabilities, &measured.gold, drawn)
        }))
    };
    cells.push(figure(area));
    let is_base = contender.name == "majority vote";
    let gain = (!is_base).then(|| gain(material, measured, probabilities, base));
    cells.push(gain.as_ref().map_or("–".to_owned(), shown));
    cells.push(figure(balanced));
    cells.push(figure(squared));
    (cells, gain)
}

/// AUROC of scores minus that of majority vote, on the same resamples.
fn gain(
    material: &Material<'_>,
    measured: &Measured,
    scores: &[f64],
    base: &[f64],
) -> Result<Estimate, Undefined> {
    measured.estimate(&material.bootstrap, |drawn| {
        Ok(area(scores, &measured.gold, drawn)? - area(base, &measured.gold, drawn)?)
    })
}

/// Scores of single sources: the measure that goes with the finding, and networks.
fn alone(
    material: &Material<'_>,
    finding: Finding,
    domain: &laennec_corpus::weak::DomainVotes,
    measured: &Measured,
) -> Vec<(String, Vec<f64>)> {
    let evidence: Vec<&Evidence> = measured
        .rows
        .iter()
        .map(|&row| &material.evidence[domain.items[row]])
        .collect();
    let measure = |evidence: &&Evidence| {
        let sound = evidence.sound.unwrap_or_default();
        match finding {
            Finding::Continuous | Finding::Wheeze => sound.ridge_s,
            Finding::Discontinuous | Finding::FineCrackle => sound.transients_per_s,
            // Ridges and transients have no common unit: the sum of both over their limits.
            Finding::Adventitious => sound.ridge_s / 0.25 + sound.transients_per_s / 4.5,
            _ => sound.between_db.unwrap_or(0.0),
        }
    };
    let mut all = vec![(
        "measure alone".to_owned(),
        evidence.iter().map(measure).collect(),
    )];
    let mut models: Vec<&String> = evidence
        .iter()
        .flat_map(|one| one.opinions.keys())
        .collect();
    models.sort();
    models.dedup();
    for model in models {
        let score = |one: &&Evidence| {
            let opinion: Option<&Opinion> = one.opinions.get(model);
            opinion.and_then(|opinion| opinion.get(&finding)).copied()
        };
        // A network is a contender only where it speaks of every recording.
        let scores: Option<Vec<f64>> = evidence.iter().map(score).collect();
        if let Some(scores) = scores {
            all.push((format!("network alone: {model}"), scores));
        }
    }
    all
}

/// The table of labelling functions: what label models think of them, and what gold says.
fn sources(
    votes: &FindingVotes,
    domain: &laennec_corpus::weak::DomainVotes,
    measured: &Measured,
    fit: &VoteMatrix,
    own: &VoteMatrix,
) -> Result<String, Error> {
    let shares = summary(&domain.votes).functions;
    let model = CrossDomain::fit(std::slice::from_ref(fit), &CrossDomainOptions::default())?;
    let estimated = model.accuracies(0);
    let gold: Vec<Option<usize>> = measured
        .gold
        .iter()
        .map(|&gold| Some(usize::from(gold)))
        .collect();
    let actual = accuracies(own, &gold);
    let mut table = Table::new(&[
        ("labelling function", Align::Left),
        ("reads", Align::Left),
        ("coverage", Align::Right),
        ("overlap", Align::Right),
        ("conflict", Align::Right),
        ("accuracy, estimated", Align::Right),
        ("accuracy, by gold", Align::Right),
    ]);
    for (index, function) in votes.functions.iter().enumerate() {
        if shares[index].coverage == 0.0 {
            continue;
        }
        let number = |value: f64| format!("{value:.3}");
        let reads: Vec<&str> = function.reads.iter().map(|column| column.word()).collect();
        table.push([
            function.name.clone(),
            reads.join(", "),
            number(shares[index].coverage),
            number(shares[index].overlap),
            number(shares[index].conflict),
            number(estimated[index]),
            actual[index].map_or("–".to_owned(), number),
        ]);
    }
    Ok(table.to_markdown())
}

/// Value and interval, or why there is none.
fn shown(estimate: &Result<Estimate, Undefined>) -> String {
    match estimate {
        Ok(estimate) => format!("{estimate:#}"),
        Err(reason) => format!("undefined: {reason}"),
    }
}
