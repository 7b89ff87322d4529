//! In: places in a plane, each of a class. Out: a small SVG map with a legend; axes carry no scale,
//! since only neighbourhoods mean something.

use super::svg::{COLOURS, escaped, put};

/// Side of the map and its margins, in px.
const SIDE: f64 = 360.0;
const MARGIN: f64 = 14.0;
const TOP: f64 = 40.0;
const LEGEND: f64 = 20.0;

/// Draws `points` (place and class of each) under `title`; `classes` are the words of the legend.
pub fn map_svg(title: &str, classes: &[&str], points: &[([f64; 2], usize)]) -> String {
    let (low, span) = bounds(points);
    let place = |value: f64, axis: usize| (value - low[axis]) / span;
    let legend_rows = classes.len().div_ceil(3);
    let (width, height) = (
        SIDE + 2.0 * MARGIN,
        TOP + SIDE + MARGIN + LEGEND * legend_rows as f64,
    );
    let mut svg = String::new();
    put(
        &mut svg,
        format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">\n\
             <title>{0}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n\
             <text x=\"{1:.1}\" y=\"22\" text-anchor=\"middle\" font-weight=\"bold\">{0}</text>\n\
             <rect x=\"{MARGIN}\" y=\"{TOP}\" width=\"{SIDE}\" height=\"{SIDE}\" fill=\"none\" \
             stroke=\"#cccccc\"/>",
            escaped(title),
            width / 2.0
        ),
    );
    // Frequent classes first, so that rare ones are not hidden below them.
    let mut order: Vec<usize> = (0..classes.len()).collect();
    let members = |class: usize| points.iter().filter(|p| p.1 == class).count();
    order.sort_by_key(|&class| std::cmp::Reverse(members(class)));
    for class in order {
        for ([x, y], _) in points.iter().filter(|p| p.1 == class) {
            put(
                &mut svg,
                format_args!(
                    "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\" fill=\"{}\" fill-opacity=\"0.75\"/>",
                    MARGIN + 8.0 + place(*x, 0) * (SIDE - 16.0),
                    TOP + 8.0 + (1.0 - place(*y, 1)) * (SIDE - 16.0),
                    COLOURS[class % COLOURS.len()]
                ),
            );
        }
    }
    for (class, name) in classes.iter().enumerate() {
        let x = MARGIN + 6.0 + (class % 3) as f64 * (SIDE / 3.0);
        let y = TOP + SIDE + LEGEND * (class / 3) as f64 + 17.0;
        put(
            &mut svg,
            format_args!(
                "<circle cx=\"{x:.1}\" cy=\"{:.1}\" r=\"4\" fill=\"{}\"/>\n\
                 <text x=\"{:.1}\" y=\"{y:.1}\">{} ({})</text>",
                y - 4.0,
                COLOURS[class % COLOURS.len()],
                x + 8.0,
                escaped(name),
                members(class)
            ),
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// Lowest coordinate of each axis and the greater of the two spans, so that both have one scale.
fn bounds(points: &[([f64; 2], usize)]) -> ([f64; 2], f64) {
    let ends = |axis: usize| {
        points
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (p, _)| {
                (low.min(p[axis]), high.max(p[axis]))
            })
    };
    let (x, y) = (ends(0), ends(1));
    let span = (x.1 - x.0).max(y.1 - y.0);
    let span = if span.is_finite() && span > 0.0 {
        span
    } else {
        1.0
    };
    // The shorter axis is centred.
    let low = |(low, high): (f64, f64)| (low + high - span) / 2.0;
    ([low(x), low(y)], span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_and_class_is_drawn_inside_the_frame() {
        let points = [([0.0, 0.0], 0), ([10.0, 1.0], 1), ([5.0, -1.0], 1)];
        let svg = map_svg("a & b", &["normal", "wheeze"], &points);
        assert_eq!(svg.matches("r=\"3\"").count(), 3);
        assert!(svg.contains("wheeze (2)") && svg.contains("a &amp; b"));
        let (low, span) = bounds(&points);
        assert_eq!((low, span), ([0.0, -5.0], 10.0));
    }
}
