//! Text goes in; its characters in one width and case go out, each with its place in the text.

/// Characters and where each begins, in bytes, with the end of the text as the last place.
pub(super) struct Text {
    pub(super) characters: Vec<char>,
    places: Vec<usize>,
}

impl Text {
    /// Full-width Latin letters, digits and marks become half-width, capitals small, white space
    /// a space, and the Roman digits of the compatibility block Latin letters.
    pub(super) fn new(text: &str) -> Self {
        let mut characters = Vec::with_capacity(text.len() / 2);
        let mut places = Vec::with_capacity(text.len() / 2);
        for (place, character) in text.char_indices() {
            let roman = match character {
                'Ⅰ' | 'ⅰ' => "i",
                'Ⅱ' | 'ⅱ' => "ii",
                'Ⅲ' | 'ⅲ' => "iii",
                'Ⅳ' | 'ⅳ' => "iv",
                'Ⅴ' | 'ⅴ' => "v",
                'Ⅵ' | 'ⅵ' => "vi",
                _ => "",
            };
            if roman.is_empty() {
                characters.push(folded(character));
                places.push(place);
            }
            for letter in roman.chars() {
                characters.push(letter);
                places.push(place);
            }
        }
        places.push(text.len());
        Self { characters, places }
    }

    /// The bytes of the text from one character to before another; never empty for `from < to`.
    pub(super) fn span(&self, from: usize, to: usize) -> std::ops::Range<usize> {
        let start = self.places[from];
        let end = self.places[to..].iter().find(|&&place| place > start);
        start..end.copied().unwrap_or(start)
    }

    /// Whether the characters from `at` are these.
    pub(super) fn is_at(&self, at: usize, word: &[char]) -> bool {
        self.characters.get(at..at + word.len()) == Some(word)
    }
}

fn folded(character: char) -> char {
    let wide = u32::from(character);
    let narrow = match wide {
        0xff01..=0xff5e => char::from_u32(wide - 0xfee0).unwrap_or(character),
        _ if character.is_whitespace() && character != '\n' => ' ',
        _ => character,
    };
    match narrow {
        '−' | '‐' | '–' | '—' | '―' => '-',
        '｡' => '。',
        '､' | ',' | '，' => '、',
        '･' | '·' => '・',
        _ => narrow.to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_and_roman_digits() {
        let text = Text::new("Ⅲ音（－）、Ｓ３");
        let plain: String = text.characters.iter().collect();
        assert_eq!(plain, "iii音(-)、s3");
        assert_eq!(text.span(0, 4), 0..6);
        assert_eq!(text.span(1, 2), 0..3);
    }
}
