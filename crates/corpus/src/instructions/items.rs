//! The facts of a recording come in; what can be asked about it goes out.

use std::collections::{BTreeMap, BTreeSet};

use super::conditions::meaning;
use super::row::Task;
use crate::diagnosis::Diagnosis;
use crate::facts::{Facts, Timing, closed, most_specific};
use crate::finding::{Finding, Presence};
use crate::recording::Domain;

/// A question and the facts that its answer states.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) kind: Kind,
    /// What the answer states; of a comparison, of the first recording.
    pub(crate) states: Facts,
    /// The class of the answer, see [`super::Instruction::class`].
    pub(crate) class: String,
    /// Whether all of the answer follows from fields of the data set.
    pub(crate) gold: bool,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Whether a finding is there.
    Binary(Finding),
    /// Whether the recording can be judged.
    Usable,
    /// Which findings are there.
    Findings,
    /// When a finding is heard.
    When(Finding),
    /// In which phase of breathing a finding is heard.
    Phase(Finding),
    /// The report.
    Report,
    /// What the findings can mean.
    Reasoning,
    /// Which diagnosis is recorded.
    Diagnosis,
    /// Which diseases have this finding.
    Differential(Finding),
    /// In which of two recordings a finding is heard.
    Compare(Finding),
    /// Where the stethoscope stood.
    SiteHeard,
    /// What is heard at a given site.
    SiteGiven,
}

impl Kind {
    pub(crate) const fn task(&self) -> Task {
        match self {
            Self::Binary(_) | Self::Usable => Task::Classification,
            Self::Findings | Self::When(_) | Self::Phase(_) => Task::Identification,
            Self::Report => Task::Report,
            Self::Reasoning => Task::Reasoning,
            Self::Diagnosis | Self::Differential(_) => Task::Ddx,
            Self::Compare(_) => Task::Comparison,
            Self::SiteHeard | Self::SiteGiven => Task::Location,
        }
    }

    /// What is asked, in a few words: with the recording it names a fact.
    pub(crate) fn fact(&self) -> String {
        match self {
            Self::Binary(finding) => format!("presence of {finding}"),
            Self::Usable => "quality".to_owned(),
            Self::Findings => "findings".to_owned(),
            Self::When(finding) => format!("times of {finding}"),
            Self::Phase(finding) => format!("phase of {finding}"),
            Self::Report => "all".to_owned(),
            Self::Reasoning => "meaning of the findings".to_owned(),
            Self::Diagnosis => "diagnosis".to_owned(),
            Self::Differential(finding) => format!("diseases with {finding}"),
            Self::Compare(finding) => format!("comparison of {finding}"),
            Self::SiteHeard => "site".to_owned(),
            Self::SiteGiven => "findings at the site".to_owned(),
        }
    }
}

/// The findings that stand for a whole organ.
const ROOTS: [Finding; 2] = [Finding::Adventitious, Finding::AbnormalHeart];

/// All that can be asked about one recording alone.
#[expect(
    clippy::too_many_lines,
    reason = "one paragraph for each kind of question, in the order of the tasks"
)]
pub(crate) fn items(facts: &Facts) -> Vec<Item> {
    let mut items = Vec::new();
    let mut add = |kind: Kind, states: Facts, class: String, gold: bool| {
        items.push(Item {
            kind,
            states,
            class,
            gold,
        });
    };
    let poor = facts.findings.get(&Finding::PoorSignal).copied();
    if let Some(poor @ (Presence::Present | Presence::Absent)) = poor {
        let class = format!(
            "usable:{}",
            if poor == Presence::Absent {
                "yes"
            } else {
                "no"
            }
        );
        add(
            Kind::Usable,
            only(&[(Finding::PoorSignal, poor)]),
            class,
            true,
        );
    }
    if let Some(site) = facts.site {
        let states = Facts {
            site: Some(site),
            ..Facts::default()
        };
        add(Kind::SiteHeard, states, site.to_string(), true);
    }
    let sounds: BTreeMap<Finding, Presence> = facts
        .findings
        .iter()
        .filter(|(finding, _)| **finding != Finding::PoorSignal)
        .map(|(&finding, &presence)| (finding, presence))
        .collect();
    let heard = present(&sounds);
    let judged = !sounds.is_empty();
    let whole = Facts {
        findings: facts.findings.clone(),
        phases: facts.phases.clone(),
        murmurs: facts.murmurs.clone(),
        timings: facts.timings.clone(),
        ..Facts::default()
    };
    if judged || poor == Some(Presence::Present) {
        add(Kind::Report, whole.clone(), list(&heard, poor), true);
    }
    if !judged {
        return items;
    }
    for (&finding, &presence) in &sounds {
        if let Presence::Present | Presence::Absent = presence {
            let answer = if presence == Presence::Present {
                "yes"
            } else {
                "no"
            };
            let class = format!("{finding}:{answer}");
            add(
                Kind::Binary(finding),
                only(&[(finding, presence)]),
                class,
                true,
            );
        }
    }
    // What is heard, or else that the organ sounds normal: without either there is no answer.
    let answer: Vec<(Finding, Presence)> = if heard.is_empty() {
        let roots = ROOTS
            .iter()
            .filter(|root| sounds.get(root) == Some(&Presence::Absent));
        roots.map(|&root| (root, Presence::Absent)).collect()
    } else {
        heard
            .iter()
            .map(|&finding| (finding, Presence::Present))
            .collect()
    };
    if !answer.is_empty() {
        let class = list(&heard, poor);
        add(Kind::Findings, only(&answer), class.clone(), true);
        add(Kind::Reasoning, only(&answer), class.clone(), false);
        if facts.site.is_some() {
            let states = Facts {
                site: facts.site,
                ..only(&answer)
            };
            add(Kind::SiteGiven, states, class, true);
        }
    }
    for timing in facts
        .timings
        .iter()
        .filter(|timing| timing.count == timing.spans.len())
    {
        add(
            Kind::When(timing.finding),
            timed(timing),
            timing.finding.to_string(),
            true,
        );
    }
    let phased: BTreeSet<Finding> = facts.phases.iter().map(|&(finding, _)| finding).collect();
    for finding in phased {
        let phases: BTreeSet<_> = facts
            .phases
            .iter()
            .filter(|(of, _)| *of == finding)
            .copied()
            .collect();
        let named: Vec<&str> = phases.iter().map(|(_, phase)| phase.word()).collect();
        let class = format!("{finding}:{}", named.join("+"));
        add(
            Kind::Phase(finding),
            Facts {
                phases,
                ..only(&[(finding, Presence::Present)])
            },
            class,
            true,
        );
    }
    if facts.diagnoses.is_empty() {
        for &finding in heard
            .iter()
            .filter(|&&finding| !meaning(finding).conditions.is_empty())
        {
            let states = only(&[(finding, Presence::Present)]);
            add(
                Kind::Differential(finding),
                states,
                finding.to_string(),
                false,
            );
        }
    } else {
        let named: Vec<&str> = facts
            .diagnoses
            .iter()
            .copied()
            .map(Diagnosis::word)
            .collect();
        let states = Facts {
            diagnoses: facts.diagnoses.clone(),
            ..Facts::default()
        };
        add(Kind::Diagnosis, states, named.join("+"), true);
    }
    items
}

/// What can be asked about two recordings of one organ: whether a finding that both data sets judge
/// is in the first, the second, both or neither.
pub(crate) fn comparisons(first: &Facts, second: &Facts) -> Vec<Item> {
    let known = |facts: &Facts| -> BTreeMap<Finding, bool> {
        let all = closed(
            facts
                .findings
                .iter()
                .map(|(&finding, &presence)| (finding, presence)),
        );
        all.into_iter()
            .filter(|(_, presence)| matches!(presence, Presence::Present | Presence::Absent))
            .map(|(finding, presence)| (finding, presence == Presence::Present))
            .collect()
    };
    let (one, two) = (known(first), known(second));
    let both = one
        .iter()
        .filter_map(|(finding, here)| Some((*finding, *here, *two.get(finding)?)));
    both.filter(|(finding, ..)| {
        *finding != Finding::PoorSignal
            && first.findings.contains_key(finding)
            && second.findings.contains_key(finding)
    })
    .map(|(finding, here, there)| {
        let which = match (here, there) {
            (true, true) => "both",
            (true, false) => "first",
            (false, true) => "second",
            (false, false) => "neither",
        };
        let presence = if here {
            Presence::Present
        } else {
            Presence::Absent
        };
        Item {
            kind: Kind::Compare(finding),
            states: only(&[(finding, presence)]),
            class: format!("{finding}:{which}"),
            gold: true,
        }
    })
    .collect()
}

/// Facts with these findings alone.
fn only(findings: &[(Finding, Presence)]) -> Facts {
    Facts {
        findings: findings.iter().copied().collect(),
        ..Facts::default()
    }
}

fn timed(timing: &Timing) -> Facts {
    Facts {
        timings: vec![timing.clone()],
        ..only(&[(timing.finding, Presence::Present)])
    }
}

/// The most specific findings that are there.
pub(crate) fn present(findings: &BTreeMap<Finding, Presence>) -> Vec<Finding> {
    most_specific(findings)
        .into_iter()
        .filter(|(finding, presence)| {
            *presence == Presence::Present && *finding != Finding::PoorSignal
        })
        .map(|(finding, _)| finding)
        .collect()
}

fn list(heard: &[Finding], poor: Option<Presence>) -> String {
    if poor == Some(Presence::Present) {
        return "poor_signal".to_owned();
    }
    let words: Vec<&str> = heard.iter().map(|finding| finding.word()).collect();
    if words.is_empty() {
        "none".to_owned()
    } else {
        words.join("+")
    }
}

/// Whether the organ that was listened to sounds abnormal; none where the data set does not say.
pub(super) fn abnormal(facts: &Facts) -> Option<bool> {
    let root = if facts.domains.contains(&Domain::Heart) {
        ROOTS[1]
    } else {
        ROOTS[0]
    };
    match facts.findings.get(&root)? {
        Presence::Present => Some(true),
        Presence::Absent => Some(false),
        Presence::Uncertain | Presence::NotAssessed => None,
    }
}
