//! `laennec corpus prefer`: a manifest comes in, a file of true answers beside near misses goes out.

use std::fmt::Write as _;

use clap::Args;
use laennec_corpus::Recording;
use laennec_corpus::preferences::{Options, write};

use super::failure;
use super::texts::{Texts, named};
use crate::arguments::Folders;
use crate::exit::Failure;
use crate::output::{print, table};

/// The arguments of `laennec corpus prefer`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    texts: Texts,
}

/// Writes the pairs and prints the table.
pub(super) fn run(arguments: &Arguments, folders: &Folders) -> Result<(), Failure> {
    let texts = &arguments.texts;
    let recordings = texts.recordings()?;
    let names = texts.names(folders)?;
    let name = |recording: &Recording| named(recording, &names);
    let options = Options { seed: texts.seed };
    let written =
        write(&texts.output, &recordings, options, &name).map_err(|error| failure(&error))?;
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
    print(&text)
}
