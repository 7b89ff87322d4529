//! Whose recording it is, as far as a text may say it: sex and age come in, a group of ages and
//! its words go out. An age in years is never written.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::recording::{Sex, words};

words! {
    /// A group of ages, after the stages of the National Institute of Child Health and Human
    /// Development (K. Williams et al., "Standard 6: Age groups for pediatric trials",
    /// Pediatrics 129 (Suppl. 3), 2012), with toddlers from one year and adults in two groups.
    AgeGroup {
        /// Under 1 year.
        Infant = "infant",
        /// 1 and 2 years.
        Toddler = "toddler",
        /// 3 to 5 years.
        Preschool = "preschool",
        /// 6 to 11 years.
        SchoolAge = "school_age",
        /// 12 to 17 years.
        Adolescent = "adolescent",
        /// 18 to 64 years.
        Adult = "adult",
        /// 65 years and more.
        OlderAdult = "older_adult",
    }
}

impl AgeGroup {
    /// The group of an age in years.
    pub fn of(years: f32) -> Self {
        match years {
            y if y < 1.0 => Self::Infant,
            y if y < 3.0 => Self::Toddler,
            y if y < 6.0 => Self::Preschool,
            y if y < 12.0 => Self::SchoolAge,
            y if y < 18.0 => Self::Adolescent,
            y if y < 65.0 => Self::Adult,
            _ => Self::OlderAdult,
        }
    }

    /// The noun of the group.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Infant => "infant",
            Self::Toddler => "toddler",
            Self::Preschool => "preschool child",
            Self::SchoolAge => "school-age child",
            Self::Adolescent => "adolescent",
            Self::Adult => "adult",
            Self::OlderAdult => "older adult",
        }
    }
}

/// What is known of the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// Sex.
    pub sex: Option<Sex>,
    /// Group of ages.
    pub age: Option<AgeGroup>,
}

impl Person {
    /// Patterns that name the person with all that is known; empty where nothing is.
    pub fn patterns(self) -> Vec<String> {
        let Some(age) = self.age else {
            return match self.sex {
                Some(Sex::Female) => vec!["a female [person|subject]".to_owned()],
                Some(Sex::Male) => vec!["a male [person|subject]".to_owned()],
                None => Vec::new(),
            };
        };
        let article = |text: &str| {
            let vowel = text.starts_with(['a', 'e', 'i', 'o', 'u']);
            format!("{} {text}", if vowel { "an" } else { "a" })
        };
        let Some(sex) = self.sex else {
            return vec![article(age.noun())];
        };
        let mut patterns = vec![format!("a {} {}", sex.word(), age.noun())];
        let (girl, woman) = match sex {
            Sex::Female => ("girl", "woman"),
            Sex::Male => ("boy", "man"),
        };
        patterns.extend(match age {
            AgeGroup::Infant => vec![format!("an infant {girl}"), format!("a baby {girl}")],
            AgeGroup::Toddler => vec![
                format!("a toddler {girl}"),
                format!("a {girl} of toddler age"),
            ],
            AgeGroup::Preschool => vec![
                format!("a {girl} of preschool age"),
                format!("a preschool {girl}"),
            ],
            AgeGroup::SchoolAge => vec![
                format!("a {girl} of school age"),
                format!("a school-age {girl}"),
            ],
            AgeGroup::Adolescent => {
                vec![format!("an adolescent {girl}"), format!("a teenage {girl}")]
            }
            AgeGroup::Adult => vec![
                format!("an adult {woman}"),
                format!("a {woman} of adult age"),
            ],
            AgeGroup::OlderAdult => {
                vec![format!("an older {woman}"), format!("an elderly {woman}")]
            }
        });
        patterns
    }
}
