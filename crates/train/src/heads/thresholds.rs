//! Thresholds of the answers, by cross-fitting.
//!
//! In: recordings as networks heard them that did not learn from them. Out: for each finding the probabilities from which it
//! is called present or absent within the allowed errors, gates on quality, a limit on novelty.

use laennec_assistant::{
    FindingRule, Gates, Heard, StatedErrors,
    bundle::{HEART_FINDINGS, LUNG_FINDINGS},
};
use laennec_corpus::{Domain, Finding, Located, Quality, Recording, Split};
use laennec_eval::calibration::{ErrorLimits, Thresholds};

use super::{HeadsRecipe, findings::label, listeners::Listeners};
use crate::Error;

/// Validation subjects with a finding below which it is not assessed.
const FEWEST_SUBJECTS: usize = 10;

/// What was chosen.
pub(super) struct Chosen {
    pub(super) gates: Gates,
    pub(super) rules: Vec<FindingRule>,
    pub(super) novelty_limit: f32,
}

/// Hears the recordings with networks that did not learn from them and sets every threshold.
pub(super) fn choose(
    recipe: &HeadsRecipe,
    recordings: &[Located],
    listeners: &Listeners<'_>,
) -> Result<Chosen, Error> {
    let lung = listeners.hear(Domain::Lung, recordings)?;
    let heart = listeners.hear(Domain::Heart, recordings)?;
    let poor = Pairs::of(&lung, |r, h| {
        Some((f64::from(h.quality_poor), r.quality? == Quality::Poor))
    })
    .choose(&recipe.quality_limits)?;
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
    // Only the first networks' embedding is judged, and they held out the calibration recordings.
    let mut distances: Vec<f32> = lung
        .iter()
        .chain(&heart)
        .filter(|(r, _)| r.split == Some(Split::Calibration))
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
