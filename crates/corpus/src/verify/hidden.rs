//! A text whose labels must stay hidden comes in; the words that give them away go out.

use std::sync::LazyLock;

use crate::vocabulary::TABLE;

/// Words that tell a label without naming a finding.
const TELLING: &[&str] = &[
    "normal",
    "abnormal",
    "normally",
    "clear",
    "healthy",
    "unremarkable",
    "pathological",
    "pathology",
    "disease",
    "diseases",
    "abnormality",
    "abnormalities",
    "adventitious",
    "crackles",
    "wheezes",
    "murmurs",
    "poor",
    "unusable",
    "uninterpretable",
    "diagnosis",
    "diagnosed",
    "asthma",
    "copd",
    "pneumonia",
    "bronchitis",
    "fibrosis",
    "failure",
    "vesicular",
    "extrasystole",
    "gallop",
    "inspiratory",
    "expiratory",
    "systolic",
    "diastolic",
    "holosystolic",
    "pansystolic",
    "holodiastolic",
    "harsh",
    "blowing",
    "rumbling",
    "crescendo",
    "decrescendo",
];

/// Every term of the vocabulary, in words.
static TERMS: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    let terms = TABLE
        .iter()
        .flat_map(|concept| concept.synonyms.iter().chain([&concept.preferred]));
    terms.map(|term| words(term)).collect()
});

/// Terms of findings and other telling words, wherever they stand: also "history of wheeze", from
/// which [`extract`](crate::extract) reads no finding.
pub fn label_words(text: &str) -> Vec<String> {
    let words = words(text);
    let mut found: Vec<String> = Vec::new();
    for at in 0..words.len() {
        if TELLING.contains(&words[at].as_str()) {
            found.push(words[at].clone());
        }
        for term in TERMS.iter() {
            let here = words.get(at..at + term.len());
            let same = here.is_some_and(|here| {
                here.iter()
                    .zip(term)
                    .all(|(word, part)| word == part || word.strip_suffix('s') == Some(part))
            });
            if same {
                found.push(term.join(" "));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}
