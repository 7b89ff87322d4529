//! `laennec corpus instruct`: a manifest comes in, a file of questions and answers about its
//! recordings goes out, with a table of what it holds.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

use laennec_corpus::instructions::{Length, Options, Style, Table, write};
use laennec_corpus::{Recording, Split, Written};

use super::failure;
use super::texts::named;
use crate::exit::Failure;
use crate::output::table;

/// Writes the instructions about recordings, named by `names` or by their opaque ids.
pub(super) fn instruct(
    path: &Path,
    recordings: &[Recording],
    seed: u64,
    names: &HashMap<String, String>,
) -> Result<Written<Table>, Failure> {
    let name = |recording: &Recording| named(recording, names);
    write(path, recordings, Options { seed }, &name).map_err(|error| failure(&error))
}

/// One row for each task.
pub(super) fn text(written: &Written<Table>) -> String {
    let totals = &written.table;
    let mut head = vec!["TASK", "PAIRS", "GOLD", "FACTS", "CLASSES"];
    head.extend(Style::ALL.iter().map(|style| style.word()));
    head.extend(Length::ALL.iter().map(|length| length.word()));
    head.push(Split::Validation.word());
    let mut rows = vec![
        head.iter()
            .map(|word| word.to_uppercase())
            .collect::<Vec<_>>(),
    ];
    for (task, row) in &totals.tasks {
        let mut cells = vec![task.word().to_owned()];
        cells.extend([row.pairs, row.gold, row.facts, row.classes].map(|count| count.to_string()));
        let style = |style: &Style| row.styles.get(style).copied().unwrap_or(0).to_string();
        cells.extend(Style::ALL.iter().map(style));
        let length = |length: &Length| row.lengths.get(length).copied().unwrap_or(0).to_string();
        cells.extend(Length::ALL.iter().map(length));
        let validation = row.splits.get(&Split::Validation).copied().unwrap_or(0);
        cells.push(validation.to_string());
        rows.push(cells);
    }
    let rows: Vec<[String; 13]> = rows
        .into_iter()
        .filter_map(|row| row.try_into().ok())
        .collect();
    let mut text = table(&rows);
    let _ = writeln!(
        text,
        "{} pairs about {} recordings, at most {} of one; {} different questions",
        totals.pairs(),
        totals.recordings,
        totals.most,
        totals.prompts
    );
    if written.unchanged {
        text.push_str("nothing changed: the file is as it was\n");
    }
    text
}
