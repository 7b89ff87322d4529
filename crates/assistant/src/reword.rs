//! Rewording: an analysis and a language model come in; the reworded report goes out if it says
//! exactly what the findings say, else the reason why the template stays.

use crate::analysis::{Analysis, ReportSource};
use crate::verify::{self, Difference};
use crate::{Error, report};

/// A language model that answers a prompt.
pub trait TextGenerator {
    /// The answer to `prompt`.
    fn generate(&self, prompt: &str) -> Result<String, Error>;
}

/// Shown in place of a rewording that says something else.
pub const KEPT_TEMPLATE: &str = "the language model's rewording did not say exactly what the \
    findings say; the template report is shown";

/// What became of a rewording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewording {
    /// What the language model wrote.
    pub raw: String,
    /// Why it was not taken over; empty if it was.
    pub refused: Vec<Refusal>,
}

/// Why a rewording was not taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is empty.
    Empty,
    /// It says something else than the findings.
    Differs(Difference),
    /// It speaks of a person, a disease or a treatment, about which a recording says nothing.
    Beyond(&'static str),
}

/// Words by which a text leaves the recording.
const BEYOND: [&str; 12] = [
    "patient",
    "diagnos",
    "disease",
    "pneumonia",
    "asthma",
    "copd",
    "treat",
    "therapy",
    "healthy",
    "doctor",
    "fibrosis",
    "heart failure",
];

/// The prompt by which a language model is asked to reword the report of an analysis.
pub fn prompt(analysis: &Analysis) -> String {
    format!(
        "Reword this auscultation report in one short paragraph. Keep every statement: what was \
         detected, what was not detected, what is uncertain, and all times. Add nothing, leave out \
         nothing, and write only the report.\n\nReport: {}",
        report::template(analysis)
    )
}

/// Lets `generator` reword the report of `analysis`. The rewording replaces the report only if it
/// says exactly what the findings say; else the template stays and a notice is added.
///
/// # Errors
/// [`Error::Generate`] if the language model fails; the report is then as before.
pub fn reword(analysis: &mut Analysis, generator: &dyn TextGenerator) -> Result<Rewording, Error> {
    let raw = generator.generate(&prompt(analysis))?;
    let text = raw.split_whitespace().collect::<Vec<_>>().join(" ");
    let refused = refusals(&text, analysis);
    if refused.is_empty() {
        analysis.report.text = text;
        analysis.report.source = ReportSource::Reworded;
    } else {
        analysis.report.text = report::template(analysis);
        analysis.report.source = ReportSource::Template;
        analysis.notices.push(KEPT_TEMPLATE.to_owned());
    }
    Ok(Rewording { raw, refused })
}

fn refusals(text: &str, analysis: &Analysis) -> Vec<Refusal> {
    if text.is_empty() {
        return vec![Refusal::Empty];
    }
    let lower = text.to_lowercase();
    let beyond = BEYOND
        .into_iter()
        .filter(|word| lower.contains(word))
        .map(Refusal::Beyond);
    let differs = verify::differences(text, analysis)
        .into_iter()
        .map(Refusal::Differs);
    beyond.chain(differs).collect()
}
