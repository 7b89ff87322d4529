//! A text goes in; which word says what of which finding is decided here, and the findings go out.

mod hearing;
mod naming;
mod states;
mod stating;

use super::super::Extracted;
use super::cues::Says;
use super::groups::{Group, Kind};
use super::lexicon::{Word, word_at};
use super::nouns::Noun;
use super::sites::site_at;
use super::text::Text;
use crate::finding::Finding::{self, AbnormalHeart};
use crate::finding::Presence::Absent;
use crate::site::Site;

/// Appends what the text states.
pub(super) fn findings(text: &Text, into: &mut Vec<Extracted>) {
    let mut reader = Reader::new(text, into);
    let mut at = 0;
    while at < text.characters.len() {
        at = reader.read(at);
    }
    reader.finish(text.characters.len());
}

/// What is known at a place of the text.
struct Reader<'a> {
    text: &'a Text,
    into: &'a mut Vec<Extracted>,
    /// The findings named since the last of which something was said.
    group: Group,
    /// The group before, and where what it stated begins in `into`.
    last: Option<(Group, usize)>,
    /// The last site, whether no finding has taken it, and whether "に" followed it.
    site: Option<(Site, bool, bool)>,
    site_end: usize,
    /// Nouns whose state is still to be said, and where they begin; each once.
    nouns: Vec<(Noun, usize)>,
    /// Their state was said; the next noun begins anew.
    nouns_used: bool,
    /// Systole and diastole named without their murmur yet; each once.
    phases: Vec<(Finding, usize)>,
    except: Option<Site>,
    sentence: Sentence,
    /// Where the sentence, or what follows its last cue, begins.
    from: usize,
    /// One past the last cue.
    cue_end: usize,
}

/// What a sentence has said so far.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is set and cleared on its own"
)]
struct Sentence {
    /// It speaks of an earlier time.
    past: bool,
    /// It speaks of a history.
    history: bool,
    /// Somebody else speaks, or is spoken of.
    told: bool,
    /// "Perhaps" stands before the next finding.
    perhaps: bool,
    /// A statement has ended since the last cue ("が、").
    broken: bool,
    /// A comma has come since the last finding.
    comma: bool,
    /// That comma did not follow a particle, so that something else begins.
    bare_comma: bool,
    /// Words that are not in the dictionary have come since the last cue, comma or finding.
    unknown: bool,
    heart: bool,
    lung: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a Text, into: &'a mut Vec<Extracted>) -> Self {
        Self {
            text,
            into,
            group: Group::default(),
            last: None,
            site: None,
            site_end: 0,
            nouns: Vec::new(),
            nouns_used: false,
            phases: Vec::new(),
            except: None,
            sentence: Sentence::default(),
            from: 0,
            cue_end: 0,
        }
    }

    /// Reads the longest word at a place; gives the place after it.
    fn read(&mut self, at: usize) -> usize {
        let here = self.text.characters[at];
        self.sentence.heart |= here == '心';
        self.sentence.lung |= matches!(here, '肺' | '呼' | '胸');
        let word = word_at(self.text, at);
        let word_end = word.map_or(at, |(_, end)| end);
        if let Some((site, end)) = site_at(self.text, at).filter(|&(_, end)| end > word_end) {
            let jumped = &self.text.characters[at..end];
            self.sentence.lung |= jumped.iter().any(|&one| matches!(one, '肺' | '胸'));
            self.name_site(site, end);
            return end;
        }
        // "喘鳴-、": a minus sign directly after a finding, before a mark or the end.
        let sign = here == '-'
            && self
                .group
                .mentions
                .last()
                .is_some_and(|of| of.range.end == at);
        let mark = self.text.characters.get(at + 1);
        if sign && mark.is_none_or(|mark| matches!(mark, '、' | '。' | '\n' | ' ')) {
            self.hear(Says::Absent, at, at + 1);
            return at + 1;
        }
        let Some((words, end)) = word else {
            self.sentence.unknown |=
                !is_hiragana(here) && here != ' ' && here != '(' && here != ')';
            return self.skip(at);
        };
        let clear = words.iter().any(|word| matches!(word, Word::Clear(_)));
        if !clear && self.name_state(at, end) {
            return end;
        }
        for &word in words {
            self.take(word, at, end);
        }
        end
    }

    /// Passes over what is no word: a character, or a whole word of Latin letters.
    fn skip(&self, at: usize) -> usize {
        let latin = |at: usize| {
            let character = self.text.characters.get(at);
            character.is_some_and(char::is_ascii_alphabetic)
        };
        let mut next = at + 1;
        while latin(next - 1) && latin(next) {
            next += 1;
        }
        next
    }

    fn take(&mut self, word: Word, at: usize, end: usize) {
        match word {
            Word::Finding(finding) => self.name(finding, at, end, Kind::Name),
            Word::Gallop => self.name(AbnormalHeart, at, end, Kind::Gallop),
            Word::Sound => self.name_sound(at, end),
            Word::Phase(murmur) => {
                if self.phases.iter().all(|(known, _)| *known != murmur) {
                    self.phases.push((murmur, at));
                }
            }
            Word::Noun(noun) => {
                if std::mem::take(&mut self.nouns_used) {
                    self.nouns.clear();
                }
                self.nouns.retain(|(known, _)| *known != noun);
                self.nouns.push((noun, at));
            }
            Word::Cue(says) => self.hear(says, at, end),
            Word::Past => self.sentence.past = true,
            Word::Now => {
                self.sentence.past = false;
                self.sentence.broken = true;
                self.sentence.unknown = false;
            }
            Word::Perhaps => self.sentence.perhaps = true,
            Word::Except => self.leave_out(),
            Word::Break => {
                self.sentence.broken = true;
                self.sentence.past = false;
                self.sentence.history = false;
                self.sentence.told = false;
                self.sentence.unknown = false;
            }
            Word::Comma => {
                let before = at
                    .checked_sub(1)
                    .map_or(' ', |before| self.text.characters[before]);
                self.sentence.comma = true;
                self.sentence.bare_comma = !matches!(
                    before,
                    'は' | 'も' | 'が' | 'を' | 'に' | 'で' | 'て' | 'し' | 'り' | 'ず'
                );
                self.sentence.unknown = false;
            }
            Word::End => self.end_sentence(end),
            Word::Place => {
                if let Some((_, _, placed)) = &mut self.site {
                    *placed |= self.site_end == at;
                }
            }
            Word::Told => {
                self.sentence.told = true;
                self.group.dropped = true;
            }
            Word::Clear(finding) => {
                self.nouns.clear();
                self.mention(finding, Absent, at..end);
                if let Some(mention) = self.group.mentions.last_mut() {
                    mention.kind = Kind::State;
                }
            }
            Word::Nothing => self.define(at, end),
        }
    }

    fn end_sentence(&mut self, end: usize) {
        self.finish(end);
        self.site = None;
        self.nouns.clear();
        self.phases.clear();
        self.except = None;
        self.sentence = Sentence::default();
        self.from = end;
        self.cue_end = end;
    }
}

const fn is_hiragana(character: char) -> bool {
    matches!(character, '\u{3041}'..='\u{309f}')
}
