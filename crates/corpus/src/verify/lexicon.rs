//! The words by which a text speaks of the person, the device, the organ, a disease or of more than
//! a recording shows.

use std::sync::LazyLock;

use super::claim::Claim;
use crate::diagnosis::Diagnosis;
use crate::facts::Device;
use crate::recording::{Domain, Sex};
use crate::vocabulary::DIAGNOSES;
use crate::wording::AgeGroup;

/// What a phrase says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Says {
    Sex(Sex),
    Age(AgeGroup),
    Both(AgeGroup, Sex),
    Device(Device),
    Diagnosis(Diagnosis),
    Organ(Domain),
    /// Nothing by itself; it keeps its words from being read as something else.
    Nothing,
    /// More than the recording shows. The words begin with the phrase.
    Beyond,
}

use AgeGroup::{Adolescent, Adult, Infant, OlderAdult, Preschool, SchoolAge, Toddler};
use Says::{Age, Beyond, Both, Nothing, Organ};
use Sex::{Female, Male};

/// Phrases of lower-case words; hyphens count as blanks.
const PHRASES: &[(&str, Says)] = &[
    ("female", Says::Sex(Female)),
    ("girl", Says::Sex(Female)),
    ("woman", Says::Sex(Female)),
    ("she", Says::Sex(Female)),
    ("her", Says::Sex(Female)),
    ("male", Says::Sex(Male)),
    ("boy", Says::Sex(Male)),
    ("man", Says::Sex(Male)),
    ("he", Says::Sex(Male)),
    ("his", Says::Sex(Male)),
    ("infant", Age(Infant)),
    ("baby", Age(Infant)),
    ("toddler", Age(Toddler)),
    ("preschool", Age(Preschool)),
    ("preschooler", Age(Preschool)),
    ("school age", Age(SchoolAge)),
    ("schoolchild", Age(SchoolAge)),
    ("adolescent", Age(Adolescent)),
    ("teenage", Age(Adolescent)),
    ("teenager", Age(Adolescent)),
    ("adult", Age(Adult)),
    ("older adult", Age(OlderAdult)),
    ("older woman", Both(OlderAdult, Female)),
    ("older man", Both(OlderAdult, Male)),
    ("elderly", Age(OlderAdult)),
    ("bell", Says::Device(Device::Bell)),
    ("diaphragm", Says::Device(Device::Diaphragm)),
    ("extended range", Says::Device(Device::Extended)),
    ("electronic stethoscope", Says::Device(Device::Electronic)),
    ("microphone", Says::Device(Device::Microphone)),
    ("no disease", Says::Diagnosis(Diagnosis::Normal)),
    ("pulmonary area", Nothing),
    ("lung field", Nothing),
    ("heart", Organ(Domain::Heart)),
    ("cardiac", Organ(Domain::Heart)),
    ("lung", Organ(Domain::Lung)),
    ("breath", Organ(Domain::Lung)),
    ("breathing", Organ(Domain::Lung)),
    ("respiratory", Organ(Domain::Lung)),
    ("pulmonary", Organ(Domain::Lung)),
    ("cough", Organ(Domain::Other)),
    ("patient", Beyond),
    ("diagnosed", Beyond),
    ("disease", Beyond),
    ("disorder", Beyond),
    ("infection", Beyond),
    ("tuberculosis", Beyond),
    ("fibrosis", Beyond),
    ("emphysema", Beyond),
    ("cancer", Beyond),
    ("covid", Beyond),
    ("stenosis", Beyond),
    ("regurgitation", Beyond),
    ("treat", Beyond),
    ("therap", Beyond),
    ("medicat", Beyond),
    ("recommend", Beyond),
    ("prescri", Beyond),
    ("follow up", Beyond),
    // What a language model says of itself and its task.
    ("sorry", Beyond),
    ("confusion", Beyond),
    ("statement", Beyond),
    ("certainly", Beyond),
    ("here is the", Beyond),
    ("report", Beyond),
    ("sentence", Beyond),
    ("paragraph", Beyond),
    ("reword", Beyond),
    ("rephras", Beyond),
    ("summar", Beyond),
    ("doctor", Beyond),
    ("physician", Beyond),
    ("symptom", Beyond),
    ("history", Beyond),
    ("fever", Beyond),
    ("pain", Beyond),
    ("healthy", Beyond),
    ("suggest", Beyond),
    ("indicat", Beyond),
    ("consistent with", Beyond),
];

/// The phrases and the terms of diagnoses. Abbreviations under four letters (`ms`, `as`) are words
/// of other meanings in running text and stay out.
static ALL: LazyLock<Vec<(Vec<String>, Says)>> = LazyLock::new(|| {
    let split = |phrase: &str| -> Vec<String> {
        let words = phrase.split([' ', '-', '_']);
        words.map(str::to_lowercase).collect()
    };
    let terms = DIAGNOSES.iter().flat_map(|known| {
        let synonyms = known.synonyms.iter().filter(|term| {
            known.diagnosis != Diagnosis::Normal && term.is_ascii() && term.len() >= 4
        });
        synonyms
            .chain([&known.preferred])
            .map(|term| (*term, Says::Diagnosis(known.diagnosis)))
    });
    PHRASES
        .iter()
        .copied()
        .chain(terms)
        .map(|(phrase, says)| (split(phrase), says))
        .collect()
});

/// The claims that the words make, the longest phrase at each place.
pub(super) fn said(words: &[String]) -> Vec<Claim> {
    let mut claims = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let fits = ALL
            .iter()
            .filter_map(|(phrase, says)| {
                fit(phrase, *says, &words[at..]).map(|length| (length, *says))
            })
            .max_by_key(|(length, _)| *length);
        let Some((length, says)) = fits else {
            at += 1;
            continue;
        };
        match says {
            Says::Sex(sex) => claims.push(Claim::Sex(sex)),
            Says::Age(age) => claims.push(Claim::Age(age)),
            Says::Both(age, sex) => claims.extend([Claim::Age(age), Claim::Sex(sex)]),
            Says::Device(device) => claims.push(Claim::Device(device)),
            Says::Diagnosis(diagnosis) => claims.push(Claim::Diagnosis(diagnosis)),
            Says::Organ(organ) => claims.push(Claim::Organ(organ)),
            Says::Nothing => {}
            Says::Beyond => claims.push(Claim::Beyond(words[at..at + length].join(" "))),
        }
        at += length;
    }
    claims
}

/// The number of words of the phrase, if the text begins with it. Plurals fit; of a [`Beyond`]
/// phrase the beginning of the last word is enough.
fn fit(phrase: &[String], says: Says, words: &[String]) -> Option<usize> {
    let mut length = 0;
    for part in phrase {
        let word = words.get(length)?;
        let same = word == part
            || word.strip_suffix('s') == Some(part.as_str())
            || (matches!(says, Beyond) && part.len() > 4 && word.starts_with(part.as_str()));
        if !same {
            return None;
        }
        length += 1;
    }
    Some(length)
}
