//! A sentence of tokens goes in; clauses with the phrases, cues and sites found in them come out.

use super::cues::{BOUNDARIES, Reach, Says};
use super::lexicon::cue_at;
use super::phrases::{Match, Names, diminished, phrase_at};
use super::senses::is_other;
use super::sites::site_at;
use super::tokens::Token;
use crate::extract::word_list::Words;
use crate::finding::Finding::{
    self, CoarseCrackle, ContinuousMurmur, DiastolicMurmur, Discontinuous, FineCrackle, Murmur, S3,
    S4, SystolicMurmur,
};
use crate::site::Site;

/// Part of a sentence over which a cue may reach.
pub(super) struct Clause<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) mentions: Vec<Mention>,
    pub(super) cues: Vec<CueAt>,
    pub(super) sites: Vec<SiteAt>,
}

/// Findings named at a place; places are indices of tokens in the clause.
pub(super) struct Mention {
    pub(super) start: usize,
    pub(super) found: Match,
    /// The narrower finding that a word after it tells ("crackles, fine in character").
    pub(super) refined: Option<Finding>,
}

/// A cue at a place.
#[derive(Clone, Copy)]
pub(super) struct CueAt {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) says: Says,
    pub(super) reach: Reach,
}

/// A site at a place; none for a place on the body that is no listening point.
pub(super) struct SiteAt {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) site: Option<Site>,
}

/// Cuts a sentence at the boundary words and analyses each part.
pub(super) fn clauses(sentence: &[Token]) -> Vec<Clause<'_>> {
    let mut breath = sentence.windows(2).any(|pair| {
        matches!(
            [pair[0].word.as_str(), pair[1].word.as_str()],
            ["air", "entry"] | ["breath", "sound"]
        )
    });
    let mut clauses: Vec<Clause<'_>> = parts(sentence)
        .map(|tokens| {
            let (mentions, cues) = mentions_and_cues(tokens, &mut breath);
            Clause {
                tokens,
                mentions,
                cues,
                sites: sites(tokens),
            }
        })
        .collect();
    for at in 1..clauses.len() {
        if let Some(mention) = shared_noun(&clauses[at - 1], &clauses[at]) {
            clauses[at - 1].mentions.push(mention);
        }
    }
    clauses
}

/// The parts between boundary words. ", which" begins one; "otherwise" before a state ends none.
fn parts(sentence: &[Token]) -> impl Iterator<Item = &[Token]> {
    let word = |at: usize| sentence.get(at).map_or("", |token| token.word.as_str());
    let mut cuts = vec![0];
    for at in 0..sentence.len() {
        let boundary = BOUNDARIES.contains(word(at));
        let kept = word(at) == "otherwise" && CLEARED.contains(word(at + 1));
        let relative = word(at) == "," && word(at + 1) == "which";
        if (boundary && !kept) || relative {
            cuts.extend([at, at + 1]);
        }
    }
    cuts.push(sentence.len());
    let spans: Vec<(usize, usize)> = cuts.chunks(2).map(|cut| (cut[0], cut[1])).collect();
    spans
        .into_iter()
        .filter(|(from, to)| from < to)
        .map(|(from, to)| &sentence[from..to])
}

/// States of a noun that stands before "otherwise".
const CLEARED: Words = Words(
    "clear|normal|unremarkable|regular|equal|good|vesicular|quiet|silent|symmetrical|irregular",
);

/// "Systolic but no diastolic murmur": an adjective at the end of a clause whose noun stands in
/// the next.
fn shared_noun(clause: &Clause<'_>, next: &Clause<'_>) -> Option<Mention> {
    let start = clause.tokens.len() - 1;
    let first = next.mentions.first().filter(|first| first.start <= 3)?;
    let kinds = [
        ("systolic", SystolicMurmur),
        ("diastolic", DiastolicMurmur),
        ("fine", FineCrackle),
        ("coarse", CoarseCrackle),
    ];
    let &(word, kind) = kinds
        .iter()
        .find(|(word, _)| *word == clause.tokens[start].word)?;
    let Names::One(other) = first.found.phrase.names else {
        return None;
    };
    let murmur = matches!(word, "systolic" | "diastolic");
    let alike = if murmur {
        matches!(other, SystolicMurmur | DiastolicMurmur | ContinuousMurmur)
    } else {
        matches!(other, FineCrackle | CoarseCrackle)
    };
    alike.then(|| Mention {
        start,
        found: Match {
            end: start + 1,
            denied: false,
            doubted: false,
            ..first.found
        },
        refined: Some(kind),
    })
}

/// The findings named and the cues. `breath` is whether the sentence has said how breath sounds
/// are.
fn mentions_and_cues(tokens: &[Token], breath: &mut bool) -> (Vec<Mention>, Vec<CueAt>) {
    let (mut mentions, mut cues) = (Vec::<Mention>::new(), Vec::new());
    let mut at = 0;
    // Between the brackets that follow a finding, which only name it again.
    let mut in_gloss = false;
    while at < tokens.len() {
        let word = tokens[at].word.as_str();
        let after_finding = mentions
            .last()
            .is_some_and(|mention| mention.found.end == at);
        in_gloss = (in_gloss && word != ")") || (word == "(" && after_finding);
        let mut cue = cue_at(tokens, at, after_finding);
        let phrase = phrase_at(tokens, at)
            .filter(|found| !is_verb(tokens, found) && !is_other(tokens, at, found))
            .or_else(|| elliptic(tokens, at, *breath));
        // "No reduction in breath sounds" denies what "no reduction in" would leave standing.
        let longer = |cue: &CueAt| phrase_at(tokens, at + 1).is_some_and(|next| next.end > cue.end);
        if word == "no" && cue.is_some_and(|cue| cue.end > at + 1 && longer(&cue)) {
            let (says, reach, end) = (Says::Absent, Reach::Forward, at + 1);
            cue = Some(CueAt {
                start: at,
                end,
                says,
                reach,
            });
        }
        let cue_end = cue.map_or(at, |cue| cue.end);
        if let Some(found) = phrase.filter(|phrase| phrase.end >= cue_end) {
            let end = found.end;
            let likened = tokens.get(end).is_some_and(|token| token.word == "like");
            *breath |= found.phrase.is_breath();
            // "Lungs clear of crackles" says it of the crackles alone.
            let of = tokens.get(end).is_some_and(|token| token.word == "of")
                && tokens[end - 1].word == "clear";
            if of {
                cues.push(CueAt {
                    start: end,
                    end: end + 1,
                    says: Says::Absent,
                    reach: Reach::Forward,
                });
            }
            if !in_gloss && !likened && !of {
                mentions.push(Mention {
                    start: at,
                    found,
                    refined: refined(tokens, &found),
                });
            }
            at = end;
        } else {
            cues.extend(cue);
            at = cue_end.max(at + 1);
        }
    }
    (mentions, cues)
}

/// "Breath sounds normal on the right, reduced on the left", "air entry has improved but remains
/// reduced": a state whose noun stands earlier.
fn elliptic(tokens: &[Token], at: usize, breath: bool) -> Option<Match> {
    let state = matches!(
        tokens[at].word.as_str(),
        "diminished" | "decreased" | "reduced"
    );
    let placed = tokens
        .get(at + 1)
        .is_some_and(|next| matches!(next.word.as_str(), "on" | "at" | "in" | "over"));
    let before = at
        .checked_sub(1)
        .map_or("", |before| tokens[before].word.as_str());
    let ends = tokens.len() == at + 1 && matches!(before, "remain" | "remained" | "stay" | "still");
    (breath && state && (placed || ends)).then(|| Match {
        end: at + 1,
        ..diminished()
    })
}

/// "Crackles at the bases clear with coughing": the last word is no state of the bases.
fn is_verb(tokens: &[Token], found: &Match) -> bool {
    tokens[found.end - 1].word == "clear"
        && tokens[found.end..]
            .iter()
            .take(4)
            .any(|token| token.word.starts_with("cough"))
}

/// Words after a finding among which one may still tell its kind.
const REFINING: usize = 7;

/// The kind of crackle or murmur that a word after it tells: "crackles, fine in character",
/// "murmur (systolic)".
fn refined(tokens: &[Token], found: &Match) -> Option<Finding> {
    let kinds: &[(&str, Finding)] = match found.phrase.names {
        Names::Gallop => {
            let word = |at: usize| {
                tokens
                    .get(found.end + at)
                    .map_or("", |token| token.word.as_str())
            };
            return match (word(0), word(1)) {
                ("(", "s3" | "third") => Some(S3),
                ("(", "s4" | "fourth") => Some(S4),
                _ => None,
            };
        }
        Names::One(Discontinuous) => &[("fine", FineCrackle), ("coarse", CoarseCrackle)],
        Names::One(Murmur) => &[
            ("systolic", SystolicMurmur),
            ("holosystolic", SystolicMurmur),
            ("pansystolic", SystolicMurmur),
            ("diastolic", DiastolicMurmur),
            ("continuous", ContinuousMurmur),
        ],
        _ => return None,
    };
    for at in found.end..tokens.len().min(found.end + REFINING) {
        let word = tokens[at].word.as_str();
        let other = matches!(
            word,
            "and" | "or" | "nor" | "no" | "without" | "not" | "neither"
        );
        if other || phrase_at(tokens, at).is_some() {
            return None;
        }
        let Some(&(_, kind)) = kinds.iter().find(|(name, _)| *name == word) else {
            continue;
        };
        let next = tokens.get(at + 1).map_or("", |token| token.word.as_str());
        let ends = matches!(
            next,
            "" | "," | ")" | "in" | "at" | "over" | "on" | "heard" | "and" | "with" | "best"
        );
        return ends.then_some(kind);
    }
    None
}

/// "Up to the midzones", "radiating to the neck", "worse on the right": how far or how much, not
/// where.
fn is_goal(tokens: &[Token], start: usize) -> bool {
    let word = |back: usize| {
        start
            .checked_sub(back)
            .map_or("", |at| tokens[at].word.as_str())
    };
    let to = usize::from(word(1) == "the") + 1;
    let verb = matches!(
        word(to + 1),
        "up" | "extending"
            | "extend"
            | "radiating"
            | "radiate"
            | "radiation"
            | "transmitted"
            | "conducted"
    );
    let more = matches!(
        word(1),
        "worse" | "more" | "louder" | "greater" | "predominantly" | "especially" | "particularly"
    );
    (word(to) == "to" && verb) || more
}

fn sites(tokens: &[Token]) -> Vec<SiteAt> {
    let mut sites = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if let Some((site, end)) = site_at(tokens, at).filter(|_| !is_goal(tokens, at)) {
            sites.push(SiteAt {
                start: at,
                end,
                site,
            });
            at = end;
        } else {
            at += 1;
        }
    }
    sites
}
