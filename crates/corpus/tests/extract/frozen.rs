//! The sentences that the extractor is measured on are the frozen ones, and enough of them.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::sentences::{FILES, bytes, cases};

#[test]
fn they_are_the_frozen_ones() {
    let mut sums = String::new();
    for file in FILES {
        for byte in Sha256::digest(bytes(&format!("{file}.jsonl"))) {
            write!(sums, "{byte:02x}").unwrap();
        }
        writeln!(sums, "  {file}.jsonl").unwrap();
    }
    let frozen = String::from_utf8(bytes("SHA256SUMS")).unwrap();
    assert_eq!(sums, frozen);
}

#[test]
fn a_third_of_them_is_independent() {
    for (language, least) in [("_en", 300), ("_ja", 100)] {
        let count = |start: &str| -> usize {
            FILES
                .iter()
                .filter(|file| file.ends_with(language) && file.starts_with(start))
                .map(|file| cases(file).len())
                .sum()
        };
        let (all, independent) = (count(""), count("independent"));
        assert!(all >= least, "{all} sentences{language}");
        assert!(
            independent * 3 >= all,
            "{independent} of {all} sentences{language}"
        );
    }
}
