//! An answer comes in; what it leaves out of what was asked, or says that is not true of its
//! recording, goes out.

use super::items::{Item, Kind};
use super::row::Length;
use crate::facts::Facts;
use crate::finding::{Finding, Presence};
use crate::verify::{Claim, Difference, claims, read};

/// Where the part on the second recording of a comparison begins.
const SECOND: &str = "In the second recording";

/// How an answer differs from what the item states and from all facts of its recording (and of the
/// second one, in a comparison).
pub(crate) fn wrong(
    item: &Item,
    text: &str,
    length: Length,
    all: &Facts,
    second: Option<&Facts>,
) -> Difference {
    let short = length == Length::Short;
    match (&item.kind, second) {
        (Kind::Binary(finding), _) if short => polar(
            text,
            all.findings.get(finding) == Some(&Presence::Present),
            all,
        ),
        (Kind::Usable, _) if short => polar(
            text,
            all.findings.get(&Finding::PoorSignal) == Some(&Presence::Absent),
            all,
        ),
        (Kind::Compare(finding), Some(second)) if short => {
            let is = |facts: &Facts| facts.findings.get(finding) == Some(&Presence::Present);
            let word = match (is(all), is(second)) {
                (true, true) => "both",
                (true, false) => "first",
                (false, true) => "second",
                (false, false) => "neither",
            };
            let mut difference = compared(text, &Facts::default(), all, false);
            let said = ["both", "first", "second", "neither"]
                .into_iter()
                .find(|said| text.to_lowercase().contains(said));
            difference
                .added
                .extend(said.filter(|said| *said != word).map(other));
            difference
                .missing
                .extend(said.is_none().then(|| other(word)));
            difference
        }
        (Kind::Compare(finding), Some(second)) => {
            let (first_part, second_part) = text.split_at(text.find(SECOND).unwrap_or(text.len()));
            let mut difference = compared(first_part, &item.states, all, false);
            let states = Facts {
                findings: second
                    .findings
                    .iter()
                    .filter(|(one, _)| *one == finding)
                    .map(|(&f, &p)| (f, p))
                    .collect(),
                ..Facts::default()
            };
            let rest = compared(second_part, &states, second, false);
            difference.missing.extend(rest.missing);
            difference.added.extend(rest.added);
            difference
        }
        (Kind::Reasoning | Kind::Differential(_), _) => {
            // A short answer names diseases only; what is said of diseases is of the table.
            let none = Facts::default();
            compared(text, if short { &none } else { &item.states }, all, true)
        }
        _ => compared(text, &item.states, all, false),
    }
}

fn other(word: &str) -> Claim {
    Claim::Beyond(word.to_owned())
}

/// An answer that begins with "yes" or "no".
fn polar(text: &str, yes: bool, all: &Facts) -> Difference {
    let mut difference = compared(text, &Facts::default(), all, false);
    let said = text.to_lowercase();
    if said.starts_with("yes") != yes || said.starts_with("no") == yes {
        difference
            .missing
            .push(other(if yes { "yes" } else { "no" }));
    }
    difference
}

/// What of `states` is missing, and what is said beyond `all`.
fn compared(text: &str, states: &Facts, all: &Facts, general: bool) -> Difference {
    let (said, known) = (read(text), claims(all));
    let counts = |claim: &&Claim| {
        !matches!(claim, Claim::Organ(_))
            && (!general || !matches!(claim, Claim::Diagnosis(_) | Claim::Beyond(_)))
    };
    Difference {
        missing: claims(states)
            .difference(&said)
            .filter(counts)
            .cloned()
            .collect(),
        added: said.difference(&known).filter(counts).cloned().collect(),
        forbidden: Vec::new(),
        empty: text.trim().is_empty(),
    }
}
