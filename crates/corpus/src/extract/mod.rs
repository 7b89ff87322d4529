//! Clinical English goes in; the findings it states go out, each present, absent, uncertain or
//! not assessed, with the site it is said of.
//!
//! The text is cut into sentences and clauses. The phrases of the vocabulary are found, the
//! longest first; findings joined by commas and conjunctions form a list; cues ("no", "cannot be
//! excluded", "resolved", "not assessed") reach over the list before or after them, up to the
//! next cue or the end of the clause (after W. Chapman et al., "A simple algorithm for identifying
//! negated findings and diseases in discharge summaries", Journal of Biomedical Informatics 34,
//! 2001, and H. Harkema et al., "`ConText`", ibid. 42, 2009).
//!
//! - History, hearsay, advice and conditions ("history of wheeze", "if wheeze recurs") are no
//!   findings and give nothing.
//! - "Not assessed" gives [`Presence::NotAssessed`], so that a text can be compared with all
//!   answers of an analysis. Of the signal itself it says nothing.
//! - A text states what it states: "fine crackles" gives that finding and not its parents.
//! - A gloss in brackets after a finding names it again and gives nothing of its own:
//!   "continuous adventitious sounds (wheeze-like)" is not a wheeze.

use std::ops::Range;

use crate::finding::{Finding, Presence};
use crate::site::Site;

mod clause;
mod cues;
mod phrases;
mod scope;
mod sites;
mod tokens;

/// A finding that a text states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extracted {
    /// The finding.
    pub finding: Finding,
    /// What the text says of it.
    pub presence: Presence,
    /// Where, if the text says so of this finding.
    pub site: Option<Site>,
    /// The bytes of the text that name the finding.
    pub span: Range<usize>,
}

/// The findings that an English text states, in the order of the text.
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
/// ```
pub fn extract(text: &str) -> Vec<Extracted> {
    let mut extracted = Vec::new();
    for sentence in tokens::sentences(text) {
        let about_heart = sentence
            .iter()
            .any(|token| cues::HEART_WORDS.contains(&token.word.as_str()));
        for clause in clause::clauses(&sentence) {
            scope::findings(&clause, about_heart, &mut extracted);
        }
    }
    extracted
}

/// The listening points that an English text names, each once, in the order of the text; whether a
/// finding is said of them or not.
pub fn sites_named(text: &str) -> Vec<Site> {
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
