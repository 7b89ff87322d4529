//! One recording and a listener come in, the whole analysis goes out.
//!
//! Order: what the samples themselves forbid (too short, silent, constant, clipped), then quality,
//! domain, bandwidth and likeness to the training data, then the findings. Whatever a step forbids
//! no later step asserts.

use laennec_audio::{Decoded, Signal};
use laennec_corpus::{Domain, Finding};

use crate::analysis::{
    Analysis, BundleFacts, DomainAnswer, DomainProbability, Quality, QualityAnswer, RESEARCH_USE,
    RecordingFacts, Report, ReportSource, SCHEMA_VERSION, WindowFacts,
};
use crate::judge::{judge_findings, judge_quality, likeliest, locate_events, refuse_all};
use crate::signal_checks::{self, Checked};
use crate::windows::{Combined, HeardWindow, combine, windows};
use crate::{BundleCard, Error, Listener, identity, report};

/// What is known of a recording besides its samples.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Source {
    /// Channels of the file.
    pub channels: usize,
    /// Container and coding.
    pub format: String,
    /// Remarks of the decoder, in words.
    pub notices: Vec<String>,
}

impl From<&Decoded> for Source {
    fn from(decoded: &Decoded) -> Self {
        Self {
            channels: decoded.channels,
            format: decoded.format.clone(),
            notices: decoded.notices.iter().map(ToString::to_string).collect(),
        }
    }
}

/// What the person who gives the recording may say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AnalyzeOptions {
    /// The domain, if it is known where the stethoscope stood: then it is not decided here.
    pub domain: Option<Domain>,
}

/// An analysis, and the curves over time that only the figure shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Listened {
    /// The analysis.
    pub analysis: Analysis,
    /// Length of a step in seconds.
    pub step_s: f32,
    /// Probability of each finding of the domain over time.
    pub curves: Vec<(Finding, Vec<f32>)>,
}

/// Analyses one recording.
///
/// # Errors
/// [`Error::Listen`] or [`Error::Audio`] if the networks fail, [`Error::BadHearing`] if they return
/// what is no probability. Signals that cannot be judged are no error: their quality is poor.
pub fn analyze(
    signal: &Signal,
    source: &Source,
    listener: &dyn Listener,
    options: AnalyzeOptions,
) -> Result<Listened, Error> {
    let card = listener.card();
    let checked = signal_checks::check(signal);
    let mut listened = Listened {
        analysis: blank(signal, source, card, &checked, options),
        step_s: 0.0,
        curves: Vec::new(),
    };
    if checked.poor.is_empty() {
        listen(signal, listener, options, &checked, &mut listened)?;
    }
    let analysis = &mut listened.analysis;
    if analysis.quality.quality == Quality::Poor {
        refuse_all(
            analysis,
            card,
            options.domain,
            "the signal is too poor to be judged",
        );
    }
    analysis.report.text = report::template(analysis);
    Ok(listened)
}

/// The analysis before anything was listened to.
fn blank(
    signal: &Signal,
    source: &Source,
    card: &BundleCard,
    checked: &Checked,
    options: AnalyzeOptions,
) -> Analysis {
    let quality = if checked.poor.is_empty() {
        Quality::Usable
    } else {
        Quality::Poor
    };
    Analysis {
        schema_version: SCHEMA_VERSION.to_owned(),
        id: identity::recording_id(signal),
        recording: RecordingFacts {
            seconds: if signal.samples.is_empty() {
                0.0
            } else {
                signal.seconds()
            },
            rate_hz: signal.rate,
            channels: source.channels,
            format: source.format.clone(),
            ..checked.facts.clone()
        },
        quality: QualityAnswer {
            quality,
            probability_poor: None,
            reasons: checked.poor.clone(),
        },
        domain: DomainAnswer {
            domain: options.domain,
            stated: options.domain.is_some(),
            probabilities: Vec::new(),
        },
        findings: Vec::new(),
        events: Vec::new(),
        windows: WindowFacts {
            count: 0,
            length_s: 0.0,
            poor: 0,
        },
        report: Report {
            text: String::new(),
            source: ReportSource::Template,
        },
        notices: source
            .notices
            .iter()
            .chain(&checked.notices)
            .cloned()
            .collect(),
        bundle: BundleFacts {
            name: card.name.clone(),
            version: card.version.clone(),
            sha256: card.sha256.clone(),
            trained_on: card.trained_on.clone(),
        },
        research_use: RESEARCH_USE.to_owned(),
    }
}

/// Where a domain's sounds come from.
fn place(domain: Domain) -> &'static str {
    match domain {
        Domain::Heart => "heart",
        Domain::Lung => "lungs",
        Domain::Other => "neither",
    }
}

/// What a domain is called when it is heard.
fn sounds(domain: Domain) -> &'static str {
    match domain {
        Domain::Heart => "heart sounds",
        Domain::Lung => "lung sounds",
        Domain::Other => "neither heart nor lungs",
    }
}

fn listen(
    signal: &Signal,
    listener: &dyn Listener,
    options: AnalyzeOptions,
    checked: &Checked,
    listened: &mut Listened,
) -> Result<(), Error> {
    let card = listener.card();
    let length = (listener.window_s() * f64::from(signal.rate)).round() as usize;
    let cut = windows(signal.samples.len(), length);
    let count = cut.len();
    let mut parts = Vec::with_capacity(count);
    for window in cut {
        let part = if count == 1 {
            listener.hear(signal)?
        } else {
            let samples = signal.samples[window.start..window.end].to_vec();
            listener.hear(&Signal {
                samples,
                rate: signal.rate,
            })?
        };
        part.validate(&card.name)?;
        parts.push(HeardWindow {
            window,
            heard: part,
        });
    }
    let Combined { heard, poor } = combine(parts, signal.rate, card.gates.poor_at);

    let analysis = &mut listened.analysis;
    analysis.windows = WindowFacts {
        count,
        length_s: if count == 1 {
            analysis.recording.seconds
        } else {
            listener.window_s()
        },
        poor,
    };
    if poor > 0 && poor < count {
        analysis.notices.push(format!(
            "{poor} of {count} windows are too poor to be judged and were left out"
        ));
    }
    judge_quality(analysis, card, &heard);
    analysis.domain.probabilities = Domain::ALL
        .iter()
        .map(|&domain| DomainProbability {
            domain,
            probability: heard.domain_probability(domain),
        })
        .collect();
    if analysis.quality.quality == Quality::Poor {
        return Ok(());
    }
    let domain = options
        .domain
        .or_else(|| likeliest(&heard, card.gates.domain_at));
    analysis.domain.domain = domain;
    if let (Some(stated), Some(heard)) = (options.domain, likeliest(&heard, card.gates.domain_at))
        && stated != heard
    {
        analysis.notices.push(format!(
            "it was stated to be of the {}, but it sounds like {}: check that it is the right file",
            place(stated),
            sounds(heard)
        ));
    }
    let Some(domain @ (Domain::Heart | Domain::Lung)) = domain else {
        let reason = match domain {
            Some(_) => "the recording sounds like neither heart nor lungs",
            None => "it could not be told whether the recording is of the heart or of the lungs",
        };
        refuse_all(analysis, card, None, reason);
        return Ok(());
    };
    judge_findings(analysis, card, &heard, domain, checked);
    locate_events(analysis, &heard);
    listened.step_s = heard.step_s;
    let of_domain = |finding| card.rule(finding).is_some_and(|rule| rule.domain == domain);
    listened.curves = heard.step_probabilities;
    listened.curves.retain(|(finding, _)| of_domain(*finding));
    Ok(())
}
