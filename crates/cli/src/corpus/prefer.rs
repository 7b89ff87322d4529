//! `laennec corpus prefer`: a manifest comes in, a file of true answers beside near misses goes out.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

use laennec_corpus::preferences::{Options, Table, write};
use laennec_corpus::{Recording, Written};

use super::failure;
use super::texts::named;
use crate::exit::Failure;
use crate::output::table;

/// Writes the pairs about recordings, named by `names` or by their opaque ids.
pub(super) fn prefer(
    path: &Path,
    recordings: &[Recording],
    seed: u64,
    names: &HashMap<String, String>,
) -> Result<Written<Table>, Failure> {
    let name = |recording: &Recording| named(recording, names);
    write(path, recordings, Options { seed }, &name).map_err(|error| failure(&error))
}

/// One row for each kind of near miss.
pub(super) fn text(written: &Written<Table>) -> String {
    let mut rows = vec![["WRONG", "PAIRS"].map(String::from)];
    for (attribute, count) in &written.table.attributes {
        rows.push([attribute.to_string(), count.to_string()]);
    }
    let mut text = table(&rows);
    let (pairs, recordings) = (written.table.pairs(), written.table.recordings);
    let _ = writeln!(text, "{pairs} pairs about {recordings} recordings");
    if written.unchanged {
        text.push_str("nothing changed: the file is as it was\n");
    }
    text
}
