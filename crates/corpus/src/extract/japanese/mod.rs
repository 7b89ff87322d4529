//! Clinical Japanese goes in; the findings it states go out.
//!
//! Japanese is written without spaces: at each place the longest word of a dictionary is taken,
//! and what is no word is passed over. What is said of a finding comes after it, at the end of
//! the clause ("喘鳴は聴取せず", "捻髪音の疑い"), and holds for all findings before it that
//! nothing was said of yet. The time is linear: words have a bounded length.

use super::Extracted;

mod cues;
mod groups;
mod lexicon;
mod murmur;
mod nouns;
mod scope;
mod sites;
mod text;

/// Appends the findings that a Japanese text states. Spans are places in `text`.
pub(super) fn findings(text: &str, into: &mut Vec<Extracted>) {
    let text = text::Text::new(text);
    scope::findings(&text, into);
}
