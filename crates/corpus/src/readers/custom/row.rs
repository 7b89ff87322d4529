//! A record and the mapping of its table come in; a recording, or what is wrong, goes out.

use super::mapping::{Mapping, Role};
use super::records::Record;
use super::{DATA_SET, Set};
use crate::finding::{Finding, Presence};
use crate::ids;
use crate::readers::Trouble;
use crate::readers::fields::{age, code, diagnoses, is_missing, number, presence};
use crate::recording::{OfficialSplit, Quality, Recording, Sex};
use crate::site::Site;
use crate::vocabulary::diagnosis_named;

/// Longest code that is stored.
const LONGEST: usize = 40;
/// Digits in a row that a stored code may have: serial numbers and dates have more.
const DIGITS: usize = 5;

pub(super) fn recording(
    set: &Set,
    mapping: &Mapping,
    record: &Record,
    id: String,
) -> Result<Recording, Trouble> {
    let text = |role: Role| -> Result<Option<&str>, Trouble> {
        let found = mapping.text(role, record);
        found
            .map(|text| mapping.translate(role.word(), text))
            .transpose()
    };
    let stored = |role: Role| -> Result<Option<String>, Trouble> {
        let Some(found) = text(role)? else {
            return Ok(None);
        };
        if !mapping.lists(role.word()) && !is_code(found) {
            let expected = "a short code without long numbers, or one that [values] lists";
            return Err(Trouble::Value {
                field: role.word(),
                expected,
            });
        }
        Ok(Some(found.to_owned()))
    };
    let subject = mapping.text(Role::Subject, record);
    let subject = subject.map(|number| ids::subject(DATA_SET, &set.own(number)));
    let group = mapping.text(Role::Group, record);
    let group = group.map(|group| ids::group(DATA_SET, &set.own(group)));
    let group = group
        .or_else(|| subject.clone())
        .unwrap_or_else(|| id.clone());
    let class = stored(Role::Class)?;
    let mut recording = Recording {
        subject,
        manoeuvre: mapping.manoeuvre,
        site: text(Role::Site)?.map(site).transpose()?,
        device: stored(Role::Device)?,
        findings: findings(mapping, record, class.as_deref())?,
        record_class: class,
        quality: text(Role::Quality)?.map(quality).transpose()?,
        diagnoses: text(Role::Diagnoses)?
            .map(known_diagnoses)
            .transpose()?
            .unwrap_or_default(),
        sex: text(Role::Sex)?.map(sex).transpose()?,
        age_years: age(text(Role::Age)?.unwrap_or_default(), "age")?,
        height_cm: number(
            text(Role::HeightCm)?.unwrap_or_default(),
            20.0..=250.0,
            "height_cm",
            "20 to 250",
        )?,
        weight_kg: number(
            text(Role::WeightKg)?.unwrap_or_default(),
            0.5..=400.0,
            "weight_kg",
            "0.5 to 400",
        )?,
        smoker: text(Role::Smoker)?
            .map(|text| yes(text, "smoker"))
            .transpose()?,
        official_split: text(Role::OfficialSplit)?.map(split).transpose()?,
        ..Recording::unlabelled(DATA_SET, mapping.domain, id, group)
    };
    if let Some(licence) = &mapping.licence {
        recording.licence.clone_from(licence);
    }
    Ok(recording)
}

/// What the columns of findings and the class state; a column that says nothing states nothing.
fn findings(
    mapping: &Mapping,
    record: &Record,
    class: Option<&str>,
) -> Result<Vec<(Finding, Presence)>, Trouble> {
    let mut stated = class
        .and_then(|class| mapping.classes.get(class))
        .cloned()
        .unwrap_or_default();
    for (finding, column) in &mapping.findings {
        let Some(text) = record.fields.get(column).filter(|text| !is_missing(text)) else {
            continue;
        };
        let text = mapping.translate("finding", text)?;
        let known = Presence::from_word(text);
        let presence = match known {
            Some(known) => known,
            None => presence(yes(text, finding.word())?),
        };
        let before = stated.insert(*finding, presence);
        if before.is_some_and(|before| before != presence) {
            return Err(Trouble::Contradiction("the class and a column of findings"));
        }
    }
    Ok(stated.into_iter().collect())
}

/// Whether a text may be stored though no list names it: letters, digits and a few signs.
pub(super) fn is_code(text: &str) -> bool {
    let longest_number = text
        .split(|c: char| !c.is_ascii_digit())
        .map(str::len)
        .max();
    let plain = |c: char| c.is_ascii_alphanumeric() || " _-+&/.".contains(c);
    text.len() <= LONGEST && text.chars().all(plain) && longest_number.unwrap_or(0) <= DIGITS
}

fn site(text: &str) -> Result<Site, Trouble> {
    let expected = "a site such as left_lower_posterior or apex";
    text.parse().map_err(|_| Trouble::Value {
        field: "site",
        expected,
    })
}

fn quality(text: &str) -> Result<Quality, Trouble> {
    let expected = "usable or poor";
    Quality::from_word(text).ok_or(Trouble::Value {
        field: "quality",
        expected,
    })
}

fn sex(text: &str) -> Result<Sex, Trouble> {
    let codes = [
        ("female", Sex::Female),
        ("male", Sex::Male),
        ("F", Sex::Female),
        ("M", Sex::Male),
    ];
    code(text, &codes, "sex", "female, male, F or M")
}

fn split(text: &str) -> Result<OfficialSplit, Trouble> {
    official_split(text).ok_or(Trouble::Value {
        field: "official_split",
        expected: "train, validation or test",
    })
}

/// The part that a folder or field of an `AudioFolder` names.
pub(super) fn official_split(text: &str) -> Option<OfficialSplit> {
    match text.to_ascii_lowercase().as_str() {
        "train" | "training" => Some(OfficialSplit::Train),
        "validation" | "valid" | "val" | "dev" => Some(OfficialSplit::Validation),
        "test" | "testing" | "eval" | "evaluation" => Some(OfficialSplit::Test),
        _ => None,
    }
}

fn yes(text: &str, field: &'static str) -> Result<bool, Trouble> {
    let codes = [
        ("1", true),
        ("0", false),
        ("yes", true),
        ("no", false),
        ("True", true),
        ("False", false),
        ("true", true),
        ("false", false),
    ];
    code(text, &codes, field, "1, 0, yes, no, true or false")
}

/// The diagnoses that the vocabulary knows by these names, joined by `+`.
fn known_diagnoses(text: &str) -> Result<Vec<String>, Trouble> {
    let known = text.split('+').map(|name| {
        let expected = "diagnoses of the vocabulary joined by +, or translated by [values]";
        let field = "diagnoses";
        diagnosis_named(name).ok_or(Trouble::Value { field, expected })
    });
    Ok(diagnoses(known.collect::<Result<Vec<_>, _>>()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_dates_and_sentences_are_no_codes() {
        for code in [
            "Littmann 3200",
            "bell",
            "CAS & DAS",
            "AKGC417L",
            "heart_failure+copd",
        ] {
            assert!(is_code(code), "{code}");
        }
        for text in [
            "SN 20211103",
            "2021-03-114455",
            "seen again after the holidays, no change in wheeze",
            "José",
            "O'Brien",
        ] {
            assert!(!is_code(text), "{text}");
        }
    }
}
