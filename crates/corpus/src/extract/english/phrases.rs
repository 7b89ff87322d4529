//! The phrases that name findings: tokens go in, the longest phrase that begins at one comes out.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::tokens::{Token, normal_words};
use super::turns::{INITIALS, STATES, TURNS};
use crate::extract::word_list::Words;
use crate::finding::Finding;
use crate::finding::Presence::{self, Present};
use crate::vocabulary::{Language, TABLE};

/// Which findings a phrase names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    /// These.
    Findings(&'static [Finding]),
    /// This one.
    One(Finding),
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
    between: Between,
}

/// Which words may stand between those of a phrase.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Between {
    /// Verbs and adverbs: "wheeze is faintly ...".
    Verbs,
    /// Other adjectives too: "fine end-inspiratory crackles", "systolic 2/6 murmur".
    Adjectives,
    /// Places too: "breath sounds on the left are reduced".
    Places,
}

/// Adjectives after which others may stand before the noun.
const ADJECTIVES: Words = Words(
    "fine|coarse|systolic|diastolic|continuous|pleural|pericardial|bronchial|abnormal|normal|\
 holosystolic|pansystolic|midsystolic|presystolic|mid|early|late|ejection|decreased|\
 reduced|diminished|absent|quiet|velcro|split|clear|good|equal|poor|faint|distant|\
 adventitious|added|irregular|regular|holodiastolic",
);

static VERBS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| {
        Words(
    "is|are|was|were|remain|remained|be|been|have|has|had|sound|sounded|appear|appeared|seem|\
 seemed|very|quite|now|again|still|:|=|the|inspiratory|expiratory|insp|exp|end|late|early|mid|\
 bibasal|basal|bilateral|both|fixed|well|also|all|otherwise|too|entirely|rather|to|a|little|bit|\
 somewhat|may|might|could|would|back|returned|return|become|became|gone|stay|stayed|noted|found|\
 judged|felt|thought|considered|just|almost|more|less|much|far|as|being|so|again|today|currently",
).iter().collect()
    });

static BETWEEN_ADJECTIVES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    Words(
        ",|/|and|a|an|any|scattered|bubbling|popping|brief|sharp|intermittent|isolated|audible|frequent|\
 diffuse|dry|moist|wet|high|low|medium|pitched|pitch|soft|loud|faint|occasional|few|\
 widespread|lung|pulmonary|respiratory|paninspiratory|holoinspiratory|bibasilar|basilar|\
 crepitant|velcro|ejection|flow|regurgitant|crescendo|decrescendo|diamond|blowing|harsh|\
 musical|rough|rumbling|plateau|shaped|grade|1|2|3|4|5|6|i|ii|iii|iv|v|vi|heart|cardiac|\
 short|long|left|right|sided|lower|upper|zone|crackling|end|apical|vibratory|innocent|\
 mild|moderate|severe|added|abnormal|friction|vesicular|breath|air|clear|normal|\
 localised|localized|focal|profuse|repetitive|sparse|dense|persistent|new|basal|\
 posterior|continuous",
    )
    .iter()
    .collect()
});

static BETWEEN_PLACES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    Words(
        "on|at|in|over|of|present|left|right|lower|upper|mid|middle|base|side|lung|lobe|zone|field|\
 posterior|anterior|lateral|l|r|apice|apex|chest|to|auscultation|lul|rul|lll|rll|rml|\
 throughout|and|heard|vesicular|equally|axilla|hemithorax",
    )
    .iter()
    .collect()
});

impl Phrase {
    fn new(text: &str, names: Names, presence: Presence, between: Between) -> Self {
        let words = normal_words(text);
        let adjective = words.len() > 1 && ADJECTIVES.contains(words[0].as_str());
        let between = if between == Between::Verbs && adjective {
            Between::Adjectives
        } else {
            between
        };
        Self {
            words,
            names,
            presence,
            between,
        }
    }

    fn all() -> Vec<Self> {
        let mut phrases = Vec::new();
        for concept in TABLE {
            for term in concept.terms(Language::English) {
                phrases.push(Self::new(
                    term,
                    Names::One(concept.finding),
                    Present,
                    Between::Verbs,
                ));
            }
        }
        for &(names, presence, texts) in TURNS {
            phrases.extend(
                texts
                    .iter()
                    .map(|text| Self::new(text, names, presence, Between::Verbs)),
            );
        }
        phrases.extend(initials().map(|(text, findings)| {
            Self::new(&text, Names::Findings(findings), Present, Between::Verbs)
        }));
        for &(names, presence, nouns, states) in STATES {
            for noun in nouns.iter() {
                for state in states.iter() {
                    phrases.push(Self::new(
                        &format!("{noun} {state}"),
                        names,
                        presence,
                        Between::Places,
                    ));
                    phrases.push(Self::new(
                        &format!("{state} {noun}"),
                        names,
                        presence,
                        Between::Verbs,
                    ));
                }
            }
        }
        let short: Vec<Self> = phrases.iter().filter_map(Self::abbreviated).collect();
        phrases.extend(short);
        phrases
    }

    /// The phrase with its noun abbreviated: "bs diminished".
    fn abbreviated(&self) -> Option<Self> {
        let (at, short) = self.words.windows(2).enumerate().find_map(|(at, pair)| {
            let short = match [pair[0].as_str(), pair[1].as_str()] {
                ["breath", "sound"] => "bs",
                ["lung", "sound"] => "ls",
                ["heart", "sound"] => "hs",
                ["air", "entry"] => "ae",
                _ => return None,
            };
            Some((at, short))
        })?;
        let mut words = self.words.clone();
        words.splice(at..at + 2, [short.to_owned()]);
        (words.len() > 1).then_some(Self {
            words,
            names: self.names,
            presence: self.presence,
            between: self.between,
        })
    }
}

/// Findings by their initials in any order: "w/r/r", "r/m/g".
fn initials() -> impl Iterator<Item = (String, &'static [Finding])> {
    INITIALS.iter().flat_map(|&(letters, findings)| {
        let mut orders = vec![Vec::<char>::new()];
        for letter in letters.chars() {
            orders = orders
                .iter()
                .flat_map(|order| {
                    (0..=order.len()).map(|at| {
                        let mut order = order.clone();
                        order.insert(at, letter);
                        order
                    })
                })
                .collect();
        }
        orders.into_iter().map(move |order| {
            let letters: Vec<String> = order.iter().map(char::to_string).collect();
            (letters.join("/"), findings)
        })
    })
}

/// Phrases by their first word, the longest first. Of two with the same words the first stays.
static PHRASES: LazyLock<HashMap<String, Vec<Phrase>>> = LazyLock::new(|| {
    let mut by_word: HashMap<String, Vec<Phrase>> = HashMap::new();
    let mut known = HashSet::new();
    for phrase in Phrase::all() {
        if known.insert(phrase.words.clone()) {
            by_word
                .entry(phrase.words[0].clone())
                .or_default()
                .push(phrase);
        }
    }
    for phrases in by_word.values_mut() {
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.words.len()));
    }
    by_word
});

/// A phrase found in a sentence.
#[derive(Clone, Copy)]
pub(super) struct Match {
    pub(super) phrase: &'static Phrase,
    /// One past its last token.
    pub(super) end: usize,
    /// "not" stands between its words.
    pub(super) denied: bool,
    /// "Possibly" stands between its words.
    pub(super) doubted: bool,
}

/// The longest phrase that begins at `start`.
pub(super) fn phrase_at(sentence: &[Token], start: usize) -> Option<Match> {
    let phrases = PHRASES.get(&sentence.get(start)?.word)?;
    phrases
        .iter()
        .find_map(|phrase| phrase.fit(sentence, start))
}

/// The phrase for diminished breath sounds, wherever its noun stands.
pub(super) fn diminished() -> Match {
    static PHRASE: LazyLock<Phrase> = LazyLock::new(|| {
        let names = Names::One(Finding::Diminished);
        Phrase::new("breath sound diminished", names, Present, Between::Places)
    });
    Match {
        phrase: &PHRASE,
        end: 0,
        denied: false,
        doubted: false,
    }
}

/// Adverbs of doubt that may stand inside a phrase: "heart sounds possibly abnormal".
const DOUBTS: Words = Words(
    "may|might|could|possibly|probably|perhap|questionably|arguably|potentially|maybe|likely|conceivably",
);

/// Words between those of a phrase, at most.
const MOST_BETWEEN: usize = 8;

/// Last words of phrases that are statements: "S2 split", "rhythm irregular".
const STATEMENTS: Words =
    Words("split|irregular|abnormal|regular|diminished|decreased|reduced|absent|normal|clear");

impl Phrase {
    /// Whether it says how breath sounds are.
    pub(super) fn is_breath(&self) -> bool {
        let findings = [Finding::Adventitious, Finding::Diminished];
        let named = findings
            .iter()
            .any(|&finding| self.names == Names::One(finding));
        named && self.between == Between::Places
    }

    /// Whether it is a statement rather than a noun, so that a denial before it is not of it.
    pub(super) fn is_statement(&self) -> bool {
        let last = self.words.last().map_or("", String::as_str);
        self.between == Between::Places || (self.words.len() > 1 && STATEMENTS.contains(last))
    }

    fn fit(&'static self, sentence: &[Token], start: usize) -> Option<Match> {
        let mut at = start + 1;
        let (mut denied, mut doubted) = (false, false);
        let mut between = 0;
        for word in &self.words[1..] {
            loop {
                let here = sentence.get(at)?.word.as_str();
                at += 1;
                if here == word {
                    break;
                }
                between += 1;
                if between > MOST_BETWEEN || !self.lets(here) {
                    return None;
                }
                denied |= matches!(here, "not" | "neither" | "isn't" | "aren't");
                doubted |= DOUBTS.contains(here);
            }
        }
        Some(Match {
            phrase: self,
            end: at,
            denied,
            doubted,
        })
    }

    /// Whether a word may stand between those of the phrase.
    fn lets(&self, word: &str) -> bool {
        let negation = matches!(word, "not" | "isn't" | "aren't");
        let verb =
            VERBS.contains(word) || word.ends_with("ly") || DOUBTS.contains(word) || negation;
        match self.between {
            Between::Verbs => verb,
            Between::Adjectives => (verb && !negation) || BETWEEN_ADJECTIVES.contains(word),
            Between::Places => verb || BETWEEN_PLACES.contains(word),
        }
    }
}
