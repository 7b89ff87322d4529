//! A text goes in; which word says what of which finding is decided here, and the findings go out.

use std::ops::Range;

use super::super::Extracted;
use super::cues::Says;
use super::groups::{Group, Kind, Mention};
use super::lexicon::{Word, word_at};
use super::murmur::murmur;
use super::nouns::{Noun, STATES};
use super::sites::site_at;
use super::text::Text;
use crate::extract::word_list::Words;
use crate::finding::Finding::{
    self, AbnormalHeart, Adventitious, DiastolicMurmur, Diminished, Murmur, PericardialRub,
    PleuralRub, S3, S4, SystolicMurmur,
};
use crate::finding::Presence::{self, Absent, Present};
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

/// Findings of one group, and characters around a murmur that may describe it, at most: with
/// them the work at a place is bounded.
const MOST_MENTIONS: usize = 32;
const AROUND_MURMUR: usize = 60;

/// Words that join two nouns.
const JOINTS: Words =
    Words("や|と|・|および|及び|または|又は|もしくは|ならびに|並びに|、および|か、|も|/");

/// Endings of names that state something.
const STATEMENTS: Words = Words("不整|減弱|低下|消失|異常|不良");

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

    fn name_site(&mut self, site: Option<Site>, end: usize) {
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

    /// "雑音" is a murmur, of the phases named before it, or of what the sentence speaks of.
    fn name_sound(&mut self, at: usize, end: usize) {
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
    fn name(&mut self, finding: Finding, at: usize, end: usize, kind: Kind) {
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

    fn mention(&mut self, finding: Finding, own: Presence, range: Range<usize>) {
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
    fn define(&mut self, at: usize, end: usize) {
        let [first, .., last] = &self.group.mentions[..] else {
            return;
        };
        let is = self.text.is_at(at, &['で', 'あ', 'る']) && end == at + 3;
        let topic = self.text.is_at(first.range.end, &['は']) && first.range.start == self.from;
        self.group.dropped |= is && topic && last.range.end == at;
    }

    /// "II音は" stands before a place: what follows is said of it.
    fn is_topic(&self, at: usize) -> bool {
        at >= 2 && self.text.is_at(at - 2, &['音', 'は'])
    }

    /// Names the state of the nouns before it, if the word is one; without a noun "正常" and
    /// "異常" are those of what the sentence speaks of.
    fn name_state(&mut self, at: usize, end: usize) -> bool {
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

    /// Something is said.
    fn hear(&mut self, says: Says, at: usize, end: usize) {
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

    fn hear_without_finding(&mut self, says: Says, at: usize, end: usize) {
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
    fn leave_open(&mut self) {
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
    fn leave_out(&mut self) {
        if self.group.mentions.is_empty() || self.group.is_closed() {
            self.except = self.site.take().map(|(site, ..)| site);
        } else {
            self.group.hear(Says::Present, false, false);
            self.finish(self.cue_end);
        }
    }

    /// Ends the group and appends what it states; what describes it ends at `upto`.
    fn finish(&mut self, upto: usize) {
        let group = std::mem::take(&mut self.group);
        if group.mentions.is_empty() {
            return;
        }
        let from = self.into.len();
        if !group.is_held() {
            for (mention, presence) in group.mentions.iter().zip(group.presences()) {
                self.state(&group, mention, presence, upto);
            }
        }
        self.last = Some((group, from));
        self.from = self.from.max(self.cue_end);
    }

    fn state(&mut self, group: &Group, mention: &Mention, presence: Presence, upto: usize) {
        let one = [mention.finding];
        let findings: &[Finding] = if mention.kind == Kind::Gallop && presence == Absent {
            &[S3, S4]
        } else {
            &one
        };
        let site = mention.site.or(group.except);
        let (start, end) = (mention.range.start, mention.range.end);
        let described = self
            .from
            .max(start.saturating_sub(AROUND_MURMUR))
            .min(start)..upto.min(end + AROUND_MURMUR).max(end);
        for &finding in findings {
            let there = matches!(presence, Present | Presence::Uncertain);
            self.into.push(Extracted {
                finding,
                presence,
                site,
                murmur: murmur(self.text, described.clone(), finding, site).filter(|_| there),
                span: self.text.span(start, end),
            });
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

/// Characters between a phase and the murmur that is named with another, at most.
const LONGEST_PHASE: usize = 12;

const fn is_hiragana(character: char) -> bool {
    matches!(character, '\u{3041}'..='\u{309f}')
}
