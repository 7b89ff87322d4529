//! The grade of a murmur: words go in ("grade 3/6", "iv / vi", "levine 2"), a grade goes out.

use crate::recording::{MurmurGrade, MurmurTiming};

const OF_SIX: [MurmurGrade; 6] = [
    MurmurGrade::Grade1Of6,
    MurmurGrade::Grade2Of6,
    MurmurGrade::Grade3Of6,
    MurmurGrade::Grade4Of6,
    MurmurGrade::Grade5Of6,
    MurmurGrade::Grade6Of6,
];

const OF_FOUR: [MurmurGrade; 4] = [
    MurmurGrade::Grade1Of4,
    MurmurGrade::Grade2Of4,
    MurmurGrade::Grade3Of4,
    MurmurGrade::Grade4Of4,
];

/// The first grade that the words give. Without a scale it is of four for a diastolic murmur and
/// of six for any other.
pub(super) fn grade(words: &[&str], timing: MurmurTiming) -> Option<MurmurGrade> {
    (0..words.len()).find_map(|at| {
        let named = matches!(words[at], "grade" | "levine");
        let at = if named { at + 1 } else { at };
        let level = number(words.get(at)?)?;
        let scale = match words.get(at + 1..).unwrap_or_default() {
            ["/" | "over", scale, ..] | ["out", "of", scale, ..] => number(scale),
            _ => None,
        };
        let scale = match (scale, named) {
            (Some(scale), _) => scale,
            (None, true) if timing.is_diastolic() => 4,
            (None, true) => 6,
            (None, false) => return None,
        };
        let grades: &[MurmurGrade] = match scale {
            4 => &OF_FOUR,
            6 => &OF_SIX,
            _ => return None,
        };
        grades.get(level.checked_sub(1)?).copied()
    })
}

/// A number from 1 to 6 in digits, Roman digits or words.
fn number(word: &str) -> Option<usize> {
    Some(match word {
        "1" | "i" | "one" | "ⅰ" => 1,
        "2" | "ii" | "two" | "ⅱ" => 2,
        "3" | "iii" | "three" | "ⅲ" => 3,
        "4" | "iv" | "four" | "ⅳ" => 4,
        "5" | "v" | "five" | "ⅴ" => 5,
        "6" | "vi" | "six" | "ⅵ" => 6,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_in_digits_and_roman_digits() {
        let cases: [(&str, MurmurTiming, Option<MurmurGrade>); 7] = [
            (
                "grade 3 / 6",
                MurmurTiming::Systolic,
                Some(MurmurGrade::Grade3Of6),
            ),
            (
                "a iv / vi murmur",
                MurmurTiming::Systolic,
                Some(MurmurGrade::Grade4Of6),
            ),
            (
                "levine 2",
                MurmurTiming::Systolic,
                Some(MurmurGrade::Grade2Of6),
            ),
            (
                "grade 2",
                MurmurTiming::Diastolic,
                Some(MurmurGrade::Grade2Of4),
            ),
            ("grade 7 / 6", MurmurTiming::Systolic, None),
            ("from 2 to 3", MurmurTiming::Systolic, None),
            ("grade", MurmurTiming::Systolic, None),
        ];
        for (text, timing, expected) in cases {
            let words: Vec<&str> = text.split(' ').collect();
            assert_eq!(grade(&words, timing), expected, "{text}");
        }
    }
}
