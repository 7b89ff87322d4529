//! "Neither lung has crackles", "crackles in none of the recordings": a denial of everything that
//! could carry a finding denies the finding.
//!
//! In: a clause and the place of a list of findings. Out: where such a denial of it stands.

use std::ops::Range;

use super::clause::Clause;
use crate::extract::word_list::Words;

/// Words that deny what follows them.
const DENIALS: Words = Words("no|neither|none|nobody");

/// What may stand between the denial and what carries a finding.
const BETWEEN: Words = Words(
    "of|the|these|those|his|her|its|their|both|two|three|four|five|six|single|one|such|lung|chest|\
     heart|upper|lower|middle|mid|left|right|posterior|anterior|lateral|auscultated|auscultatory|\
     auscultation|recorded|examined|listening|breath|respiratory",
);

/// What carries a finding.
const CARRIERS: Words = Words(
    "chest|thorax|precordium|back|heart|recording|recordings|clip|clips|file|files|sample|samples|lung|lungs|lobe|lobes|base|bases|apex|\
     apices|field|fields|zone|zones|midzone|midzones|side|sides|hemithorax|quadrant|quadrants|area|areas|\
     region|regions|part|parts|portion|portions|position|positions|site|sites|point|points|location|\
     locations|place|places|spot|spots|patient|patients|child|children|subject|subjects|person|persons|\
     breath|breaths|cycle|cycles|phase|phases|window|windows|segment|segments|examination|examinations|\
     them|these|those|two|three|four",
);

/// Verbs that say of a carrier what it carries.
const CARRY: Words = Words(
    "has|have|had|shows|show|showed|contains|contain|contained|reveals|reveal|revealed|demonstrates|\
     demonstrate|demonstrated|exhibits|exhibit|exhibited|carries|carry|displays|display|displayed|bears|\
     holds|is|are|was|were|with|presents|produced|produces|yields|yielded|gave|gives",
);

/// Words that say of the findings before them that they are.
const OWN_VERBS: Words =
    Words("is|are|was|were|can|could|may|appear|appears|remain|remains|persist");

/// Words that begin a place.
const PLACING: Words = Words("in|on|at|over|from|across|throughout|within");

/// Most words between a denial and its carrier.
const MOST_BETWEEN: usize = 5;

/// Where the clause denies, of everything that could carry it, the list of findings from `start` to
/// `end`; the next list begins at `next`.
pub(super) fn denial(
    clause: &Clause<'_>,
    start: usize,
    end: usize,
    next: usize,
) -> Option<Range<usize>> {
    before(clause, start, end).or_else(|| behind(clause, end, next))
}

/// "Neither lung has crackles", "over none of the areas are crackles heard".
fn before(clause: &Clause<'_>, start: usize, end: usize) -> Option<Range<usize>> {
    let word = |at: usize| clause.tokens.get(at).map_or("", |t| t.word.as_str());
    let range = denials(clause, 0, start).last()?;
    let mut rest = (range.end..start).map(word);
    if rest.clone().any(|word| matches!(word, ":" | ";")) {
        return None;
    }
    if range.start > 0 && PLACING.contains(word(range.start - 1)) {
        return Some(range);
    }
    // A list with a verb of its own is not what the carrier carries, nor is what another statement
    // between them tells: "no lung field is dull, there are crackles".
    let own = OWN_VERBS.contains(word(end));
    let carried = rest.next().is_some_and(|verb| CARRY.contains(verb));
    let apart = rest.any(|word| word == "there" || OWN_VERBS.contains(word));
    (carried && !own && !apart).then_some(range)
}

/// "Crackles are heard in neither lung", "wheeze nowhere".
fn behind(clause: &Clause<'_>, end: usize, next: usize) -> Option<Range<usize>> {
    let word = |at: usize| clause.tokens[at].word.as_str();
    if let Some(at) = (end..next).find(|&at| word(at) == "nowhere") {
        return Some(at..at + 1);
    }
    denials(clause, end, next)
        .find(|range| range.start > end && PLACING.contains(word(range.start - 1)))
}

/// Denials with their carriers between two places.
fn denials<'a>(
    clause: &'a Clause<'_>,
    from: usize,
    to: usize,
) -> impl Iterator<Item = Range<usize>> + 'a {
    let word = move |at: usize| clause.tokens.get(at).map_or("", |t| t.word.as_str());
    (from..to).filter_map(move |at| {
        let not_one = word(at) == "not" && matches!(word(at + 1), "one" | "a");
        if !not_one && !DENIALS.contains(word(at)) {
            return None;
        }
        let first = at + if not_one { 2 } else { 1 };
        let alone =
            matches!(word(at), "neither" | "none" | "nobody") && CARRY.contains(word(first));
        if alone {
            return Some(at..first);
        }
        let last = (first..to.min(first + MOST_BETWEEN))
            .take_while(|&at| CARRIERS.contains(word(at)) || BETWEEN.contains(word(at)))
            .last()?;
        CARRIERS.contains(word(last)).then_some(at..last + 1)
    })
}
