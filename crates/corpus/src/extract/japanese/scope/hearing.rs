//! Something is said: of the findings of the group, or, where there are none, of what the sentence
//! speaks of.

use super::{Reader, is_hiragana};
use crate::extract::japanese::cues::Says;
use crate::extract::japanese::groups::Kind;
use crate::extract::japanese::nouns::Noun;
use crate::finding::Finding::{AbnormalHeart, Adventitious, Diminished};
use crate::finding::Presence::{Absent, Present};

impl Reader<'_> {
    /// Something is said.
    pub(super) fn hear(&mut self, says: Says, at: usize, end: usize) {
        let since = self
            .group
            .mentions
            .last()
            .map_or(0, |mention| mention.range.end);
        let since = since.max(self.cue_end).min(at);
        let close = self.text.characters[since..at]
            .iter()
            .all(|&c| is_hiragana(c));
        if self.group.mentions.is_empty() {
            self.hear_without_finding(says, at, end);
        } else {
            let own_state = self
                .group
                .mentions
                .last()
                .is_some_and(|last| last.kind == Kind::State && last.own == Absent);
            let elsewhere = self.sentence.unknown
                && (self.group.is_closed() || (self.sentence.comma && self.sentence.bare_comma));
            let other = own_state && !(close || says == Says::NotAFinding);
            if elsewhere && !self.group.is_closed() {
                self.group.hear(Says::Present, false, false);
            } else if says == Says::Present && self.text.is_at(at, &['わ', 'け', 'で']) {
                self.group.reverse();
            } else if !elsewhere && !other {
                let again = self.sentence.broken || says == Says::Ceased;
                self.group.hear(says, again, close);
                if self.sentence.broken && !self.sentence.past {
                    self.group.past = false;
                }
            }
            self.sentence.past &= says != Says::Present;
        }
        self.cue_end = end;
        self.sentence.broken = false;
        self.sentence.comma = false;
        self.sentence.bare_comma = false;
        self.sentence.unknown = false;
        self.sentence.history &= self.group.mentions.is_empty() && says == Says::NotAFinding;
    }

    pub(super) fn hear_without_finding(&mut self, says: Says, at: usize, end: usize) {
        if says == Says::NotAFinding {
            self.sentence.history = true;
            return;
        }
        if says == Says::NotAssessed && !self.nouns_used {
            self.leave_open();
            return;
        }
        // "右の呼吸音が聴取されない": breath sounds that are not heard are diminished.
        let breath = self.nouns.iter().find(|(noun, _)| *noun == Noun::Breath);
        if let (Says::Absent, Some(&(_, start)), false) = (says, breath, self.nouns_used) {
            self.mention(Diminished, Present, start..end);
            self.group.hear(Says::Present, false, false);
            self.nouns_used = true;
            return;
        }
        // "現在は消失している": takes up the findings of the sentence before.
        let resumes = at == self.from || self.sentence.broken;
        if !(says == Says::Ceased && resumes) {
            return;
        }
        if let Some((mut group, from)) = self.last.take() {
            self.into.truncate(from);
            group.past = false;
            group.hear(says, true, false);
            self.group = group;
            self.finish(end);
        }
    }

    /// "心音の評価困難": what the noun would tell was not assessed.
    pub(super) fn leave_open(&mut self) {
        let noun = self.nouns.iter().find_map(|&(noun, start)| match noun {
            Noun::Breath => Some((Adventitious, start)),
            Noun::Heart => Some((AbnormalHeart, start)),
            Noun::Signal | Noun::Rhythm => None,
        });
        if let Some((finding, start)) = noun {
            self.mention(finding, Present, start..start + 2);
            self.group.hear(Says::NotAssessed, false, false);
            self.nouns_used = true;
        }
    }

    /// What stands before is left out of the denial that follows.
    pub(super) fn leave_out(&mut self) {
        if self.group.mentions.is_empty() || self.group.is_closed() {
            self.except = self.site.take().map(|(site, ..)| site);
        } else {
            self.group.hear(Says::Present, false, false);
            self.finish(self.cue_end);
        }
    }
}
