//! The words of the template: findings and domains come in, phrases of the clinical vocabulary go out.

use laennec_corpus::{Domain, Finding};

/// What a recording is of, in words.
pub fn domain(domain: Domain) -> &'static str {
    match domain {
        Domain::Heart => "heart sounds",
        Domain::Lung => "lung sounds",
        Domain::Other => "neither heart nor lung sounds",
    }
}

/// The name of a finding for tables and headings.
pub fn name(finding: Finding) -> &'static str {
    match finding {
        Finding::PoorSignal => "poor signal",
        Finding::Adventitious => "adventitious sounds",
        Finding::Continuous => "continuous adventitious sounds",
        Finding::Wheeze => "wheeze",
        Finding::Rhonchi => "rhonchi",
        Finding::Stridor => "stridor",
        Finding::Squawk => "squawk",
        Finding::Discontinuous => "crackles",
        Finding::FineCrackle => "fine crackles",
        Finding::CoarseCrackle => "coarse crackles",
        Finding::PleuralRub => "pleural friction rub",
        Finding::Diminished => "diminished breath sounds",
        Finding::Bronchial => "bronchial breath sounds",
        Finding::AbnormalHeart => "abnormal heart sounds",
        Finding::Murmur => "murmur",
        Finding::SystolicMurmur => "systolic murmur",
        Finding::DiastolicMurmur => "diastolic murmur",
        Finding::ContinuousMurmur => "continuous murmur",
        Finding::S3 => "third heart sound",
        Finding::S4 => "fourth heart sound",
        Finding::SplitSound => "split heart sound",
        Finding::Click => "click",
        Finding::PericardialRub => "pericardial friction rub",
        Finding::Arrhythmia => "irregular rhythm",
    }
}

/// `a`, `a or b`, `a, b or c`; the same with another last word.
pub(crate) fn list(items: &[String], last: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

/// The text with its first letter in upper case.
pub(crate) fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
