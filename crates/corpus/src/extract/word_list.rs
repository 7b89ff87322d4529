//! Tables of words: words separated by `|` in one text go in, the words come out.

/// Words, separated by `|`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Words(pub(super) &'static str);

impl Words {
    /// The words in order.
    pub(super) fn iter(self) -> impl Iterator<Item = &'static str> {
        self.0.split('|')
    }

    /// Whether a word is one of them.
    pub(super) fn contains(self, word: &str) -> bool {
        self.iter().any(|known| known == word)
    }
}
