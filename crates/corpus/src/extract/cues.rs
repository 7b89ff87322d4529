//! The words that turn a finding into absent, uncertain, not assessed or merely spoken of.

/// What a cue says of the findings in its reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Says {
    /// There.
    Present,
    /// Not there.
    Absent,
    /// Perhaps there.
    Uncertain,
    /// Not looked for.
    NotAssessed,
    /// Not a finding of this examination: history, advice, condition.
    NotAFinding,
}

/// Which way a cue reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// To the findings that follow.
    Forward,
    /// To the findings before.
    Backward,
    /// Backward when it follows a finding closely, else forward.
    Either,
    /// Forward; backward when it ends the clause ("wheeze is not").
    ForwardUnlessLast,
}

/// A cue: its words as written, what it says, which way.
pub(super) type Cue = (&'static str, Says, Reach);

use Reach::{Backward, Either, Forward, ForwardUnlessLast};
use Says::{Absent, NotAFinding, NotAssessed, Present, Uncertain};

/// All cues. The longest that fits is taken, so that "not resolved" hides "resolved".
pub(super) const CUES: &[Cue] = &[
    ("no", Absent, Forward),
    ("not", Absent, ForwardUnlessLast),
    ("nil", Absent, ForwardUnlessLast),
    ("none", Absent, ForwardUnlessLast),
    ("without", Absent, Forward),
    ("w/o", Absent, Forward),
    ("neither", Absent, Forward),
    ("nor", Absent, Forward),
    ("no evidence of", Absent, Forward),
    ("no sign of", Absent, Forward),
    ("absence of", Absent, Forward),
    ("free of", Absent, Forward),
    ("negative for", Absent, Forward),
    ("lack of", Absent, Forward),
    ("ruled out", Absent, Either),
    ("absent", Absent, Either),
    ("negative", Absent, Backward),
    ("not present", Absent, Backward),
    ("not heard", Absent, Backward),
    ("not audible", Absent, Backward),
    ("not detected", Absent, Backward),
    ("not found", Absent, Backward),
    ("not seen", Absent, Backward),
    ("not noted", Absent, Backward),
    ("not appreciated", Absent, Backward),
    ("not evident", Absent, Backward),
    ("no longer", Absent, Either),
    ("resolved", Absent, Backward),
    ("have cleared", Absent, Backward),
    ("has cleared", Absent, Backward),
    ("cleared", Absent, Backward),
    ("disappeared", Absent, Backward),
    ("gone", Absent, Backward),
    ("possible", Uncertain, Either),
    ("possibly", Uncertain, Either),
    ("probable", Uncertain, Either),
    ("probably", Uncertain, Either),
    ("perhaps", Uncertain, Either),
    ("likely", Uncertain, Either),
    ("unlikely", Uncertain, Either),
    ("suspected", Uncertain, Either),
    ("suspicion of", Uncertain, Forward),
    ("suspicious for", Uncertain, Forward),
    ("questionable", Uncertain, Either),
    ("query", Uncertain, Forward),
    ("equivocal", Uncertain, Either),
    ("uncertain", Uncertain, Either),
    ("indeterminate", Uncertain, Either),
    ("unclear", Uncertain, Either),
    ("doubt", Uncertain, Forward),
    ("doubtful", Uncertain, Either),
    ("uncertain whether", Uncertain, Forward),
    ("unclear whether", Uncertain, Forward),
    ("may", Uncertain, Either),
    ("might", Uncertain, Either),
    ("could be", Uncertain, Either),
    ("cannot exclude", Uncertain, Forward),
    ("can't exclude", Uncertain, Forward),
    ("could not exclude", Uncertain, Forward),
    ("cannot rule out", Uncertain, Forward),
    ("can't rule out", Uncertain, Forward),
    ("cannot be excluded", Uncertain, Backward),
    ("can't be excluded", Uncertain, Backward),
    ("could not be excluded", Uncertain, Backward),
    ("not excluded", Uncertain, Backward),
    ("cannot be ruled out", Uncertain, Backward),
    ("can't be ruled out", Uncertain, Backward),
    ("not ruled out", Uncertain, Backward),
    ("could not be determined", Uncertain, Backward),
    ("cannot be determined", Uncertain, Backward),
    ("not assessed", NotAssessed, Either),
    ("not evaluated", NotAssessed, Either),
    ("not examined", NotAssessed, Either),
    ("could not be assessed", NotAssessed, Backward),
    ("cannot be assessed", NotAssessed, Backward),
    ("unable to assess", NotAssessed, Forward),
    ("can't comment on", NotAssessed, Forward),
    ("cannot comment on", NotAssessed, Forward),
    ("history of", NotAFinding, Forward),
    ("h/o", NotAFinding, Forward),
    ("listen for", NotAFinding, Forward),
    ("look for", NotAFinding, Forward),
    ("watch for", NotAFinding, Forward),
    ("monitor for", NotAFinding, Forward),
    ("if", NotAFinding, Forward),
    ("in case of", NotAFinding, Forward),
    ("denies", NotAFinding, Forward),
    ("report", NotAFinding, Forward),
    ("reported", NotAFinding, Forward),
    ("complains of", NotAFinding, Forward),
    ("previously documented", NotAFinding, Forward),
    ("previously", NotAFinding, Forward),
    ("previous", NotAFinding, Forward),
    ("present", Present, Either),
    ("detected", Present, Backward),
    ("heard", Present, Backward),
    ("audible", Present, Either),
    ("noted", Present, Backward),
    ("persist", Present, Backward),
    ("positive for", Present, Forward),
    ("not resolved", Present, Backward),
    ("not cleared", Present, Backward),
    ("not only", Present, Forward),
    ("no change in", Present, Forward),
    ("no increase in", Present, Forward),
    ("no decrease in", Present, Forward),
    ("except for", Present, Forward),
    ("except", Present, Forward),
    ("apart from", Present, Forward),
    ("other than", Present, Forward),
    ("still", Present, Forward),
];

/// Words that end the reach of a cue, and the clause.
pub(super) const BOUNDARIES: &[&str] = &[
    "but", "however", "although", "though", "whereas", "while", "yet", "because",
];

/// Words that join findings into one list.
pub(super) const CONJUNCTIONS: &[&str] = &[
    "and", "or", "nor", "/", "&", "with", "w/", "plus", "vs", "versus",
];

/// Conjunctions that leave open which of the findings it is.
pub(super) const ALTERNATIVES: &[&str] = &["vs", "versus"];

/// Words of a sentence about the heart.
pub(super) const HEART_WORDS: &[&str] = &[
    "heart",
    "murmur",
    "gallop",
    "s1",
    "s2",
    "s3",
    "s4",
    "hs",
    "cardiac",
    "sternal",
    "apex",
    "rrr",
    "click",
    "precordial",
    "pericardial",
    "m/r/g",
    "esm",
    "psm",
];

/// Words that may precede a finding within a list without ending it.
pub(super) const MODIFIERS: &[&str] = &[
    "a",
    "an",
    "the",
    "any",
    "inspiratory",
    "expiratory",
    "insp",
    "exp",
    "fine",
    "coarse",
    "true",
    "obvious",
    "definite",
    "other",
    "late",
    "early",
    "mid",
    "end",
    "also",
];
