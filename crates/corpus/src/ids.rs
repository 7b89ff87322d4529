//! A publisher's name goes in, an opaque id comes out.
//!
//! File names of the field's data sets carry age, sex and diagnosis. An id is the first 16 hex
//! digits (64 bits) of a SHA-256 over the project's name, the data set, what is named and the
//! published name, separated by `|`. It is the same on every machine, so that splits and
//! corrections can be compared, and it is a pseudonym: whoever holds the data set can compute it
//! again, nobody reads a name off it.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::recording::DataSet;

/// Hex digits of an id.
pub const LENGTH: usize = 16;

/// The id of a recording, from the stem (name without extension) it was published under.
pub fn recording(data_set: DataSet, stem: &str) -> String {
    digest(&["laennec", data_set.name(), stem])
}

/// The id of a subject, from the publisher's number or name for it.
pub fn subject(data_set: DataSet, published: &str) -> String {
    digest(&["laennec", data_set.name(), "subject", published])
}

/// The id of a group, from what its members have in common.
pub fn group(data_set: DataSet, published: &str) -> String {
    digest(&["laennec", data_set.name(), "group", published])
}

/// First [`LENGTH`] hex digits of the SHA-256 of some bytes.
pub(crate) fn of_bytes(bytes: &[u8]) -> String {
    let mut text = hex(&Sha256::digest(bytes));
    text.truncate(LENGTH);
    text
}

fn digest(parts: &[&str]) -> String {
    of_bytes(parts.join("|").as_bytes())
}

/// Bytes as lower-case hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
            write!(text, "{byte:02x}").expect("writing to a String cannot fail");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with `printf 'laennec|sprsound|a_1_0_p1_7' | sha256sum`.
    #[test]
    fn an_id_is_the_documented_digest() {
        assert_eq!(
            recording(DataSet::SprSound, "a_1_0_p1_7"),
            "f9dbe7c41063fd50"
        );
    }

    #[test]
    fn kinds_and_data_sets_do_not_share_ids() {
        let ids = [
            recording(DataSet::Kauh, "7"),
            subject(DataSet::Kauh, "7"),
            group(DataSet::Kauh, "7"),
            subject(DataSet::SprSound, "7"),
        ];
        let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(distinct.len(), ids.len());
        assert!(ids.iter().all(|id| id.len() == LENGTH));
    }
}
