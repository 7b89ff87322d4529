//! `laennec corpus stats`: a manifest comes in, a table of totals by data set and split and figures
//! of what is in it go out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Args;
use laennec_corpus::{Finding, Presence, Recording};

use super::{figures, read};
use crate::exit::Failure;
use crate::output::{print, table};

/// The arguments of `laennec corpus stats`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The manifest (Parquet)
    manifest: PathBuf,
    /// Write figures (SVG) of findings, durations, devices, sites and co-occurrence to a folder
    #[arg(long, value_name = "DIR")]
    figures: Option<PathBuf>,
    /// Write the figures as PNG too
    #[arg(long, requires = "figures")]
    png: bool,
}

/// Prints the table and writes the figures.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let recordings = read(&arguments.manifest)?;
    if let Some(folder) = &arguments.figures {
        figures::write(&recordings, folder, arguments.png)?;
    }
    print(&text(&recordings))
}

#[derive(Default)]
struct Totals<'a> {
    recordings: usize,
    subjects: BTreeSet<&'a str>,
    groups: BTreeSet<&'a str>,
    seconds: f64,
    events: usize,
}

/// One row for each data set and split. Where a publisher gives no subjects, their number is `-`.
pub(super) fn text(recordings: &[Recording]) -> String {
    let mut totals: BTreeMap<(&str, &str), Totals<'_>> = BTreeMap::new();
    for recording in recordings {
        let split = recording.split.map_or("none", |split| split.word());
        let entry = totals
            .entry((recording.data_set.name(), split))
            .or_default();
        entry.recordings += 1;
        entry.subjects.extend(recording.subject.as_deref());
        entry.groups.insert(&recording.group);
        entry.seconds += recording.seconds;
        entry.events += recording.events.len();
    }
    let head = [
        "DATA SET",
        "SPLIT",
        "RECORDINGS",
        "SUBJECTS",
        "GROUPS",
        "HOURS",
        "EVENTS",
    ];
    let mut rows = vec![head.map(String::from)];
    for ((data_set, split), totals) in totals {
        let subjects = match totals.subjects.len() {
            0 => "-".to_owned(),
            count => count.to_string(),
        };
        rows.push([
            data_set.to_owned(),
            split.to_owned(),
            totals.recordings.to_string(),
            subjects,
            totals.groups.len().to_string(),
            format!("{:.2}", totals.seconds / 3600.0),
            totals.events.to_string(),
        ]);
    }
    table(&rows)
}

/// In how many recordings each finding has which presence, and in how many groups (subjects, where
/// these are known) it is present.
pub(super) fn findings(recordings: &[Recording]) -> String {
    let mut counts: BTreeMap<Finding, ([usize; 3], BTreeSet<&str>)> = BTreeMap::new();
    for recording in recordings {
        for &(finding, presence) in &recording.findings {
            let (counts, groups) = counts.entry(finding).or_default();
            match presence {
                Presence::Present => {
                    counts[0] += 1;
                    groups.insert(&recording.group);
                }
                Presence::Absent => counts[1] += 1,
                Presence::Uncertain | Presence::NotAssessed => counts[2] += 1,
            }
        }
    }
    let head = ["FINDING", "PRESENT", "IN GROUPS", "ABSENT", "UNCERTAIN"];
    let mut rows = vec![head.map(String::from)];
    for (finding, ([present, absent, uncertain], groups)) in counts {
        rows.push([
            finding.word().to_owned(),
            present.to_string(),
            groups.len().to_string(),
            absent.to_string(),
            uncertain.to_string(),
        ]);
    }
    table(&rows)
}
