//! A text and the facts of a recording come in; what the text says that the facts refute goes out.
//! What they merely do not know is not refuted.

use super::claim::Claim;
use super::read::read;
use crate::facts::{Facts, closed};
use crate::finding::Presence;
use crate::site::Site;

/// The claims of a text that the facts show to be false: a finding that is known to be otherwise,
/// another site, a phase or an interval in which the finding is known not to be.
pub fn refuted(text: &str, facts: &Facts) -> Vec<Claim> {
    let known = closed(
        facts
            .findings
            .iter()
            .map(|(&finding, &presence)| (finding, presence)),
    );
    let is_false = |claim: &Claim| match claim {
        Claim::Finding(finding, presence @ (Presence::Present | Presence::Absent)) => {
            let other = match presence {
                Presence::Present => Presence::Absent,
                _ => Presence::Present,
            };
            known.contains(&(*finding, other)) && !known.contains(&(*finding, *presence))
        }
        Claim::Site(said) => {
            let said = said.parse::<Site>().ok();
            facts
                .site
                .zip(said)
                .is_some_and(|(site, said)| excludes(site, said))
        }
        Claim::Phase(finding, phase) => {
            let mut of = facts
                .phases
                .iter()
                .filter(|(one, _)| one == finding)
                .peekable();
            of.peek().is_some() && of.all(|(_, known)| known != phase)
        }
        Claim::Time(finding, start, end) => facts.timings.iter().any(|timing| {
            timing.finding == *finding
                && timing.count == timing.spans.len()
                && !timing.spans.contains(&(*start, *end))
        }),
        _ => false,
    };
    read(text).into_iter().filter(is_false).collect()
}

/// Whether a recording at `site` was not taken at `said`: a part that both name differs.
fn excludes(site: Site, said: Site) -> bool {
    match (site, said) {
        (
            Site::Lung { side, level, face },
            Site::Lung {
                side: s,
                level: l,
                face: f,
            },
        ) => {
            side.zip(s).is_some_and(|(one, two)| one != two)
                || level.zip(l).is_some_and(|(one, two)| one != two)
                || face.zip(f).is_some_and(|(one, two)| one != two)
        }
        (one, two) => one != two,
    }
}
