//! The terminal view of one analysis: at most 80 columns, colour only where it is wanted. The file
//! name is shown here, to the person who gave it, and nowhere else.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use laennec_assistant::Quality;
use laennec_assistant::analysis::{Analysis, FindingAnswer};
use laennec_corpus::{Domain, Presence};

use super::{answer_label, hertz, quality_label};

/// Columns of the view.
const COLUMNS: usize = 80;
/// Cells of a probability bar.
const BAR: usize = 12;
/// Columns of the finding names.
const NAME: usize = 34;
/// Columns before the track of a timeline lane.
const LANE_NAME: usize = 20;

/// Whether to colour.
#[derive(Clone, Copy)]
pub(crate) struct Paint(pub(crate) bool);

impl Paint {
    fn apply(self, style: Style, text: &str) -> String {
        if self.0 {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    fn bold(self, text: &str) -> String {
        self.apply(Style::new().bold(), text)
    }

    fn dim(self, text: &str) -> String {
        self.apply(Style::new().dimmed(), text)
    }

    fn answer(self, answer: Presence, text: &str) -> String {
        let colour = match answer {
            Presence::Present => AnsiColor::Red,
            Presence::Absent => AnsiColor::Green,
            Presence::Uncertain => AnsiColor::Yellow,
            Presence::NotAssessed => return self.dim(text),
        };
        self.apply(colour.on_default().bold(), text)
    }
}

/// The view of one recording; `name` is the file name, made safe for a terminal.
pub(crate) fn view(name: &str, analysis: &Analysis, paint: Paint) -> String {
    let mut text = String::new();
    let facts = &analysis.recording;
    let _ = writeln!(text, "{}  {}", paint.bold(name), paint.dim(&analysis.id));
    let channels = match facts.channels {
        1 => "mono".to_owned(),
        many => format!("{many} channels"),
    };
    if facts.seconds > 0.0 {
        let _ = writeln!(
            text,
            "{:.1} s, {} {channels}, {}, level {:.0} dBFS, sound up to {}\n",
            facts.seconds,
            hertz(f64::from(facts.rate_hz)),
            facts.format,
            facts.level_dbfs,
            hertz(f64::from(facts.bandwidth_hz)),
        );
    } else {
        text.push_str("no samples\n\n");
    }
    judgement(&mut text, analysis, paint);
    if analysis.quality.quality != Quality::Poor {
        findings(&mut text, analysis, paint);
        timeline(&mut text, analysis);
    }
    let _ = writeln!(text, "\n{}", paint.bold("Report"));
    paragraph(&mut text, "  ", &analysis.report.text, None);
    text.push('\n');
    for notice in &analysis.notices {
        paragraph(&mut text, "Note: ", notice, None);
    }
    let bundle = &analysis.bundle;
    let weights = bundle.sha256.get(..12).unwrap_or(&bundle.sha256);
    let who = format!(
        "Bundle {} {} ({weights}). {}",
        bundle.name,
        bundle.version,
        analysis.population()
    );
    paragraph(&mut text, "", &who, Some(paint));
    paragraph(&mut text, "", &analysis.research_use, Some(paint));
    text
}

fn judgement(text: &mut String, analysis: &Analysis, paint: Paint) {
    let quality = quality_label(analysis.quality.quality);
    let shown = match analysis.quality.quality {
        Quality::Usable => paint.answer(Presence::Absent, quality),
        Quality::Borderline => paint.answer(Presence::Uncertain, quality),
        Quality::Poor => paint.answer(Presence::Present, quality),
    };
    let _ = write!(text, "Signal  {shown}");
    if let Some(poor) = analysis.quality.probability_poor {
        let _ = write!(text, " (probability of a poor signal {})", percent(poor));
    }
    text.push('\n');
    if analysis.quality.quality == Quality::Poor {
        for reason in &analysis.quality.reasons {
            paragraph(text, "        ", reason, None);
        }
        return;
    }
    let domain = match analysis.domain.domain {
        Some(Domain::Heart) => "heart sounds",
        Some(Domain::Lung) => "lung sounds",
        Some(Domain::Other) => "neither heart nor lung sounds",
        None => "uncertain",
    };
    let probabilities: Vec<String> = analysis
        .domain
        .probabilities
        .iter()
        .map(|shown| {
            let name = match shown.domain {
                Domain::Heart => "heart",
                Domain::Lung => "lung",
                Domain::Other => "neither",
            };
            format!("{name} {}", percent(shown.probability))
        })
        .collect();
    let stated = if analysis.domain.stated {
        ", as stated"
    } else {
        ""
    };
    let _ = writeln!(
        text,
        "Domain  {}{stated} ({})",
        paint.bold(domain),
        probabilities.join(", ")
    );
}

fn findings(text: &mut String, analysis: &Analysis, paint: Paint) {
    let _ = writeln!(
        text,
        "\n{}",
        paint.bold(&format!("{:<NAME$}{:<14}Probability", "Finding", "Answer"))
    );
    for found in &analysis.findings {
        let answer = paint.answer(found.answer, &format!("{:<14}", answer_label(found.answer)));
        let shown = found.probability.map_or(String::new(), |probability| {
            format!("{} {:>5}", bar(probability), percent(probability))
        });
        let line = format!("{:<NAME$}{answer}{shown}", found.name);
        let _ = writeln!(text, "{}", line.trim_end());
    }
    for (reason, names) in reasons(&analysis.findings) {
        paragraph(
            text,
            "  ",
            &format!("{}: {reason}", names.join(", ")),
            Some(paint),
        );
    }
    let mut meanings: Vec<&str> = Vec::new();
    for answer in Presence::ALL {
        if analysis
            .findings
            .iter()
            .any(|found| found.answer == *answer)
        {
            meanings.push(meaning(*answer));
        }
    }
    if !meanings.is_empty() {
        paragraph(text, "  ", &meanings.join("; "), Some(paint));
    }
}

const fn meaning(answer: Presence) -> &'static str {
    match answer {
        Presence::Present => "present: heard in this recording",
        Presence::Absent => "absent: not detected in this recording",
        Presence::Uncertain => "uncertain: could not be decided",
        Presence::NotAssessed => "not assessed: no answer, for the reason above",
    }
}

/// Each reason once, with the findings it applies to.
fn reasons(findings: &[FindingAnswer]) -> Vec<(&str, Vec<&str>)> {
    let mut grouped: Vec<(&str, Vec<&str>)> = Vec::new();
    for found in findings {
        let Some(reason) = found.reason.as_deref() else {
            continue;
        };
        match grouped.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, names)) => names.push(&found.name),
            None => grouped.push((reason, vec![&found.name])),
        }
    }
    grouped
}

fn timeline(text: &mut String, analysis: &Analysis) {
    if analysis.events.is_empty() {
        return;
    }
    let cells = COLUMNS - LANE_NAME - 1;
    let seconds = analysis.recording.seconds.max(f64::MIN_POSITIVE);
    let end = format!("{seconds:.1} s");
    let _ = writeln!(
        text,
        "\n{:<LANE_NAME$} 0 s{:>width$}",
        "Timeline",
        end,
        width = cells - 3
    );
    for found in &analysis.findings {
        let mut lane = vec!['.'; cells];
        let mut any = false;
        for event in analysis
            .events
            .iter()
            .filter(|event| event.finding == found.finding)
        {
            any = true;
            let cell = |at: f32| (f64::from(at) / seconds * cells as f64) as usize;
            let from = cell(event.start_s).min(cells - 1);
            let to = cell(event.end_s).clamp(from + 1, cells);
            lane[from..to].fill('#');
        }
        if any {
            // "continuous" says enough beside the table above, and fits.
            let name = found.name.strip_suffix(" adventitious sounds");
            let name = name.unwrap_or(&found.name);
            let _ = writeln!(
                text,
                "{name:<LANE_NAME$} {}",
                lane.into_iter().collect::<String>()
            );
        }
    }
}

fn bar(probability: f32) -> String {
    let filled = (probability * BAR as f32).round() as usize;
    "█".repeat(filled.min(BAR)) + &"░".repeat(BAR - filled.min(BAR))
}

fn percent(probability: f32) -> String {
    format!("{:.0} %", probability * 100.0)
}

/// Wraps text to the view; following lines stand below the first letter after `lead`.
fn paragraph(text: &mut String, lead: &str, words: &str, dim: Option<Paint>) {
    let room = COLUMNS - lead.chars().count();
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let blank = " ".repeat(lead.chars().count());
    for (index, line) in lines.iter().enumerate() {
        let line = format!("{}{line}", if index == 0 { lead } else { &blank });
        let _ = writeln!(
            text,
            "{}",
            dim.map_or(line.clone(), |paint| paint.dim(&line))
        );
    }
}
