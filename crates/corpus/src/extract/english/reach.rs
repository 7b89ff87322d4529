//! Which cues of a clause reach a list of findings, and what they say of it together.

use super::clause::{Clause, CueAt, SiteAt};
use super::cues::{CONJUNCTIONS, Reach, STOPS, Says};
use super::lists::List;
use super::none_of;
use crate::extract::word_list::Words;

/// The words between two places, without those that name a site.
pub(super) fn words<'a>(
    clause: &'a Clause<'_>,
    start: usize,
    end: usize,
) -> impl Iterator<Item = &'a str> {
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
pub(super) fn says(
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
            && (!is_backward(clause, cue, previous, true) || cue.reach == Reach::Both)
            && reaches_forward(clause, cue, start)
    });
    let behind = clause.cues.iter().filter(|cue| {
        cue.start >= end
            && cue.end <= next
            && is_backward(clause, cue, Some(end), after.is_some())
            && !is_elsewhere(clause, cue, end)
    });
    // "Crackles not heard at the last visit are now obvious": what was before now counts no more.
    let past = clause
        .cues
        .iter()
        .find(|cue| cue.says == Says::Past && cue.start >= end && cue.end <= next);
    let now = past.and_then(|past| {
        (past.end..next).find(|&at| matches!(clause.tokens[at].word.as_str(), "now" | "today"))
    });
    if let Some(now) = now {
        let mut after = clause
            .cues
            .iter()
            .filter(|cue| cue.start > now && cue.end <= next);
        return after.next().map(|cue| cue.says).or(Some(Says::Present));
    }
    let alternatives = list.alternatives.then_some(Says::Uncertain);
    let all: Vec<Says> = ahead
        .chain(behind)
        .map(|cue| cue.says)
        .chain(alternatives)
        .collect();
    if let Some(denial) = none_of::denial(clause, start, end, next) {
        // "No lung field is free of crackles".
        let denied_again = clause.cues.iter().any(|cue| {
            cue.says == Says::Absent
                && cue.end <= start
                && cue.start >= denial.end
                && reaches_forward(clause, cue, start)
        });
        return Some(if denied_again {
            Says::Present
        } else {
            Says::Absent
        });
    }
    if all.contains(&Says::Reversed) {
        let denied = all.contains(&Says::Absent);
        return Some(if denied { Says::Present } else { Says::Absent });
    }
    // "May have resolved" leaves open whether it has.
    if all.contains(&Says::Ceased) && all.contains(&Says::Uncertain) {
        return Some(Says::Uncertain);
    }
    all.into_iter().max()
}

/// Whether a cue speaks of the finding before it, which ends at `previous`.
fn is_backward(clause: &Clause<'_>, cue: &CueAt, previous: Option<usize>, has_next: bool) -> bool {
    let Some(previous) = previous else {
        return false;
    };
    match cue.reach {
        Reach::Forward | Reach::Except => false,
        Reach::Backward | Reach::Both => true,
        Reach::ForwardUnlessLast => {
            let word = |at: usize| clause.tokens[at].word.as_str();
            let verb = VERBS.contains(word(cue.start))
                || (cue.start > previous && VERBS.contains(word(cue.start - 1)));
            let comma = (previous..cue.start).any(|at| word(at) == ",");
            !has_next && (clause.tokens[cue.end..].is_empty() || (verb && !comma))
        }
        Reach::Either => {
            let between: Vec<&str> = words(clause, previous, cue.start).collect();
            // "Click not reproducible, doubtful": nothing follows that it could speak of.
            // "Crackles, maybe at the right base".
            let rest = clause
                .tokens
                .get(cue.end)
                .map_or("", |token| token.word.as_str());
            let placed =
                PLACING.contains(rest) && clause.sites.iter().any(|site| site.end > cue.end);
            let closes = !has_next
                && cue.says == Says::Uncertain
                && (rest.is_empty() || placed)
                && between.last() == Some(&",");
            let apart = between
                .iter()
                .any(|word| (*word == "," && !closes) || CONJUNCTIONS.contains(word));
            !apart && (between.len() <= 3 || !has_next)
        }
    }
}

/// "Wheeze on the right, not heard on the left": the denial is of the second place alone.
fn is_elsewhere(clause: &Clause<'_>, cue: &CueAt, finding_end: usize) -> bool {
    let apart = (finding_end..cue.start).any(|at| clause.tokens[at].word == ",");
    let before = |site: &SiteAt| site.start >= finding_end && site.end <= cue.start;
    let after = |site: &SiteAt| site.start == cue.end || site.start == cue.end + 1;
    cue.says == Says::Absent
        && apart
        && clause.sites.iter().any(before)
        && clause.sites.iter().any(after)
}

/// Participles whose "with" goes on: "no cycle is labelled with crackles".
const LABELLED: Words = Words("labelled|labeled|annotated|marked|tagged|associated|scored|coded");

/// Words that begin a place.
const PLACING: Words = Words("at|in|on|over|left|right|bilateral|bilaterally|both");

/// Verbs that, denied, deny what stands before them.
const VERBS: Words = Words("is|are|was|were|been|isn't|aren't|wasn't|weren't");

/// Words that begin a condition.
const CONDITIONS: Words = Words("if|when|whenever|unless|should");

/// Whether a cue reaches a finding after it: not over words that begin a statement of their own,
/// and over a comma only where a conjunction shows that the comma is a list's. A condition reaches
/// over anything.
fn reaches_forward(clause: &Clause<'_>, cue: &CueAt, start: usize) -> bool {
    if cue.reach == Reach::Backward {
        return false;
    }
    if CONDITIONS.contains(clause.tokens[cue.start].word.as_str()) {
        return true;
    }
    let between: Vec<&str> = words(clause, cue.end, start).collect();
    let earlier = cue.says == Says::Past
        && (cue.end..start).any(|at| {
            clause.tokens[at].word == ":" || clause.cues.iter().any(|other| other.start == at)
        });
    if earlier {
        return false;
    }
    let stopped = cue.says == Says::Absent
        && between.iter().enumerate().any(|(at, word)| {
            let labelled = *word == "with" && at > 0 && LABELLED.contains(between[at - 1]);
            STOPS.contains(word) && !labelled && !between[..at].iter().all(|w| w.ends_with("ly"))
        });
    let last_comma = between.iter().rposition(|word| *word == ",");
    let listed = last_comma.is_none_or(|comma| {
        let new = between.get(comma + 1).is_some_and(|word| *word == "and")
            && between[..comma]
                .iter()
                .any(|word| CONJUNCTIONS.contains(word));
        !new && between.iter().any(|word| CONJUNCTIONS.contains(word))
    });
    !stopped && listed
}
