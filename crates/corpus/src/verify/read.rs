//! A text comes in; everything it claims goes out.

use std::collections::BTreeSet;

use super::claim::{Claim, plain};
use super::lexicon;
use super::places::{Places, sentences};
use super::times::{intervals, numerals};
use crate::extract::{Extracted, extract, sites_named};
use crate::facts::{MurmurTrait, Noise, Phase, closed};
use crate::finding::Presence;

/// Words that may stand between the name of a phase and the finding after it.
const JOINING: &[&str] = &[
    "and",
    "or",
    "inspiratory",
    "expiratory",
    "late",
    "early",
    "mid",
    "end",
    "fine",
    "coarse",
];

/// Everything a text claims, findings with what they imply.
pub fn read(text: &str) -> BTreeSet<Claim> {
    let mentions = extract(text);
    let assessed = mentions
        .iter()
        .filter(|said| said.presence != Presence::NotAssessed)
        .map(|said| (said.finding, said.presence));
    let mut claims: BTreeSet<Claim> = closed(assessed)
        .into_iter()
        .map(|(finding, presence)| Claim::Finding(finding, presence))
        .collect();
    claims.extend(
        sites_named(text)
            .into_iter()
            .map(|site| Claim::Site(site.to_string())),
    );
    claims.extend(murmurs(&mentions));
    claims.extend(numbers(text).iter().map(|number| plain(number)));
    let places = Places::of(text, mentions);
    for (at, start, end) in intervals(text) {
        claims.extend(
            places
                .around(at)
                .into_iter()
                .map(|finding| Claim::Time(finding, start, end)),
        );
    }
    for sentence in sentences(text) {
        let (start, sentence) = (sentence.start, &text[sentence]);
        let words = words(sentence);
        let spelled: Vec<String> = words.iter().map(|(_, word)| word.clone()).collect();
        claims.extend(lexicon::said(&spelled));
        claims.extend(noise(&spelled).map(Claim::Noise));
        claims.extend(tempo(&spelled).map(Claim::Tempo));
        for (at, word) in &words {
            let phase = match word.as_str() {
                "inspiratory" | "inspiration" | "inspiratorily" => Phase::Inspiratory,
                "expiratory" | "expiration" | "expiratorily" => Phase::Expiratory,
                _ => continue,
            };
            let (at, end) = (start + at, start + at + word.len());
            let mut of = places.ahead(text, end, JOINING);
            if of.is_empty() {
                of = places.around(at);
            }
            claims.extend(of.into_iter().map(|finding| Claim::Phase(finding, phase)));
        }
    }
    claims
}

/// The attributes of the murmurs that are there.
fn murmurs(mentions: &[Extracted]) -> impl Iterator<Item = Claim> {
    mentions.iter().flat_map(|said| {
        let attributes = said.murmur.as_ref().map(MurmurTrait::of);
        let attributes = attributes.unwrap_or_default().into_iter();
        attributes.map(|attribute| Claim::Murmur(said.finding, attribute))
    })
}

/// The numbers that are written in a text with digits, each once: `at 1.2-3.0 s.` has 1.2 and 3.0,
/// `S3` has none.
pub fn numbers(text: &str) -> BTreeSet<String> {
    numerals(text)
        .into_iter()
        .map(|(_, number)| number.to_owned())
        .collect()
}

/// Lower-case words with their places; hyphens separate, a number is one word.
fn words(sentence: &str) -> Vec<(usize, String)> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, letter) in sentence.char_indices().chain([(sentence.len(), ' ')]) {
        if letter.is_alphanumeric() {
            start.get_or_insert(at);
        } else if let Some(from) = start.take() {
            words.push((from, sentence[from..at].to_lowercase()));
        }
    }
    words
}

/// What a sentence says of the background noise.
fn noise(words: &[String]) -> Option<Noise> {
    let speaks = words.iter().any(|word| word == "noise");
    let level = words.iter().find_map(|word| match word.as_str() {
        "low" | "little" | "slight" | "minimal" | "faint" => Some(Noise::Low),
        "moderate" | "medium" => Some(Noise::Moderate),
        "high" | "strong" | "loud" | "heavy" | "considerable" => Some(Noise::High),
        _ => None,
    });
    level.filter(|_| speaks)
}

/// The number before "a minute", "per minute", "beats per minute".
fn tempo(words: &[String]) -> Option<u32> {
    let minute = words.iter().position(|word| word == "minute")?;
    words[..minute]
        .iter()
        .rev()
        .take(5)
        .find_map(|word| word.parse().ok())
}
