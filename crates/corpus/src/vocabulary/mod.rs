//! The clinical vocabulary: a finding goes in, its terms and its place among the others come out.
//!
//! Version 1 has English terms. Codes of SNOMED CT or LOINC are not in it: none was verified.

use crate::finding::Finding;

mod table;

pub use table::TABLE;

/// Version of the table, for bundles that depend on its terms.
pub const VERSION: u32 = 1;

/// One finding and its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concept {
    /// The finding.
    pub finding: Finding,
    /// The wider finding that it implies.
    pub parent: Option<Finding>,
    /// The term that reports use, in the singular.
    pub preferred: &'static str,
    /// Other terms for it, in the singular.
    pub synonyms: &'static [&'static str],
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
        let mut seen = BTreeSet::new();
        for concept in TABLE {
            for term in concept.synonyms.iter().chain([&concept.preferred]) {
                assert!(seen.insert(*term), "{term}");
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
