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
    let found = BY_WORD.get(word)?.iter().find_map(|known| {
        let end = fit(&known.words, tokens, start)?;
        Some(cue(end, known.says, known.reach))
    })?;
    let answers = start > 0 && matches!(tokens[start - 1].word.as_str(), ":" | "=" | "(");
    let ends = matches!(at(1), "" | "," | ")" | "and");
    if answers && ends && matches!(word, "no" | "none" | "nil") && start > 1 {
        return Some(cue(start + 1, Says::Absent, Reach::Backward));
    }
    Some(found)
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
