//! The phrases that name findings: the terms of the vocabulary, and turns that name several
//! findings at once or say by themselves whether a finding is there ("lungs clear").

use std::sync::LazyLock;

use super::tokens::{Token, normal};
use crate::finding::Finding::{
    self, AbnormalHeart, Adventitious, Arrhythmia, CoarseCrackle, Continuous, Diminished,
    Discontinuous, FineCrackle, Murmur, PericardialRub, PleuralRub, PoorSignal, Rhonchi, S3, S4,
    Wheeze,
};
use crate::finding::Presence::{self, Absent, NotAssessed, Present, Uncertain};
use crate::vocabulary::TABLE;

/// Which findings a phrase names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    /// These.
    Findings(&'static [Finding]),
    /// This one.
    Finding(Finding),
    /// The first where the sentence speaks of the heart, else the second.
    ByContext(Finding, Finding),
    /// S3 and S4 where denied, otherwise an abnormal heart sound: which one is not said.
    Gallop,
}

/// A phrase: normalised words, what they name, and what they say if nothing else is said.
pub(super) struct Phrase {
    words: Vec<String>,
    pub(super) names: Names,
    pub(super) presence: Presence,
}

/// Phrases beyond the terms of the vocabulary.
const TURNS: &[(&str, Names, Presence)] = &[
    (
        "continuous or discontinuous adventitious sound",
        BOTH_GROUPS,
        Present,
    ),
    (
        "continuous and discontinuous adventitious sound",
        BOTH_GROUPS,
        Present,
    ),
    (
        "continuous nor discontinuous adventitious sound",
        BOTH_GROUPS,
        Present,
    ),
    ("fine and coarse crackle", BOTH_CRACKLES, Present),
    ("fine or coarse crackle", BOTH_CRACKLES, Present),
    (
        "w/r/r",
        Names::Findings(&[Wheeze, Discontinuous, Rhonchi]),
        Present,
    ),
    (
        "m/r/g",
        Names::Findings(&[Murmur, PericardialRub, S3, S4]),
        Present,
    ),
    ("gallop", Names::Gallop, Present),
    ("rub", Names::ByContext(PericardialRub, PleuralRub), Present),
    (
        "friction rub",
        Names::ByContext(PericardialRub, PleuralRub),
        Present,
    ),
    (
        "added sound",
        Names::ByContext(AbnormalHeart, Adventitious),
        Present,
    ),
    (
        "nil added",
        Names::ByContext(AbnormalHeart, Adventitious),
        Absent,
    ),
    ("lung clear", Names::Finding(Adventitious), Absent),
    ("lung field clear", Names::Finding(Adventitious), Absent),
    ("chest clear", Names::Finding(Adventitious), Absent),
    ("chest sound clear", Names::Finding(Adventitious), Absent),
    ("clear chest", Names::Finding(Adventitious), Absent),
    ("clear lung", Names::Finding(Adventitious), Absent),
    (
        "clear to auscultation",
        Names::Finding(Adventitious),
        Absent,
    ),
    (
        "lung clear to auscultation",
        Names::Finding(Adventitious),
        Absent,
    ),
    (
        "chest clear to auscultation",
        Names::Finding(Adventitious),
        Absent,
    ),
    ("ctab", Names::Finding(Adventitious), Absent),
    ("cta", Names::Finding(Adventitious), Absent),
    ("lung cta", Names::Finding(Adventitious), Absent),
    ("lung sound normal", Names::Finding(Adventitious), Absent),
    ("normal lung sound", Names::Finding(Adventitious), Absent),
    ("breath sound normal", Names::Finding(Adventitious), Absent),
    ("normal breath sound", Names::Finding(Adventitious), Absent),
    (
        "vesicular breath sound",
        Names::Finding(Adventitious),
        Absent,
    ),
    (
        "normal vesicular breath sound",
        Names::Finding(Adventitious),
        Absent,
    ),
    ("vesicular breathing", Names::Finding(Adventitious), Absent),
    (
        "breath sound vesicular",
        Names::Finding(Adventitious),
        Absent,
    ),
    (
        "lung sound : uncertain",
        Names::Finding(Adventitious),
        Uncertain,
    ),
    (
        "lung sound : not assessed",
        Names::Finding(Adventitious),
        NotAssessed,
    ),
    ("good air entry", Names::Finding(Diminished), Absent),
    ("equal air entry", Names::Finding(Diminished), Absent),
    ("normal air entry", Names::Finding(Diminished), Absent),
    ("air entry good", Names::Finding(Diminished), Absent),
    ("air entry equal", Names::Finding(Diminished), Absent),
    ("air entry normal", Names::Finding(Diminished), Absent),
    ("heart sound normal", Names::Finding(AbnormalHeart), Absent),
    ("normal heart sound", Names::Finding(AbnormalHeart), Absent),
    ("hs normal", Names::Finding(AbnormalHeart), Absent),
    ("hs i + ii + 0", Names::Finding(AbnormalHeart), Absent),
    ("hs i + ii + nil", Names::Finding(AbnormalHeart), Absent),
    ("s1 s2 normal", Names::Finding(AbnormalHeart), Absent),
    ("s1 and s2 normal", Names::Finding(AbnormalHeart), Absent),
    ("normal s1 s2", Names::Finding(AbnormalHeart), Absent),
    ("normal s1 and s2", Names::Finding(AbnormalHeart), Absent),
    (
        "heart sound : uncertain",
        Names::Finding(AbnormalHeart),
        Uncertain,
    ),
    (
        "heart sound : not assessed",
        Names::Finding(AbnormalHeart),
        NotAssessed,
    ),
    ("regular rhythm", Names::Finding(Arrhythmia), Absent),
    ("rhythm regular", Names::Finding(Arrhythmia), Absent),
    (
        "regular rate and rhythm",
        Names::Finding(Arrhythmia),
        Absent,
    ),
    ("rrr", Names::Finding(Arrhythmia), Absent),
    ("signal quality usable", Names::Finding(PoorSignal), Absent),
    ("signal quality good", Names::Finding(PoorSignal), Absent),
    ("good signal quality", Names::Finding(PoorSignal), Absent),
    ("recording usable", Names::Finding(PoorSignal), Absent),
];

const BOTH_GROUPS: Names = Names::Findings(&[Continuous, Discontinuous]);
const BOTH_CRACKLES: Names = Names::Findings(&[FineCrackle, CoarseCrackle]);

/// All phrases, the longest first.
static PHRASES: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    let split = |text: &str| text.split(' ').map(normal).collect();
    let terms = TABLE.iter().flat_map(|concept| {
        concept
            .synonyms
            .iter()
            .chain([&concept.preferred])
            .map(|term| Phrase {
                words: split(term),
                names: Names::Finding(concept.finding),
                presence: Present,
            })
    });
    let turns = TURNS.iter().map(|&(text, names, presence)| Phrase {
        words: split(text),
        names,
        presence,
    });
    let mut phrases: Vec<Phrase> = terms.chain(turns).collect();
    phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.words.len()));
    phrases
});

/// Words that may stand between the words of a phrase ("fine end-inspiratory crackles", "lungs
/// are clear").
const FILLERS: &[&str] = &[
    "is",
    "are",
    "was",
    "were",
    "remain",
    ":",
    "the",
    "inspiratory",
    "expiratory",
    "insp",
    "exp",
    "end",
    "late",
    "early",
    "mid",
    "bibasal",
    "basal",
    "bilateral",
    "both",
    "fixed",
    "sound",
];

/// A phrase found in a sentence.
pub(super) struct Match {
    pub(super) phrase: &'static Phrase,
    /// One past its last token.
    pub(super) end: usize,
    /// "not" stands between its words.
    pub(super) denied: bool,
}

/// The longest phrase that begins at `start`.
pub(super) fn phrase_at(sentence: &[Token], start: usize) -> Option<Match> {
    PHRASES.iter().find_map(|phrase| {
        let (end, denied) = fit(&phrase.words, sentence, start)?;
        Some(Match {
            phrase,
            end,
            denied,
        })
    })
}

fn fit(words: &[String], sentence: &[Token], start: usize) -> Option<(usize, bool)> {
    let mut at = start;
    let mut denied = false;
    for (index, word) in words.iter().enumerate() {
        loop {
            let here = sentence.get(at)?.word.as_str();
            at += 1;
            if here == word {
                break;
            }
            let filler = FILLERS.contains(&here) || here.ends_with("ly");
            if index == 0 || !(filler || here == "not") {
                return None;
            }
            denied |= here == "not";
        }
    }
    Some((at, denied))
}
