//! `laennec corpus check`: a manifest or a list of ids comes in; what is wrong with it goes out, and
//! faults end with the code for refusal.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use laennec_corpus::Recording;
use laennec_corpus::check::{Checked, Pair, check};
use laennec_corpus::split::{Crossing, read_list};

use super::{failure, read};
use crate::exit::{Exit, Failure};
use crate::output::print;

/// The arguments of `laennec corpus check`.
#[derive(Debug, Args)]
#[command(after_help = "\
Faults are: a subject, group, sound or copy of a sound in two splits; copies of one sound under two \
subjects or with contradicting findings; values that may identify a person. With one of them the exit \
code is 6. Repeated, silent and clipped sounds are told and are no fault.")]
pub(super) struct Arguments {
    /// The manifest (Parquet), or a list of ids (CSV with the columns recording, subject, split)
    manifest: PathBuf,
    /// Name every recording, not the first ten of a kind
    #[arg(long)]
    all: bool,
}

/// Checks; a faulty corpus is a failure.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let path = &arguments.manifest;
    let is_list = path.extension().is_some_and(|extension| extension == "csv");
    let recordings = if is_list {
        read_list(path).map_err(|error| failure(&error))?
    } else {
        read(path)?
    };
    let checked = check(&recordings);
    print(&text(&recordings, &checked, arguments.all))?;
    passed(path, &checked)
}

/// What was found, the first ten of a kind or all.
pub(super) fn text(recordings: &[Recording], checked: &Checked, all: bool) -> String {
    let most = if all { usize::MAX } else { 10 };
    let split = recordings.iter().filter(|row| row.split.is_some()).count();
    let mut text = format!(
        "{} recordings, {split} of them in splits\n",
        recordings.len()
    );
    for section in sections(checked) {
        section.write(&mut text, most);
    }
    text
}

/// Refuses what must not be used.
pub(super) fn passed(path: &Path, checked: &Checked) -> Result<(), Failure> {
    if checked.is_faulty() {
        return Err(Failure::new(Exit::Refused, format!("{}: the corpus has faults", path.display()))
            .help("split it anew with `laennec corpus split`, and take the recordings named out or correct their labels"));
    }
    Ok(())
}

/// One kind of finding, as lines.
struct Section {
    title: &'static str,
    lines: Vec<String>,
}

impl Section {
    fn write(&self, text: &mut String, most: usize) {
        writeln!(text, "{}: {}", self.title, self.lines.len()).expect("a String takes all");
        for line in self.lines.iter().take(most) {
            writeln!(text, "  {line}").expect("a String takes all");
        }
        if self.lines.len() > most {
            let more = self.lines.len() - most;
            writeln!(text, "  and {more} more (--all)").expect("a String takes all");
        }
    }
}

fn sections(checked: &Checked) -> Vec<Section> {
    let leakage = &checked.leakage;
    let section = |title, lines| Section { title, lines };
    vec![
        section("subjects in two splits", crossings(&leakage.subjects)),
        section("groups in two splits", crossings(&leakage.groups)),
        section("identical sounds in two splits", crossings(&leakage.sounds)),
        section(
            "copies of a sound in two splits",
            crossings(&leakage.copies),
        ),
        section("one sound under two subjects", pairs(&checked.two_subjects)),
        section(
            "one sound with contradicting findings",
            pairs(&checked.contradictions),
        ),
        section(
            "values that may identify a person",
            checked
                .identifying
                .iter()
                .map(|(id, column, how)| format!("{}: {column}: {how:?}", shown(id)))
                .collect(),
        ),
        section("repeated sounds (no fault)", pairs(&checked.repeated)),
        section("silent (no fault)", checked.silent.clone()),
        section("clipped (no fault)", checked.clipped.clone()),
    ]
}

/// An id that is not opaque is not shown.
fn shown(id: &str) -> &str {
    if laennec_corpus::identity::is_opaque(id) {
        id
    } else {
        "an id that is not opaque"
    }
}

fn crossings(crossings: &[Crossing]) -> Vec<String> {
    crossings
        .iter()
        .map(|crossing| {
            let splits: Vec<_> = crossing.splits.iter().map(|split| split.word()).collect();
            let count = crossing.recordings.len();
            format!(
                "{}: {count} recordings in {}",
                shown(&crossing.id),
                splits.join(", ")
            )
        })
        .collect()
}

fn pairs(pairs: &[Pair]) -> Vec<String> {
    pairs
        .iter()
        .map(|pair| {
            let findings: Vec<_> = pair.findings.iter().map(|finding| finding.word()).collect();
            let error = 100.0 * pair.bit_error_rate;
            let (first, second) = (shown(&pair.first), shown(&pair.second));
            let line = format!(
                "{first} {second}: {error:.0} % of bits differ {}",
                findings.join(", ")
            );
            line.trim_end().to_owned()
        })
        .collect()
}
