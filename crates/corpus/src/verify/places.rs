//! A text comes in; its sentences and the places where findings are named go out, for whatever is
//! said of the finding that stands nearest.

use std::ops::Range;

use crate::extract::Extracted;
use crate::finding::Finding;

/// The findings that a text names, with the sentences around them.
pub(super) struct Places {
    sentences: Vec<Range<usize>>,
    mentions: Vec<Extracted>,
}

impl Places {
    /// The places of what `extract` read.
    pub(super) fn of(text: &str, mentions: Vec<Extracted>) -> Self {
        Self {
            sentences: sentences(text),
            mentions,
        }
    }

    /// The finding that words at `at` belong to: the one whose name they stand in, else the one
    /// named last before them in their sentence, else the first after them.
    pub(super) fn around(&self, at: usize) -> Vec<Finding> {
        let Some(sentence) = self
            .sentences
            .iter()
            .find(|sentence| sentence.contains(&at))
        else {
            return Vec::new();
        };
        let here: Vec<&Extracted> = self
            .mentions
            .iter()
            .filter(|mention| sentence.contains(&mention.span.start))
            .collect();
        let chosen = here
            .iter()
            .find(|mention| mention.span.contains(&at))
            .or_else(|| here.iter().rev().find(|mention| mention.span.end <= at))
            .or_else(|| here.iter().find(|mention| mention.span.start >= at));
        Self::alike(&here, chosen.copied())
    }

    /// The finding that follows `at` in its sentence with nothing but `joining` words between.
    pub(super) fn ahead(&self, text: &str, at: usize, joining: &[&str]) -> Vec<Finding> {
        let next = self
            .mentions
            .iter()
            .find(|mention| mention.span.start >= at);
        let next = next.filter(|mention| {
            text[at..mention.span.start]
                .split([' ', '-', ',', '/', '&'])
                .all(|word| word.is_empty() || joining.contains(&word.to_lowercase().as_str()))
        });
        Self::alike(&self.mentions.iter().collect::<Vec<_>>(), next)
    }

    /// All findings that the same words name.
    fn alike(mentions: &[&Extracted], chosen: Option<&Extracted>) -> Vec<Finding> {
        chosen.map_or_else(Vec::new, |chosen| {
            mentions
                .iter()
                .filter(|mention| mention.span == chosen.span)
                .map(|mention| mention.finding)
                .collect()
        })
    }
}

/// The sentences of a text, as its bytes. A point between digits ends none.
pub(super) fn sentences(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, mark) in text.char_indices() {
        let decimal = mark == '.' && digit(at.checked_sub(1)) && digit(Some(at + 1));
        if matches!(mark, '.' | ';' | '!' | '?' | '\n') && !decimal {
            sentences.push(start..at + 1);
            start = at + 1;
        }
    }
    sentences.push(start..text.len());
    sentences
}
