//! Clinical text in English or Japanese goes in; the findings it states go out, each present,
//! absent, uncertain or not assessed, with the site it is said of and the attributes of a murmur.
//!
//! - History, hearsay, advice and conditions ("history of wheeze", "if wheeze recurs") are no
//!   findings and give nothing.
//! - "Not assessed" gives [`Presence::NotAssessed`], so that a text can be compared with all
//!   answers of an analysis. Of the signal itself it says nothing.
//! - A text states what it states: "fine crackles" gives that finding and not its parents.
//! - What is denied with an exception is there: "no crackles except at the right base" gives
//!   crackles at the right base.
//! - What is denied at one place and heard at another is there: "no wheeze on the right; on the
//!   left a wheeze" gives a wheeze on the left.
//! - A gloss in brackets after an English finding names it again and gives nothing of its own:
//!   "continuous adventitious sounds (wheeze-like)" is not a wheeze.

use std::ops::Range;

use crate::finding::{Finding, Presence};
use crate::recording::Murmur;
use crate::site::Site;
use crate::vocabulary::Language;

mod english;
mod grade;
mod japanese;
mod word_list;

/// A finding that a text states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extracted {
    /// The finding.
    pub finding: Finding,
    /// What the text says of it.
    pub presence: Presence,
    /// Where, if the text says so of this finding.
    pub site: Option<Site>,
    /// What the text says of a murmur that is present or uncertain and whose timing it gives.
    pub murmur: Option<Murmur>,
    /// The bytes of the text that name the finding.
    pub span: Range<usize>,
}

/// The findings that a text states, in the order of the text. Sentences with kana or Chinese
/// characters are read as Japanese, all others as English. The time taken is linear in the length
/// of the text.
///
/// ```
/// use laennec_corpus::{Finding, Presence, extract};
///
/// let found = extract("No wheeze, but fine crackles at the left base.");
/// let said: Vec<_> = found.iter().map(|said| (said.finding, said.presence)).collect();
/// assert_eq!(
///     said,
///     [(Finding::Wheeze, Presence::Absent), (Finding::FineCrackle, Presence::Present)]
/// );
/// assert_eq!(found[1].site.map(|site| site.to_string()).as_deref(), Some("left_lower"));
///
/// let found = extract("喘鳴は聴取せず、右肺底部に捻髪音を認める。");
/// let said: Vec<_> = found.iter().map(|said| (said.finding, said.presence)).collect();
/// assert_eq!(
///     said,
///     [(Finding::Wheeze, Presence::Absent), (Finding::FineCrackle, Presence::Present)]
/// );
/// ```
pub fn extract(text: &str) -> Vec<Extracted> {
    let mut extracted = Vec::new();
    let mut start = 0;
    let mut language = None;
    let mut at = 0;
    // Neighbouring sentences of one language are read together.
    for sentence in text.split_inclusive(['。', '\n', '！', '!']) {
        let own = if sentence.chars().any(is_japanese) {
            Language::Japanese
        } else {
            Language::English
        };
        if let Some(before) = language.filter(|before| *before != own) {
            extract_part(text, start..at, before, &mut extracted);
            start = at;
        }
        language = Some(own);
        at += sentence.len();
    }
    if let Some(language) = language {
        extract_part(text, start..at, language, &mut extracted);
    }
    extracted
}

/// The findings that a text states, read in one language whatever its script.
pub fn extract_in(text: &str, language: Language) -> Vec<Extracted> {
    let mut extracted = Vec::new();
    extract_part(text, 0..text.len(), language, &mut extracted);
    extracted
}

/// The listening points that an English text names, each once, in the order of the text; whether a
/// finding is said of them or not.
pub fn sites_named(text: &str) -> Vec<Site> {
    english::sites_named(text)
}

fn extract_part(text: &str, part: Range<usize>, language: Language, into: &mut Vec<Extracted>) {
    let from = into.len();
    match language {
        Language::English => english::findings(&text[part.clone()], into),
        Language::Japanese => japanese::findings(&text[part.clone()], into),
    }
    for said in &mut into[from..] {
        said.span = said.span.start + part.start..said.span.end + part.start;
    }
    let stated = into.split_off(from);
    let elsewhere = |said: &Extracted| {
        said.presence == Presence::Absent
            && said.site.is_some()
            && stated.iter().any(|other| {
                other.finding == said.finding
                    && other.presence == Presence::Present
                    && other.site.is_some_and(|site| Some(site) != said.site)
            })
    };
    into.extend(stated.iter().filter(|said| !elsewhere(said)).cloned());
}

/// Hiragana, katakana, Chinese characters, the marks used with them and full-width letters.
const fn is_japanese(character: char) -> bool {
    matches!(
        character,
        '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff9d}'
    )
}
