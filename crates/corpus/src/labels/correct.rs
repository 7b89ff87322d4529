//! A recording and corrected events come in; the recording with these events and with the findings
//! that follow from them goes out.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::shown;
use crate::finding::{Finding, Presence};
use crate::ids;
use crate::recording::{Event, Provenance, Quality, Recording};
use crate::vocabulary::ancestors;

/// Version of the readers of label files.
const VERSION: u32 = 1;

/// Puts the events that were read from a label file, whose bytes are `file`, into a recording;
/// whether they are others than before.
///
/// What the new events show is present, with the wider findings that it implies; what only the old
/// ones showed is absent. An event that shows a wider finding alone, such as
/// [`Crackle`](crate::EventKind::Crackle), leaves the narrower ones unknown that are not present. All
/// other findings stay, and all those of a recording that cannot be judged. The record class stays as
/// it was published. [`Provenance`] tells the correction.
pub fn correct(recording: &mut Recording, events: Vec<Event>, file: &[u8]) -> bool {
    if recording.events == events {
        return false;
    }
    if recording.quality != Some(Quality::Poor) {
        recording.findings = following(&recording.findings, &recording.events, &events);
    }
    recording.events = events;
    recording.provenance = Provenance {
        reader: Provenance::CORRECTED.to_owned(),
        reader_version: VERSION,
        line: None,
        source_hash: ids::of_bytes(file),
    };
    true
}

fn following(
    findings: &[(Finding, Presence)],
    old: &[Event],
    new: &[Event],
) -> Vec<(Finding, Presence)> {
    let (old, new) = (shown_by(old), shown_by(new));
    let before = with_wider(&old);
    let mut after: BTreeMap<Finding, Presence> = findings.iter().copied().collect();
    after.extend(before.iter().map(|&finding| (finding, Presence::Absent)));
    let now = with_wider(&new);
    after.extend(now.into_iter().map(|finding| (finding, Presence::Present)));
    // A finding that no event shows may still imply a wider one.
    let present = after.iter().filter(|(_, is)| **is == Presence::Present);
    let implied = with_wider(&present.map(|(&finding, _)| finding).collect());
    after.extend(
        implied
            .intersection(&before)
            .map(|&finding| (finding, Presence::Present)),
    );
    after.retain(|&finding, is| {
        *is != Presence::Absent || !ancestors(finding).any(|wider| new.contains(&wider))
    });
    after.into_iter().collect()
}

fn shown_by(events: &[Event]) -> BTreeSet<Finding> {
    events
        .iter()
        .flat_map(|event| shown(event.kind))
        .copied()
        .collect()
}

fn with_wider(findings: &BTreeSet<Finding>) -> BTreeSet<Finding> {
    let wider = findings.iter().flat_map(|&finding| ancestors(finding));
    findings.iter().copied().chain(wider).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::{DataSet, Domain, EventKind};
    use Finding::{
        Adventitious, CoarseCrackle, Continuous, Discontinuous, FineCrackle, PleuralRub, Rhonchi,
        Wheeze,
    };
    use Presence::{Absent, Present};

    fn events(kinds: &[EventKind]) -> Vec<Event> {
        let event = |&kind| Event {
            start_s: 0.5,
            end_s: 1.5,
            kind,
        };
        kinds.iter().map(event).collect()
    }

    fn recording(findings: &[(Finding, Presence)], kinds: &[EventKind]) -> Recording {
        let (id, group) = ("0".repeat(16), "1".repeat(16));
        Recording {
            findings: findings.to_vec(),
            events: events(kinds),
            ..Recording::unlabelled(DataSet::SprSound, Domain::Lung, id, group)
        }
    }

    fn corrected(findings: &[(Finding, Presence)], old: EventKind, new: EventKind) -> Recording {
        let mut recording = recording(findings, &[old]);
        assert!(correct(&mut recording, events(&[new]), b"file"));
        recording
    }

    const NORMAL: [(Finding, Presence); 6] = [
        (Adventitious, Absent),
        (Continuous, Absent),
        (Wheeze, Absent),
        (Discontinuous, Absent),
        (FineCrackle, Absent),
        (CoarseCrackle, Absent),
    ];

    #[test]
    fn what_new_events_show_is_present_with_what_it_implies() {
        let one = corrected(&NORMAL, EventKind::Normal, EventKind::Wheeze);
        let expected = [
            (Adventitious, Present),
            (Continuous, Present),
            (Wheeze, Present),
        ];
        assert_eq!(one.findings, [expected.as_slice(), &NORMAL[3..]].concat());
        assert_eq!(one.provenance.reader, "annotate");
        assert_eq!(one.provenance.source_hash, ids::of_bytes(b"file"));
    }

    #[test]
    fn what_only_old_events_showed_is_absent() {
        let published = [
            (Adventitious, Present),
            (Continuous, Present),
            (Wheeze, Present),
            (Rhonchi, Absent),
        ];
        let one = corrected(&published, EventKind::Wheeze, EventKind::Rhonchi);
        let expected = [
            (Adventitious, Present),
            (Continuous, Present),
            (Wheeze, Absent),
            (Rhonchi, Present),
        ];
        assert_eq!(one.findings, expected);
        let none = corrected(&published, EventKind::Wheeze, EventKind::Normal);
        assert!(none.findings.iter().all(|(_, is)| *is == Absent));
    }

    #[test]
    fn a_finding_without_events_keeps_what_it_implies() {
        let published = [
            (Adventitious, Present),
            (Continuous, Present),
            (PleuralRub, Present),
        ];
        let one = corrected(&published, EventKind::Wheeze, EventKind::Normal);
        let expected = [
            (Adventitious, Present),
            (Continuous, Absent),
            (Wheeze, Absent),
            (PleuralRub, Present),
        ];
        assert_eq!(one.findings, expected);
    }

    #[test]
    fn a_crackle_of_no_kind_leaves_the_kinds_unknown() {
        let one = corrected(&NORMAL, EventKind::Normal, EventKind::Crackle);
        let expected = [
            (Adventitious, Present),
            (Continuous, Absent),
            (Wheeze, Absent),
            (Discontinuous, Present),
        ];
        assert_eq!(one.findings, expected);
    }

    #[test]
    fn the_same_events_and_a_poor_signal_change_no_finding() {
        let published = [(Finding::PoorSignal, Present)];
        let mut poor = recording(&published, &[EventKind::Normal]);
        poor.quality = Some(Quality::Poor);
        let same = poor.clone();
        assert!(!correct(&mut poor, events(&[EventKind::Normal]), b"file"));
        assert_eq!(poor, same);
        assert!(correct(&mut poor, events(&[EventKind::Wheeze]), b"file"));
        assert_eq!(poor.findings, published);
        assert!(poor.provenance.is_corrected());
    }
}
