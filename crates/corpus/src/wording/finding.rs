//! The words for a finding: the one that tables use, and the forms among which a text may choose,
//! each of which `extract` reads as that finding.

use crate::finding::Finding;

/// A noun for a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// The noun.
    pub text: &'static str,
    /// It takes "are".
    pub plural: bool,
    /// It takes "a" where it is present.
    pub article: bool,
}

const fn mass(text: &'static str) -> Form {
    Form {
        text,
        plural: false,
        article: false,
    }
}

const fn one(text: &'static str) -> Form {
    Form {
        text,
        plural: false,
        article: true,
    }
}

const fn many(text: &'static str) -> Form {
    Form {
        text,
        plural: true,
        article: false,
    }
}

/// The forms of a finding, the plainest first.
pub const fn forms(finding: Finding) -> &'static [Form] {
    match finding {
        Finding::PoorSignal => const { &[mass("poor signal quality"), mass("poor signal")] },
        Finding::Adventitious => {
            const {
                &[
                    many("adventitious sounds"),
                    many("adventitious lung sounds"),
                    many("added lung sounds"),
                    many("adventitious breath sounds"),
                ]
            }
        }
        Finding::Continuous => {
            const {
                &[
                    many("continuous adventitious sounds"),
                    many("continuous adventitious lung sounds"),
                ]
            }
        }
        Finding::Wheeze => const { &[mass("wheeze"), mass("wheezing"), many("wheezes")] },
        Finding::Rhonchi => const { &[many("rhonchi"), many("low-pitched wheezes")] },
        Finding::Stridor => const { &[mass("stridor")] },
        Finding::Squawk => const { &[one("squawk"), many("squawks")] },
        Finding::Discontinuous => {
            const {
                &[
                    many("crackles"),
                    many("crepitations"),
                    many("rales"),
                    many("discontinuous adventitious sounds"),
                ]
            }
        }
        Finding::FineCrackle => const { &[many("fine crackles"), many("fine crepitations")] },
        Finding::CoarseCrackle => const { &[many("coarse crackles"), many("coarse crepitations")] },
        Finding::PleuralRub => const { &[one("pleural friction rub"), one("pleural rub")] },
        Finding::Diminished => {
            const {
                &[
                    many("diminished breath sounds"),
                    many("reduced breath sounds"),
                ]
            }
        }
        Finding::Bronchial => {
            const { &[many("bronchial breath sounds"), mass("bronchial breathing")] }
        }
        Finding::AbnormalHeart => const { &[many("abnormal heart sounds")] },
        Finding::Murmur => const { &[one("murmur"), one("heart murmur")] },
        Finding::SystolicMurmur => const { &[one("systolic murmur")] },
        Finding::DiastolicMurmur => const { &[one("diastolic murmur")] },
        Finding::ContinuousMurmur => const { &[one("continuous murmur")] },
        Finding::S3 => const { &[one("third heart sound"), one("S3 gallop")] },
        Finding::S4 => const { &[one("fourth heart sound"), one("S4 gallop")] },
        Finding::SplitSound => const { &[one("split heart sound")] },
        Finding::Click => const { &[one("click")] },
        Finding::PericardialRub => {
            const { &[one("pericardial friction rub"), one("pericardial rub")] }
        }
        Finding::Arrhythmia => const { &[one("irregular rhythm"), mass("arrhythmia")] },
    }
}

/// The name of a finding for tables, headings and plain sentences.
pub const fn name(finding: Finding) -> &'static str {
    match finding {
        Finding::PoorSignal => "poor signal",
        _ => forms(finding)[0].text,
    }
}

/// Whether the name of a finding takes "are".
pub const fn is_plural(finding: Finding) -> bool {
    forms(finding)[0].plural
}

impl Form {
    /// The noun as it stands in "there is ...".
    pub fn present(&self) -> String {
        if !self.article {
            return self.text.to_owned();
        }
        let vowel = self.text.starts_with(['a', 'e', 'i', 'o', 'u', 'S']);
        format!("{} {}", if vowel { "an" } else { "a" }, self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract;

    #[test]
    fn every_form_is_read_as_its_finding() {
        for &finding in Finding::ALL {
            for form in forms(finding) {
                for text in [form.present(), format!("No {} was heard.", form.text)] {
                    let read: Vec<Finding> =
                        extract(&text).iter().map(|said| said.finding).collect();
                    assert_eq!(read, [finding], "{text}");
                }
            }
        }
    }
}
