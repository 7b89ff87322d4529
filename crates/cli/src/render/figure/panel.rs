//! The right side of the figure: domain, quality and findings with their probabilities as bars.

use laennec_assistant::analysis::FindingAnswer;
use laennec_corpus::Domain;

use super::svg::{Anchor, Rect, Svg, TextStyle};
use super::{GREY, INK, PALE, font};
use crate::render::{Scene, answer_colour, answer_label};

const LEFT: f64 = 872.0;
const SPAN: f64 = 300.0;

/// Draws the panel; gives the y below it.
pub(super) fn draw(svg: &mut Svg, scene: &Scene) -> f64 {
    let analysis = &scene.listened.analysis;
    let mut y = 106.0;
    heading(svg, y, "What is it");
    y += 22.0;
    if analysis.domain.stated {
        y = small(
            svg,
            y,
            "The domain was stated by whoever gave the recording.",
        );
    }
    for shown in &analysis.domain.probabilities {
        let name = match shown.domain {
            Domain::Heart => "heart",
            Domain::Lung => "lung",
            Domain::Other => "neither",
        };
        row(svg, y, name, shown.probability, "#486581");
        y += 20.0;
    }
    if let Some(poor) = analysis.quality.probability_poor {
        row(svg, y, "poor signal", poor, "#9AA5B1");
        y += 20.0;
    }
    for reason in &analysis.quality.reasons {
        y = small(svg, y, reason);
    }
    y += 18.0;
    heading(svg, y, "Findings in this recording");
    y += 24.0;
    for found in &analysis.findings {
        y = finding(svg, y, found);
    }
    if analysis
        .findings
        .iter()
        .any(|found| found.probability.is_some())
    {
        y = small(
            svg,
            y,
            "Bar: calibrated probability. Marks: below the left one absent, from the right one on present, between them uncertain.",
        );
    }
    y
}

fn heading(svg: &mut Svg, y: f64, text: &str) {
    svg.text((LEFT, y), TextStyle::new(15.0, INK).bold(), text);
}

fn small(svg: &mut Svg, y: f64, text: &str) -> f64 {
    svg.paragraph((LEFT, y), SPAN, TextStyle::new(11.0, GREY), text) + 3.0
}

fn percent(probability: f32) -> String {
    format!("{:.0} %", probability * 100.0)
}

/// Name, bar and per cent in one line.
fn row(svg: &mut Svg, y: f64, name: &str, probability: f32, colour: &str) {
    svg.text((LEFT, y), TextStyle::new(12.0, INK), name);
    let bar = Rect {
        x: LEFT + 86.0,
        y: y - 9.0,
        width: SPAN - 86.0 - 44.0,
        height: 10.0,
    };
    svg.rect(bar, 2.0, "#E9EEF2");
    svg.rect(
        Rect {
            width: bar.width * f64::from(probability),
            ..bar
        },
        2.0,
        colour,
    );
    let style = TextStyle::new(12.0, GREY).anchored(Anchor::End);
    svg.text((LEFT + SPAN, y), style, &percent(probability));
}

fn finding(svg: &mut Svg, y: f64, found: &FindingAnswer) -> f64 {
    let colour = answer_colour(found.answer);
    let answer = answer_label(found.answer);
    let room = SPAN - font::width(answer, 12.0, true) - 10.0;
    svg.text(
        (LEFT, y),
        TextStyle::new(12.0, INK),
        &font::fit(&found.name, 12.0, room),
    );
    let style = TextStyle::new(12.0, colour).bold().anchored(Anchor::End);
    svg.text((LEFT + SPAN, y), style, answer);
    let Some(probability) = found.probability else {
        let reason = found.reason.as_deref().unwrap_or("not asked");
        return small(svg, y + 16.0, reason) + 8.0;
    };
    let bar = Rect {
        x: LEFT,
        y: y + 8.0,
        width: SPAN - 44.0,
        height: 12.0,
    };
    svg.rect(bar, 2.0, "#E9EEF2");
    svg.rect(
        Rect {
            width: bar.width * f64::from(probability),
            ..bar
        },
        2.0,
        colour,
    );
    for threshold in [found.absent_below, found.present_at].into_iter().flatten() {
        let x = bar.x + bar.width * f64::from(threshold);
        svg.line((x, bar.y - 3.0), (x, bar.bottom() + 3.0), INK, 1.5);
    }
    svg.frame(bar, PALE);
    let style = TextStyle::new(12.0, GREY).anchored(Anchor::End);
    svg.text(
        (LEFT + SPAN, bar.bottom() - 1.5),
        style,
        &percent(probability),
    );
    let below = bar.bottom() + 20.0;
    match &found.reason {
        Some(reason) => small(svg, below - 3.0, reason) + 6.0,
        None => below + 6.0,
    }
}
