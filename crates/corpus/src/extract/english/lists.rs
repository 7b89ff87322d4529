//! Joins the findings of a clause into lists for which one cue holds ("no wheeze, rub or crackle").

use super::clause::{Clause, Mention};
use super::cues::{ALTERNATIVES, CONJUNCTIONS, MODIFIERS, Reach, Says};
use super::reach::words;
use crate::extract::word_list::Words;
use crate::finding::Presence;

/// Findings of a list, as a range of the clause's mentions.
pub(super) struct List {
    pub(super) first: usize,
    pub(super) last: usize,
    /// Joined by "versus".
    pub(super) alternatives: bool,
}

/// How two neighbouring findings stand to each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    Conjunction,
    Comma,
    Break,
}

/// Joins the mentions of a clause into lists.
pub(super) fn lists(clause: &Clause<'_>) -> Vec<List> {
    let mentions = &clause.mentions;
    let gaps: Vec<Gap> = mentions
        .windows(2)
        .map(|pair| gap(clause, &pair[0], &pair[1]))
        .collect();
    // For each gap, whether a conjunction follows before the next break.
    let mut conjunction_ahead = vec![false; gaps.len() + 1];
    for index in (0..gaps.len()).rev() {
        conjunction_ahead[index] = match gaps[index] {
            Gap::Conjunction => true,
            Gap::Comma => conjunction_ahead[index + 1],
            Gap::Break => false,
        };
    }
    let mut lists = Vec::new();
    let mut first = 0;
    for last in 0..mentions.len() {
        let joined = match gaps.get(last) {
            None | Some(Gap::Break) => false,
            Some(Gap::Conjunction) => true,
            Some(Gap::Comma) => {
                conjunction_ahead[last + 1]
                    || is_bare(clause, &mentions[last], &mentions[last + 1], last > first)
            }
        };
        if !joined {
            let alternatives = mentions[first..=last].windows(2).any(|pair| {
                words(clause, pair[0].found.end, pair[1].start)
                    .any(|word| ALTERNATIVES.contains(word))
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
    let cue_between = clause
        .cues
        .iter()
        .any(|cue| cue.start >= start && cue.end <= end);
    let says_itself = [left, right]
        .iter()
        .any(|mention| mention.found.phrase.presence == Presence::Absent);
    if cue_between || says_itself {
        return Gap::Break;
    }
    let others: Vec<&str> = words(clause, start, end)
        .filter(|word| !MODIFIERS.contains(word))
        .collect();
    let with = others.iter().any(|word| matches!(*word, "with" | "w/"));
    if with && (others.contains(&",") || denied_before(clause, left)) {
        return Gap::Break;
    }
    let strange = others
        .iter()
        .filter(|word| **word != "," && !CONJUNCTIONS.contains(word));
    match strange.count() {
        0..=3 if others.iter().any(|word| CONJUNCTIONS.contains(word)) => Gap::Conjunction,
        // "No click, S2 split" goes on to another statement.
        0 if right.found.phrase.is_statement() => Gap::Break,
        0 => Gap::Comma,
        _ => Gap::Break,
    }
}

/// Whether a denial stands somewhere before the finding.
fn denied_before(clause: &Clause<'_>, mention: &Mention) -> bool {
    clause.cues.iter().any(|cue| {
        cue.end <= mention.start && cue.says == Says::Absent && cue.reach != Reach::Backward
    })
}

/// Words after a list that still leave its last item bare.
const CLOSING: Words = Words(
    ",|)|:|on|bilaterally|today|throughout|noted|heard|audible|appreciated|detected|either|all|absent|not|nowhere|none",
);

/// Whether the right finding follows the left after nothing but a comma and is itself followed
/// by one, or by the end: an item of a list without a conjunction. A third item may also be
/// followed by words that close a list ("no wheeze, rub, crackles on auscultation").
fn is_bare(clause: &Clause<'_>, left: &Mention, right: &Mention, third: bool) -> bool {
    let after = clause
        .tokens
        .get(right.found.end)
        .map_or(",", |token| token.word.as_str());
    // "No wheeze, stridor or noisy breathing": what follows "or" is of the list, whatever it is.
    let ends = matches!(after, "," | "or" | "nor") || (third && CLOSING.contains(after));
    ends && right.start == left.found.end + 1
}
