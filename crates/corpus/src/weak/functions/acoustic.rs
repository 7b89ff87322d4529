//! Functions that go by measures of the sound. The limits of those for lungs were set looking at the
//! gold of `SPRSound`'s training patients, never at KAUH's; those for hearts by what is known of
//! hearts, on no recording.

use super::{ANY, CRACKLES, Draft, HEART, TONAL, between};
use crate::finding::Finding;
use crate::recording::Domain;
use crate::weak::columns::Column::{Device, Sound};
use crate::weak::evidence::Evidence;

pub(super) fn drafts() -> impl Iterator<Item = Draft> {
    lungs().into_iter().chain(hearts())
}

fn lungs() -> [Draft; 6] {
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
            "sound: tonal ridges",
            &[Sound],
            "ridges of 80 ms and more in the spectrogram: a wheeze lasts",
            TONAL,
            ridges,
        ),
        lung(
            "sound: high-pitched ridge",
            &[Sound],
            "a ridge of 100 ms and more at 250 Hz and above is hardly a breath or a heart sound",
            TONAL,
            |evidence| (evidence.sound?.high_ridges > 0).then_some(true),
        ),
        lung(
            "sound: transients",
            &[Sound, Device],
            "crackles are clicks that stand out of the breath; a bell takes them away",
            CRACKLES,
            transients,
        ),
        lung(
            "sound: burst of transients",
            &[Sound, Device],
            "crackles come several in a quarter of a second",
            CRACKLES,
            |evidence| between(heard_well(evidence)?.burst as f64, 2.0, 7.0),
        ),
        lung(
            "sound: ridges or transients",
            &[Sound, Device],
            "added sounds are tonal or explosive",
            ANY,
            |evidence| match (ridges(evidence), transients(evidence)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
        ),
        lung(
            "sound: high-pitched ridge",
            &[Sound],
            "a ridge of 100 ms and more at 250 Hz and above is hardly a breath or a heart sound",
            ANY,
            |evidence| (evidence.sound?.high_ridges > 0).then_some(true),
        ),
    ]
}

fn hearts() -> [Draft; 3] {
    let heart = |name, reason, findings, rule| Draft {
        name,
        reads: &[Sound],
        reason,
        domain: Domain::Heart,
        findings,
        rule,
    };
    [
        heart(
            "sound: weak rhythm",
            "a normal heart repeats itself",
            &[Finding::AbnormalHeart, Finding::Arrhythmia],
            |evidence| between(-evidence.sound?.rhythm?, -0.6, -0.35),
        ),
        heart(
            "sound: rate",
            "a heart at rest beats 50 to 110 times a minute",
            &[Finding::AbnormalHeart],
            |evidence| {
                let sound = evidence.sound?;
                let per_minute = sound.per_minute.filter(|_| sound.rhythm > Some(0.4))?;
                (!(50.0..=110.0).contains(&per_minute)).then_some(true)
            },
        ),
        heart(
            "sound: between beats",
            "a murmur fills the time between heart sounds",
            HEART,
            |evidence| between(evidence.sound?.between_db?, -20.0, -14.0),
        ),
    ]
}

fn ridges(evidence: &Evidence) -> Option<bool> {
    between(evidence.sound?.ridge_s, 0.0, 0.25)
}

fn transients(evidence: &Evidence) -> Option<bool> {
    between(heard_well(evidence)?.transients_per_s, 2.5, 4.5)
}

/// The measures, unless the filter takes away what transients are made of.
fn heard_well(evidence: &Evidence) -> Option<crate::weak::sound::SoundMeasures> {
    evidence
        .sound
        .filter(|_| evidence.device.as_deref() != Some("bell"))
}
