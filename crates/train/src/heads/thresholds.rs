//! Thresholds of the answers, on calibration patients.
//!
//! In: the assembled bundle and recordings. Out: for each finding the probabilities from which it
//! is called present or absent within the allowed errors, gates on quality, a limit on novelty.

use laennec_assistant::{
    FindingRule, Gates, Heard, Listener, StatedErrors,
    bundle::{Ear, HEART_FINDINGS, LUNG_FINDINGS},
    windows::{HeardWindow, combine, windows},
};
use laennec_audio::{DecodeOptions, Signal, decode_file};
use laennec_corpus::{Domain, Finding, Located, Quality, Recording, Split};
use laennec_eval::calibration::{ErrorLimits, Thresholds};
use rayon::prelude::*;

use super::{HeadsRecipe, findings::label, is_of};
use crate::Error;

/// Validation subjects with a finding below which it is not assessed.
const FEWEST_SUBJECTS: usize = 10;

/// What was chosen.
pub(super) struct Chosen {
    pub(super) gates: Gates,
    pub(super) rules: Vec<FindingRule>,
    pub(super) novelty_limit: f32,
}

/// Hears the calibration recordings with the whole bundle and sets every threshold.
pub(super) fn choose(
    recipe: &HeadsRecipe,
    recordings: &[Located],
    ear: &Ear,
) -> Result<Chosen, Error> {
    let hear = |domain: Domain| {
        recordings
            .par_iter()
            .filter(|l| is_of(l, domain, Split::Calibration))
            .map(|l| {
                let signal = decode_file(&l.path, &DecodeOptions::default())?.signal;
                Ok((&l.recording, hear_whole(ear, &signal)?))
            })
            .collect::<Result<Vec<_>, Error>>()
    };
    let (lung, heart) = (hear(Domain::Lung)?, hear(Domain::Heart)?);
    let poor = Pairs::of(&lung, |r, h| {
        Some((f64::from(h.quality_poor), r.quality? == Quality::Poor))
    })
    .choose(&recipe.limits)?;
    let rule = |finding: Finding,
                domain: Domain,
                heard: &[(&Recording, Heard)]|
     -> Result<FindingRule, Error> {
        let pairs = Pairs::of(heard, |r, h| {
            let score = h.findings.iter().find(|s| s.finding == finding)?;
            Some((f64::from(score.probability), label(r, finding)?))
        });
        let limits = match domain {
            Domain::Heart => &recipe.heart_limits,
            _ => &recipe.limits,
        };
        let thresholds = pairs.choose(limits)?;
        Ok(FindingRule {
            finding,
            domain,
            present_at: thresholds.present_from.map(|t| t as f32),
            absent_below: thresholds.absent_below.map(|t| t as f32),
            not_assessed: not_assessed(recordings, finding),
            needs_hz: needs_hz(finding),
            stated: Some(pairs.stated(&thresholds)?),
        })
    };
    let mut rules = Vec::new();
    for finding in LUNG_FINDINGS {
        rules.push(rule(finding, Domain::Lung, &lung)?);
    }
    for finding in HEART_FINDINGS {
        rules.push(rule(finding, Domain::Heart, &heart)?);
    }
    let mut distances: Vec<f32> = lung
        .iter()
        .chain(&heart)
        .filter_map(|(_, h)| h.novelty)
        .collect();
    distances.sort_by(f32::total_cmp);
    let at = ((1.0 - recipe.novelty_share) * (distances.len().max(1) - 1) as f64).ceil() as usize;
    let poor_at = poor.present_from.unwrap_or(1.0) as f32;
    Ok(Chosen {
        gates: Gates {
            domain_at: recipe.domain_at,
            poor_at,
            usable_below: (poor.absent_below.unwrap_or(0.0) as f32).min(poor_at),
        },
        rules,
        novelty_limit: distances.get(at).copied().unwrap_or(f32::MAX),
    })
}

/// A recording of any length, by the rule for long recordings; no window counts as poor here,
/// since the gate is only being chosen.
fn hear_whole(ear: &Ear, signal: &Signal) -> Result<Heard, Error> {
    let length = (ear.window_s() * f64::from(signal.rate)) as usize;
    let parts = windows(signal.samples.len(), length)
        .into_iter()
        .map(|window| {
            let part = Signal {
                samples: signal.samples[window.start..window.end].to_vec(),
                rate: signal.rate,
            };
            Ok(HeardWindow {
                window,
                heard: ear.hear(&part)?,
            })
        })
        .collect::<Result<Vec<_>, laennec_assistant::Error>>()?;
    Ok(combine(parts, signal.rate, f32::INFINITY).heard)
}

/// Probabilities with what is true.
struct Pairs {
    probabilities: Vec<f64>,
    truth: Vec<bool>,
}

impl Pairs {
    fn of(
        heard: &[(&Recording, Heard)],
        pair: impl Fn(&Recording, &Heard) -> Option<(f64, bool)>,
    ) -> Self {
        let (probabilities, truth) = heard.iter().filter_map(|(r, h)| pair(r, h)).unzip();
        Self {
            probabilities,
            truth,
        }
    }

    fn choose(&self, limits: &ErrorLimits) -> Result<Thresholds, Error> {
        Ok(Thresholds::choose(
            &self.probabilities,
            &self.truth,
            limits,
        )?)
    }

    fn stated(&self, thresholds: &Thresholds) -> Result<StatedErrors, Error> {
        let counts = thresholds
            .count(&self.probabilities, &self.truth)
            .map_err(laennec_eval::Error::from)?;
        let share = |part: usize, whole: usize| part as f32 / whole.max(1) as f32;
        let negatives = counts.total - counts.positives;
        Ok(StatedErrors {
            false_alarm_rate: share(counts.false_alarms, negatives),
            miss_rate: share(counts.missed, counts.positives),
            coverage: share(counts.absent + counts.present, counts.total),
            positives: counts.positives,
            negatives,
        })
    }
}

/// The reason not to assess a finding that too few validation subjects have.
fn not_assessed(recordings: &[Located], finding: Finding) -> Option<String> {
    let mut with: Vec<&str> = recordings
        .iter()
        .map(|l| &l.recording)
        .filter(|r| r.split == Some(Split::Validation) && label(r, finding) == Some(true))
        .map(|r| r.subject.as_deref().unwrap_or(&r.id))
        .collect();
    with.sort_unstable();
    with.dedup();
    let n = with.len();
    (n < FEWEST_SUBJECTS)
        .then(|| format!("only {n} validation patients have it, {FEWEST_SUBJECTS} are required"))
}

/// Lowest bandwidth in Hz that can carry a finding: wheeze is heard from about 100 to 1,000 Hz,
/// crackles reach 2,000 Hz (Sovijarvi et al., Eur Respir Rev 2000); below that they lose the
/// transients that make them crackles.
fn needs_hz(finding: Finding) -> f32 {
    match finding {
        Finding::Adventitious | Finding::Discontinuous | Finding::FineCrackle => 1500.0,
        Finding::Continuous | Finding::Wheeze => 1000.0,
        _ => 400.0,
    }
}
