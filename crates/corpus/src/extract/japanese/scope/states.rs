//! A noun and the word for its state: "呼吸音" and "減弱".

use super::Reader;
use crate::extract::japanese::groups::Kind;
use crate::extract::japanese::nouns::{Noun, STATES};
use crate::extract::word_list::Words;

impl Reader<'_> {
    /// Names the state of the nouns before it, if the word is one; without a noun "正常" and
    /// "異常" are those of what the sentence speaks of.
    pub(super) fn name_state(&mut self, at: usize, end: usize) -> bool {
        let word: String = self.text.characters[at..end].iter().collect();
        let mut nouns = self.nouns.clone();
        if nouns.is_empty() && word.starts_with("洞調律") {
            nouns.push((Noun::Rhythm, at));
        }
        let general = ["異常", "正常", "清", "クリア"];
        if nouns.is_empty() && general.iter().any(|start| word.starts_with(start)) {
            if self.sentence.heart {
                nouns.push((Noun::Heart, at));
            } else if self.sentence.lung {
                nouns.push((Noun::Breath, at));
            }
        }
        let mut found = false;
        for (noun, start) in nouns {
            let longest = |words: &Words| {
                let begins = words.iter().filter(|begin| word.starts_with(begin));
                begins.map(str::len).max()
            };
            let state = STATES
                .iter()
                .filter(|(of, ..)| *of == noun)
                .max_by_key(|(.., words)| longest(words));
            if let Some(&(_, finding, own, _)) =
                state.filter(|(.., words)| longest(words).is_some())
            {
                self.mention(finding, own, start..end);
                if let Some(mention) = self.group.mentions.last_mut() {
                    mention.kind = Kind::State;
                }
                found = true;
            }
        }
        self.nouns_used |= found;
        found
    }
}
