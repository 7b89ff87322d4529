//! What a text can say, as single statements; facts come in, the statements that a full text makes
//! go out.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::diagnosis::Diagnosis;
use crate::facts::{Device, Facts, MurmurTrait, Noise, Phase, closed};
use crate::finding::{Finding, Presence};
use crate::recording::{Domain, Sex};
use crate::wording::AgeGroup;

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// A finding is present, absent or uncertain.
    Finding(Finding, Presence),
    /// The recording was taken there.
    Site(String),
    /// A finding is heard in that phase.
    Phase(Finding, Phase),
    /// A murmur has that attribute.
    Murmur(Finding, MurmurTrait),
    /// A finding is heard from the one time to the other, in tenths of a second.
    Time(Finding, u32, u32),
    /// Sex.
    Sex(Sex),
    /// Group of ages.
    Age(AgeGroup),
    /// Kind of device.
    Device(Device),
    /// Diagnosis.
    Diagnosis(Diagnosis),
    /// Background noise.
    Noise(Noise),
    /// Beats or breaths per minute.
    Tempo(u32),
    /// What was listened to.
    Organ(Domain),
    /// A number written with digits.
    Number(String),
    /// A word for something that no recording shows: another disease, treatment, advice.
    Beyond(String),
}

impl Claim {
    /// The word for its kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Finding(..) => "finding",
            Self::Site(_) => "site",
            Self::Phase(..) => "phase",
            Self::Murmur(..) => "murmur",
            Self::Time(..) => "time",
            Self::Sex(_) => "sex",
            Self::Age(_) => "age",
            Self::Device(_) => "device",
            Self::Diagnosis(_) => "diagnosis",
            Self::Noise(_) => "noise",
            Self::Tempo(_) => "tempo",
            Self::Organ(_) => "organ",
            Self::Number(_) => "number",
            Self::Beyond(_) => "beyond",
        }
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind();
        match self {
            Self::Finding(finding, presence) => write!(f, "{finding} {presence}"),
            Self::Site(word) | Self::Number(word) | Self::Beyond(word) => {
                write!(f, "{kind} {word}")
            }
            Self::Phase(finding, phase) => write!(f, "{phase} {finding}"),
            Self::Murmur(finding, attribute) => write!(f, "{finding} of {attribute}"),
            Self::Time(finding, start, end) => {
                write!(f, "{finding} at {}-{} s", seconds(*start), seconds(*end))
            }
            Self::Sex(sex) => write!(f, "{kind} {sex}"),
            Self::Age(age) => write!(f, "{kind} {age}"),
            Self::Device(device) => write!(f, "{kind} {device}"),
            Self::Diagnosis(diagnosis) => write!(f, "{kind} {diagnosis}"),
            Self::Noise(noise) => write!(f, "{kind} {noise}"),
            Self::Tempo(tempo) => write!(f, "{kind} {tempo}"),
            Self::Organ(organ) => write!(f, "{kind} {organ}"),
        }
    }
}

/// A number without idle zeros at its end: `10.0` and `10` are one.
pub(super) fn plain(number: &str) -> Claim {
    let plain = if number.contains('.') {
        number.trim_end_matches('0').trim_end_matches('.')
    } else {
        number
    };
    Claim::Number(plain.to_owned())
}

/// Tenths of a second as texts write them: `1.2`.
pub(crate) fn seconds(tenths: u32) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// The statements of a text that says all of `facts`.
pub fn claims(facts: &Facts) -> BTreeSet<Claim> {
    let mut all = BTreeSet::new();
    let findings = facts
        .findings
        .iter()
        .map(|(&finding, &presence)| (finding, presence));
    all.extend(
        closed(findings)
            .into_iter()
            .map(|(f, p)| Claim::Finding(f, p)),
    );
    all.extend(
        facts
            .phases
            .iter()
            .map(|&(finding, phase)| Claim::Phase(finding, phase)),
    );
    all.extend(
        facts
            .murmurs
            .iter()
            .map(|&(finding, attribute)| Claim::Murmur(finding, attribute)),
    );
    for timing in &facts.timings {
        if timing.count != timing.spans.len() {
            all.insert(plain(&timing.count.to_string()));
        }
        for &(start, end) in &timing.spans {
            all.insert(Claim::Time(timing.finding, start, end));
            all.extend([start, end].map(|time| plain(&seconds(time))));
        }
    }
    all.extend(facts.tenths.map(|tenths| plain(&seconds(tenths))));
    all.extend(facts.site.map(|site| Claim::Site(site.to_string())));
    all.extend(facts.sex.map(Claim::Sex));
    all.extend(facts.age.map(Claim::Age));
    all.extend(facts.device.map(Claim::Device));
    all.extend(
        facts
            .diagnoses
            .iter()
            .map(|&diagnosis| Claim::Diagnosis(diagnosis)),
    );
    if let Some(signal) = facts.signal {
        all.insert(Claim::Noise(signal.noise));
        if let Some(tempo) = signal.tempo {
            all.insert(Claim::Tempo(tempo));
            all.insert(plain(&tempo.to_string()));
        }
    }
    all.extend(facts.domains.iter().map(|&organ| Claim::Organ(organ)));
    all
}
