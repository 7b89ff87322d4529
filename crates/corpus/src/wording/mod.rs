//! How facts are put into words: patterns with alternatives and a seeded draw come in, wordings go
//! out. Reports, instructions and preferences are written with it.

mod draw;
mod finding;
mod murmur;
mod pattern;
mod person;
mod site;

pub use draw::Draw;
pub use finding::{Form, forms, is_plural, name};
pub use murmur::phrases as murmur_phrases;
pub use pattern::{count, expand};
pub use person::{AgeGroup, Person};
pub use site::phrases as site_phrases;

/// `a`, `a or b`, `a, b or c`; the same with another last word.
pub fn list(items: &[String], last: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

/// The text with its first letter in upper case.
pub fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
