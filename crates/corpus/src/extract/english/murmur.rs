//! The words around a murmur go in; its timing, shape, grade, pitch, quality and areas go out.

use super::clause::{Clause, Mention};
use crate::extract::grade::grade;
use crate::finding::Finding;
use crate::recording::{Murmur, MurmurPitch, MurmurQuality, MurmurShape, MurmurTiming};
use crate::site::{Area, Site};

/// The murmur that a mention describes; none where its timing is not said or the finding is none.
pub(super) fn murmur(clause: &Clause<'_>, mention: &Mention, finding: Finding) -> Option<Murmur> {
    let index = clause
        .mentions
        .iter()
        .position(|other| other.start == mention.start)?;
    let from = index
        .checked_sub(1)
        .map_or(0, |before| divide(clause, before));
    let to = if index + 1 < clause.mentions.len() {
        divide(clause, index)
    } else {
        clause.tokens.len()
    };
    let words: Vec<&str> = clause.tokens[from..to]
        .iter()
        .map(|token| token.word.as_str())
        .collect();
    let timing = timing(&words, finding)?;
    let (heard_at, loudest_at) = areas(clause, from, to);
    Some(Murmur {
        timing,
        shape: shape(&words),
        grade: grade(&words, timing),
        pitch: pitch(&words),
        quality: quality(&words),
        heard_at,
        loudest_at,
    })
}

/// Where the words between a mention and the next stop speaking of the first: at the last comma
/// or conjunction, else at the next.
fn divide(clause: &Clause<'_>, index: usize) -> usize {
    let start = clause.mentions[index].found.end;
    let end = clause.mentions[index + 1].start;
    (start..end)
        .rev()
        .find(|&at| {
            matches!(
                clause.tokens[at].word.as_str(),
                "," | "and" | "with" | "or" | "by" | "plus"
            )
        })
        .unwrap_or(end)
}

fn timing(words: &[&str], finding: Finding) -> Option<MurmurTiming> {
    let has = |word: &str| words.contains(&word);
    let pair = |first: &str, second: &str| words.windows(2).any(|two| two == [first, second]);
    let part = |phase: &str, part: &str| pair(part, phase);
    let timing = match finding {
        Finding::SystolicMurmur => {
            if has("holosystolic")
                || has("pansystolic")
                || has("psm")
                || pair("pan", "systolic")
                || pair("holo", "systolic")
            {
                MurmurTiming::Holosystolic
            } else if part("systolic", "early") {
                MurmurTiming::EarlySystolic
            } else if part("systolic", "mid") || has("midsystolic") || has("msm") {
                MurmurTiming::MidSystolic
            } else if part("systolic", "late") || has("lsm") {
                MurmurTiming::LateSystolic
            } else {
                MurmurTiming::Systolic
            }
        }
        Finding::DiastolicMurmur => {
            if has("holodiastolic") || has("pandiastolic") {
                MurmurTiming::Holodiastolic
            } else if part("diastolic", "early") || has("edm") {
                MurmurTiming::EarlyDiastolic
            } else if part("diastolic", "mid") || has("middiastolic") || has("mdm") {
                MurmurTiming::MidDiastolic
            } else if part("diastolic", "late") || has("presystolic") {
                MurmurTiming::LateDiastolic
            } else {
                MurmurTiming::Diastolic
            }
        }
        Finding::ContinuousMurmur => MurmurTiming::Continuous,
        Finding::Murmur if has("systole") && !has("diastole") => MurmurTiming::Systolic,
        Finding::Murmur if has("diastole") && !has("systole") => MurmurTiming::Diastolic,
        _ => return None,
    };
    Some(timing)
}

fn shape(words: &[&str]) -> Option<MurmurShape> {
    let first = words
        .iter()
        .position(|word| matches!(*word, "crescendo" | "decrescendo" | "diamond" | "plateau"))?;
    let next = words.get(first + 1..).unwrap_or_default();
    let falls = matches!(next, ["decrescendo", ..] | ["/" | "and", "decrescendo", ..]);
    Some(match words[first] {
        "crescendo" if falls => MurmurShape::Diamond,
        "crescendo" => MurmurShape::Crescendo,
        "decrescendo" => MurmurShape::Decrescendo,
        "diamond" => MurmurShape::Diamond,
        _ => MurmurShape::Plateau,
    })
}

fn pitch(words: &[&str]) -> Option<MurmurPitch> {
    words.windows(2).find_map(|two| {
        let pitched = matches!(two[1], "pitched" | "pitch" | "frequency");
        match two[0] {
            "low" if pitched => Some(MurmurPitch::Low),
            "medium" if pitched => Some(MurmurPitch::Medium),
            "high" if pitched => Some(MurmurPitch::High),
            _ => None,
        }
    })
}

fn quality(words: &[&str]) -> Option<MurmurQuality> {
    words.iter().find_map(|word| match *word {
        "blowing" => Some(MurmurQuality::Blowing),
        "harsh" => Some(MurmurQuality::Harsh),
        "musical" => Some(MurmurQuality::Musical),
        "rumbling" | "rumble" => Some(MurmurQuality::Rumbling),
        _ => None,
    })
}

/// Where it is heard, in the order of [`Area`], and where it is heard best.
fn areas(clause: &Clause<'_>, from: usize, to: usize) -> (Vec<Area>, Option<Area>) {
    let mut heard_at = Vec::new();
    let mut loudest_at = None;
    let mut loudest = false;
    let mut sites = clause.sites.iter().peekable();
    for at in from..to {
        loudest |= matches!(
            clause.tokens[at].word.as_str(),
            "loudest" | "best" | "maximal" | "maximally" | "maximum" | "most"
        );
        while let Some(site) = sites.next_if(|site| site.start <= at) {
            if let (true, Some(Site::Area(area))) = (site.start == at, site.site) {
                heard_at.push(area);
                if loudest && loudest_at.is_none() {
                    loudest_at = Some(area);
                }
            }
        }
    }
    heard_at.sort();
    heard_at.dedup();
    (heard_at, loudest_at)
}
