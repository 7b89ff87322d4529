//! The phrases that name a listening point.

use std::sync::LazyLock;

use super::tokens::{Token, normal};
use crate::site::Area::{
    self, Apex, ErbsPoint, LeftCostalMargin, LeftLowerSternalBorder, LeftUpperSternalBorder,
    RightCostalMargin, RightUpperSternalBorder, Trachea,
};
use crate::site::Face::{Anterior, Lateral, Posterior};
use crate::site::Level::{Lower, Middle, Upper};
use crate::site::Side::{Both, Left, Right};
use crate::site::{Face, Level, Side, Site};

/// Named points, and phrases that contain "left" or "right" without naming a site of ours.
const AREAS: &[(&str, Option<Area>)] = &[
    ("apex", Some(Apex)),
    ("mitral area", Some(Apex)),
    ("erb's point", Some(ErbsPoint)),
    ("aortic area", Some(RightUpperSternalBorder)),
    ("rusb", Some(RightUpperSternalBorder)),
    ("right upper sternal border", Some(RightUpperSternalBorder)),
    ("right upper sternal edge", Some(RightUpperSternalBorder)),
    ("pulmonary area", Some(LeftUpperSternalBorder)),
    ("pulmonic area", Some(LeftUpperSternalBorder)),
    ("lusb", Some(LeftUpperSternalBorder)),
    ("luse", Some(LeftUpperSternalBorder)),
    ("left upper sternal border", Some(LeftUpperSternalBorder)),
    ("left upper sternal edge", Some(LeftUpperSternalBorder)),
    ("tricuspid area", Some(LeftLowerSternalBorder)),
    ("llsb", Some(LeftLowerSternalBorder)),
    ("llse", Some(LeftLowerSternalBorder)),
    ("left lower sternal border", Some(LeftLowerSternalBorder)),
    ("left lower sternal edge", Some(LeftLowerSternalBorder)),
    ("right costal margin", Some(RightCostalMargin)),
    ("left costal margin", Some(LeftCostalMargin)),
    ("neck", Some(Trachea)),
    ("trachea", Some(Trachea)),
    ("left sternal border", None),
    ("left sternal edge", None),
    ("right sternal border", None),
    ("right sternal edge", None),
    ("left clavicle", None),
    ("right clavicle", None),
];

/// Abbreviations of lung lobes and fields.
const FIELDS: &[(&str, Option<Side>, Option<Level>)] = &[
    ("rul", Some(Right), Some(Upper)),
    ("rml", Some(Right), Some(Middle)),
    ("rll", Some(Right), Some(Lower)),
    ("lul", Some(Left), Some(Upper)),
    ("lll", Some(Left), Some(Lower)),
    ("bibasal", Some(Both), Some(Lower)),
    ("bibasally", Some(Both), Some(Lower)),
    ("bibasilar", Some(Both), Some(Lower)),
    ("basal", None, Some(Lower)),
    ("base", None, Some(Lower)),
    ("apice", None, Some(Upper)),
];

/// Nouns that turn "left" or "lower" into a place.
const PLACES: &[&str] = &[
    "lung",
    "chest",
    "base",
    "zone",
    "lobe",
    "field",
    "hemithorax",
    "side",
];

static NAMED: LazyLock<Vec<(Vec<String>, Option<Area>)>> = LazyLock::new(|| {
    let split =
        |&(text, area): &(&str, Option<Area>)| (text.split(' ').map(normal).collect(), area);
    AREAS.iter().map(split).collect()
});

/// The site named from token `start`, and one past its last token. The site is none where the
/// words look like a place that is not a site of ours.
pub(super) fn site_at(sentence: &[Token], start: usize) -> Option<(Option<Site>, usize)> {
    let word = |at: usize| sentence.get(at).map_or("", |token| token.word.as_str());
    for (words, area) in NAMED.iter() {
        if words
            .iter()
            .enumerate()
            .all(|(index, part)| word(start + index) == part)
        {
            return Some((area.map(Site::Area), start + words.len()));
        }
    }
    lung_field(word, start)
}

/// Side, level, noun and face in the orders that are written: "left base posteriorly", "right
/// lower lobe", "bases bilaterally", "on the left", "R>L".
fn lung_field<'a>(word: impl Fn(usize) -> &'a str, start: usize) -> Option<(Option<Site>, usize)> {
    let (mut side, mut level, mut face): (Option<Side>, Option<Level>, Option<Face>) =
        (None, None, None);
    let mut place = false;
    let mut at = start;
    if matches!(word(at), "on" | "in")
        && word(at + 1) == "the"
        && matches!(word(at + 2), "left" | "right")
    {
        place = true;
        at += 2;
    }
    let mut end = start;
    loop {
        let here = word(at);
        match here {
            "left" | "l" if side.is_none() => side = Some(Left),
            "right" | "r" if side.is_none() => side = Some(Right),
            "both" | "bilateral" | "bilat" | "bilaterally" if side.is_none() => {
                side = Some(Both);
                place |= here != "both";
            }
            "upper" if level.is_none() => level = Some(Upper),
            "middle" | "mid" if level.is_none() => level = Some(Middle),
            "lower" if level.is_none() => level = Some(Lower),
            "anterior" | "anteriorly" if face.is_none() => face = Some(Anterior),
            "posterior" | "posteriorly" if face.is_none() => face = Some(Posterior),
            "lateral" | "laterally" if face.is_none() => face = Some(Lateral),
            ">" if matches!((side, word(at + 1)), (Some(Right), "l") | (Some(Left), "r")) => {
                place = true;
                at += 1;
            }
            _ => {
                let field = FIELDS.iter().find(|(name, ..)| *name == here);
                if let Some(&(_, field_side, field_level)) = field {
                    side = side.or(field_side);
                    level = level.or(field_level);
                } else if !PLACES.contains(&here) {
                    break;
                }
                place = true;
            }
        }
        at += 1;
        end = at;
    }
    // "left" or "lower" alone may be anything; with a noun, or two of the three, it is a place.
    let parts = [side.is_some(), level.is_some(), face.is_some()]
        .iter()
        .filter(|&&p| p)
        .count();
    let known = parts > 0 && (place || (parts > 1 && side.is_some()));
    known.then_some((Some(Site::Lung { side, level, face }), end))
}
