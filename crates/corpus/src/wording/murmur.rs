//! The words for the attributes of a murmur, each of which `extract` reads as that attribute.

use crate::facts::MurmurTrait;
use crate::recording::{MurmurPitch, MurmurQuality, MurmurShape, MurmurTiming};

/// What may follow "the murmur is", the plainest first.
pub fn phrases(attribute: MurmurTrait) -> Vec<String> {
    let fixed = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    match attribute {
        MurmurTrait::Timing(timing) => fixed(match timing {
            MurmurTiming::Systolic => &["systolic"],
            MurmurTiming::EarlySystolic => &["early systolic"],
            MurmurTiming::MidSystolic => &["midsystolic", "mid-systolic"],
            MurmurTiming::LateSystolic => &["late systolic"],
            MurmurTiming::Holosystolic => &["holosystolic", "pansystolic"],
            MurmurTiming::Diastolic => &["diastolic"],
            MurmurTiming::EarlyDiastolic => &["early diastolic"],
            MurmurTiming::MidDiastolic => &["mid-diastolic"],
            MurmurTiming::LateDiastolic => &["late diastolic", "presystolic"],
            MurmurTiming::Holodiastolic => &["holodiastolic", "pandiastolic"],
            MurmurTiming::Continuous => &["continuous"],
        }),
        MurmurTrait::Shape(shape) => fixed(match shape {
            MurmurShape::Crescendo => &["crescendo"],
            MurmurShape::Decrescendo => &["decrescendo"],
            MurmurShape::Diamond => &["crescendo-decrescendo", "diamond-shaped"],
            MurmurShape::Plateau => &["plateau-shaped"],
        }),
        MurmurTrait::Grade(grade) => vec![format!("of grade {grade}"), format!("grade {grade}")],
        MurmurTrait::Pitch(pitch) => fixed(match pitch {
            MurmurPitch::Low => &["low-pitched", "of low pitch"],
            MurmurPitch::Medium => &["medium-pitched", "of medium pitch"],
            MurmurPitch::High => &["high-pitched", "of high pitch"],
        }),
        MurmurTrait::Quality(quality) => fixed(match quality {
            MurmurQuality::Blowing => &["blowing", "blowing in quality"],
            MurmurQuality::Harsh => &["harsh", "harsh in quality"],
            MurmurQuality::Musical => &["musical", "musical in quality"],
            MurmurQuality::Rumbling => &["rumbling", "rumbling in quality"],
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract;
    use crate::recording::MurmurGrade;

    #[test]
    fn every_phrase_is_read_as_its_attribute() {
        let timings = MurmurTiming::ALL.iter().filter(|timing| {
            !matches!(
                timing,
                MurmurTiming::Systolic | MurmurTiming::Diastolic | MurmurTiming::Continuous
            )
        });
        let all = timings
            .map(|&timing| MurmurTrait::Timing(timing))
            .chain(MurmurShape::ALL.iter().map(|&one| MurmurTrait::Shape(one)))
            .chain(MurmurGrade::ALL.iter().map(|&one| MurmurTrait::Grade(one)))
            .chain(MurmurPitch::ALL.iter().map(|&one| MurmurTrait::Pitch(one)))
            .chain(
                MurmurQuality::ALL
                    .iter()
                    .map(|&one| MurmurTrait::Quality(one)),
            );
        for attribute in all {
            let phase = match attribute {
                MurmurTrait::Timing(timing) if timing.is_diastolic() => "diastolic",
                _ => "systolic",
            };
            for phrase in phrases(attribute) {
                let text = format!("The {phase} murmur is {phrase}.");
                let read = extract(&text);
                let [said] = &read[..] else {
                    panic!("{text}: {read:?}");
                };
                let murmur = said.murmur.as_ref().map(MurmurTrait::of);
                assert_eq!(murmur.as_deref(), Some(&[attribute][..]), "{text}");
            }
        }
    }
}
