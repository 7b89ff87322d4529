//! In: analyses of labelled recordings. Out: the section on the four-way answers: how many are
//! decided, and how many of those are wrong.

use laennec_assistant::Listener;
use laennec_assistant::wording;
use laennec_corpus::{Domain, Finding, Presence};

use super::Inputs;
use super::heard::HeardRecording;
use super::text::{joined, shown};
use crate::intervals::{Bootstrap, Estimate, FEWEST_GROUPS, GroupKind, number_groups};
use crate::metrics::Undefined;
use crate::report::{Align, Table};

/// Most wrong answers among the decided.
const ALLOWED_ERROR: f64 = 0.1;

/// With fewer decided answers nothing is said of the aim.
const FEWEST_DECIDED: usize = 10;

/// Answers for one finding with the truth, and the person or block of each recording.
struct Answers {
    /// Answer and whether the finding is there.
    given: Vec<(Presence, bool)>,
    groups: Vec<usize>,
    kind: GroupKind,
}

impl Answers {
    fn of(heard: &[HeardRecording<'_>], finding: Finding) -> Self {
        let labelled: Vec<(&HeardRecording<'_>, bool)> = heard
            .iter()
            .filter_map(|one| one.truth(finding).map(|truth| (one, truth)))
            .collect();
        let mut groups = number_groups(labelled.iter().map(|(one, _)| &one.recording.group));
        let mut kind = GroupKind::Patients;
        if groups.iter().max().map_or(0, |most| most + 1) < FEWEST_GROUPS {
            groups = (0..labelled.len()).collect();
            kind = GroupKind::Recordings;
        }
        Self {
            given: labelled
                .iter()
                .map(|(one, truth)| (one.answer(finding), *truth))
                .collect(),
            groups,
            kind,
        }
    }

    fn count(&self, wanted: impl Fn(Presence, bool) -> bool) -> usize {
        let hit = |&&(answer, truth): &&(Presence, bool)| wanted(answer, truth);
        self.given.iter().filter(hit).count()
    }

    fn coverage(&self, bootstrap: Bootstrap) -> Result<Estimate, Undefined> {
        bootstrap.estimate(&self.groups, self.kind, |indices| {
            share(indices, |i| decided(self.given[i].0))
        })
    }

    /// Share of wrong answers among the decided.
    fn error(&self, bootstrap: Bootstrap) -> Result<Estimate, Undefined> {
        let kept: Vec<usize> = (0..self.given.len())
            .filter(|&i| decided(self.given[i].0))
            .collect();
        let groups: Vec<usize> = kept.iter().map(|&i| self.groups[i]).collect();
        bootstrap.estimate(&groups, self.kind, |indices| {
            share(indices, |i| {
                let (answer, truth) = self.given[kept[i]];
                (answer == Presence::Present) != truth
            })
        })
    }

    fn row(&self, name: &str, bootstrap: Bootstrap) -> Vec<String> {
        let error = self.error(bootstrap);
        let kept = match &error {
            Ok(error) if error.n < FEWEST_DECIDED => "too few decided",
            Ok(error) if error.value <= ALLOWED_ERROR => "yes",
            Ok(_) => "no",
            Err(_) => "nothing decided",
        };
        let mut row = vec![name.to_owned()];
        for count in [
            self.given.len(),
            self.count(|_, truth| truth),
            self.count(|answer, _| answer == Presence::Present),
            self.count(|answer, truth| answer == Presence::Present && !truth),
            self.count(|answer, _| answer == Presence::Absent),
            self.count(|answer, truth| answer == Presence::Absent && truth),
            self.count(|answer, _| answer == Presence::Uncertain),
            self.count(|answer, _| answer == Presence::NotAssessed),
        ] {
            row.push(count.to_string());
        }
        row.push(shown(&self.coverage(bootstrap)));
        row.push(if error.is_ok() {
            shown(&error)
        } else {
            super::text::NONE.to_owned()
        });
        row.push(kept.to_owned());
        row
    }
}

fn decided(answer: Presence) -> bool {
    matches!(answer, Presence::Present | Presence::Absent)
}

fn share(indices: &[usize], holds: impl Fn(usize) -> bool) -> Result<f64, Undefined> {
    if indices.is_empty() {
        return Err(Undefined::Empty);
    }
    let count = indices.iter().filter(|&&i| holds(i)).count();
    Ok(count as f64 / indices.len() as f64)
}

/// The section; `elsewhere` are KAUH's recordings, if they are there, heard without and with their
/// domain stated.
pub(super) fn section(
    inputs: &Inputs<'_>,
    lung: &[HeardRecording<'_>],
    heart: &[HeardRecording<'_>],
    elsewhere: [&[HeardRecording<'_>]; 2],
) -> String {
    let mut parts = vec![
        "## Answers: present, absent, uncertain, not assessed".to_owned(),
        "What `laennec analyze` answers without being told the domain, on the recordings of which \
         the experts say whether the finding is there. Decided are present and absent; coverage is \
         their share of all. The aim is at most 10 % wrong among the decided, with thresholds from \
         patients of the other splits, heard by networks that did not learn from them; *kept* says whether these validation patients bear it out by the \
         plain share. Not assessed: refused as poor or out of scope, bandwidth too low, or a \
         finding of which the bundle has too few patients."
            .to_owned(),
        table(inputs, lung, heart),
    ];
    let poor: Vec<&HeardRecording<'_>> = lung
        .iter()
        .filter(|one| one.truth(Finding::PoorSignal) == Some(true))
        .collect();
    let decided_poor = poor
        .iter()
        .filter(|one| one.analysis.findings.iter().any(|f| decided(f.answer)))
        .count();
    parts.push(format!(
        "Of the {} recordings that the experts called too poor to judge, {decided_poor} got a \
         decided answer for at least one finding.",
        poor.len()
    ));
    let [decided, stated] = elsewhere;
    if !decided.is_empty() {
        parts.push(
            "The same on KAUH: adults, another hospital and stethoscope, never trained or \
             calibrated on. Its labels name wheeze and crackle of the recording."
                .to_owned(),
        );
        parts.push(table(inputs, decided, &[]));
        parts.push("And with the domain stated, as by `laennec analyze --domain lung`:".to_owned());
        parts.push(table(inputs, stated, &[]));
    }
    joined(parts)
}

/// The answers for each finding that recordings of its domain are labelled with.
pub(super) fn table(
    inputs: &Inputs<'_>,
    lung: &[HeardRecording<'_>],
    heart: &[HeardRecording<'_>],
) -> String {
    let mut table = empty_table();
    for rule in &inputs.ear.card().rules {
        let of = if rule.domain == Domain::Heart {
            heart
        } else {
            lung
        };
        let answers = Answers::of(of, rule.finding);
        if !answers.given.is_empty() {
            table.push(answers.row(wording::name(rule.finding), inputs.bootstrap));
        }
    }
    table.to_markdown()
}

fn empty_table() -> Table {
    Table::new(&[
        ("finding", Align::Left),
        ("n", Align::Right),
        ("with it", Align::Right),
        ("present", Align::Right),
        ("of these wrong", Align::Right),
        ("absent", Align::Right),
        ("of these wrong", Align::Right),
        ("uncertain", Align::Right),
        ("not assessed", Align::Right),
        ("coverage", Align::Left),
        ("wrong among decided", Align::Left),
        ("10 % kept", Align::Left),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_decided_answers_can_be_wrong() {
        let eight = [
            (Presence::Present, true),
            (Presence::Present, false),
            (Presence::Absent, false),
            (Presence::Absent, true),
            (Presence::Uncertain, true),
            (Presence::NotAssessed, false),
            (Presence::Absent, false),
            (Presence::Present, true),
        ];
        let answers = |times: usize| Answers {
            given: eight.repeat(times),
            groups: (0..8 * times).collect(),
            kind: GroupKind::Recordings,
        };
        let bootstrap = Bootstrap::default();
        assert_eq!(answers(1).coverage(bootstrap).unwrap().value, 0.75);
        let error = answers(1).error(bootstrap).unwrap();
        assert!((error.value - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(error.n, 6);
        let row = answers(1).row("x", bootstrap);
        assert_eq!(row[1..9], ["8", "4", "3", "1", "3", "1", "1", "1"]);
        assert_eq!(row[11], "too few decided");
        assert_eq!(answers(2).row("x", bootstrap)[11], "no");
    }

    #[test]
    fn nothing_decided_is_no_error_of_zero() {
        let answers = Answers {
            given: vec![(Presence::Uncertain, true)],
            groups: vec![0],
            kind: GroupKind::Patients,
        };
        let row = answers.row("x", Bootstrap::default());
        assert_eq!(row[10..], ["–", "nothing decided"]);
    }
}
