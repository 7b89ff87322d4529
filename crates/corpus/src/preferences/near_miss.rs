//! An item that is true of a recording comes in; the same with one attribute wrong goes out.

use super::row::Attribute;
use crate::facts::{Facts, closed};
use crate::finding::{Finding, Presence};
use crate::instructions::{Item, Kind, present};
use crate::recording::Domain;
use crate::site::{Area, Face, Side, Site};
use crate::wording::Draw;

/// Findings that may be taken for one another, by organ.
const LUNG: &[Finding] = &[
    Finding::Wheeze,
    Finding::Rhonchi,
    Finding::Stridor,
    Finding::Discontinuous,
    Finding::FineCrackle,
    Finding::CoarseCrackle,
];
const HEART: &[Finding] = &[
    Finding::SystolicMurmur,
    Finding::DiastolicMurmur,
    Finding::S3,
    Finding::S4,
    Finding::Arrhythmia,
];

/// The near misses of an item. `all` is what is known of the recording.
#[expect(
    clippy::too_many_lines,
    reason = "one arm for each attribute that can be wrong"
)]
pub(super) fn near_misses(item: &Item, all: &Facts, draw: &mut Draw) -> Vec<(Attribute, Item)> {
    let mut found = Vec::new();
    let mut add = |attribute, kind: Kind, states: Facts| {
        let (class, gold) = (item.class.clone(), item.gold);
        found.push((
            attribute,
            Item {
                kind,
                states,
                class,
                gold,
            },
        ));
    };
    let states = &item.states;
    match &item.kind {
        Kind::Binary(finding) => {
            let turned = match states.findings.get(finding) {
                Some(Presence::Present) => Presence::Absent,
                _ => Presence::Present,
            };
            let findings = [(*finding, turned)].into();
            add(
                Attribute::Presence,
                item.kind.clone(),
                Facts {
                    findings,
                    ..Facts::default()
                },
            );
        }
        Kind::Findings | Kind::SiteGiven => {
            let heard = present(&states.findings);
            let with = |findings: Vec<(Finding, Presence)>| Facts {
                findings: findings.into_iter().collect(),
                site: states.site,
                ..Facts::default()
            };
            let other = absent(all, draw);
            match (heard.as_slice(), other) {
                ([], Some(other)) => {
                    let wrong = with(vec![(other, Presence::Present)]);
                    add(Attribute::Presence, item.kind.clone(), wrong);
                }
                ([_, rest @ ..], other) => {
                    if let Some(other) = other {
                        let mut findings: Vec<_> = rest
                            .iter()
                            .map(|&finding| (finding, Presence::Present))
                            .collect();
                        findings.push((other, Presence::Present));
                        add(Attribute::Type, item.kind.clone(), with(findings));
                    }
                    let root = root(all);
                    if all.findings.get(&root) == Some(&Presence::Present) {
                        let wrong = with(vec![(root, Presence::Absent)]);
                        add(Attribute::Presence, item.kind.clone(), wrong);
                    }
                }
                ([], None) => {}
            }
        }
        Kind::When(finding) => {
            if let Some(timings) = moved(states, all, *finding, draw) {
                add(
                    Attribute::Time,
                    item.kind.clone(),
                    Facts {
                        timings,
                        ..states.clone()
                    },
                );
            }
            if let Some(other) = absent(all, draw) {
                let timings = states.timings.iter().cloned().map(|mut timing| {
                    timing.finding = other;
                    timing
                });
                let wrong = Facts {
                    timings: timings.collect(),
                    findings: [(other, Presence::Present)].into(),
                    ..Facts::default()
                };
                add(Attribute::Type, Kind::When(other), wrong);
            }
        }
        Kind::Phase(_) if states.phases.len() == 1 => {
            let phases = states
                .phases
                .iter()
                .map(|&(finding, phase)| (finding, phase.other()));
            let wrong = Facts {
                phases: phases.collect(),
                ..states.clone()
            };
            add(Attribute::Phase, item.kind.clone(), wrong);
        }
        Kind::SiteHeard => {
            let site = states.site.and_then(|site| elsewhere(site, draw));
            if site.is_some() {
                add(
                    Attribute::Site,
                    item.kind.clone(),
                    Facts {
                        site,
                        ..Facts::default()
                    },
                );
            }
        }
        _ => {}
    }
    found
}

const fn organ(lung: bool) -> &'static [Finding] {
    if lung { LUNG } else { HEART }
}

fn root(all: &Facts) -> Finding {
    if all.domains.contains(&Domain::Lung) {
        Finding::Adventitious
    } else {
        Finding::AbnormalHeart
    }
}

/// A finding that is known to be absent.
fn absent(all: &Facts, draw: &mut Draw) -> Option<Finding> {
    let known = closed(
        all.findings
            .iter()
            .map(|(&finding, &presence)| (finding, presence)),
    );
    let mut absent: Vec<Finding> = organ(all.domains.contains(&Domain::Lung))
        .iter()
        .copied()
        .filter(|&finding| {
            known.contains(&(finding, Presence::Absent))
                && !known.contains(&(finding, Presence::Present))
        })
        .collect();
    draw.shuffle(&mut absent);
    absent.first().copied()
}

/// The timings with one interval moved to where the finding is not annotated, within the recording.
fn moved(
    states: &Facts,
    all: &Facts,
    finding: Finding,
    draw: &mut Draw,
) -> Option<Vec<crate::facts::Timing>> {
    let mut timings = states.timings.clone();
    let spans = &mut timings.first_mut()?.spans;
    let taken: Vec<(u32, u32)> = all
        .timings
        .iter()
        .filter(|timing| timing.finding == finding)
        .flat_map(|timing| timing.spans.clone())
        .collect();
    let at = draw.below(spans.len());
    let length = spans[at].1 - spans[at].0;
    let last = all.tenths?.checked_sub(length)?;
    // Free of the finding for all its length, and so far off that it is no question of rounding.
    let mut free: Vec<u32> = (0..=last)
        .filter(|&start| {
            taken
                .iter()
                .all(|&(from, to)| start + length + 3 <= from || start >= to + 3)
        })
        .collect();
    draw.shuffle(&mut free);
    let start = *free.first()?;
    spans[at] = (start, start + length);
    spans.sort_unstable();
    Some(timings)
}

/// Another site of the same kind, that differs in one part.
fn elsewhere(site: Site, draw: &mut Draw) -> Option<Site> {
    let mut others: Vec<Site> = match site {
        Site::Area(_) => Area::ALL
            .iter()
            .take(5)
            .map(|&area| Site::Area(area))
            .collect(),
        Site::Lung { side, level, face } => {
            let turned = match side {
                Some(Side::Left) => Some(Side::Right),
                Some(Side::Right) => Some(Side::Left),
                other => other,
            };
            let faces = Face::ALL.iter().map(|&face| Site::Lung {
                side,
                level,
                face: Some(face),
            });
            let faces = faces.filter(|_| face.is_some());
            faces
                .chain([Site::Lung {
                    side: turned,
                    level,
                    face,
                }])
                .collect()
        }
    };
    others.retain(|&other| other != site);
    draw.shuffle(&mut others);
    others.first().copied()
}
