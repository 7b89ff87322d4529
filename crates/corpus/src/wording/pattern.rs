//! A pattern such as `[This|The] recording [is|was] of {domain}.` comes in; one of its wordings,
//! or their number, goes out.
//!
//! `[a|b]` is one of several parts, which may hold further brackets; `{name}` is filled in by the
//! caller. Marks outside brackets stand for themselves.

use super::Draw;

/// One wording of `pattern`; `fill` gives the text of a slot.
pub fn expand(pattern: &str, draw: &mut Draw, fill: &dyn Fn(&str) -> String) -> String {
    let mut text = String::with_capacity(pattern.len());
    append(pattern, draw, fill, &mut text);
    text
}

fn append(pattern: &str, draw: &mut Draw, fill: &dyn Fn(&str) -> String, text: &mut String) {
    let mut rest = pattern;
    while let Some(at) = rest.find(['[', '{']) {
        text.push_str(&rest[..at]);
        if rest[at..].starts_with('{') {
            let (slot, after) = rest[at + 1..]
                .split_once('}')
                .unwrap_or((&rest[at + 1..], ""));
            text.push_str(&fill(slot));
            rest = after;
        } else {
            let (parts, after) = bracket(&rest[at + 1..]);
            let chosen = parts[draw.below(parts.len())];
            append(chosen, draw, fill, text);
            rest = after;
        }
    }
    text.push_str(rest);
}

/// How many wordings a pattern has, its slots counted once. Alternatives that read alike count as
/// two.
pub fn count(pattern: &str) -> u64 {
    let mut total: u64 = 1;
    let mut rest = pattern;
    while let Some(at) = rest.find('[') {
        let (parts, after) = bracket(&rest[at + 1..]);
        total = total.saturating_mul(parts.iter().map(|part| count(part)).sum());
        rest = after;
    }
    total
}

/// The alternatives of the bracket that was opened before `rest`, and what follows it.
fn bracket(rest: &str) -> (Vec<&str>, &str) {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0_u32, 0);
    for (at, mark) in rest.char_indices() {
        match mark {
            '[' => depth += 1,
            ']' if depth == 0 => {
                parts.push(&rest[start..at]);
                return (parts, &rest[at + 1..]);
            }
            ']' => depth -= 1,
            '|' if depth == 0 => {
                parts.push(&rest[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&rest[start..]);
    (parts, "")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn all_wordings_are_reached_and_counted() {
        let pattern = "[A|The [one|other]] {x}[|, too].";
        let drawn: BTreeSet<String> = (0..200)
            .map(|seed| expand(pattern, &mut Draw::new(seed, &[]), &str::to_uppercase))
            .collect();
        assert_eq!(count(pattern), 6);
        assert_eq!(drawn.len(), 6);
        assert!(drawn.contains("The other X, too."), "{drawn:?}");
    }
}
