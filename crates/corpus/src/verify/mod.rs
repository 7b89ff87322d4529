//! Reads a text back: a text and the facts of its recording come in, what the text leaves out, adds
//! or must not say goes out. Nothing here knows how texts are written.
//!
//! Both sides become sets of [`Claim`]s. Findings are compared with what they imply: "fine crackles"
//! says that there are crackles, "no adventitious sounds" that there is no wheeze. Findings and
//! sites are read by [`extract`](crate::extract); times, phases, sex, age group, device, diagnosis,
//! measures and numbers here.

mod claim;
mod hidden;
mod lexicon;
mod places;
mod read;
mod refuted;
mod times;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::extract::extract;
use crate::facts::{Facts, Mode};
use crate::finding::{Finding, Presence};

pub(crate) use claim::seconds;
pub use claim::{Claim, claims};
pub use hidden::label_words;
pub use read::{numbers, read};
pub use refuted::refuted;

/// How a text differs from the facts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Facts that the text does not state.
    pub missing: Vec<Claim>,
    /// What the text states and the facts do not.
    pub added: Vec<Claim>,
    /// Words that give a hidden label away.
    pub forbidden: Vec<String>,
    /// The text has no words at all.
    pub empty: bool,
}

impl Difference {
    /// Whether the text says exactly what the facts say.
    pub fn is_none(&self) -> bool {
        self.missing.is_empty() && self.is_true()
    }

    /// Whether the text says nothing but what the facts say; it may leave things out.
    pub fn is_true(&self) -> bool {
        self.added.is_empty() && self.forbidden.is_empty() && !self.empty
    }

    /// The kinds of what is wrong, each once: `finding`, `site`, `time`, `forbidden`, ...
    pub fn kinds(&self) -> BTreeSet<&'static str> {
        let claims = self.missing.iter().chain(&self.added).map(Claim::kind);
        let forbidden = (!self.forbidden.is_empty()).then_some("forbidden");
        claims
            .chain(forbidden)
            .chain(self.empty.then_some("empty"))
            .collect()
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if self.empty {
            parts.push("empty".to_owned());
        }
        for (what, claims) in [("left out", &self.missing), ("added", &self.added)] {
            if !claims.is_empty() {
                let claims: Vec<String> = claims.iter().map(Claim::to_string).collect();
                parts.push(format!("{what}: {}", claims.join(", ")));
            }
        }
        if !self.forbidden.is_empty() {
            parts.push(format!("forbidden: {}", self.forbidden.join(", ")));
        }
        f.write_str(&parts.join("; "))
    }
}

/// All differences between a text and the facts that it was to state in `mode`. Which organ was
/// listened to may be left out, but not said wrongly.
pub fn differences(text: &str, facts: &Facts, mode: Mode) -> Difference {
    let (due, said) = (claims(facts), read(text));
    Difference {
        missing: due
            .difference(&said)
            .filter(|claim| !matches!(claim, Claim::Organ(_)))
            .cloned()
            .collect(),
        added: said.difference(&due).cloned().collect(),
        forbidden: match mode {
            Mode::Full => Vec::new(),
            Mode::LabelsHidden => label_words(text),
        },
        empty: text.trim().is_empty(),
    }
}

/// What a text says of each finding, word for word: nothing implied is added, and what it calls
/// not assessed is left out unless it says something else of the finding too.
pub fn stated(text: &str) -> BTreeMap<Finding, BTreeSet<Presence>> {
    let mut stated: BTreeMap<Finding, BTreeSet<Presence>> = BTreeMap::new();
    for said in extract(text) {
        stated
            .entry(said.finding)
            .or_default()
            .insert(said.presence);
    }
    stated.retain(|_, said| said.len() > 1 || !said.contains(&Presence::NotAssessed));
    stated
}
