//! Functions that go by the subject and the place: age, sex, site, diagnosis. None of their rules
//! was fitted; they come from the epidemiology named with them.

use super::{ANY, CRACKLES, Draft, TONAL, between};
use crate::diagnosis::Diagnosis;
use crate::recording::{Domain, Sex};
use crate::site::{Level, Site};
use crate::weak::columns::Column::{self, Age, Diagnoses};
use crate::weak::evidence::Evidence;

/// Where adults begin, in years.
const ADULT: f32 = 18.0;

pub(super) fn drafts() -> [Draft; 8] {
    let lung = |name, reads, reason, findings, rule| Draft {
        name,
        reads,
        reason,
        domain: Domain::Lung,
        findings,
        rule,
    };
    [
        lung(
            "age: wheeze",
            &[Age],
            "half of children wheeze before six, few at school age (Martinez et al. 1995)",
            TONAL,
            |evidence| {
                let years = evidence.age_years.filter(|&years| years < ADULT)?;
                Some(years < 6.0)
            },
        ),
        lung(
            "age: crackles",
            &[Age],
            "crackles without disease become frequent from 65 on (Kataoka & Matsuno 2008)",
            CRACKLES,
            |evidence| {
                let years = evidence.age_years.filter(|&years| years >= ADULT)?;
                between(f64::from(years), 45.0, 65.0)
            },
        ),
        lung(
            "sex: wheeze",
            &[Age, Column::Sex],
            "asthma is commoner in boys, and later in women (Almqvist et al. 2008)",
            TONAL,
            |evidence| {
                let boyhood = evidence.age_years? < ADULT;
                let male = evidence.sex? == Sex::Male;
                Some(boyhood == male)
            },
        ),
        lung(
            "site: crackles",
            &[Column::Site],
            "crackles of heart failure and fibrosis are heard at the bases first",
            CRACKLES,
            |evidence| match evidence.site? {
                Site::Lung {
                    level: Some(level), ..
                } => Some(level == Level::Lower),
                _ => None,
            },
        ),
        lung(
            "diagnosis: wheeze",
            &[Diagnoses],
            "airways that are narrow wheeze, other lungs do not",
            TONAL,
            |evidence| by_diagnosis(evidence, &NARROW, &WITHOUT_WHEEZE),
        ),
        lung(
            "diagnosis: crackles",
            &[Diagnoses],
            "fluid and fibrosis crackle, healthy and asthmatic lungs do not",
            CRACKLES,
            |evidence| by_diagnosis(evidence, &WET_OR_STIFF, &WITHOUT_CRACKLES),
        ),
        lung(
            "diagnosis: any",
            &[Diagnoses],
            "sick lungs make added sounds, healthy ones do not",
            ANY,
            |evidence| {
                let first = evidence.diagnoses.first()?;
                Some(evidence.diagnoses.len() > 1 || first != Diagnosis::Normal.word())
            },
        ),
        lung(
            "age: any",
            &[Age],
            "added sounds are frequent before six and from 65 on",
            ANY,
            |evidence| {
                let years = evidence.age_years?;
                Some(!(6.0..65.0).contains(&years))
            },
        ),
    ]
}

const NARROW: [Diagnosis; 4] = [
    Diagnosis::Asthma,
    Diagnosis::Copd,
    Diagnosis::Bronchitis,
    Diagnosis::Bronchiolitis,
];
const WITHOUT_WHEEZE: [Diagnosis; 4] = [
    Diagnosis::Normal,
    Diagnosis::HeartFailure,
    Diagnosis::LungFibrosis,
    Diagnosis::PleuralEffusion,
];
const WET_OR_STIFF: [Diagnosis; 4] = [
    Diagnosis::HeartFailure,
    Diagnosis::LungFibrosis,
    Diagnosis::Pneumonia,
    Diagnosis::Bronchiectasis,
];
const WITHOUT_CRACKLES: [Diagnosis; 2] = [Diagnosis::Normal, Diagnosis::Asthma];

/// Present with any diagnosis of the first list, absent with only those of the second.
fn by_diagnosis(evidence: &Evidence, present: &[Diagnosis], absent: &[Diagnosis]) -> Option<bool> {
    let any_of = |list: &[Diagnosis], code: &str| list.iter().any(|known| known.word() == code);
    let codes = &evidence.diagnoses;
    if codes.iter().any(|code| any_of(present, code)) {
        return Some(true);
    }
    (!codes.is_empty() && codes.iter().all(|code| any_of(absent, code))).then_some(false)
}
