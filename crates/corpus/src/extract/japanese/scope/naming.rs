//! A finding or a site is named: findings gather in the group, each with the site that is its own.

use std::ops::Range;

use super::Reader;
use crate::extract::japanese::cues::Says;
use crate::extract::japanese::groups::{Kind, Mention};
use crate::extract::word_list::Words;
use crate::finding::Finding::{
    self, Adventitious, DiastolicMurmur, Murmur, PericardialRub, PleuralRub, SystolicMurmur,
};
use crate::finding::Presence::{self, Present};
use crate::site::Site;

/// Findings of one group at most: with it the work at a place is bounded.
const MOST_MENTIONS: usize = 32;

/// Characters between a phase and the murmur that is named with another, at most.
const LONGEST_PHASE: usize = 12;

/// Words that join two nouns.
const JOINTS: Words =
    Words("や|と|・|および|及び|または|又は|もしくは|ならびに|並びに|、および|か、|も|/");

/// Endings of names that state something.
const STATEMENTS: Words = Words("不整|減弱|低下|消失|異常|不良");

impl Reader<'_> {
    pub(super) fn name_site(&mut self, site: Option<Site>, end: usize) {
        self.site_end = end;
        let Some(site) = site else {
            self.site = None;
            return;
        };
        // "水泡音を両側下肺野に聴取": a site after findings that have none, and before their verb.
        let mut taken = false;
        if self.group.takes_site() && !self.sentence.bare_comma && !self.sentence.broken {
            for mention in self.group.mentions.iter_mut().rev() {
                if mention.site.is_some() {
                    break;
                }
                mention.site = Some(site);
                taken = true;
            }
        }
        self.site = (!taken).then_some((site, true, false));
    }

    /// "雑音" is a murmur, of the phases named before it, or of what the sentence speaks of.
    pub(super) fn name_sound(&mut self, at: usize, end: usize) {
        let word: String = self.text.characters[at..end].iter().collect();
        if word == "摩擦音" {
            let rub = if self.sentence.heart {
                PericardialRub
            } else {
                PleuralRub
            };
            self.name(rub, at, end, Kind::Name);
        } else if !self.phases.is_empty() {
            for (murmur, start) in std::mem::take(&mut self.phases) {
                self.mention(murmur, Present, start..end);
            }
            self.nouns.clear();
        } else if self.sentence.lung && !self.sentence.heart && word == "雑音" {
            self.name(Adventitious, at, end, Kind::Name);
        } else {
            self.name(Murmur, at, end, Kind::Name);
        }
    }

    /// A finding is named.
    pub(super) fn name(&mut self, finding: Finding, at: usize, end: usize, kind: Kind) {
        self.nouns.clear();
        // "収縮期・拡張期雑音" names both.
        for (murmur, start) in std::mem::take(&mut self.phases) {
            let other = matches!(finding, SystolicMurmur | DiastolicMurmur);
            if other && murmur != finding && at - start <= LONGEST_PHASE {
                self.mention(murmur, Present, start..end);
            }
        }
        self.mention(finding, Present, at..end);
        // "リズム不整", "呼吸音減弱": a name that is a statement.
        let name: String = self.text.characters[at..end].iter().collect();
        let states = STATEMENTS.iter().any(|state| name.ends_with(state));
        if let Some(mention) = self.group.mentions.last_mut() {
            mention.kind = if states { Kind::State } else { kind };
        }
    }

    pub(super) fn mention(&mut self, finding: Finding, own: Presence, range: Range<usize>) {
        if let Some(before) = self.group.mentions.last() {
            let between = self.text.characters.get(before.range.end..range.start);
            let between: String = between.unwrap_or_default().iter().take(4).collect();
            let joined = JOINTS.iter().any(|joint| between.starts_with(joint));
            let apart = before.kind == Kind::State && before.range.end != range.end && !joined;
            if self.group.is_closed() || apart || self.group.mentions.len() >= MOST_MENTIONS {
                self.finish(self.cue_end);
            }
        }
        let after_comma = self.sentence.comma && !self.group.mentions.is_empty();
        let (site, placed) = match &mut self.site {
            Some((site, fresh, placed)) => {
                let own = std::mem::take(fresh) && *placed;
                (Some(*site), own)
            }
            None => (None, false),
        };
        let placed = placed || self.is_topic(range.start);
        self.group.past |= self.sentence.past;
        self.group.dropped |= self.sentence.history || self.sentence.told;
        self.group.except = self.group.except.or(self.except.take());
        self.group.mentions.push(Mention {
            finding,
            own,
            range,
            site,
            placed,
            after_comma,
            kind: Kind::Name,
        });
        if std::mem::take(&mut self.sentence.perhaps) {
            self.group.hear(Says::Uncertain, false, false);
        }
        self.sentence.comma = false;
        self.sentence.bare_comma = false;
        self.sentence.unknown = false;
        self.sentence.broken = false;
    }

    /// "捻髪音は高調な断続性ラ音である": what a name means.
    pub(super) fn define(&mut self, at: usize, end: usize) {
        let [first, .., last] = &self.group.mentions[..] else {
            return;
        };
        let is = self.text.is_at(at, &['で', 'あ', 'る']) && end == at + 3;
        let topic = self.text.is_at(first.range.end, &['は']) && first.range.start == self.from;
        self.group.dropped |= is && topic && last.range.end == at;
    }

    /// "II音は" stands before a place: what follows is said of it.
    pub(super) fn is_topic(&self, at: usize) -> bool {
        at >= 2 && self.text.is_at(at - 2, &['音', 'は'])
    }
}
