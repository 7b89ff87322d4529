//! Words that name a finding but also something else: a phrase in its sentence goes in; whether it
//! means something that is not heard with a stethoscope comes out.

use super::phrases::{Match, Names};
use super::tokens::Token;
use crate::extract::word_list::Words;
use crate::finding::Finding::{Click, Discontinuous, Murmur, S3, S4, SplitSound, Squawk, Wheeze};
use crate::finding::Presence;

/// Parts of the body that crepitate or click by themselves.
const JOINTS: Words = Words(
    "knee|hip|shoulder|joint|jaw|wrist|ankle|elbow|finger|thumb|tendon|patella|spine|neck movement|subcutaneous",
);

/// What is heard or where, without which "split" is no heart sound.
const SPLIT_SOUNDS: Words = Words(
    "s1|s2|heart|sound|a2|p2|murmur|fixed|physiological|physiologic|paradoxical|wide|widely|pulmonary|pulmonic|cardiac|click|inspiration|expiration|s3|s4|hs",
);

/// Nouns before a label that is no heart sound: "room S4".
const BEFORE_LABEL: Words = Words(
    "room|bed|ward|bay|level|figure|fig|table|slide|stage|section|sacral|nerve|vertebra|version|file|channel|appendix",
);

/// Nouns after a word that make it the name of something else: "the S3 bucket", "stridor lecture".
const AFTER: Words = Words(
    "bucket|nerve|vertebra|dermatome|lecture|course|talk|seminar|session|clinic|dataset|database|chapter|slide|module|guideline|protocol|study|trial|workshop|paper|article|button|link|dose|fire|headache|lesson|exam question|questionnaire|diary|score|webinar|tutorial",
);

/// Things that sound without being listened to with a stethoscope.
const SURROUNDINGS: Words = Words(
    "mechanism|inhaler|mouse|keyboard|button|camera|shutter|pen|seatbelt|packaging|paper|voice|door|chair\
     |ventilator|phone|telephone|radio|crowd|audience|traffic|speaker|loudspeaker|cable\
     |connector|clothing|fabric|nappy|diaper|plastic|foil|wrapper|kettle|train|referee|bird\
     |wind|engine|heater|mattress|shoe|stair|gravel|fire|fireplace|toy|laptop|computer|jacket\
     |sleeve|tubing|conversation|corridor|zip|zipper|ticket|website|laughter|applause|dog",
);

/// A clause of so many words is a note, which speaks of what was heard: "no splitting".
const SHORT: usize = 2;

/// Words between a finding and a joint that it is of, at most.
const JOINT: usize = 5;

/// Words between a finding and such a thing, at most.
const NEAR: usize = 3;

/// What a name follows.
const TITLES: Words = Words("mr|mrs|ms|miss|dr|doctor|prof|professor|nurse|sister|sir|lady|family");

/// Words after "rub" or "click" that make it a verb.
const OBJECTS: Words = Words("the|your|it|on|here|this|these|his|her|gently|in|to");

/// Whether the phrase means something else.
pub(super) fn is_other(sentence: &[Token], start: usize, found: &Match) -> bool {
    let word = |at: usize| sentence.get(at).map_or("", |token| token.word.as_str());
    let has = |words: Words| sentence.iter().any(|token| words.contains(&token.word));
    if AFTER.contains(word(found.end)) {
        return true;
    }
    let before = start.checked_sub(1).map_or("", word);
    // "So lung and heart sounds were not assessed" says that of the recording.
    if found.phrase.presence == Presence::NotAssessed && matches!(before, "and" | "or" | "nor") {
        return true;
    }
    let alone = found.end == start + 1;
    if TITLES.contains(before) && alone && start == 1 {
        return true;
    }
    let joint = (start.saturating_sub(JOINT)..sentence.len().min(found.end + JOINT))
        .any(|at| JOINTS.contains(word(at)));
    let near = |reach: usize| {
        let from = start.saturating_sub(reach);
        let to = sentence.len().min(found.end + reach);
        (from..to).any(|at| SURROUNDINGS.contains(word(at)))
    };
    match found.phrase.names {
        Names::One(S3 | S4) => alone && BEFORE_LABEL.contains(before),
        Names::One(SplitSound) => alone && sentence.len() > SHORT && !has(SPLIT_SOUNDS),
        Names::One(Click) | Names::ByContext(..) if alone => {
            joint
                || near(NEAR)
                || (start == 0 && matches!(word(0), "rub" | "click") && OBJECTS.contains(word(1)))
        }
        Names::One(Discontinuous) if alone => joint || near(NEAR),
        Names::One(Murmur | Wheeze | Squawk) if alone => near(NEAR),
        _ => false,
    }
}
