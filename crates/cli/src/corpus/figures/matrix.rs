//! A square table of counts comes in, a drawing of it goes out as SVG, darker where two things stand
//! together more often than apart.

use crate::render::figure::svg::{Anchor, Rect, Svg, TextStyle};

const LABELS: f64 = 150.0;
const TOP: f64 = 60.0;
const CELL: f64 = 42.0;
const INK: &str = "#1F2933";

/// Draws `counts`, whose diagonal holds how often each occurs. A cell is coloured by the share of
/// recordings with either that have both (Jaccard index).
pub(super) fn matrix(title: &str, labels: &[String], counts: &[Vec<usize>]) -> String {
    let side = CELL * labels.len() as f64;
    let (width, height) = (LABELS + side + 24.0, TOP + side + LABELS);
    let mut svg = Svg::new(width.max(420.0));
    let page = Rect {
        x: 0.0,
        y: 0.0,
        width: width.max(420.0),
        height,
    };
    svg.rect(page, 0.0, "#ffffff");
    svg.text((16.0, 26.0), TextStyle::new(16.0, INK).bold(), title);
    let share = |a: usize, b: usize| {
        let either = counts[a][a] + counts[b][b] - counts[a][b];
        counts[a][b] as f64 / either.max(1) as f64
    };
    for (row, label) in labels.iter().enumerate() {
        let y = TOP + CELL * row as f64;
        let style = TextStyle::new(12.0, INK);
        svg.text((LABELS - 8.0, y + 26.0), style.anchored(Anchor::End), label);
        for column in 0..labels.len() {
            let x = LABELS + CELL * column as f64;
            let share = share(row, column);
            let area = Rect {
                x,
                y,
                width: CELL - 1.0,
                height: CELL - 1.0,
            };
            // From white to the blue of the other figures.
            let mix = |full: f64| (255.0 - share.sqrt() * (255.0 - full)) as u8;
            let fill = format!("#{:02x}{:02x}{:02x}", mix(0.0), mix(114.0), mix(178.0));
            svg.rect(area, 0.0, &fill);
            let ink = if share > 0.35 { "#ffffff" } else { INK };
            let style = TextStyle::new(10.0, ink).anchored(Anchor::Middle);
            if counts[row][column] > 0 {
                let at = (x + CELL / 2.0, y + 25.0);
                svg.text(at, style, &counts[row][column].to_string());
            }
        }
        let x = LABELS + CELL * row as f64 + CELL / 2.0 + 4.0;
        let middle = TOP + side + 8.0 + LABELS / 2.0 - 10.0;
        svg.vertical_text((x, middle), TextStyle::new(12.0, INK), label);
    }
    svg.finish(height, title)
}
