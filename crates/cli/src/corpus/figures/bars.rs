//! Labelled counts come in, a drawing of horizontal bars, each in parts, goes out as SVG.

use super::COLOURS;
use crate::render::figure::font;
use crate::render::figure::svg::{Anchor, Rect, Svg, TextStyle};

/// One bar.
pub(super) struct Bar {
    pub(super) label: String,
    /// Counts, one for each word of the legend.
    pub(super) parts: Vec<usize>,
}

const WIDTH: f64 = 860.0;
const LABELS: f64 = 270.0;
const TOP: f64 = 70.0;
const ROW: f64 = 22.0;
const INK: &str = "#1F2933";

/// Draws the bars on one scale, with their sums behind them.
pub(super) fn bars(title: &str, legend: &[String], rows: &[Bar]) -> String {
    let total = |bar: &Bar| bar.parts.iter().sum::<usize>();
    let most = rows.iter().map(total).max().unwrap_or(1).max(1) as f64;
    let height = TOP + ROW * rows.len() as f64 + 16.0;
    let mut svg = Svg::new(WIDTH);
    let page = Rect {
        x: 0.0,
        y: 0.0,
        width: WIDTH,
        height,
    };
    svg.rect(page, 0.0, "#ffffff");
    svg.text((16.0, 26.0), TextStyle::new(16.0, INK).bold(), title);
    let mut x = 16.0;
    for (index, word) in legend.iter().enumerate() {
        let key = Rect {
            x,
            y: 41.0,
            width: 10.0,
            height: 10.0,
        };
        svg.rect(key, 2.0, COLOURS[index % COLOURS.len()]);
        svg.text((x + 15.0, 50.0), TextStyle::new(12.0, INK), word);
        x += 35.0 + font::width(word, 12.0, false);
    }
    let scale = (WIDTH - LABELS - 90.0) / most;
    for (index, bar) in rows.iter().enumerate() {
        let y = TOP + ROW * index as f64;
        let label = font::fit(&bar.label, 12.0, LABELS - 26.0);
        let style = TextStyle::new(12.0, INK);
        svg.text(
            (LABELS - 10.0, y + 15.0),
            style.anchored(Anchor::End),
            &label,
        );
        let mut x = LABELS;
        for (part, &count) in bar.parts.iter().enumerate() {
            let area = Rect {
                x,
                y: y + 3.0,
                width: scale * count as f64,
                height: ROW - 6.0,
            };
            if count > 0 {
                svg.rect(area, 0.0, COLOURS[part % COLOURS.len()]);
            }
            x = area.right();
        }
        let counts: Vec<String> = bar
            .parts
            .iter()
            .filter(|&&n| n > 0)
            .map(usize::to_string)
            .collect();
        let text = if counts.len() > 2 {
            total(bar).to_string()
        } else {
            counts.join(" / ")
        };
        svg.text((x + 6.0, y + 15.0), style, &text);
    }
    svg.finish(height, title)
}
