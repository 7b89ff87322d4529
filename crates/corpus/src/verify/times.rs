//! A text comes in; the intervals that it names (`at 1.2-3.0 s`, `from 1.2 to 3.0 s`, `between 1.2
//! and 3.0 s`), each with its place, go out.

use std::ops::Range;

/// A number written with digits that is no part of a word (`S3`), and where it stands.
pub(super) fn numerals(text: &str) -> Vec<(Range<usize>, &str)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && (bytes[at].is_ascii_digit() || bytes[at] == b'.') {
            at += 1;
        }
        let end = start + text[start..at].trim_end_matches('.').len();
        // "S3" and "COVID-19" are names.
        let name = text[..start].strip_suffix('-').unwrap_or(&text[..start]);
        let in_word = name.chars().next_back().is_some_and(char::is_alphabetic);
        if !in_word {
            found.push((start..end, &text[start..end]));
        }
    }
    found
}

/// Intervals in tenths of a second, each with the byte at which it begins.
pub(super) fn intervals(text: &str) -> Vec<(usize, u32, u32)> {
    let numerals = numerals(text);
    let tenths = |number: &str| {
        let seconds: f64 = number.parse().ok()?;
        (seconds < 1e6).then(|| crate::facts::tenths(seconds))
    };
    numerals
        .windows(2)
        .filter_map(|pair| {
            let [(first, start), (second, end)] = pair else {
                return None;
            };
            let between = without_unit(&text[first.end..second.start]);
            let joined = match between {
                "-" | "\u{2013}" | "to" | "until" => true,
                "and" => text[..first.start]
                    .trim_end()
                    .to_lowercase()
                    .ends_with("between"),
                _ => false,
            };
            let unit = text[second.end..].trim_start();
            let unit = unit.starts_with("s ")
                || unit
                    .strip_prefix('s')
                    .is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
                || unit.starts_with("sec");
            Some((first.start, tenths(start)?, tenths(end)?)).filter(|_| joined && unit)
        })
        .collect()
}

/// What stands between two numbers, without a unit of the first.
fn without_unit(between: &str) -> &str {
    let between = between.trim();
    for unit in ["seconds", "sec", "s"] {
        if let Some(rest) = between.strip_prefix(unit)
            && !rest.starts_with(char::is_alphabetic)
        {
            return rest.trim();
        }
    }
    between
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_in_the_ways_they_are_written() {
        for text in [
            "at 1.2-3.0 s.",
            "at 1.2\u{2013}3.0 s",
            "from 1.2 s to 3.0 s,",
            "from 1.2 until 3.0 seconds",
            "Between 1.2 and 3.0 s",
        ] {
            let found: Vec<_> = intervals(text).iter().map(|&(_, a, b)| (a, b)).collect();
            assert_eq!(found, [(12, 30)], "{text}");
        }
        assert!(intervals("of 1.2 s and 3.0 s; 4 to 5 sounds").is_empty());
    }

    #[test]
    fn a_numeral_is_no_part_of_a_word() {
        let found: Vec<&str> = numerals("S3 at 1.25 s. COVID-19 in 36.")
            .iter()
            .map(|one| one.1)
            .collect();
        assert_eq!(found, ["1.25", "36"]);
    }
}
