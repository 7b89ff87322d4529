//! A sentence of tokens goes in; clauses with the phrases, cues and sites found in them come out.

use std::sync::LazyLock;

use super::cues::{BOUNDARIES, CUES, Reach, Says};
use super::phrases::{Match, phrase_at};
use super::sites::site_at;
use super::tokens::{Token, normal};
use crate::site::Site;

/// Part of a sentence over which a cue may reach.
pub(super) struct Clause<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) mentions: Vec<Mention>,
    pub(super) cues: Vec<CueAt>,
    pub(super) sites: Vec<SiteAt>,
}

/// Findings named at a place; places are indices of tokens in the clause.
pub(super) struct Mention {
    pub(super) start: usize,
    pub(super) found: Match,
}

/// A cue at a place.
#[derive(Clone, Copy)]
pub(super) struct CueAt {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) says: Says,
    pub(super) reach: Reach,
}

/// A site at a place; none for a place on the body that is no listening point.
pub(super) struct SiteAt {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) site: Option<Site>,
}

/// Cuts a sentence at the boundary words and analyses each part.
pub(super) fn clauses(sentence: &[Token]) -> Vec<Clause<'_>> {
    sentence
        .split(|token| BOUNDARIES.contains(&token.word.as_str()))
        .filter(|tokens| !tokens.is_empty())
        .map(|tokens| {
            let (mentions, cues) = mentions_and_cues(tokens);
            Clause {
                tokens,
                mentions,
                cues,
                sites: sites(tokens),
            }
        })
        .collect()
}

fn mentions_and_cues(tokens: &[Token]) -> (Vec<Mention>, Vec<CueAt>) {
    let (mut mentions, mut cues) = (Vec::<Mention>::new(), Vec::new());
    let mut at = 0;
    // Between the brackets that follow a finding, which only name it again.
    let mut in_gloss = false;
    while at < tokens.len() {
        let word = tokens[at].word.as_str();
        let after_finding = mentions
            .last()
            .is_some_and(|mention| mention.found.end == at);
        in_gloss = (in_gloss && word != ")") || (word == "(" && after_finding);
        let cue = cue_at(tokens, at);
        let phrase = phrase_at(tokens, at);
        let cue_end = cue.map_or(at, |cue| cue.end);
        if let Some(found) = phrase.filter(|phrase| phrase.end >= cue_end) {
            let end = found.end;
            let likened = tokens.get(end).is_some_and(|token| token.word == "like");
            if !in_gloss && !likened {
                mentions.push(Mention { start: at, found });
            }
            at = end;
        } else {
            cues.extend(cue);
            at = cue_end.max(at + 1);
        }
    }
    (mentions, cues)
}

static NORMAL_CUES: LazyLock<Vec<(Vec<String>, Says, Reach)>> = LazyLock::new(|| {
    let mut cues: Vec<_> = CUES
        .iter()
        .map(|&(text, says, reach)| (text.split(' ').map(normal).collect(), says, reach))
        .collect();
    cues.sort_by_key(|(words, ..): &(Vec<String>, _, _)| std::cmp::Reverse(words.len()));
    cues
});

/// The longest cue that begins at `start`. A question mark is one where a finding follows it
/// directly.
fn cue_at(tokens: &[Token], start: usize) -> Option<CueAt> {
    let adjacent = tokens
        .get(start + 1)
        .is_some_and(|next| next.span.start == tokens[start].span.end);
    if tokens[start].word == "?" && adjacent && phrase_at(tokens, start + 1).is_some() {
        let (says, reach) = (Says::Uncertain, Reach::Forward);
        return Some(CueAt {
            start,
            end: start + 1,
            says,
            reach,
        });
    }
    NORMAL_CUES.iter().find_map(|&(ref words, says, reach)| {
        let here = tokens.get(start..start + words.len())?;
        let fits = here
            .iter()
            .zip(words)
            .all(|(token, word)| token.word == *word);
        fits.then_some(CueAt {
            start,
            end: start + words.len(),
            says,
            reach,
        })
    })
}

fn sites(tokens: &[Token]) -> Vec<SiteAt> {
    let mut sites = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if let Some((site, end)) = site_at(tokens, at) {
            sites.push(SiteAt {
                start: at,
                end,
                site,
            });
            at = end;
        } else {
            at += 1;
        }
    }
    sites
}
