//! In: a table of numbers between 0 and 1. Out: a small SVG heat map with the numbers in its cells.

use super::svg::{escaped, put};

/// Size of a cell and of the margins for words, in px.
const CELL: f64 = 42.0;
const LEFT: f64 = 118.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = 104.0;

/// Draws `values`, row by row, with the words beside rows and below columns; `None` is a cell
/// without value. Values outside [0, 1] take the colour of the nearer end.
pub fn heat_map_svg(
    title: &str,
    rows: &[String],
    columns: &[String],
    values: &[Vec<Option<f64>>],
) -> String {
    let width = (LEFT + CELL * columns.len() as f64 + 24.0).max(320.0);
    let height = TOP + CELL * rows.len() as f64 + BOTTOM;
    let mut svg = String::new();
    put(
        &mut svg,
        format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">\n\
             <title>{0}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n\
             <text x=\"{1:.1}\" y=\"24\" text-anchor=\"middle\" font-weight=\"bold\">{0}</text>",
            escaped(title),
            width / 2.0
        ),
    );
    for (index, (name, cells)) in rows.iter().zip(values).enumerate() {
        let y = TOP + CELL * index as f64;
        put(
            &mut svg,
            format_args!(
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                LEFT - 8.0,
                y + CELL / 2.0 + 4.0,
                escaped(name)
            ),
        );
        for (column, value) in cells.iter().take(columns.len()).enumerate() {
            cell(&mut svg, LEFT + CELL * column as f64, y, *value);
        }
    }
    for (index, name) in columns.iter().enumerate() {
        put(
            &mut svg,
            format_args!(
                "<text transform=\"translate({:.1} {:.1}) rotate(-45)\" \
                 text-anchor=\"end\">{}</text>",
                LEFT + CELL * index as f64 + CELL / 2.0 + 4.0,
                TOP + CELL * rows.len() as f64 + 14.0,
                escaped(name)
            ),
        );
    }
    svg.push_str("</svg>\n");
    svg
}

fn cell(svg: &mut String, x: f64, y: f64, value: Option<f64>) {
    let (fill, ink, words) = match value {
        Some(value) => (
            colour(value),
            if value > 0.55 { "#ffffff" } else { "#000000" },
            format!("{value:.2}"),
        ),
        None => ("#eeeeee".to_owned(), "#000000", "–".to_owned()),
    };
    put(
        svg,
        format_args!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{CELL}\" height=\"{CELL}\" fill=\"{fill}\" \
             stroke=\"#ffffff\"/>\n\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-size=\"11\" \
             fill=\"{ink}\">{words}</text>",
            x + CELL / 2.0,
            y + CELL / 2.0 + 4.0
        ),
    );
}

/// From white over light blue to dark blue; lightness alone tells the value.
fn colour(value: f64) -> String {
    const STOPS: [[f64; 3]; 3] = [
        [247.0, 251.0, 255.0],
        [107.0, 174.0, 214.0],
        [8.0, 48.0, 107.0],
    ];
    let place = value.clamp(0.0, 1.0) * 2.0;
    let (from, t) = if place < 1.0 {
        (0, place)
    } else {
        (1, place - 1.0)
    };
    let mix = |channel: usize| {
        let (a, b) = (STOPS[from][channel], STOPS[from + 1][channel]);
        (a + (b - a) * t).round() as u8
    };
    format!("#{:02x}{:02x}{:02x}", mix(0), mix(1), mix(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_has_its_number_and_lightness_falls() {
        let names = ["first", "second"].map(str::to_owned);
        let values = [vec![Some(1.0), Some(-0.02)], vec![None, Some(0.5)]];
        let svg = heat_map_svg("CKA", &names, &names, &values);
        assert_eq!(svg.matches("<rect").count(), 5);
        for words in [">1.00<", ">-0.02<", ">–<", ">0.50<"] {
            assert_eq!(svg.matches(words).count(), 1, "{words}");
        }
        assert_eq!(
            (colour(-1.0), colour(2.0)),
            ("#f7fbff".into(), "#08306b".into())
        );
    }
}
