//! A clause with its phrases, cues and sites goes in; which cue reaches which finding is decided
//! here, and the findings go out.

use super::super::Extracted;
use super::clause::{Clause, Mention};
use super::cues::{DOUBTS, OTHER_SUBJECTS, PRONOUNS, Reach, Says};
use super::lists::{List, lists};
use super::murmur::murmur;
use super::phrases::Names;
use super::reach::says;
use super::sites::sites_of;
use super::speech::is_no_finding;
use crate::finding::Finding;
use crate::finding::Presence::{self, Absent, NotAssessed, Present, Uncertain};
use crate::site::{Level, Site};
use crate::vocabulary::ancestors;

/// What the clauses so far said, for clauses that speak of the same without naming it.
#[derive(Default)]
pub(super) struct Context {
    /// The findings of the last clause that named any; those that were no findings of this
    /// examination are held back.
    last: Vec<Extracted>,
    /// Where in the result they begin, unless they were held back.
    from: Option<usize>,
}

/// Appends what the clause states.
pub(super) fn findings(
    clause: &Clause<'_>,
    about_heart: bool,
    context: &mut Context,
    into: &mut Vec<Extracted>,
) {
    if clause.mentions.is_empty() {
        resume(clause, context, into);
        return;
    }
    let sites = sites_of(clause);
    let lists = lists(clause);
    *context = Context {
        last: Vec::new(),
        from: Some(into.len()),
    };
    for (index, list) in lists.iter().enumerate() {
        let before = index.checked_sub(1).map(|previous| &lists[previous]);
        let after = lists.get(index + 1);
        let doubted = (list.first..=list.last).any(|at| clause.mentions[at].found.doubted);
        let mut said = says(clause, before, list, after).max(doubted.then_some(Says::Uncertain));
        let exception = exception(clause, list, after);
        // "Not present on the left, only on the right": it is there.
        let only = only_at(clause, list, after).filter(|_| said == Some(Says::Absent));
        if only.is_some() {
            said = Some(Says::Present);
        }
        // "Rhythm regular apart from occasional ectopic beats": the exception says it.
        if excepted_itself(clause, list, after) {
            continue;
        }
        if said == Some(Says::Absent) && exception.is_some() {
            said = Some(Says::Present);
        }
        let (start, end) = (
            clause.mentions[list.first].start,
            clause.mentions[list.last].found.end,
        );
        if is_no_finding(clause, start, end) {
            said = Some(Says::NotAFinding);
        }
        let held = matches!(said, Some(Says::NotAFinding | Says::Past));
        for mention in list.first..=list.last {
            let site = only
                .or(sites[mention])
                .or_else(|| (mention..=list.last).find_map(|later| sites[later]))
                .or_else(|| exception.as_ref().and_then(|exception| exception.site));
            let place = &clause.mentions[mention];
            let own_denied = place.found.phrase.presence == Absent && exception.is_some();
            let said = if own_denied { Some(Says::Absent) } else { said };
            let stated = state(clause, place, said, about_heart, site);
            context.last.extend(stated.iter().cloned());
            if !held {
                into.extend(stated);
            }
        }
        if held && lists.len() == 1 {
            context.from = None;
        }
    }
}

/// Something that is left out of a denial.
struct Exception {
    site: Option<Site>,
}

/// What the clause leaves out of a denied list, if it names no other finding there: the site, if
/// there is one ("no crackles except at the right base", "clear except the left base").
fn exception(clause: &Clause<'_>, list: &List, after: Option<&List>) -> Option<Exception> {
    let end = clause.mentions[list.last].found.end;
    let next = after.map_or(clause.tokens.len(), |after| {
        clause.mentions[after.first].start
    });
    let cue = clause
        .cues
        .iter()
        .find(|cue| cue.reach == Reach::Except && cue.start >= end && cue.end <= next)?;
    let apart = |at: usize| {
        clause.tokens[at].word == "," || clause.cues.iter().any(|other| other.start == at)
    };
    let stop = (cue.end..next).find(|&at| apart(at)).unwrap_or(next);
    // Another finding directly after it is what is left out, and speaks for itself.
    if stop == next && after.is_some() {
        return None;
    }
    let within = |site: &&super::clause::SiteAt| site.start >= cue.end && site.end <= stop;
    let site = clause.sites.iter().find(within).and_then(|site| site.site);
    Some(Exception { site })
}

/// The site after "only", if the clause ends so.
fn only_at(clause: &Clause<'_>, list: &List, after: Option<&List>) -> Option<Site> {
    let end = clause.mentions[list.last].found.end;
    let only = (end..clause.tokens.len()).find(|&at| clause.tokens[at].word == "only")?;
    let site = clause.sites.iter().find(|site| site.start > only)?;
    (after.is_none() && site.start <= only + 3).then_some(site.site)?
}

/// Whether what a denial leaves out is the very finding that it denies.
fn excepted_itself(clause: &Clause<'_>, list: &List, after: Option<&List>) -> bool {
    let Some(after) = after else { return false };
    let (end, next) = (
        clause.mentions[list.last].found.end,
        clause.mentions[after.first].start,
    );
    let excepts = clause
        .cues
        .iter()
        .any(|cue| cue.reach == Reach::Except && cue.start >= end && cue.end <= next);
    let name = |at: usize| clause.mentions[at].found.phrase.names;
    excepts && list.first == list.last && name(list.first) == name(after.first)
}

/// Takes up the findings of the clause before: "they have resolved", "none today", "hard to say".
fn resume(clause: &Clause<'_>, context: &mut Context, into: &mut Vec<Extracted>) {
    let first = clause.tokens[0].word.as_str();
    let meant = clause
        .tokens
        .iter()
        .take(3)
        .any(|token| PRONOUNS.contains(token.word.as_str()));
    let says = clause.cues.iter().map(|cue| cue.says).max();
    let text = |start: usize, end: usize| {
        let words: Vec<&str> = clause.tokens[start..end]
            .iter()
            .map(|token| token.word.as_str())
            .collect();
        words.join(" ")
    };
    let doubted = clause
        .cues
        .iter()
        .any(|cue| DOUBTS.contains(&text(cue.start, cue.end)));
    let denies_none = clause.tokens.iter().any(|token| token.word == "none");
    // "Crackles, which were not there on Monday": what was, not what is.
    let earlier = first == "which"
        && clause
            .tokens
            .iter()
            .any(|token| token.word == "were" || token.word == "was");
    // "Stridor? No.": the answer to a question.
    let asked =
        context.last.iter().all(|said| said.presence == Uncertain) && !context.last.is_empty();
    let alone = clause.tokens.len() == 1 || clause.tokens[1].word == ",";
    let answer = match first {
        "no" | "none" | "nil" if asked && alone => Some(Absent),
        "yes" if asked && alone => Some(Present),
        _ => None,
    };
    let presence = match says {
        _ if answer.is_some() => answer.unwrap_or(Absent),
        _ if earlier && says != Some(Says::Ceased) => return,
        Some(Says::Ceased) if meant || first == "now" => Absent,
        Some(Says::Absent)
            if denies_none && (context.from.is_none() || clause.sites.is_empty()) =>
        {
            Absent
        }
        Some(Says::Absent) if meant && !denies_none && !denies_another(clause) => Absent,
        Some(Says::Uncertain) if doubted => Uncertain,
        _ => return,
    };
    if let Some(from) = context.from {
        into.truncate(from);
    }
    let from = into.len();
    for mut said in std::mem::take(&mut context.last) {
        said.presence = presence;
        said.murmur = said.murmur.filter(|_| presence != Absent);
        into.push(said);
    }
    context.from = Some(from);
}

/// "This is a heart that does not sound as expected", "which of them it is, the recording does not tell":
/// the denial is of something that the clause names itself.
fn denies_another(clause: &Clause<'_>) -> bool {
    let word = |at: usize| clause.tokens[at].word.as_str();
    let pronoun = (0..clause.tokens.len().min(3)).find(|&at| PRONOUNS.contains(word(at)));
    let denial = clause.cues.iter().find(|cue| cue.says == Says::Absent);
    let (Some(pronoun), Some(denial)) = (pronoun, denial) else {
        return false;
    };
    (pronoun + 1..denial.start).any(|at| OTHER_SUBJECTS.contains(word(at)))
}

/// The findings of one phrase.
fn state(
    clause: &Clause<'_>,
    mention: &Mention,
    says: Option<Says>,
    about_heart: bool,
    site: Option<Site>,
) -> Vec<Extracted> {
    let phrase = mention.found.phrase;
    let own = if mention.found.denied {
        opposite(phrase.presence)
    } else {
        phrase.presence
    };
    let presence = match says {
        None | Some(Says::Present | Says::Reversed | Says::NotAFinding | Says::Past) => own,
        Some(Says::Absent | Says::Ceased) => opposite(own),
        Some(Says::Uncertain) => Uncertain,
        Some(Says::NotAssessed) => NotAssessed,
    };
    let one;
    let findings: &[Finding] = match phrase.names {
        Names::Findings(findings) => findings,
        Names::One(finding) => {
            one = [mention.refined.unwrap_or(finding)];
            &one
        }
        Names::ByContext(heart, lung) => {
            one = [if about_heart { heart } else { lung }];
            &one
        }
        Names::Gallop if mention.refined.is_some() => {
            one = [mention.refined.unwrap_or(Finding::AbnormalHeart)];
            &one
        }
        Names::Gallop if presence == Absent => &[Finding::S3, Finding::S4],
        Names::Gallop => &[Finding::AbnormalHeart],
    };
    // The base of the heart is no base of a lung.
    let base = Site::Lung {
        side: None,
        level: Some(Level::Lower),
        face: None,
    };
    let tokens = clause.tokens;
    let span = tokens[mention.start].span.start..tokens[mention.found.end - 1].span.end;
    let stated = findings.iter().map(|&finding| {
        // A poor signal is what keeps other things from being assessed.
        let poor = finding == Finding::PoorSignal && presence == NotAssessed;
        let presence = if poor { own } else { presence };
        let there = matches!(presence, Present | Uncertain);
        let murmur = if there {
            murmur(clause, mention, finding)
        } else {
            None
        };
        Extracted {
            finding,
            presence,
            site: site.filter(|site| *site != base || !is_of_heart(finding)),
            murmur,
            span: span.clone(),
        }
    });
    stated.collect()
}

/// Whether a finding is one of the heart.
fn is_of_heart(finding: Finding) -> bool {
    finding == Finding::AbnormalHeart
        || ancestors(finding).any(|wider| wider == Finding::AbnormalHeart)
}

fn opposite(presence: Presence) -> Presence {
    match presence {
        Present => Absent,
        Absent => Present,
        other => other,
    }
}
