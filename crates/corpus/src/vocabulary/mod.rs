//! The clinical vocabulary: a finding or diagnosis goes in, its terms in English and Japanese and
//! its place among the others come out.
//!
//! Version 2 has Japanese terms, diagnoses and many more synonyms. It has no code of SNOMED CT:
//! which codes are in the Global Patient Set could not be verified.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::recording::words;

mod diagnoses;
mod heart;
mod lung;
mod murmurs;
mod signal;
mod sites;
mod table;

pub use diagnoses::{DIAGNOSES, DiagnosisConcept, diagnosis, diagnosis_named};
pub use sites::site_name;
pub use table::TABLE;

/// Version of the table, for bundles that depend on its terms.
pub const VERSION: u32 = 2;

words! {
    /// A language of the vocabulary.
    Language {
        /// English.
        English = "en",
        /// Japanese.
        Japanese = "ja",
    }
}

/// One finding and its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concept {
    /// The finding.
    pub finding: Finding,
    /// The wider finding that it implies.
    pub parent: Option<Finding>,
    /// The term that English reports use, in the singular.
    pub preferred: &'static str,
    /// Other English terms for it, in the singular.
    pub synonyms: &'static [&'static str],
    /// The term that Japanese reports use.
    pub preferred_japanese: &'static str,
    /// Other Japanese terms for it, in lower case where they have Latin letters.
    pub synonyms_japanese: &'static [&'static str],
}

impl Concept {
    /// The term for reports in a language.
    pub const fn display(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.preferred,
            Language::Japanese => self.preferred_japanese,
        }
    }

    /// All terms in a language, the one for reports first.
    pub fn terms(&self, language: Language) -> impl Iterator<Item = &'static str> + use<> {
        let synonyms = match language {
            Language::English => self.synonyms,
            Language::Japanese => self.synonyms_japanese,
        };
        std::iter::once(self.display(language)).chain(synonyms.iter().copied())
    }
}

/// A concept of the table.
const fn concept_of(
    finding: Finding,
    parent: Option<Finding>,
    preferred: &'static str,
    synonyms: &'static [&'static str],
    preferred_japanese: &'static str,
    synonyms_japanese: &'static [&'static str],
) -> Concept {
    Concept {
        finding,
        parent,
        preferred,
        synonyms,
        preferred_japanese,
        synonyms_japanese,
    }
}

/// The concept of a finding.
pub fn concept(finding: Finding) -> &'static Concept {
    let found = TABLE.iter().find(|concept| concept.finding == finding);
    found.expect("the table has every finding, see its test")
}

/// The wider findings that a finding implies, the nearest first.
pub fn ancestors(finding: Finding) -> impl Iterator<Item = Finding> {
    std::iter::successors(concept(finding).parent, |&wider| concept(wider).parent)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_has_every_finding_once_in_order() {
        let found: Vec<Finding> = TABLE.iter().map(|concept| concept.finding).collect();
        assert_eq!(found, Finding::ALL);
    }

    #[test]
    fn no_term_stands_for_two_findings() {
        for &language in Language::ALL {
            let mut seen = BTreeSet::new();
            for concept in TABLE {
                for term in concept.terms(language) {
                    assert!(!term.is_empty() && seen.insert(term), "{term}");
                    assert_eq!(term, term.to_lowercase().as_str().trim(), "{term}");
                }
            }
        }
    }

    #[test]
    fn ancestors_end() {
        let of_fine: Vec<_> = ancestors(Finding::FineCrackle).collect();
        assert_eq!(of_fine, [Finding::Discontinuous, Finding::Adventitious]);
        for &finding in Finding::ALL {
            assert!(
                ancestors(finding).take(5).count() < 5,
                "{finding} is its own ancestor"
            );
        }
    }
}
