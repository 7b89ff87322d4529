//! Finds cues: tokens go in, the longest cue that begins at one comes out.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::clause::CueAt;
use super::cues::{CUES, Reach, Says};
use super::phrases::phrase_at;
use super::tokens::{Token, normal_words};
use crate::extract::word_list::Words;

struct Cue {
    words: Vec<String>,
    says: Says,
    reach: Reach,
}

/// Cues by their first word, the longest first.
static BY_WORD: LazyLock<HashMap<String, Vec<Cue>>> = LazyLock::new(|| {
    let mut by_word: HashMap<String, Vec<Cue>> = HashMap::new();
    for &(says, reach, texts) in CUES {
        for text in texts.iter() {
            let words = normal_words(text);
            let of_word = by_word.entry(words[0].clone()).or_default();
            of_word.push(Cue { words, says, reach });
        }
    }
    for cues in by_word.values_mut() {
        cues.sort_by_key(|cue| std::cmp::Reverse(cue.words.len()));
    }
    by_word
});

/// Words that may stand inside a cue ("cannot be confidently excluded", "no clear evidence of").
const FILLERS: Words = Words(
    "clear|definite|convincing|obvious|real|further|been|yet|be|audible|objective|with|\
 certainty|any",
);

/// Fillers inside a cue, at most.
const MOST_FILLERS: usize = 3;

/// The longest cue that begins at `start`, and what it says there. A question mark is one where
/// it begins the clause or stands directly before a finding or after one; "no" and its like deny the finding before
/// them where they answer ("wheeze: no").
pub(super) fn cue_at(tokens: &[Token], start: usize, after_finding: bool) -> Option<CueAt> {
    let word = tokens[start].word.as_str();
    let at = |offset: usize| {
        tokens
            .get(start + offset)
            .map_or("", |token| token.word.as_str())
    };
    let cue = |end: usize, says: Says, reach: Reach| CueAt {
        start,
        end,
        says,
        reach,
    };
    if word == "?" {
        let adjacent = tokens
            .get(start + 1)
            .is_some_and(|next| next.span.start == tokens[start].span.end);
        if start == 0 || (adjacent && phrase_at(tokens, start + 1).is_some()) {
            return Some(cue(start + 1, Says::Uncertain, Reach::Forward));
        }
        if !after_finding {
            return None;
        }
    }
    if word == "either" && matches!(at(1), "side" | "base" | "lung" | "apex" | "") {
        return None;
    }
    if matches!(word, "report" | "history") && at(1) == ":" {
        return None;
    }
    let answers = start > 1 && matches!(tokens[start - 1].word.as_str(), ":" | "=" | "(");
    if answers {
        let says = match word {
            "no" | "none" | "nil" | "n" | "0" => Some(Says::Absent),
            "y" | "yes" => Some(Says::Present),
            "unknown" | "unclear" | "u" => Some(Says::Uncertain),
            _ => None,
        };
        let ends = matches!(at(1), "" | "," | ")" | "and");
        if let Some(says) = says.filter(|_| ends) {
            return Some(cue(start + 1, says, Reach::Backward));
        }
    }
    if let Some(end) = denied_denial(tokens, start) {
        return Some(cue(end, Says::Present, Reach::Backward));
    }
    let found = BY_WORD.get(word)?.iter().find_map(|known| {
        let end = fit(&known.words, tokens, start)?;
        Some(cue(end, known.says, known.reach))
    })?;
    // What another described and is "not confirmed" now is not there.
    if word == "not" && tokens[found.end - 1].word == "confirmed" && is_of_others(tokens, start) {
        return Some(cue(found.end, Says::Absent, Reach::Backward));
    }
    // "Fewer than yesterday" speaks of now.
    let compared = start > 0 && COMPARING.contains(tokens[start - 1].word.as_str());
    if compared && found.says == Says::Past {
        return None;
    }
    // "Pericardial rub: unable to assess, ...": an answer, of what stands before it.
    let finding_before = start > 1 && answers && phrase_ends(tokens, start - 1);
    if finding_before
        && found.reach == Reach::Forward
        && matches!(at(found.end - start), "" | "," | ")")
    {
        return Some(cue(found.end, found.says, Reach::Backward));
    }
    Some(found)
}

/// Whether somebody else has described something before a place: "described by the doctor".
fn is_of_others(tokens: &[Token], end: usize) -> bool {
    (1..end).any(|at| {
        let described = matches!(
            tokens[at - 1].word.as_str(),
            "described" | "reported" | "documented" | "mentioned" | "noted" | "heard" | "suspected"
        );
        described && matches!(tokens[at].word.as_str(), "by" | "elsewhere" | "previously")
    })
}

/// Words after which an earlier time is only compared with.
const COMPARING: Words = Words("than|as|since|from|with|to|like|unlike|versus|vs|before");

/// Words that deny what follows.
const DENYING: &[&str] = &[
    "not",
    "never",
    "by no mean",
    "in no way",
    "far from",
    "isn't",
    "aren't",
    "wasn't",
    "weren't",
    "hasn't",
    "haven't",
    "hadn't",
    "has not",
    "have not",
    "not yet",
    "nowhere near",
];

/// What a finding is denied with after its name.
const DENIALS: &[&str] = &[
    "absent",
    "disappeared",
    "resolved",
    "gone",
    "vanished",
    "cleared",
    "subsided",
    "abated",
    "ceased",
    "stopped",
    "settled",
    "gone away",
    "missing",
    "inaudible",
    "undetectable",
    "negative",
    "faded away",
    "dissipated",
    "gone completely",
];

/// "Not absent", "by no means disappeared": one past the end of a denial that is denied.
fn denied_denial(tokens: &[Token], start: usize) -> Option<usize> {
    let here = |phrase: &str, at: usize| {
        let mut end = at;
        for word in phrase.split(' ') {
            if tokens.get(end)?.word != word {
                return None;
            }
            end += 1;
        }
        Some(end)
    };
    let mut at = DENYING
        .iter()
        .filter_map(|phrase| here(phrase, start))
        .max()?;
    let skipped = |word: &str| {
        word.ends_with("ly")
            || matches!(
                word,
                "been" | "being" | "quite" | "yet" | "at" | "all" | "be"
            )
    };
    let most = at + MOST_FILLERS;
    while at < most && tokens.get(at).is_some_and(|token| skipped(&token.word)) {
        at += 1;
    }
    DENIALS.iter().filter_map(|phrase| here(phrase, at)).max()
}

/// Whether a finding is named directly before a place.
fn phrase_ends(tokens: &[Token], end: usize) -> bool {
    (end.saturating_sub(4)..end)
        .any(|start| phrase_at(tokens, start).is_some_and(|found| found.end == end))
}

/// One past the last token of the cue, if it begins at `start`.
fn fit(words: &[String], tokens: &[Token], start: usize) -> Option<usize> {
    let mut at = start + 1;
    let mut between = 0;
    for word in &words[1..] {
        loop {
            let here = tokens.get(at)?.word.as_str();
            at += 1;
            if here == word {
                break;
            }
            between += 1;
            if between > MOST_FILLERS || !(FILLERS.contains(here) || here.ends_with("ly")) {
                return None;
            }
        }
    }
    Some(at)
}
