//! Clinical English goes in; the findings it states go out.
//!
//! The text is cut into sentences and clauses. The phrases of the vocabulary are found, the
//! longest first; findings joined by commas and conjunctions form a list; cues ("no", "cannot be
//! excluded", "resolved", "not assessed") reach over the list before or after them, up to the
//! next cue or the end of the clause (after W. Chapman et al., "A simple algorithm for identifying
//! negated findings and diseases in discharge summaries", Journal of Biomedical Informatics 34,
//! 2001, and H. Harkema et al., "`ConText`", ibid. 42, 2009).
//!
//! A sentence is cut after 200 words and a phrase may hold eight others, so that the work is
//! linear in the length of the text.

use super::Extracted;
use crate::site::Site;

mod clause;
mod cues;
mod lexicon;
mod lists;
mod murmur;
mod none_of;
mod phrases;
mod reach;
mod scope;
mod senses;
mod sites;
mod speech;
mod tokens;
mod turns;

/// Appends the findings that an English text states. Spans are places in `text`.
pub(super) fn findings(text: &str, into: &mut Vec<Extracted>) {
    let mut context = scope::Context::default();
    for sentence in tokens::sentences(text) {
        let about_heart = sentence
            .iter()
            .any(|token| cues::HEART_WORDS.contains(token.word.as_str()));
        for clause in clause::clauses(&sentence) {
            scope::findings(&clause, about_heart, &mut context, into);
        }
    }
}

/// The listening points that the text names, each once, in order.
pub(super) fn sites_named(text: &str) -> Vec<Site> {
    let mut named = Vec::new();
    for sentence in tokens::sentences(text) {
        for clause in clause::clauses(&sentence) {
            for site in clause.sites.iter().filter_map(|at| at.site) {
                if !named.contains(&site) {
                    named.push(site);
                }
            }
        }
    }
    named
}
