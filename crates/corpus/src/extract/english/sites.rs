//! The phrases that name a listening point, and which finding each belongs to.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::clause::{Clause, SiteAt};
use super::tokens::{Token, normal_words};
use crate::extract::word_list::Words;
use crate::site::Area::{
    self, Apex, ErbsPoint, LeftCostalMargin, LeftLowerSternalBorder, LeftUpperSternalBorder,
    RightCostalMargin, RightUpperSternalBorder, Trachea,
};
use crate::site::Face::{Anterior, Lateral, Posterior};
use crate::site::Level::{Lower, Middle, Upper};
use crate::site::Side::{Both, Left, Right};
use crate::site::{Face, Level, Side, Site};

/// Named points, and phrases that contain "left" or "right" without naming a site of ours.
const AREAS: &[(Option<Area>, Words)] = &[
    (
        Some(Apex),
        Words(
            "apex|cardiac apex|apical area|apical region|apical impulse|apex beat|\
         left ventricular apex|apically|apical",
        ),
    ),
    (
        Some(ErbsPoint),
        Words(
            "erb's point|erb point|erb's area|left third intercostal space|\
         third left intercostal space|3rd left intercostal space|\
         left 3rd intercostal space|left mid sternal border|mid left sternal border",
        ),
    ),
    (
        Some(RightUpperSternalBorder),
        Words(
            "rusb|ruse|right upper sternal border|right upper sternal edge|\
         upper right sternal border|upper right sternal edge|\
         right second intercostal space|second right intercostal space|\
         2nd right intercostal space|right 2nd intercostal space|right base of the heart",
        ),
    ),
    (
        Some(LeftUpperSternalBorder),
        Words(
            "lusb|luse|left upper sternal border|left upper sternal edge|\
         upper left sternal border|upper left sternal edge|left second intercostal space|\
         second left intercostal space|2nd left intercostal space|\
         left 2nd intercostal space",
        ),
    ),
    (
        Some(LeftLowerSternalBorder),
        Words(
            "llsb|llse|left lower sternal border|left lower sternal edge|\
         lower left sternal border|lower left sternal edge|left fourth intercostal space|\
         fourth left intercostal space|4th left intercostal space|\
         left 4th intercostal space",
        ),
    ),
    (
        Some(Trachea),
        Words("neck|trachea|larynx|suprasternal notch|throat|tracheal area"),
    ),
    (Some(LeftCostalMargin), Words("left costal margin")),
    (Some(RightCostalMargin), Words("right costal margin")),
    (
        None,
        Words(
            "left sternal border|left sternal edge|right sternal border|right sternal edge|\
         left clavicle|right clavicle|left lateral decubitus|left lateral position|\
         left carotid|right carotid|left infraclavicular|right infraclavicular|left axilla|right side of the neck|left arm|\
         right arm|left heart failure|right ventricular",
        ),
    ),
];

/// Valves whose areas may stand in a list ("at the mitral, aortic and tricuspid areas").
const VALVES: &[(&str, Area)] = &[
    ("mitral", Apex),
    ("aortic", RightUpperSternalBorder),
    ("pulmonary", LeftUpperSternalBorder),
    ("pulmonic", LeftUpperSternalBorder),
    ("tricuspid", LeftLowerSternalBorder),
];

/// Nouns that make a valve's name a place.
const POINTS: Words = Words("area|point|region|position|location|focus|site|post|zone|listening");

/// Words of lung lobes and fields.
const FIELDS: &[(&str, Option<Side>, Option<Level>)] = &[
    ("rul", Some(Right), Some(Upper)),
    ("ruz", Some(Right), Some(Upper)),
    ("rml", Some(Right), Some(Middle)),
    ("rmz", Some(Right), Some(Middle)),
    ("rll", Some(Right), Some(Lower)),
    ("rlz", Some(Right), Some(Lower)),
    ("lul", Some(Left), Some(Upper)),
    ("luz", Some(Left), Some(Upper)),
    ("lmz", Some(Left), Some(Middle)),
    ("lll", Some(Left), Some(Lower)),
    ("llz", Some(Left), Some(Lower)),
    ("bibasal", Some(Both), Some(Lower)),
    ("bibasally", Some(Both), Some(Lower)),
    ("bibasilar", Some(Both), Some(Lower)),
    ("biapical", Some(Both), Some(Upper)),
    ("basal", None, Some(Lower)),
    ("basally", None, Some(Lower)),
    ("basilar", None, Some(Lower)),
    ("base", None, Some(Lower)),
    ("midzone", None, Some(Middle)),
    ("lingula", Some(Left), Some(Middle)),
    ("apice", None, Some(Upper)),
];

/// Nouns that turn "left" or "lower" into a place.
const PLACES: Words =
    Words("lung|chest|base|zone|lobe|field|hemithorax|side|sided|thorax|area|region|hemichest");

/// The words of a named point; none if it is no listening point of ours.
type Named = (Vec<String>, Option<Area>);

static NAMED: LazyLock<HashMap<String, Vec<Named>>> = LazyLock::new(|| {
    let mut by_word: HashMap<String, Vec<Named>> = HashMap::new();
    for &(area, texts) in AREAS {
        for text in texts.iter() {
            let words = normal_words(text);
            let of_word = by_word.entry(words[0].clone()).or_default();
            of_word.push((words, area));
        }
    }
    for names in by_word.values_mut() {
        names.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    }
    by_word
});

/// The site named from token `start`, and one past its last token. The site is none where the
/// words look like a place that is not a site of ours.
pub(super) fn site_at(sentence: &[Token], start: usize) -> Option<(Option<Site>, usize)> {
    let word = |at: usize| sentence.get(at).map_or("", |token| token.word.as_str());
    if let Some(found) = apex_of_lung(word, start) {
        return Some(found);
    }
    if let Some(found) = named_point(word, start) {
        return Some(found);
    }
    valve_area(word, start).or_else(|| lung_field(word, start))
}

fn named_point<'a>(word: impl Fn(usize) -> &'a str, start: usize) -> Option<(Option<Site>, usize)> {
    let names = NAMED.get(word(start))?;
    let is_here = |(words, _): &&Named| {
        let mut parts = words.iter().enumerate();
        parts.all(|(index, part)| word(start + index) == part)
    };
    let (words, area) = names.iter().find(is_here)?;
    Some((area.map(Site::Area), start + words.len()))
}

/// "Left apex", "apex of the right lung": of a lung, not of the heart.
fn apex_of_lung<'a>(
    word: impl Fn(usize) -> &'a str,
    start: usize,
) -> Option<(Option<Site>, usize)> {
    let side = |text: &str| match text {
        "left" => Some(Left),
        "right" => Some(Right),
        _ => None,
    };
    let (found, end) = match (word(start), word(start + 1)) {
        ("lung", "apex") => {
            let (side, level, face) = (None, Some(Upper), None);
            return Some((Some(Site::Lung { side, level, face }), start + 2));
        }
        (first, "apex") => (side(first)?, start + 2),
        ("apex", "of") if word(start + 4) == "lung" => (side(word(start + 3))?, start + 5),
        ("base", "of") if word(start + 4) == "lung" => {
            let side = Some(side(word(start + 3))?);
            let (level, face) = (Some(Lower), None);
            return Some((Some(Site::Lung { side, level, face }), start + 5));
        }
        _ => return None,
    };
    let (side, level, face) = (Some(found), Some(Upper), None);
    Some((Some(Site::Lung { side, level, face }), end))
}

/// Words after a valve's name within which the noun must come.
const VALVE_LIST: usize = 10;

fn valve_area<'a>(word: impl Fn(usize) -> &'a str, start: usize) -> Option<(Option<Site>, usize)> {
    let &(_, area) = VALVES.iter().find(|(name, _)| *name == word(start))?;
    let mut at = start + 1;
    while at < start + VALVE_LIST {
        let here = word(at);
        if POINTS.contains(here) {
            // The noun belongs to the last valve; the others end where their own name does.
            let last = at == start + 1 || (at == start + 2 && word(start + 1) == "valve");
            let end = if last { at + 1 } else { start + 1 };
            return Some((Some(Site::Area(area)), end));
        }
        let listed = matches!(here, "," | "and" | "or" | "/" | "valve" | "the")
            || VALVES.iter().any(|(name, _)| *name == here);
        if !listed {
            return None;
        }
        at += 1;
    }
    None
}

/// Side, level, noun and face in the orders that are written: "left base posteriorly", "right
/// lower lobe", "bases bilaterally", "on the left", "R>L".
fn lung_field<'a>(word: impl Fn(usize) -> &'a str, start: usize) -> Option<(Option<Site>, usize)> {
    let (mut side, mut level, mut face): (Option<Side>, Option<Level>, Option<Face>) =
        (None, None, None);
    let mut place = false;
    let mut at = start;
    if matches!(word(at), "on" | "in" | "to" | "over")
        && word(at + 1) == "the"
        && matches!(word(at + 2), "left" | "right")
        // "Over the right upper sternal border" is no lung field.
        && named_point(&word, at + 2).is_none()
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
            "both" | "bilateral" | "bilat" | "bilaterally" | "b/l" | "either" if side.is_none() => {
                side = Some(Both);
                place |= !matches!(here, "both" | "either");
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
            "of" | "on" if end > start && word(at + 1) == "the" && !word(at + 2).is_empty() => {
                // "Base of the left lung", "lower zone on the right".
                let next = word(at + 2);
                let known = matches!(next, "left" | "right") && side.is_none()
                    || PLACES.contains(next) && place;
                if !known {
                    break;
                }
                at += 1;
                place = true;
            }
            _ => {
                let field = FIELDS.iter().find(|(name, ..)| *name == here);
                if let Some(&(_, field_side, field_level)) = field {
                    side = side.or(field_side);
                    level = level.or(field_level);
                } else if !PLACES.contains(here) {
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

/// The site of each mention: the first named between it and the next, else the last named before
/// it that no earlier mention took.
pub(super) fn sites_of(clause: &Clause<'_>) -> Vec<Option<Site>> {
    let mut taken = vec![false; clause.sites.len()];
    let mentions = &clause.mentions;
    let mut sites = Vec::with_capacity(mentions.len());
    for (index, mention) in mentions.iter().enumerate() {
        let next = mentions
            .get(index + 1)
            .map_or(clause.tokens.len(), |next| next.start);
        let previous = index.checked_sub(1).map_or(0, |at| mentions[at].found.end);
        let end = mention.found.end;
        // Words directly before the next finding are that finding's: "no crackles, bibasal rub".
        let own = |site: &SiteAt| site.start >= end && site.end < next.max(end + 1);
        let after = clause
            .sites
            .iter()
            .position(|site| own(site) || (site.start >= end && next == clause.tokens.len()));
        let ahead = clause
            .sites
            .iter()
            .rposition(|site| site.start >= previous && site.end <= end);
        let chosen = after.or(ahead).filter(|&at| !taken[at]);
        if let Some(at) = chosen {
            taken[at] = true;
        }
        sites.push(chosen.and_then(|at| clause.sites[at].site));
    }
    sites
}
