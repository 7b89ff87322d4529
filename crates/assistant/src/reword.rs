//! Rewording: an analysis and a language model come in; the reworded report goes out if it says
//! exactly what the findings say, else the reason why the template stays.

use std::fmt;

use laennec_corpus::verify::numbers;
use laennec_corpus::{Prompt, TextGenerator};

use crate::analysis::{Analysis, Quality, ReportSource};
use crate::verify::{self, Difference};
use crate::{Error, report};

/// Most tokens of a rewording; the template report has at most about 200.
const MOST_TOKENS: usize = 320;

/// Shown in place of a rewording that says something else.
pub const KEPT_TEMPLATE: &str = "the language model's rewording did not say exactly what the \
    findings say; the template report is shown";

/// What became of a rewording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewording {
    /// What the language model wrote, with single blanks between the words.
    pub text: String,
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
    /// Its numbers (duration, times, percentages) are not those of the template report.
    Numbers {
        /// Numbers of the template that it leaves out, in order.
        missing: Vec<String>,
        /// Numbers that the template does not have, in order.
        added: Vec<String>,
    },
    /// It speaks of a person, a disease or a treatment, about which a recording says nothing.
    Beyond(&'static str),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("empty"),
            Self::Differs(Difference::Answer {
                finding,
                analysis,
                text,
            }) => {
                let said: Vec<&str> = text.iter().map(|presence| presence.word()).collect();
                write!(
                    f,
                    "{}: {} in the analysis, {} in the text",
                    finding.word(),
                    analysis.map_or("not claimed", |presence| presence.word()),
                    if said.is_empty() {
                        "not mentioned".to_owned()
                    } else {
                        said.join(" and ")
                    }
                )
            }
            Self::Differs(Difference::Site { finding, site }) => {
                write!(f, "{}: placed at {site}", finding.word())
            }
            Self::Numbers { missing, added } => write!(
                f,
                "numbers: {} left out, {} added",
                list(missing),
                list(added)
            ),
            Self::Beyond(word) => write!(f, "speaks of more than the recording: {word}"),
        }
    }
}

fn list(numbers: &[String]) -> String {
    if numbers.is_empty() {
        "none".to_owned()
    } else {
        numbers.join(" ")
    }
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

/// Whether the report claims anything about a finding. A report that does not (a poor signal, a
/// recording that is of neither heart nor lungs) has nothing that a rewording could be held to.
pub fn can_be_checked(analysis: &Analysis) -> bool {
    analysis.quality.quality != Quality::Poor && !verify::claims(analysis).is_empty()
}

/// Lets `generator` reword the report of `analysis`. The rewording replaces the report only if it
/// says exactly what the findings say; else the template stays and a notice is added. The template
/// word for word is no rewording. A report that
/// cannot be checked is left as it is, without asking the language model; then there is no
/// [`Rewording`].
///
/// # Errors
/// [`Error::Generate`] if the language model fails; the report is then as before.
pub fn reword(
    analysis: &mut Analysis,
    generator: &dyn TextGenerator,
) -> Result<Option<Rewording>, Error> {
    if !can_be_checked(analysis) {
        return Ok(None);
    }
    let asked = prompt(analysis);
    let answer = generator
        .generate(&Prompt::plain(&asked, MOST_TOKENS))
        .map_err(|error| Error::Generate {
            reason: error.reason,
        })?;
    let words = answer.text.split_whitespace().collect::<Vec<_>>().join(" ");
    // The label of the prompt is sometimes repeated.
    let text = words.strip_prefix("Report: ").unwrap_or(&words).to_owned();
    let refused = refusals(&text, analysis);
    let template = report::template(analysis);
    if refused.is_empty() && text != template {
        analysis.report.text.clone_from(&text);
        analysis.report.source = ReportSource::Reworded;
    } else {
        analysis.report.text = template;
        analysis.report.source = ReportSource::Template;
    }
    if !refused.is_empty() {
        analysis.notices.push(KEPT_TEMPLATE.to_owned());
    }
    Ok(Some(Rewording { text, refused }))
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
    let (expected, said) = (numbers(&report::template(analysis)), numbers(text));
    let missing: Vec<String> = expected.difference(&said).cloned().collect();
    let added: Vec<String> = said.difference(&expected).cloned().collect();
    let changed =
        (!missing.is_empty() || !added.is_empty()).then_some(Refusal::Numbers { missing, added });
    beyond.chain(differs).chain(changed).collect()
}
