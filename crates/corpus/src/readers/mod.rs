//! A folder with a data set in its published layout comes in; typed recordings, where their
//! sound lies, and what could not be read go out.
//!
//! A reader never stops at a bad row or file: it notes a [`Problem`] and leaves that recording
//! out, because a recording with half its annotations would be believed. It stops only where the
//! layout itself is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::error::Error;
use crate::probe::probe;
use crate::recording::{DataSet, Located, Recording};

mod circor2022;
mod cough;
mod custom;
mod fields;
mod hls_cmds;
mod icbhi2017;
mod kauh;
mod physionet2016;
mod problem;
mod provenance;
mod sheet;
mod source;
mod sprsound;
mod xlsx;

/// Version of the readers, raised when one makes other rows from the same files.
pub const VERSION: u32 = 2;

pub use problem::{Problem, StoredProblem, Trouble};

/// What was read.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The recordings, sorted by data set and id.
    pub located: Vec<Located>,
    /// What could not be read, in the order of the files.
    pub problems: Vec<Problem>,
    /// Groups that the data folder reserves for validation
    /// (`sprsound/validation_patients.txt`, `physionet2016/validation.csv`).
    pub validation: BTreeSet<String>,
    /// Totals by data set.
    pub counts: BTreeMap<DataSet, Counts>,
}

/// Totals of one data set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Recordings read.
    pub recordings: usize,
    /// Distinct subjects among them; 0 where the publisher gives none.
    pub subjects: usize,
    /// Annotated events.
    pub events: usize,
    /// Problems met.
    pub problems: usize,
}

impl Reading {
    /// The recordings without their paths.
    pub fn recordings(&self) -> Vec<Recording> {
        self.located
            .iter()
            .map(|located| located.recording.clone())
            .collect()
    }

    fn join(&mut self, other: Self) {
        self.located.extend(other.located);
        self.problems.extend(other.problems);
        self.validation.extend(other.validation);
        self.counts.extend(other.counts);
    }
}

/// Reads one data set from the folder that holds its published layout.
///
/// # Errors
/// [`Error::MissingPart`] where the folder does not have the layout, [`Error::Io`] where it
/// cannot be listed. Single bad files are in [`Reading::problems`].
pub fn read(data_set: DataSet, folder: &Path) -> Result<Reading, Error> {
    let draft = match data_set {
        DataSet::SprSound => sprsound::read(folder),
        DataSet::PhysioNet2016 => physionet2016::read(folder),
        DataSet::Kauh => kauh::read(folder),
        DataSet::HlsCmds => hls_cmds::read(folder),
        DataSet::CoughCovid19 => cough::read(folder),
        DataSet::Icbhi2017 => icbhi2017::read(folder),
        DataSet::CirCor2022 => circor2022::read(folder),
        DataSet::Custom => custom::read(folder),
        _ => Err(Error::NoReader { data_set }),
    }?;
    Ok(draft.measure(data_set))
}

/// Reads every known data set that lies below `root` in a folder of its name
/// ([`DataSet::folder_name`]).
///
/// # Errors
/// [`Error::NoDataSet`] where there is none, otherwise as [`read`].
pub fn read_data_folder(root: &Path) -> Result<Reading, Error> {
    let mut all = Reading::default();
    for data_set in DataSet::ALL {
        let folder = root.join(data_set.folder_name());
        if folder.is_dir() {
            all.join(read(data_set, &folder)?);
        }
    }
    if all.counts.is_empty() {
        return Err(Error::NoDataSet {
            root: root.to_path_buf(),
        });
    }
    Ok(all)
}

/// What a reader makes of the annotations alone; the sound is measured afterwards, in parallel.
#[derive(Default)]
struct Draft {
    rows: Vec<Row>,
    problems: Vec<Problem>,
    validation: BTreeSet<String>,
}

/// A recording whose rate, duration and hash are still to be filled in.
struct Row {
    recording: Recording,
    path: PathBuf,
    /// The annotation file, and the line in it where it annotates several recordings.
    origin: PathBuf,
    line: Option<u64>,
}

/// Line and trouble of an annotation that cannot be read.
type Fault = (Option<u64>, Trouble);

/// An event may end this much after the sound, in s: annotation tools round.
const END_TOLERANCE: f64 = 0.05;

impl Draft {
    fn problem(&mut self, path: &Path, line: Option<u64>, id: Option<String>, trouble: Trouble) {
        self.problems.push(Problem {
            path: path.to_path_buf(),
            line,
            id,
            trouble,
        });
    }

    fn measure(mut self, data_set: DataSet) -> Reading {
        let (mut rows, mut problems) = self.without_repeated_ids();
        provenance::fill(data_set, &mut rows);
        let measured: Vec<Result<Located, Problem>> =
            rows.into_par_iter().map(Row::measure).collect();
        let mut located = Vec::with_capacity(measured.len());
        for result in measured {
            match result {
                Ok(found) => located.push(found),
                Err(problem) => problems.push(problem),
            }
        }
        located.sort_by(|a, b| a.recording.id.cmp(&b.recording.id));
        problems.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
        let subjects: BTreeSet<_> = located
            .iter()
            .filter_map(|found| found.recording.subject.as_ref())
            .collect();
        let counts = Counts {
            recordings: located.len(),
            subjects: subjects.len(),
            events: located
                .iter()
                .map(|found| found.recording.events.len())
                .sum(),
            problems: problems.len(),
        };
        Reading {
            located,
            problems,
            validation: self.validation,
            counts: BTreeMap::from([(data_set, counts)]),
        }
    }

    /// Keeps the first of the rows that name the same recording.
    fn without_repeated_ids(&mut self) -> (Vec<Row>, Vec<Problem>) {
        let mut seen = BTreeSet::new();
        let mut problems = std::mem::take(&mut self.problems);
        let mut rows = std::mem::take(&mut self.rows);
        rows.retain(|row| {
            let first = seen.insert(row.recording.id.clone());
            if !first {
                problems.push(row.problem(Trouble::Repeated));
            }
            first
        });
        (rows, problems)
    }
}

impl Row {
    fn problem(&self, trouble: Trouble) -> Problem {
        Problem {
            path: self.origin.clone(),
            line: self.line,
            id: Some(self.recording.id.clone()),
            trouble,
        }
    }

    fn measure(mut self) -> Result<Located, Problem> {
        let probed = probe(&self.path).map_err(|refusal| Problem {
            path: self.path.clone(),
            line: None,
            id: Some(self.recording.id.clone()),
            trouble: Trouble::from(refusal),
        })?;
        let last = self
            .recording
            .events
            .iter()
            .map(|event| event.end_s)
            .fold(0.0, f64::max);
        if last > probed.seconds + END_TOLERANCE {
            return Err(self.problem(Trouble::EventAfterEnd));
        }
        self.recording.sample_rate = probed.sample_rate;
        self.recording.channels = probed.channels;
        self.recording.seconds = probed.seconds;
        self.recording.audio_sha256 = probed.sha256;
        Ok(Located {
            recording: self.recording,
            path: self.path,
        })
    }
}
