//! Praat `TextGrid`s. Intervals of a tier follow one another without gap or overlap, so that events
//! which overlap go to further tiers and what lies between has an empty label; points have a tier
//! of their own.
//!
//! Reading follows the Praat manual, "`TextGrid` file formats": only free-standing numbers, strings
//! in quotation marks and flags in angle brackets count, which makes long and short form the same.

use std::fmt::Write as _;

use super::{LabelError, event};
use crate::recording::Event;

pub(super) fn write(seconds: f64, events: &[Event]) -> String {
    let (points, intervals): (Vec<&Event>, Vec<&Event>) = events
        .iter()
        .partition(|event| event.start_s == event.end_s);
    let end = events
        .iter()
        .map(|event| event.end_s)
        .fold(seconds, f64::max);
    let mut tiers = Vec::new();
    for (index, tier) in without_overlap(intervals).into_iter().enumerate() {
        tiers.push(intervals_tier(index, &tier, end));
    }
    if !points.is_empty() {
        tiers.push(points_tier(&points, end));
    }
    let mut text = format!(
        "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\nxmin = 0\nxmax = {end}\n\
         tiers? <exists>\nsize = {}\nitem []:\n",
        tiers.len()
    );
    for (index, tier) in (1..).zip(tiers) {
        write!(text, "    item [{index}]:\n{tier}").expect("a String takes all");
    }
    text
}

/// Deals events into as few tiers as hold them without overlap.
fn without_overlap(mut events: Vec<&Event>) -> Vec<Vec<&Event>> {
    events.sort_by(|a, b| a.start_s.total_cmp(&b.start_s));
    let mut tiers: Vec<Vec<&Event>> = vec![Vec::new()];
    for event in events {
        let fits =
            |tier: &&mut Vec<&Event>| tier.last().is_none_or(|last| last.end_s <= event.start_s);
        match tiers.iter_mut().find(fits) {
            Some(tier) => tier.push(event),
            None => tiers.push(vec![event]),
        }
    }
    tiers
}

fn intervals_tier(index: usize, events: &[&Event], end: f64) -> String {
    let mut spans: Vec<(f64, f64, &str)> = Vec::new();
    let mut at = 0.0;
    for event in events {
        if event.start_s > at {
            spans.push((at, event.start_s, ""));
        }
        spans.push((event.start_s, event.end_s, event.kind.word()));
        at = event.end_s;
    }
    if at < end || spans.is_empty() {
        spans.push((at, end, ""));
    }
    let mut text = head(
        "IntervalTier",
        &format!("events {}", index + 1),
        end,
        "intervals",
        spans.len(),
    );
    for (number, (from, to, label)) in (1..).zip(spans) {
        write!(
            text,
            "        intervals [{number}]:\n            xmin = {from}\n            xmax = {to}\n            \
             text = \"{label}\"\n"
        )
        .expect("a String takes all");
    }
    text
}

fn points_tier(points: &[&Event], end: f64) -> String {
    let mut text = head("TextTier", "points", end, "points", points.len());
    for (number, point) in (1..).zip(points) {
        write!(
            text,
            "        points [{number}]:\n            number = {}\n            mark = \"{}\"\n",
            point.start_s, point.kind
        )
        .expect("a String takes all");
    }
    text
}

fn head(class: &str, name: &str, end: f64, items: &str, count: usize) -> String {
    format!(
        "        class = \"{class}\"\n        name = \"{name}\"\n        xmin = 0\n        \
         xmax = {end}\n        {items}: size = {count}\n"
    )
}

/// What counts in the file, with its line.
#[derive(Debug, PartialEq)]
enum Token {
    Number(f64),
    Text(String),
    Flag,
}

struct Tokens {
    left: std::vec::IntoIter<(usize, Token)>,
    line: usize,
}

impl Tokens {
    fn number(&mut self) -> Result<f64, LabelError> {
        match self.next() {
            Some(Token::Number(number)) => Ok(number),
            _ => Err(self.wrong("a number")),
        }
    }

    fn text(&mut self) -> Result<String, LabelError> {
        match self.next() {
            Some(Token::Text(text)) => Ok(text),
            _ => Err(self.wrong("a text in quotation marks")),
        }
    }

    /// A count; more than there are tokens left is refused before anything is kept for them.
    fn count(&mut self) -> Result<usize, LabelError> {
        let number = self.number()?;
        let whole = number >= 0.0 && number.fract() == 0.0 && number <= self.left.len() as f64;
        whole
            .then_some(number as usize)
            .ok_or_else(|| self.wrong("a count"))
    }

    fn next(&mut self) -> Option<Token> {
        let (line, token) = self.left.next()?;
        self.line = line;
        Some(token)
    }

    fn wrong(&self, expected: &'static str) -> LabelError {
        LabelError {
            place: self.line,
            expected,
        }
    }
}

pub(super) fn read(text: &str) -> Result<Vec<Event>, LabelError> {
    let mut tokens = Tokens {
        left: tokens(text)?.into_iter(),
        line: 1,
    };
    if tokens.text()? != "ooTextFile" || tokens.text()? != "TextGrid" {
        return Err(tokens.wrong("a TextGrid in Praat's text form"));
    }
    tokens.number()?;
    tokens.number()?;
    if tokens.next() != Some(Token::Flag) {
        return Err(tokens.wrong("<exists>"));
    }
    let mut events = Vec::new();
    for _ in 0..tokens.count()? {
        let points = match tokens.text()?.as_str() {
            "IntervalTier" => false,
            "TextTier" => true,
            _ => return Err(tokens.wrong("IntervalTier or TextTier")),
        };
        tokens.text()?;
        tokens.number()?;
        tokens.number()?;
        for _ in 0..tokens.count()? {
            let start = tokens.number()?;
            let end = if points { start } else { tokens.number()? };
            let label = tokens.text()?;
            if !label.trim().is_empty() {
                events.push(event(tokens.line, start, end, &label)?);
            }
        }
    }
    Ok(events)
}

/// Free-standing numbers, texts and flags. A quotation mark within a text is doubled; `!` begins a
/// comment.
fn tokens(text: &str) -> Result<Vec<(usize, Token)>, LabelError> {
    let mut found = Vec::new();
    for (line, row) in (1..).zip(text.lines()) {
        let mut rest = row.trim_start();
        while !rest.is_empty() && !rest.starts_with('!') {
            if let Some(inner) = rest.strip_prefix('"') {
                let (text, after) = quoted(inner).ok_or(LabelError {
                    place: line,
                    expected: "a text that ends on its line",
                })?;
                found.push((line, Token::Text(text)));
                rest = after.trim_start();
                continue;
            }
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let word = &rest[..end];
            if word.starts_with('<') && word.ends_with('>') {
                found.push((line, Token::Flag));
            } else if let Ok(number) = word.parse::<f64>() {
                found.push((line, Token::Number(number)));
            }
            rest = rest[end..].trim_start();
        }
    }
    Ok(found)
}

/// A text up to its closing quotation mark, and what follows.
fn quoted(inner: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut rest = inner;
    loop {
        let at = rest.find('"')?;
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match rest.strip_prefix('"') {
            Some(after) => {
                text.push('"');
                rest = after;
            }
            None => return Some((text, rest)),
        }
    }
}
