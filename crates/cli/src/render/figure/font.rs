//! The embedded font: `DejaVu Sans`, regular and bold, cut down to Latin-1 and a few signs (licence
//! in `assets/LICENSE_DEJAVU.txt`). Text comes in, its width and its lines go out.

use base64::Engine;

/// Name by which the drawing asks for the font.
pub(crate) const FAMILY: &str = "DejaVu Sans";

/// The regular face, TrueType.
pub(crate) const REGULAR: &[u8] = include_bytes!("../../../assets/DejaVuSans-subset.ttf");

/// The bold face, TrueType.
pub(crate) const BOLD: &[u8] = include_bytes!("../../../assets/DejaVuSans-Bold-subset.ttf");

/// Advance widths of the regular face from U+0020 to U+007E in thousandths of the font size.
const WIDTHS: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
];

/// The bold face is wider by about this factor.
const BOLD_FACTOR: f64 = 1.12;

/// Width of a text in user units. Letters beyond ASCII count as wide.
pub(crate) fn width(text: &str, size: f64, bold: bool) -> f64 {
    let thousandths: u32 = text
        .chars()
        .map(|letter| {
            let index = (letter as usize).checked_sub(0x20);
            u32::from(
                index
                    .and_then(|index| WIDTHS.get(index))
                    .copied()
                    .unwrap_or(840),
            )
        })
        .sum();
    f64::from(thousandths) / 1000.0 * size * if bold { BOLD_FACTOR } else { 1.0 }
}

/// Lines of at most `limit` user units, broken at blanks. A longer word gets a line of its own.
pub(crate) fn wrap(text: &str, size: f64, bold: bool, limit: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line)
                if width(line, size, bold) + width(" ", size, bold) + width(word, size, bold)
                    <= limit =>
            {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The text, cut with an ellipsis where it would be wider than `limit`.
pub(crate) fn fit(text: &str, size: f64, limit: f64) -> String {
    if width(text, size, false) <= limit {
        return text.to_owned();
    }
    let mut cut = String::new();
    for letter in text.chars() {
        cut.push(letter);
        if width(&cut, size, false) + width("…", size, false) > limit {
            cut.pop();
            break;
        }
    }
    format!("{}…", cut.trim_end())
}

/// `@font-face` rules with the font as data.
pub(crate) fn faces() -> String {
    let face = |weight: &str, data: &[u8]| {
        format!(
            "@font-face{{font-family:'{FAMILY}';font-weight:{weight};src:url(data:font/ttf;base64,{}) format('truetype')}}",
            base64::engine::general_purpose::STANDARD.encode(data)
        )
    };
    face("normal", REGULAR) + &face("bold", BOLD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_the_limit_and_all_words() {
        let text = "No wheeze or crackle was detected in this recording of lung sounds.";
        let lines = wrap(text, 12.0, false, 120.0);
        assert!(lines.len() > 2);
        assert!(lines.iter().all(|line| width(line, 12.0, false) <= 120.0));
        assert_eq!(lines.join(" "), text);
    }

    #[test]
    fn long_text_is_cut() {
        assert_eq!(fit("short", 10.0, 100.0), "short");
        let cut = fit("discontinuous adventitious sounds", 10.0, 100.0);
        assert!(cut.ends_with('…') && width(&cut, 10.0, false) <= 100.0);
    }
}
