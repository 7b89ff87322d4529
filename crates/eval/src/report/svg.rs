//! In: curves and bars in the unit square. Out: small SVG diagrams with axes and legend.

use std::fmt::Write as _;

use crate::metrics::{ReliabilityBin, RocPoint};

/// Side of the plotted square and its offsets, in px.
const SIDE: f64 = 320.0;
const LEFT: f64 = 56.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 48.0;

/// Colours that readers with any colour vision tell apart (Okabe & Ito).
pub(super) const COLOURS: [&str; 6] = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9",
];

/// ROC curves in one diagram, each with the words of its legend.
pub fn roc_svg(title: &str, curves: &[(String, Vec<RocPoint>)]) -> String {
    let mut body = String::new();
    for (index, (name, curve)) in curves.iter().enumerate() {
        let points: Vec<(f64, f64)> = curve
            .iter()
            .map(|p| (p.false_positive_rate, p.true_positive_rate))
            .collect();
        polyline(&mut body, &thinned(&points), COLOURS[index % COLOURS.len()]);
        legend(&mut body, index, name);
    }
    frame(title, "1 − specificity", "sensitivity", &body)
}

/// Reliability diagrams in one: observed share over mean probability, the area of a dot rising
/// with the recordings in its bin.
pub fn reliability_svg(title: &str, classes: &[(String, Vec<ReliabilityBin>)]) -> String {
    let mut body = String::new();
    for (index, (name, bins)) in classes.iter().enumerate() {
        let colour = COLOURS[index % COLOURS.len()];
        let points: Vec<(f64, f64)> = bins
            .iter()
            .map(|bin| (bin.mean_probability, bin.observed))
            .collect();
        polyline(&mut body, &points, colour);
        let total: usize = bins.iter().map(|bin| bin.count).sum();
        for bin in bins {
            let share = bin.count as f64 / total.max(1) as f64;
            let (x, y) = place(bin.mean_probability, bin.observed);
            let radius = 2.0 + 8.0 * share.sqrt();
            put(
                &mut body,
                format_args!(
                    "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" fill=\"{colour}\" \
                     fill-opacity=\"0.6\"><title>n = {}</title></circle>",
                    bin.count
                ),
            );
        }
        legend(&mut body, index, name);
    }
    frame(title, "predicted probability", "observed share", &body)
}

/// Leaves out the points in the middle of straight lines.
fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for &point in points {
        if let [.., a, b] = kept[..] {
            let turn = (b.0 - a.0) * (point.1 - a.1) - (b.1 - a.1) * (point.0 - a.0);
            if turn.abs() < 1e-12 {
                kept.pop();
            }
        }
        kept.push(point);
    }
    kept
}

/// The frame with its grid, diagonal and axis titles around `body`.
fn frame(title: &str, x_title: &str, y_title: &str, body: &str) -> String {
    let (width, height) = (LEFT + SIDE + 24.0, TOP + SIDE + BOTTOM);
    let mut svg = String::new();
    put(
        &mut svg,
        format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">\n\
             <title>{}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
            escaped(title)
        ),
    );
    for tick in 0..=5 {
        let value = f64::from(tick) / 5.0;
        let (x, y) = place(value, value);
        let (left, bottom) = place(0.0, 0.0);
        let (right, top) = place(1.0, 1.0);
        put(
            &mut svg,
            format_args!(
                "<path d=\"M{x:.1} {top:.1}V{bottom:.1}M{left:.1} {y:.1}H{right:.1}\" \
                 stroke=\"#dddddd\"/>\n\
                 <text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{value:.1}</text>\n\
                 <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{value:.1}</text>",
                bottom + 16.0,
                left - 6.0,
                y + 4.0
            ),
        );
    }
    let ((x0, y0), (x1, y1)) = (place(0.0, 0.0), place(1.0, 1.0));
    put(
        &mut svg,
        format_args!(
            "<path d=\"M{x0:.1} {y0:.1}L{x1:.1} {y1:.1}\" stroke=\"#888888\" \
             stroke-dasharray=\"4 4\"/>\n\
             <text x=\"{:.1}\" y=\"20\" text-anchor=\"middle\" font-weight=\"bold\">{}</text>\n\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>\n\
             <text transform=\"translate(16 {:.1}) rotate(-90)\" text-anchor=\"middle\">{}</text>",
            LEFT + SIDE / 2.0,
            escaped(title),
            LEFT + SIDE / 2.0,
            height - 10.0,
            escaped(x_title),
            TOP + SIDE / 2.0,
            escaped(y_title)
        ),
    );
    svg.push_str(body);
    svg.push_str("</svg>\n");
    svg
}

fn legend(svg: &mut String, index: usize, name: &str) {
    let y = TOP + SIDE - 14.0 - 18.0 * index as f64;
    let x = LEFT + SIDE - 8.0;
    let colour = COLOURS[index % COLOURS.len()];
    put(
        svg,
        format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"end\" fill=\"{colour}\" \
             paint-order=\"stroke\" stroke=\"#ffffff\" stroke-width=\"3\">{}</text>",
            escaped(name)
        ),
    );
}

fn polyline(svg: &mut String, points: &[(f64, f64)], colour: &str) {
    let mut path = String::new();
    for &(x, y) in points {
        let (x, y) = place(x, y);
        put_inline(&mut path, format_args!("{x:.1},{y:.1} "));
    }
    put(
        svg,
        format_args!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            path.trim_end()
        ),
    );
}

/// From the unit square to px.
fn place(x: f64, y: f64) -> (f64, f64) {
    (LEFT + x * SIDE, TOP + (1.0 - y) * SIDE)
}

/// Writes a line.
pub(super) fn put(svg: &mut String, text: std::fmt::Arguments<'_>) {
    put_inline(svg, text);
    svg.push('\n');
}

fn put_inline(svg: &mut String, text: std::fmt::Arguments<'_>) {
    svg.write_fmt(text)
        .expect("writing to a string does not fail");
}

/// Text that is no markup.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::{Binning, reliability, roc_curve};

    #[test]
    fn a_diagram_has_one_line_a_curve_and_escaped_words() {
        let scores = [0.1, 0.2, 0.3, 0.4, 0.5];
        let truth = [false, false, true, false, true];
        let curve = roc_curve(&scores, &truth).unwrap();
        let bins = reliability(&scores, &truth, 5, Binning::EqualWidth).unwrap();
        let roc = roc_svg("CAS & DAS", &[("a < b".into(), curve.clone())]);
        let diagram = reliability_svg("wheeze", &[("x".into(), bins.clone()), ("y".into(), bins)]);
        assert_eq!(roc.matches("<polyline").count(), 1);
        assert_eq!(diagram.matches("<polyline").count(), 2);
        assert_eq!(diagram.matches("<circle").count(), 6);
        assert!(roc.contains("CAS &amp; DAS") && roc.contains("a &lt; b"));
        // Straight parts keep their ends only.
        assert_eq!(
            thinned(&[(0.0, 0.0), (0.0, 0.5), (0.0, 1.0), (1.0, 1.0)]).len(),
            3
        );
    }
}
