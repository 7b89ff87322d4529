//! A folder with a data set in its published layout comes in; typed recordings, where their
//! sound lies, and what could not be read go out.
//!
//! A reader never stops at a bad row or file: it notes a [`Problem`] and leaves that recording
//! out, because a recording with half its annotations would be believed. It stops only where the
//! layout itself is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::probe::probe;
use crate::recording::{DataSet, Located, Recording};

mod bmd_hs;
mod circor2022;
mod coswara;
mod cough;
mod coughvid;
mod custom;
mod fields;
mod hf_lung_v1;
mod hls_cmds;
mod icbhi2017;
mod import;
mod kauh;
mod measure;
mod pascal_chsc2011;
mod physionet2016;
mod problem;
mod provenance;
mod respiratory_tr;
mod sheet;
mod source;
mod sprsound;
mod uk_covid19;
mod xlsx;
mod yaseen2018;
mod zchsound;

/// Version of the readers, raised when one makes other rows from the same files.
pub const VERSION: u32 = 3;

pub use import::{Import, Progress};
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
    /// Files whose sound was not read again, since an earlier import had.
    pub reused: usize,
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
    Ok(annotations(data_set, folder)?.measure(data_set, &probe, &|| {}))
}

/// Reads every known data set that lies below `root` in a folder of its name
/// ([`DataSet::folder_name`]).
///
/// # Errors
/// [`Error::NoDataSet`] where there is none, otherwise as [`read`].
pub fn read_data_folder(root: &Path) -> Result<Reading, Error> {
    let mut all = Reading::default();
    for (data_set, draft) in drafts(root)? {
        all.join(draft.measure(data_set, &probe, &|| {}));
    }
    Ok(all)
}

/// The annotations of every known data set below a folder.
fn drafts(root: &Path) -> Result<Vec<(DataSet, Draft)>, Error> {
    let mut drafts = Vec::new();
    for data_set in DataSet::ALL {
        let folder = root.join(data_set.folder_name());
        if folder.is_dir() {
            drafts.push((data_set, annotations(data_set, &folder)?));
        }
    }
    if drafts.is_empty() {
        return Err(Error::NoDataSet {
            root: root.to_path_buf(),
        });
    }
    Ok(drafts)
}

/// The annotations of a data set, without its sound.
fn annotations(data_set: DataSet, folder: &Path) -> Result<Draft, Error> {
    match data_set {
        DataSet::SprSound => sprsound::read(folder),
        DataSet::PhysioNet2016 => physionet2016::read(folder),
        DataSet::Kauh => kauh::read(folder),
        DataSet::HlsCmds => hls_cmds::read(folder),
        DataSet::CoughCovid19 => cough::read(folder),
        DataSet::Icbhi2017 => icbhi2017::read(folder),
        DataSet::RespiratoryTr => respiratory_tr::read(folder),
        DataSet::HfLungV1 => hf_lung_v1::read(folder),
        DataSet::CirCor2022 => circor2022::read(folder),
        DataSet::BmdHs => bmd_hs::read(folder),
        DataSet::ZchSound => zchsound::read(folder),
        DataSet::PascalChsc2011 => pascal_chsc2011::read(folder),
        DataSet::Yaseen2018 => yaseen2018::read(folder),
        DataSet::Coswara => coswara::read(folder),
        DataSet::Coughvid => coughvid::read(folder),
        DataSet::UkCovid19 => uk_covid19::read(folder),
        DataSet::Custom => custom::read(folder),
    }
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

impl Draft {
    fn problem(&mut self, path: &Path, line: Option<u64>, id: Option<String>, trouble: Trouble) {
        self.problems.push(Problem {
            path: path.to_path_buf(),
            line,
            id,
            trouble,
        });
    }
}
