//! Annotated events come in; by finding, how many there are and when go out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::recording::{Event, EventKind};

/// As many intervals of a finding are named; of more, the first and their number.
pub const SPANS_NAMED: usize = 3;

/// When a finding is heard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// The finding.
    pub finding: Finding,
    /// Annotated intervals.
    pub count: usize,
    /// The named intervals: start and end in tenths of a second. All of them, or the first.
    pub spans: Vec<(u32, u32)>,
}

/// A time in s as whole tenths.
pub fn tenths(seconds: f64) -> u32 {
    (seconds * 10.0).round() as u32
}

/// The findings an event shows.
pub(crate) const fn shown(kind: EventKind) -> &'static [Finding] {
    match kind {
        EventKind::Normal
        | EventKind::Inhalation
        | EventKind::Exhalation
        | EventKind::S1
        | EventKind::Systole
        | EventKind::S2
        | EventKind::Diastole => &[],
        EventKind::Crackle => &[Finding::Discontinuous],
        EventKind::Wheeze => &[Finding::Wheeze],
        EventKind::Rhonchi => &[Finding::Rhonchi],
        EventKind::Stridor => &[Finding::Stridor],
        EventKind::FineCrackle => &[Finding::FineCrackle],
        EventKind::CoarseCrackle => &[Finding::CoarseCrackle],
        EventKind::WheezeAndCrackle => &[Finding::Wheeze, Finding::Discontinuous],
    }
}

/// Timings in the order of [`Finding`]. Intervals that are empty at a tenth of a second count and
/// are not named.
pub(super) fn of(events: &[Event]) -> Vec<Timing> {
    let mut by_finding: BTreeMap<Finding, Vec<(u32, u32)>> = BTreeMap::new();
    for event in events {
        for &finding in shown(event.kind) {
            let span = (tenths(event.start_s), tenths(event.end_s));
            by_finding.entry(finding).or_default().push(span);
        }
    }
    by_finding
        .into_iter()
        .filter_map(|(finding, all)| {
            let count = all.len();
            let named: Vec<_> = all.into_iter().filter(|(start, end)| start < end).collect();
            let keep = if count > SPANS_NAMED { 1 } else { count };
            let spans: Vec<_> = named.into_iter().take(keep).collect();
            (!spans.is_empty()).then_some(Timing {
                finding,
                count,
                spans,
            })
        })
        .collect()
}
