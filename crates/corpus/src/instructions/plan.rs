//! Which questions are asked about which recording: the facts of all recordings come in, a balanced
//! choice of items goes out.

use std::collections::{BTreeMap, HashMap};

use super::items::{Item, Kind, abnormal, comparisons, items};
use super::prompts::styles;
use super::row::{Length, Style, Task};
use crate::facts::Facts;
use crate::finding::Finding;
use crate::recording::{DataSet, Recording, Split};
use crate::wording::Draw;

/// Pairs of a recording at most, those counted in which it comes second.
pub const MOST_PAIRS: usize = 12;

/// Recordings that may be compared, or whose questions are balanced, with one another.
type Pool = (DataSet, Option<Split>);

/// The plan of a run.
pub(super) struct Plan {
    seed: u64,
    /// Of each pool and question, the more frequent answer and the hash up to which it is asked for.
    limits: BTreeMap<(Pool, Polar), (bool, Option<u64>)>,
    /// The second recording, by the first.
    partners: HashMap<usize, usize>,
    /// How often a recording comes second.
    seconds: HashMap<usize, usize>,
    /// How often a class of answers was asked for, by task.
    dealt: HashMap<(Task, String), usize>,
}

/// A yes-or-no question: of a finding, or of the quality.
type Polar = Option<Finding>;

/// An item with the way in which it is asked.
pub(super) struct Asked {
    pub(super) item: Item,
    pub(super) style: Style,
    pub(super) length: Length,
    pub(super) second: Option<usize>,
}

impl Plan {
    /// Looks at all recordings and their facts, which are in the same order.
    pub(super) fn new(recordings: &[Recording], facts: &[Facts], seed: u64) -> Self {
        let mut plan = Self {
            seed,
            limits: BTreeMap::new(),
            partners: HashMap::new(),
            seconds: HashMap::new(),
            dealt: HashMap::new(),
        };
        plan.balance(recordings, facts);
        plan.pair(recordings, facts);
        plan
    }

    /// As many "no" as "yes": of those with the more frequent answer, the ones with the smallest
    /// hashes.
    fn balance(&mut self, recordings: &[Recording], facts: &[Facts]) {
        let mut hashes: BTreeMap<(Pool, Polar), [Vec<u64>; 2]> = BTreeMap::new();
        for (recording, facts) in recordings.iter().zip(facts) {
            for item in items(facts) {
                if let Some((asked, answer)) = polar(&item) {
                    let both = hashes.entry((pool(recording), asked)).or_default();
                    both[usize::from(answer)].push(self.hash(recording, asked));
                }
            }
        }
        for (key, mut both) in hashes {
            let frequent = both[1].len() > both[0].len();
            let wanted = both[usize::from(!frequent)].len();
            let more = &mut both[usize::from(frequent)];
            more.sort_unstable();
            let last = wanted.min(more.len()).checked_sub(1).map(|last| more[last]);
            self.limits.insert(key, (frequent, last));
        }
    }

    fn hash(&self, recording: &Recording, asked: Polar) -> u64 {
        let word = asked.map_or("usable", Finding::word);
        Draw::new(self.seed, &["balance", word, &recording.id]).number()
    }

    /// Gives each recording another of its pool, in turn one that is like it (both normal, or both
    /// not) and one that is not.
    fn pair(&mut self, recordings: &[Recording], facts: &[Facts]) {
        let mut pools: BTreeMap<(Pool, crate::Domain, bool), Vec<usize>> = BTreeMap::new();
        for (at, recording) in recordings.iter().enumerate() {
            if let Some(state) = abnormal(&facts[at]) {
                pools
                    .entry((pool(recording), recording.domain, state))
                    .or_default()
                    .push(at);
            }
        }
        for members in pools.values_mut() {
            members.sort_by_cached_key(|&at| {
                Draw::new(self.seed, &["pair", &recordings[at].id]).number()
            });
        }
        let empty = Vec::new();
        for (&(pool, domain, state), members) in &pools {
            let others = pools.get(&(pool, domain, !state)).unwrap_or(&empty);
            for (turn, &first) in members.iter().enumerate() {
                let from = if turn % 2 == 0 && !others.is_empty() {
                    others
                } else {
                    members
                };
                let ahead = if turn % 2 == 0 && !others.is_empty() {
                    turn / 2
                } else {
                    turn + 1
                };
                let second = from[ahead % from.len()];
                let times = self.seconds.entry(second).or_default();
                if second != first && *times + 2 < MOST_PAIRS {
                    *times += 1;
                    self.partners.insert(first, second);
                }
            }
        }
    }

    /// The questions about the recording at `at`: of each task one, then others in a drawn order.
    pub(super) fn ask(
        &mut self,
        at: usize,
        recordings: &[Recording],
        facts: &[Facts],
    ) -> Vec<Asked> {
        let recording = &recordings[at];
        let mut draw = Draw::new(self.seed, &["ask", &recording.id]);
        let mut all: Vec<(Item, Option<usize>)> = items(&facts[at])
            .into_iter()
            .filter(|item| self.is_wanted(recording, item))
            .map(|item| (item, None))
            .collect();
        draw.shuffle(&mut all);
        if let Some(&second) = self.partners.get(&at) {
            let mut compared = comparisons(&facts[at], &facts[second]);
            // A finding that neither has is asked for only where there is no other.
            draw.shuffle(&mut compared);
            compared.sort_by_key(|item| item.class.ends_with(":neither"));
            all.extend(compared.into_iter().next().map(|item| (item, Some(second))));
        }
        let mut seen = Vec::new();
        all.sort_by_key(|(item, _)| {
            let again = seen.contains(&item.kind.task());
            seen.push(item.kind.task());
            again
        });
        all.truncate(MOST_PAIRS - self.seconds.get(&at).copied().unwrap_or(0));
        all.into_iter()
            .map(|(item, second)| self.deal(item, second))
            .collect()
    }

    fn is_wanted(&self, recording: &Recording, item: &Item) -> bool {
        let Some((asked, answer)) = polar(item) else {
            return true;
        };
        match self.limits.get(&(pool(recording), asked)) {
            Some(&(frequent, last)) if frequent == answer => {
                last.is_some_and(|last| self.hash(recording, asked) <= last)
            }
            _ => true,
        }
    }

    /// Deals style and length in turn within the class.
    fn deal(&mut self, item: Item, second: Option<usize>) -> Asked {
        let task = item.kind.task();
        let styles = styles(&item.kind);
        let lengths: &[Length] = match item.kind {
            Kind::Report | Kind::Reasoning => &[Length::Long],
            _ => Length::ALL,
        };
        // Where a class begins in the turn is drawn, so that small classes do not all share a style.
        let start = Draw::new(self.seed, &["deal", task.word(), &item.class]).below(styles.len());
        let count = self.dealt.entry((task, item.class.clone())).or_default();
        let style = styles[(start + *count) % styles.len()];
        let length = lengths[(*count / styles.len()) % lengths.len()];
        *count += 1;
        Asked {
            item,
            style,
            length,
            second,
        }
    }
}

/// What a yes-or-no item asks, and its answer.
fn polar(item: &Item) -> Option<(Polar, bool)> {
    let answer = item.class.ends_with(":yes");
    match item.kind {
        Kind::Binary(finding) => Some((Some(finding), answer)),
        Kind::Usable => Some((None, answer)),
        _ => None,
    }
}

fn pool(recording: &Recording) -> Pool {
    (recording.data_set, recording.split)
}
