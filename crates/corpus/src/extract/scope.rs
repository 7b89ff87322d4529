//! A clause with its phrases, cues and sites goes in; which cue reaches which finding is decided
//! here, and the findings go out.

use super::Extracted;
use super::clause::{Clause, CueAt, Mention};
use super::cues::{ALTERNATIVES, CONJUNCTIONS, MODIFIERS, Reach, Says};
use super::phrases::Names;
use crate::finding::Finding;
use crate::finding::Presence::{self, Absent, NotAssessed, Present, Uncertain};
use crate::site::Site;

/// Findings of a list, as a range of the clause's mentions, joined so that one cue holds for all.
struct List {
    first: usize,
    last: usize,
    /// Joined by "versus".
    alternatives: bool,
}

/// How two neighbouring findings stand to each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    Conjunction,
    Comma,
    Break,
}

/// Appends what the clause states.
pub(super) fn findings(clause: &Clause<'_>, about_heart: bool, into: &mut Vec<Extracted>) {
    let sites = sites(clause);
    let lists = lists(clause);
    for (index, list) in lists.iter().enumerate() {
        let before = index.checked_sub(1).map(|previous| &lists[previous]);
        let says = says(clause, before, list, lists.get(index + 1));
        if says == Some(Says::NotAFinding) {
            continue;
        }
        for mention in list.first..=list.last {
            let site =
                sites[mention].or_else(|| (mention..=list.last).find_map(|later| sites[later]));
            state(
                clause,
                &clause.mentions[mention],
                says,
                about_heart,
                site,
                into,
            );
        }
    }
}

/// Appends the findings of one phrase.
fn state(
    clause: &Clause<'_>,
    mention: &Mention,
    says: Option<Says>,
    about_heart: bool,
    site: Option<Site>,
    into: &mut Vec<Extracted>,
) {
    let phrase = mention.found.phrase;
    let own = if mention.found.denied {
        opposite(phrase.presence)
    } else {
        phrase.presence
    };
    let presence = match says {
        None | Some(Says::Present | Says::NotAFinding) => own,
        Some(Says::Absent) => opposite(own),
        Some(Says::Uncertain) => Uncertain,
        Some(Says::NotAssessed) => NotAssessed,
    };
    let one;
    let findings: &[Finding] = match phrase.names {
        Names::Findings(findings) => findings,
        Names::Finding(finding) => {
            one = [finding];
            &one
        }
        Names::ByContext(heart, lung) => {
            one = [if about_heart { heart } else { lung }];
            &one
        }
        Names::Gallop if presence == Absent => &[Finding::S3, Finding::S4],
        Names::Gallop => &[Finding::AbnormalHeart],
    };
    let tokens = clause.tokens;
    let span = tokens[mention.start].span.start..tokens[mention.found.end - 1].span.end;
    for &finding in findings {
        // A poor signal is what keeps other things from being assessed.
        let poor = finding == Finding::PoorSignal && presence == NotAssessed;
        let presence = if poor { own } else { presence };
        into.push(Extracted {
            finding,
            presence,
            site,
            span: span.clone(),
        });
    }
}

fn opposite(presence: Presence) -> Presence {
    match presence {
        Present => Absent,
        Absent => Present,
        other => other,
    }
}

/// Joins the mentions of a clause into lists.
fn lists(clause: &Clause<'_>) -> Vec<List> {
    let mentions = &clause.mentions;
    let gaps: Vec<Gap> = mentions
        .windows(2)
        .map(|pair| gap(clause, &pair[0], &pair[1]))
        .collect();
    let mut lists = Vec::new();
    let mut first = 0;
    for last in 0..mentions.len() {
        let joined = match gaps.get(last) {
            None | Some(Gap::Break) => false,
            Some(Gap::Conjunction) => true,
            Some(Gap::Comma) => {
                let rest = gaps[last + 1..]
                    .iter()
                    .take_while(|gap| **gap != Gap::Break);
                rest.into_iter().any(|gap| *gap == Gap::Conjunction)
                    || is_bare(clause, &mentions[last], &mentions[last + 1])
            }
        };
        if !joined {
            let alternatives = mentions[first..=last].windows(2).any(|pair| {
                words(clause, pair[0].found.end, pair[1].start)
                    .any(|word| ALTERNATIVES.contains(&word))
            });
            lists.push(List {
                first,
                last,
                alternatives,
            });
            first = last + 1;
        }
    }
    lists
}

fn gap(clause: &Clause<'_>, left: &Mention, right: &Mention) -> Gap {
    let (start, end) = (left.found.end, right.start);
    if clause
        .cues
        .iter()
        .any(|cue| cue.start >= start && cue.end <= end)
    {
        return Gap::Break;
    }
    let others: Vec<&str> = words(clause, start, end)
        .filter(|word| !MODIFIERS.contains(word))
        .collect();
    let strange = others
        .iter()
        .filter(|word| **word != "," && !CONJUNCTIONS.contains(word));
    match strange.count() {
        0..=3 if others.iter().any(|word| CONJUNCTIONS.contains(word)) => Gap::Conjunction,
        0 => Gap::Comma,
        _ => Gap::Break,
    }
}

/// Whether the right finding follows the left after nothing but a comma and is itself followed
/// by one, or by the end: an item of a list without a conjunction.
fn is_bare(clause: &Clause<'_>, left: &Mention, right: &Mention) -> bool {
    let after = clause
        .tokens
        .get(right.found.end)
        .map_or(",", |token| token.word.as_str());
    after == "," && right.start == left.found.end + 1
}

/// The words between two places, without those that name a site.
fn words<'a>(clause: &'a Clause<'_>, start: usize, end: usize) -> impl Iterator<Item = &'a str> {
    (start..end)
        .filter(|at| {
            !clause
                .sites
                .iter()
                .any(|site| (site.start..site.end).contains(at))
        })
        .map(|at| clause.tokens[at].word.as_str())
}

/// The strongest thing that the cues around a list say of it.
fn says(
    clause: &Clause<'_>,
    before: Option<&List>,
    list: &List,
    after: Option<&List>,
) -> Option<Says> {
    let start = clause.mentions[list.first].start;
    let end = clause.mentions[list.last].found.end;
    let previous = before.map(|before| clause.mentions[before.last].found.end);
    let next = after.map_or(clause.tokens.len(), |after| {
        clause.mentions[after.first].start
    });
    let ahead = clause.cues.iter().filter(|cue| {
        cue.start >= previous.unwrap_or(0)
            && cue.end <= start
            && !is_backward(clause, cue, previous, true)
            && (cue.says == Says::NotAFinding || reaches_over_comma(clause, cue.end, start))
    });
    let behind = clause.cues.iter().filter(|cue| {
        cue.start >= end && cue.end <= next && is_backward(clause, cue, Some(end), after.is_some())
    });
    let alternatives = list.alternatives.then_some(Says::Uncertain);
    ahead
        .chain(behind)
        .map(|cue| cue.says)
        .chain(alternatives)
        .max()
}

/// Whether a cue speaks of the finding before it, which ends at `previous`.
fn is_backward(clause: &Clause<'_>, cue: &CueAt, previous: Option<usize>, has_next: bool) -> bool {
    let Some(previous) = previous else {
        return false;
    };
    match cue.reach {
        Reach::Forward => false,
        Reach::Backward => true,
        Reach::ForwardUnlessLast => !has_next && clause.tokens[cue.end..].is_empty(),
        Reach::Either => {
            let between: Vec<&str> = words(clause, previous, cue.start).collect();
            let apart = between
                .iter()
                .any(|word| *word == "," || CONJUNCTIONS.contains(word));
            !apart && (between.len() <= 3 || !has_next)
        }
    }
}

/// A cue reaches over a comma only where a conjunction shows that the comma is a list's.
fn reaches_over_comma(clause: &Clause<'_>, start: usize, end: usize) -> bool {
    let between: Vec<&str> = words(clause, start, end).collect();
    !between.contains(&",") || between.iter().any(|word| CONJUNCTIONS.contains(word))
}

/// The site of each mention: the first named between it and the next, else the last named before
/// it that no earlier mention took.
fn sites(clause: &Clause<'_>) -> Vec<Option<Site>> {
    let mut taken = vec![false; clause.sites.len()];
    let mentions = &clause.mentions;
    let mut sites = Vec::with_capacity(mentions.len());
    for (index, mention) in mentions.iter().enumerate() {
        let next = mentions
            .get(index + 1)
            .map_or(clause.tokens.len(), |next| next.start);
        let previous = index.checked_sub(1).map_or(0, |at| mentions[at].found.end);
        let end = mention.found.end;
        // Words directly before the next finding are that finding's: "no crackles, bibasal rub".
        let own = |site: &super::clause::SiteAt| site.start >= end && site.end < next.max(end + 1);
        let after = clause
            .sites
            .iter()
            .position(|site| own(site) || (site.start >= end && next == clause.tokens.len()));
        let ahead = clause
            .sites
            .iter()
            .rposition(|site| site.start >= previous && site.end <= end);
        let chosen = after.or(ahead).filter(|&at| !taken[at]);
        if let Some(at) = chosen {
            taken[at] = true;
        }
        sites.push(chosen.and_then(|at| clause.sites[at].site));
    }
    sites
}
