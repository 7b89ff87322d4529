//! Text goes in; sentences of normalised tokens with their place in the text come out.

use std::ops::Range;

/// A word or mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// Lower case, singular; a mark is itself.
    pub(super) word: String,
    /// Bytes of the text.
    pub(super) span: Range<usize>,
}

/// Cuts a text into sentences of tokens. A sentence ends at `.`, `;`, `!` or a new line; `.`
/// between digits does not end it. Hyphens separate words.
pub(super) fn sentences(text: &str) -> Vec<Vec<Token>> {
    let mut sentences = vec![Vec::new()];
    let mut characters = text.char_indices().peekable();
    while let Some((start, character)) = characters.next() {
        if character.is_alphanumeric() {
            let mut end = start + character.len_utf8();
            while let Some(&(at, next)) = characters.peek() {
                let word = next.is_alphanumeric() || joins(text, start, at, next);
                if !word {
                    break;
                }
                end = at + next.len_utf8();
                characters.next();
            }
            let word = normal(&text[start..end]);
            push(
                &mut sentences,
                Token {
                    word,
                    span: start..end,
                },
            );
        } else if matches!(character, '.' | ';' | '!' | '\n') {
            sentences.push(Vec::new());
        } else if !character.is_whitespace() && !matches!(character, '-' | '\u{2010}'..='\u{2015}')
        {
            let end = start + character.len_utf8();
            push(
                &mut sentences,
                Token {
                    word: character.to_string(),
                    span: start..end,
                },
            );
        }
    }
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

fn push(sentences: &mut [Vec<Token>], token: Token) {
    sentences
        .last_mut()
        .expect("there is always a sentence")
        .push(token);
}

/// Whether a mark inside a word belongs to it: an apostrophe, the point of a number, and the
/// slash of abbreviations made of single letters (`w/o`, `m/r/g`).
fn joins(text: &str, start: usize, at: usize, mark: char) -> bool {
    let before = text[start..at].rsplit('/').next().unwrap_or_default();
    let mut after = text[at + mark.len_utf8()..].chars();
    let next = after.next();
    match mark {
        '\'' | '\u{2019}' => next.is_some_and(char::is_alphabetic),
        '.' => {
            before.chars().all(|c| c.is_ascii_digit()) && next.is_some_and(|c| c.is_ascii_digit())
        }
        '/' => {
            let single = |text: &str| text.chars().count() == 1;
            let letter = next.is_none_or(|c| c.is_alphabetic() || c.is_whitespace());
            single(before) && letter && !after.next().is_some_and(char::is_alphanumeric)
        }
        _ => false,
    }
}

/// Lower case with straight apostrophes; a plural in s without it.
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
    word
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
    fn spans_are_places_in_the_text() {
        let text = "Kein \u{2019}Giemen\u{2019}: no wheezes.";
        let last = sentences(text)
            .pop()
            .and_then(|mut sentence| sentence.pop())
            .unwrap();
        assert_eq!(&text[last.span], "wheezes");
    }
}
