//! What a language model is asked: facts and the report of the template come in, a prompt goes out.

use crate::facts::Facts;
use crate::generator::Prompt;
use crate::verify::{Claim, Difference};

/// Most tokens of a report; the longest of the template has about 200.
const MOST_TOKENS: usize = 256;

/// The manner, for every report.
const SYSTEM: &str = "You write auscultation reports from given statements. You keep every \
    statement, add nothing, and write one short paragraph of plain sentences.";

/// How a report is asked for at the given try.
pub(super) struct Question {
    user: String,
    temperature: f32,
    seed: u64,
}

impl Question {
    /// Asks for the words of `template` said differently. From the second try on the answers vary,
    /// and what was wrong with the last text is said.
    pub(super) fn new(template: &str, facts: &Facts, last: Option<&Difference>, seed: u64) -> Self {
        let mut user = String::from(
            "Reword this auscultation report in one short paragraph. Keep every statement: what is \
             heard, what is not heard, whose recording it is, the site, and all numbers. Add \
             nothing, leave out nothing, and write only the report.\n",
        );
        if let Some(last) = last {
            for (what, claims) in [
                ("Do not leave out", &last.missing),
                ("Do not write", &last.added),
            ] {
                let said: Vec<String> = claims.iter().take(3).map(Claim::to_string).collect();
                if !said.is_empty() {
                    user.extend([what, ": ", &said.join(", ").replace('_', " "), ".\n"]);
                }
            }
        }
        if facts.findings.is_empty() {
            user.push_str("Do not write whether the sounds are good or bad.\n");
        }
        user.extend(["\nReport: ", template]);
        Self {
            user,
            temperature: if last.is_none() { 0.0 } else { 0.7 },
            seed,
        }
    }

    pub(super) fn prompt(&self) -> Prompt<'_> {
        Prompt {
            system: SYSTEM,
            user: &self.user,
            temperature: self.temperature,
            seed: self.seed,
            most_tokens: MOST_TOKENS,
        }
    }
}

/// The text of an answer: single blanks, without the label of the prompt and quotation marks.
pub(super) fn cleaned(answer: &str) -> String {
    let words = answer.split_whitespace().collect::<Vec<_>>().join(" ");
    let bare = |text: &str| text.trim().trim_matches('"').trim().to_owned();
    let text = bare(&words);
    text.strip_prefix("Report:").map_or(text.clone(), bare)
}
