//! The murmur fields of a subject of `CirCor` come in; what is heard at each listening point goes
//! out.

use super::subject::Fields;
use crate::finding::{Finding, Presence};
use crate::readers::fields::{code, is_missing, optional_code, presence};
use crate::readers::{Fault, Trouble};
use crate::recording::{
    Murmur, MurmurGrade, MurmurPitch, MurmurQuality, MurmurShape, MurmurTiming,
};
use crate::site::Area;

const LOCATIONS: &str = "AV, PV, TV, MV and Phc joined by +";

/// The valve point of a location code; none for `Phc`, any other point.
pub(super) fn area(location: &str) -> Option<Area> {
    match location {
        "AV" => Some(Area::RightUpperSternalBorder),
        "PV" => Some(Area::LeftUpperSternalBorder),
        "TV" => Some(Area::LeftLowerSternalBorder),
        "MV" => Some(Area::Apex),
        _ => None,
    }
}

/// What is said of the subject's murmurs.
pub(super) struct SubjectMurmur {
    /// None where the annotator could not tell.
    present: Option<bool>,
    /// Location codes; none where they are not said.
    heard_at: Option<Vec<String>>,
    systolic: Option<Murmur>,
    diastolic: Option<Murmur>,
}

impl SubjectMurmur {
    pub(super) fn read(fields: &Fields) -> Result<Self, Fault> {
        let present = fields.get("Murmur", |text| {
            let codes = [
                ("Present", Some(true)),
                ("Absent", Some(false)),
                ("Unknown", None),
            ];
            code(text, &codes, "Murmur", "Present, Absent or Unknown")
        })?;
        let heard_at = fields.get("Murmur locations", locations)?;
        let loudest_at = fields.get("Most audible location", locations)?;
        if loudest_at.as_ref().is_some_and(|codes| codes.len() != 1) {
            let (field, expected) = ("Most audible location", "AV, PV, TV, MV or Phc");
            return Err((None, Trouble::Value { field, expected }));
        }
        let systolic = murmur(fields, &SYSTOLIC)?;
        let diastolic = murmur(fields, &DIASTOLIC)?;
        if present != Some(true)
            && (systolic.is_some() || diastolic.is_some() || heard_at.is_some())
        {
            let what = "a murmur is described that is not present";
            return Err((None, Trouble::Contradiction(what)));
        }
        let mut areas: Vec<Area> = heard_at
            .iter()
            .flatten()
            .filter_map(|code| area(code))
            .collect();
        areas.sort_unstable();
        let loudest_at = loudest_at.and_then(|codes| area(&codes[0]));
        let located = |murmur: Option<Murmur>| {
            murmur.map(|murmur| Murmur {
                heard_at: areas.clone(),
                loudest_at,
                ..murmur
            })
        };
        Ok(Self {
            present,
            systolic: located(systolic),
            diastolic: located(diastolic),
            heard_at,
        })
    }
}

fn locations(text: &str) -> Result<Option<Vec<String>>, Trouble> {
    if is_missing(text) {
        return Ok(None);
    }
    let known = ["AV", "PV", "TV", "MV", "Phc"].map(|known| (known, known.to_owned()));
    let codes = text
        .split('+')
        .map(|part| code(part.trim(), &known, "Murmur locations", LOCATIONS));
    codes.collect::<Result<_, _>>().map(Some)
}

/// The names of the five fields of a phase, with its timings and grades.
struct Phase {
    fields: [&'static str; 5],
    timings: &'static [(&'static str, MurmurTiming)],
    grades: &'static [(&'static str, MurmurGrade)],
    expected_timing: &'static str,
    expected_grade: &'static str,
}

const SYSTOLIC: Phase = Phase {
    fields: [
        "Systolic murmur timing",
        "Systolic murmur shape",
        "Systolic murmur grading",
        "Systolic murmur pitch",
        "Systolic murmur quality",
    ],
    timings: &[
        ("Early-systolic", MurmurTiming::EarlySystolic),
        ("Mid-systolic", MurmurTiming::MidSystolic),
        ("Late-systolic", MurmurTiming::LateSystolic),
        ("Holosystolic", MurmurTiming::Holosystolic),
    ],
    grades: &[
        ("I/VI", MurmurGrade::Grade1Of6),
        ("II/VI", MurmurGrade::Grade2Of6),
        ("III/VI", MurmurGrade::Grade3Of6),
    ],
    expected_timing: "Early-systolic, Mid-systolic, Late-systolic or Holosystolic",
    expected_grade: "I/VI, II/VI or III/VI",
};

const DIASTOLIC: Phase = Phase {
    fields: [
        "Diastolic murmur timing",
        "Diastolic murmur shape",
        "Diastolic murmur grading",
        "Diastolic murmur pitch",
        "Diastolic murmur quality",
    ],
    timings: &[
        ("Early-diastolic", MurmurTiming::EarlyDiastolic),
        ("Mid-diastolic", MurmurTiming::MidDiastolic),
        ("Holodiastolic", MurmurTiming::Holodiastolic),
    ],
    grades: &[
        ("I/IV", MurmurGrade::Grade1Of4),
        ("II/IV", MurmurGrade::Grade2Of4),
        ("III/IV", MurmurGrade::Grade3Of4),
    ],
    expected_timing: "Early-diastolic, Mid-diastolic or Holodiastolic",
    expected_grade: "I/IV, II/IV or III/IV",
};

const SHAPES: [(&str, MurmurShape); 4] = [
    ("Crescendo", MurmurShape::Crescendo),
    ("Decrescendo", MurmurShape::Decrescendo),
    ("Diamond", MurmurShape::Diamond),
    ("Plateau", MurmurShape::Plateau),
];
const PITCHES: [(&str, MurmurPitch); 3] = [
    ("Low", MurmurPitch::Low),
    ("Medium", MurmurPitch::Medium),
    ("High", MurmurPitch::High),
];
const QUALITIES: [(&str, MurmurQuality); 3] = [
    ("Blowing", MurmurQuality::Blowing),
    ("Harsh", MurmurQuality::Harsh),
    ("Musical", MurmurQuality::Musical),
];

/// The murmur of a phase; none where the timing is missing.
fn murmur(fields: &Fields, phase: &Phase) -> Result<Option<Murmur>, Fault> {
    let [timing, shape, grade, pitch, quality] = phase.fields;
    let timing = fields.get(timing, |text| {
        optional_code(text, phase.timings, timing, phase.expected_timing)
    })?;
    let shape = fields.get(shape, |text| {
        optional_code(
            text,
            &SHAPES,
            shape,
            "Crescendo, Decrescendo, Diamond or Plateau",
        )
    })?;
    let grade = fields.get(grade, |text| {
        optional_code(text, phase.grades, grade, phase.expected_grade)
    })?;
    let pitch = fields.get(pitch, |text| {
        optional_code(text, &PITCHES, pitch, "Low, Medium or High")
    })?;
    let quality = fields.get(quality, |text| {
        optional_code(text, &QUALITIES, quality, "Blowing, Harsh or Musical")
    })?;
    let Some(timing) = timing else {
        return Ok(None);
    };
    Ok(Some(Murmur {
        shape,
        grade,
        pitch,
        quality,
        ..Murmur::of(timing)
    }))
}

/// What one recording of a subject holds.
pub(super) struct Sounding {
    pub(super) findings: Vec<(Finding, Presence)>,
    pub(super) murmurs: Vec<Murmur>,
}

impl Sounding {
    /// What is heard at a location. The publisher lists where a murmur was observed, so that it
    /// is absent at the other points that were recorded; where no list is given, nothing is
    /// known of a single point.
    pub(super) fn at(location: &str, subject: &SubjectMurmur) -> Self {
        let murmurs: Vec<Murmur> = [&subject.systolic, &subject.diastolic]
            .into_iter()
            .flatten()
            .cloned()
            .collect();
        let findings = match (subject.present, &subject.heard_at) {
            (None, _) => vec![(Finding::Murmur, Presence::Uncertain)],
            (Some(false), _) => phases(false, Some((false, false))),
            (Some(true), None) => Vec::new(),
            (Some(true), Some(codes)) => {
                let here = codes.iter().any(|code| code == location);
                let described = (!murmurs.is_empty() || !here).then_some((
                    here && subject.systolic.is_some(),
                    here && subject.diastolic.is_some(),
                ));
                phases(here, described)
            }
        };
        Self { findings, murmurs }
    }
}

fn phases(murmur: bool, systolic_diastolic: Option<(bool, bool)>) -> Vec<(Finding, Presence)> {
    let mut findings = Vec::new();
    if murmur {
        findings.push((Finding::AbnormalHeart, Presence::Present));
    }
    findings.push((Finding::Murmur, presence(murmur)));
    if let Some((systolic, diastolic)) = systolic_diastolic {
        findings.push((Finding::SystolicMurmur, presence(systolic)));
        findings.push((Finding::DiastolicMurmur, presence(diastolic)));
    }
    findings
}
