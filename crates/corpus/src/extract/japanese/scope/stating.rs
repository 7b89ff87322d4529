//! A group ends: what was said of its findings goes out.

use super::Reader;
use crate::extract::Extracted;
use crate::extract::japanese::groups::{Group, Kind, Mention};
use crate::extract::japanese::murmur::murmur;
use crate::finding::Finding::{self, S3, S4};
use crate::finding::Presence::{self, Absent, Present};

/// Characters around a murmur that may describe it, at most: with it the work at a place is bounded.
const AROUND_MURMUR: usize = 60;

impl Reader<'_> {
    /// Ends the group and appends what it states; what describes it ends at `upto`.
    pub(super) fn finish(&mut self, upto: usize) {
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

    pub(super) fn state(
        &mut self,
        group: &Group,
        mention: &Mention,
        presence: Presence,
        upto: usize,
    ) {
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
}
