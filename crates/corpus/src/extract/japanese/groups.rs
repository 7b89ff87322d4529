//! Findings named one after the other, and what is said of them together.

use std::ops::Range;

use super::cues::Says;
use crate::finding::Finding;
use crate::finding::Presence::{self, Absent, NotAssessed, Present, Uncertain};
use crate::site::Site;

/// How a finding was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// By its name.
    Name,
    /// As the state of a noun ("呼吸音減弱"), complete in itself.
    State,
    /// By a word for S3 and S4 where denied, else for an abnormal heart sound.
    Gallop,
}

/// A finding named at a place.
#[derive(Clone, Debug)]
pub(super) struct Mention {
    pub(super) finding: Finding,
    /// What the words say by themselves ("呼吸音清" denies added sounds).
    pub(super) own: Presence,
    /// Characters of the text.
    pub(super) range: Range<usize>,
    pub(super) site: Option<Site>,
    /// A site with "に" stands before it, so that it is there unless its verb denies it.
    pub(super) placed: bool,
    /// A comma stands between it and the finding before it.
    pub(super) after_comma: bool,
    pub(super) kind: Kind,
}

/// Findings of which the same is said.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    pub(super) mentions: Vec<Mention>,
    says: Option<Says>,
    /// Spoken of an earlier time.
    pub(super) past: bool,
    /// A history, condition or advice.
    pub(super) dropped: bool,
    /// Sites of what is left out of a denial.
    pub(super) except: Option<Site>,
}

impl Group {
    /// Whether something was said of the findings.
    pub(super) const fn is_closed(&self) -> bool {
        self.says.is_some() || self.dropped
    }

    /// Whether it may take a site that is named after what was said of it: "捻髪音かもしれない音が
    /// 右で".
    pub(super) fn takes_site(&self) -> bool {
        !self.is_closed() || self.says == Some(Says::Uncertain)
    }

    /// Takes what is said. `again` where it takes the findings up again after the end of a
    /// statement; `close` where only particles stand between it and what was said before.
    pub(super) fn hear(&mut self, says: Says, again: bool, close: bool) {
        if says == Says::NotAFinding {
            self.dropped |= close || !self.is_closed();
            return;
        }
        let takes = match (self.says, says) {
            (None, _) => true,
            (Some(Says::Uncertain), Says::Present | Says::Ceased) => false,
            (Some(Says::Uncertain), Says::Absent) => close,
            (Some(_), Says::Present) => again,
            (Some(_), _) => again || close,
        };
        if takes {
            self.says = Some(says);
        }
    }

    /// "聴取しないわけではない": what was denied is there.
    pub(super) fn reverse(&mut self) {
        if self.says == Some(Says::Absent) {
            self.says = Some(Says::Present);
        }
    }

    /// Whether nothing is stated: history, or an earlier time of which it is not said that it has
    /// passed.
    pub(super) fn is_held(&self) -> bool {
        self.dropped || (self.past && self.says != Some(Says::Ceased))
    }

    /// What is said of each mention, in order.
    pub(super) fn presences(&self) -> Vec<Presence> {
        let denied = self.says == Some(Says::Absent);
        let comma = |at: usize| self.mentions[at].after_comma;
        (0..self.mentions.len())
            .map(|at| {
                let mention = &self.mentions[at];
                // "右肺底部に水泡音、喘鳴なし": the denial is of what follows the comma.
                let earlier = (at + 1..self.mentions.len()).any(comma);
                let placed = (0..=at)
                    .rev()
                    .take_while(|&before| before == at || !comma(before + 1));
                let placed = placed
                    .into_iter()
                    .any(|before| self.mentions[before].placed);
                if denied && earlier && placed {
                    return mention.own;
                }
                if mention.finding == Finding::PoorSignal
                    && matches!(self.says, Some(Says::Uncertain | Says::NotAssessed))
                {
                    return mention.own;
                }
                match self.says {
                    None | Some(Says::Present | Says::NotAFinding) => mention.own,
                    Some(Says::Absent) if self.except.is_some() => mention.own,
                    Some(Says::Absent | Says::Ceased) => match mention.own {
                        Present => Absent,
                        Absent => Present,
                        other => other,
                    },
                    Some(Says::Uncertain) => Uncertain,
                    Some(Says::NotAssessed) => NotAssessed,
                }
            })
            .collect()
    }
}
