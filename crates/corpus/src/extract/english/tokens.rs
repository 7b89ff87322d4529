//! English text goes in; sentences of normalised tokens with their place in the text come out.

use std::ops::Range;

/// A word or mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// Lower case, singular; a mark is itself.
    pub(super) word: String,
    /// Bytes of the text.
    pub(super) span: Range<usize>,
}

/// Signs that stand for a word.
const SIGNS: [(&str, &str); 9] = [
    ("-ve", "negative"),
    ("+ve", "positive"),
    ("+/-", "\u{b1}"),
    ("+/\u{2212}", "\u{b1}"),
    ("\u{b1}", "\u{b1}"),
    ("\u{f8} ", "no"),
    ("\u{d8} ", "no"),
    ("\u{2205}", "no"),
    ("\u{2193}", "decreased"),
];

/// A sentence is cut after so many tokens, which bounds the work that a token can cause.
const LONGEST_SENTENCE: usize = 200;

/// Abbreviations whose point does not end a sentence.
const ABBREVIATIONS: [&str; 8] = ["vs", "approx", "insp", "exp", "bilat", "esp", "incl", "ca"];

/// Cuts a text into sentences of tokens. A sentence ends at `.`, `;`, `!`, a question mark after a
/// word or a new line; `.` between digits does not end it. An arrow down is "decreased". Hyphens
/// separate words; one that stands alone before a mark or the end is a minus sign ("crackles -, wheeze +").
pub(super) fn sentences(text: &str) -> Vec<Vec<Token>> {
    let mut sentences = vec![Vec::new()];
    let mut characters = text.char_indices().peekable();
    let mut previous = ' ';
    while let Some((start, character)) = characters.next() {
        let mut end = start + character.len_utf8();
        if let Some(sign) = SIGNS.iter().find(|sign| text[start..].starts_with(sign.0)) {
            end = start + sign.0.len();
            while characters.next_if(|&(at, _)| at < end).is_some() {}
            push(&mut sentences, sign.1.to_owned(), start..end);
        } else if character.is_alphanumeric() {
            let mut shape = WordShape::of(character);
            while let Some(&(at, next)) = characters.peek() {
                let after = &text[at + next.len_utf8()..];
                if !(next.is_alphanumeric() || shape.joins(next, after)) {
                    break;
                }
                shape.push(next);
                end = at + next.len_utf8();
                characters.next();
            }
            push(&mut sentences, normal(&text[start..end]), start..end);
        } else if is_hyphen(character) {
            let apart = previous.is_whitespace() || previous == '(';
            if apart && ends_answer(&text[end..]) {
                push(&mut sentences, "-".to_owned(), start..end);
            }
        } else if matches!(character, ';' | '!' | '\n')
            || (character == '.' && !is_abbreviation(sentences.last()))
        {
            sentences.push(Vec::new());
        } else if !character.is_whitespace() && !is_silent(character) {
            push(&mut sentences, character.to_string(), start..end);
            let asked = character == '?' && previous.is_alphanumeric();
            if asked && text[end..].starts_with(char::is_whitespace) {
                sentences.push(Vec::new());
            }
        }
        previous = text[..end].chars().next_back().unwrap_or(' ');
    }
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

/// Quotation marks, and the point of an abbreviation.
const fn is_silent(character: char) -> bool {
    matches!(character, '.' | '\'' | '"' | '`' | '\u{2018}'..='\u{201f}')
}

const fn is_hyphen(character: char) -> bool {
    matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn is_abbreviation(sentence: Option<&Vec<Token>>) -> bool {
    let last = sentence.and_then(|tokens| tokens.last());
    last.is_some_and(|token| ABBREVIATIONS.contains(&token.word.as_str()))
}

/// Whether what follows a minus sign lets it be an answer: a mark or the end.
fn ends_answer(after: &str) -> bool {
    let next = after.trim_start_matches(' ').chars().next();
    next.is_none_or(|next| matches!(next, ',' | ';' | '.' | ')' | '\n'))
}

fn push(sentences: &mut Vec<Vec<Token>>, word: String, span: Range<usize>) {
    if sentences
        .last()
        .is_none_or(|last| last.len() >= LONGEST_SENTENCE)
    {
        sentences.push(Vec::new());
    }
    let last = sentences
        .last_mut()
        .expect("one was pushed if none was there");
    last.push(Token { word, span });
}

/// What is known of a word while it is read.
struct WordShape {
    /// All digits so far.
    number: bool,
    /// Characters since the last slash.
    part: usize,
}

impl WordShape {
    const fn of(first: char) -> Self {
        Self {
            number: first.is_ascii_digit(),
            part: 1,
        }
    }

    const fn push(&mut self, next: char) {
        self.number &= next.is_ascii_digit();
        self.part = if next == '/' { 0 } else { self.part + 1 };
    }

    /// Whether a mark inside a word belongs to it: an apostrophe, the point of a number, and the
    /// slash of abbreviations made of single letters (`w/o`, `m/r/g`).
    fn joins(&self, mark: char, after: &str) -> bool {
        let mut after = after.chars();
        let next = after.next();
        match mark {
            '\'' | '\u{2019}' => next.is_some_and(char::is_alphabetic),
            '.' => self.number && next.is_some_and(|c| c.is_ascii_digit()),
            '/' => {
                let letter = next.is_none_or(|c| c.is_alphabetic() || c.is_whitespace());
                self.part == 1
                    && !self.number
                    && letter
                    && !after.next().is_some_and(char::is_alphanumeric)
            }
            _ => false,
        }
    }
}

/// Lower case with straight apostrophes; a plural in s without it, some abbreviations written out.
pub(super) fn normal(word: &str) -> String {
    let mut word = word.to_lowercase().replace('\u{2019}', "'");
    let plural = word.len() > 3
        && word.ends_with('s')
        && !["ss", "us", "is", "'s", "das"]
            .iter()
            .any(|ending| word.ends_with(ending));
    if plural {
        word.pop();
    }
    match word.as_str() {
        "irreg" => "irregular".to_owned(),
        "reg" => "regular".to_owned(),
        "a/e" => "ae".to_owned(),
        "b/s" => "bs".to_owned(),
        "h/s" => "hs".to_owned(),
        _ => word,
    }
}

/// The words of a phrase as tokens have them.
pub(super) fn normal_words(phrase: &str) -> Vec<String> {
    phrase.split(' ').map(normal).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Vec<String>> {
        let plain = |sentence: Vec<Token>| sentence.into_iter().map(|token| token.word).collect();
        sentences(text).into_iter().map(plain).collect()
    }

    #[test]
    fn abbreviations_numbers_and_plurals() {
        assert_eq!(
            words("Wheezes/rales at 1.2 s; no m/r/g w/o S3. Erb's"),
            vec![
                vec!["wheeze", "/", "rale", "at", "1.2", "s"],
                vec!["no", "m/r/g", "w/o", "s3"],
                vec!["erb's"],
            ]
        );
    }

    #[test]
    fn a_minus_sign_is_no_dash() {
        assert_eq!(
            words("Crackles -, rub (-). Lungs - clear, mid-systolic"),
            vec![
                vec!["crackle", "-", ",", "rub", "(", "-", ")"],
                vec!["lung", "clear", ",", "mid", "systolic"],
            ]
        );
    }

    #[test]
    fn spans_are_places_in_the_text() {
        let text = "Kein \u{2019}Giemen\u{2019}: no wheezes.";
        let last = sentences(text)
            .pop()
            .and_then(|mut sentence| sentence.pop())
            .unwrap();
        assert_eq!(&text[last.span], "wheezes");
    }
}
