//! In: recordings and a bundle. Out: each recording's analysis, with the probabilities behind it,
//! as a user of the program would get it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use laennec_assistant::windows::{HeardWindow, combine, windows};
use laennec_assistant::{Analysis, AnalyzeOptions, BundleCard, Heard, Listener, Source, analyze};
use laennec_audio::{DecodeOptions, Signal, decode_file};
use laennec_corpus::{Domain, Finding, Located, Presence, Recording};
use rayon::prelude::*;

use super::{Inputs, Variant};
use crate::error::Error;
use crate::intervals::{GroupKind, number_groups};
use crate::matrix::Matrix;
use crate::predictions::Predictions;

/// One recording as the whole system hears it.
pub(super) struct HeardRecording<'a> {
    pub(super) recording: &'a Recording,
    /// Over all windows of the recording, whatever quality and domain say.
    pub(super) heard: Heard,
    pub(super) analysis: Analysis,
}

impl HeardRecording<'_> {
    /// Calibrated probability of a finding; none where the bundle has none.
    pub(super) fn probability(&self, finding: Finding) -> Option<f64> {
        let mut scores = self.heard.findings.iter();
        scores
            .find(|score| score.finding == finding)
            .map(|score| f64::from(score.probability))
    }

    /// The answer that a user gets.
    pub(super) fn answer(&self, finding: Finding) -> Presence {
        let mut answers = self.analysis.findings.iter();
        answers
            .find(|answer| answer.finding == finding)
            .map_or(Presence::NotAssessed, |answer| answer.answer)
    }

    /// Whether the publisher says that the finding is there; none where it does not say.
    pub(super) fn truth(&self, finding: Finding) -> Option<bool> {
        match self.recording.presence(finding) {
            Some(Presence::Present) => Some(true),
            Some(Presence::Absent) => Some(false),
            _ => None,
        }
    }
}

/// Decodes, changes and hears all recordings, several at a time.
pub(super) fn hear_all<'a>(
    inputs: &Inputs<'_>,
    what: &str,
    located: &[&'a Located],
    variant: Variant,
) -> Result<Vec<HeardRecording<'a>>, Error> {
    hear_stated(inputs, what, located, variant, AnalyzeOptions::default())
}

/// The same with what the person who gives the recordings says.
pub(super) fn hear_stated<'a>(
    inputs: &Inputs<'_>,
    what: &str,
    located: &[&'a Located],
    variant: Variant,
    options: AnalyzeOptions,
) -> Result<Vec<HeardRecording<'a>>, Error> {
    let (done, total) = (AtomicUsize::new(0), located.len());
    located
        .par_iter()
        .map(|located| {
            let signal = decode_file(&located.path, &DecodeOptions::default())?.signal;
            let (heard, analysis) = hear(inputs.ear, &variant.apply(signal)?, options)?;
            let count = done.fetch_add(1, Ordering::Relaxed) + 1;
            (inputs.progress)(what, count, total);
            Ok(HeardRecording {
                recording: &located.recording,
                heard,
                analysis,
            })
        })
        .collect()
}

/// The analysis of a signal, and what was heard over all its windows.
pub(crate) fn hear(
    listener: &dyn Listener,
    signal: &Signal,
    options: AnalyzeOptions,
) -> Result<(Heard, Analysis), Error> {
    let recorder = Recorder {
        listener,
        heard: Mutex::default(),
    };
    let analysis = analyze(signal, &Source::default(), &recorder, options)?.analysis;
    let mut parts = recorder
        .heard
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    let length = (listener.window_s() * f64::from(signal.rate)).round() as usize;
    let cut = windows(signal.samples.len(), length);
    if parts.is_empty() {
        // The samples alone made the analysis refuse; the networks are asked all the same.
        for window in &cut {
            parts.push(listener.hear(&Signal {
                samples: signal.samples[window.start..window.end].to_vec(),
                rate: signal.rate,
            })?);
        }
    }
    let parts = cut
        .into_iter()
        .zip(parts)
        .map(|(window, heard)| HeardWindow { window, heard })
        .collect();
    let poor_at = listener.card().gates.poor_at;
    Ok((combine(parts, signal.rate, poor_at).heard, analysis))
}

/// Keeps what a listener said, so that an analysis and its probabilities come from one pass.
struct Recorder<'a> {
    listener: &'a dyn Listener,
    heard: Mutex<Vec<Heard>>,
}

impl Listener for Recorder<'_> {
    fn hear(&self, signal: &Signal) -> Result<Heard, laennec_assistant::Error> {
        let heard = self.listener.hear(signal)?;
        let mut kept = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push(heard.clone());
        Ok(heard)
    }

    fn window_s(&self) -> f64 {
        self.listener.window_s()
    }

    fn card(&self) -> &BundleCard {
        self.listener.card()
    }
}

/// The likeliest domain, if it is likely enough for the bundle.
pub(super) fn likeliest(heard: &Heard, card: &BundleCard) -> Option<Domain> {
    Domain::ALL
        .iter()
        .copied()
        .max_by(|a, b| {
            heard
                .domain_probability(*a)
                .total_cmp(&heard.domain_probability(*b))
        })
        .filter(|&domain| heard.domain_probability(domain) >= card.gates.domain_at)
}

/// Calibrated probabilities of a finding, class 1, on the recordings of which the publisher says
/// whether it is there; with them the indices of those recordings. By patient.
pub(super) fn finding(
    heard: &[HeardRecording<'_>],
    finding: Finding,
) -> Result<(Predictions, Vec<usize>), Error> {
    let (mut rows, mut truth, mut used) = (Vec::new(), Vec::new(), Vec::new());
    for (index, one) in heard.iter().enumerate() {
        if let (Some(present), Some(probability)) = (one.truth(finding), one.probability(finding)) {
            rows.push([1.0 - probability, probability]);
            truth.push(usize::from(present));
            used.push(index);
        }
    }
    let groups = number_groups(used.iter().map(|&index| &heard[index].recording.group));
    let matrix = Matrix::from_rows(&rows)?;
    let predictions = Predictions::new(matrix, truth, groups, GroupKind::Patients)?;
    Ok((predictions, used))
}

/// Probability of a poor signal, class 1, where the publisher speaks of quality. By patient.
pub(super) fn quality(heard: &[HeardRecording<'_>]) -> Result<Predictions, Error> {
    let judged: Vec<(&HeardRecording<'_>, bool)> = heard
        .iter()
        .filter_map(|one| one.truth(Finding::PoorSignal).map(|poor| (one, poor)))
        .collect();
    let rows: Vec<[f64; 2]> = judged
        .iter()
        .map(|(one, _)| f64::from(one.heard.quality_poor))
        .map(|p| [1.0 - p, p])
        .collect();
    let truth = judged.iter().map(|(_, poor)| usize::from(*poor)).collect();
    let groups = number_groups(judged.iter().map(|(one, _)| &one.recording.group));
    let matrix = Matrix::from_rows(&rows)?;
    Ok(Predictions::new(
        matrix,
        truth,
        groups,
        GroupKind::Patients,
    )?)
}
