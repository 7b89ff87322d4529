//! An analysis comes in; what a person or a program reads goes out: terminal text, figure, HTML
//! page, CSV and JSON lines.

pub(crate) mod figure;
#[cfg(test)]
mod fixture;
pub(crate) mod html;
pub(crate) mod table;
pub(crate) mod terminal;
#[cfg(test)]
mod tests;

use laennec_assistant::{Listened, Quality};
use laennec_audio::Signal;
use laennec_corpus::{Finding, Presence};

/// One analysed recording with its sound, as the renderers need it.
pub(crate) struct Scene<'a> {
    /// The sound that was analysed.
    pub(crate) signal: &'a Signal,
    /// The analysis and the curves over time.
    pub(crate) listened: &'a Listened,
}

/// Colour of a finding in lanes and events (Okabe and Ito's colour-blind safe set).
pub(crate) fn finding_colour(finding: Finding) -> &'static str {
    match finding {
        Finding::Adventitious | Finding::AbnormalHeart => "#D55E00",
        Finding::Continuous | Finding::Murmur => "#0072B2",
        Finding::Wheeze | Finding::SystolicMurmur => "#56B4E9",
        Finding::Discontinuous | Finding::DiastolicMurmur => "#CC79A7",
        Finding::FineCrackle | Finding::Click => "#E69F00",
        _ => "#009E73",
    }
}

/// Colour of an answer.
pub(crate) const fn answer_colour(answer: Presence) -> &'static str {
    match answer {
        Presence::Present => "#C44E00",
        Presence::Absent => "#00785A",
        Presence::Uncertain => "#8A6200",
        Presence::NotAssessed => "#6B7280",
    }
}

/// An answer in words.
pub(crate) const fn answer_label(answer: Presence) -> &'static str {
    match answer {
        Presence::Present => "present",
        Presence::Absent => "absent",
        Presence::Uncertain => "uncertain",
        Presence::NotAssessed => "not assessed",
    }
}

/// A quality in words.
pub(crate) const fn quality_label(quality: Quality) -> &'static str {
    match quality {
        Quality::Usable => "usable",
        Quality::Borderline => "borderline",
        Quality::Poor => "poor",
    }
}

/// `8 kHz`, `44.1 kHz`, `500 Hz`.
pub(crate) fn hertz(value: f64) -> String {
    if value >= 1000.0 {
        let text = format!("{:.2}", value / 1000.0);
        format!("{} kHz", text.trim_end_matches('0').trim_end_matches('.'))
    } else {
        format!("{value:.0} Hz")
    }
}

/// Escapes text for XML and HTML, in content and in quoted attributes. Control characters, which
/// XML forbids, become blanks.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(letter),
            control if control.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}
