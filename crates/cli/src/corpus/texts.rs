//! What `corpus instruct` and `corpus prefer` are given: a manifest, the file to write, a seed, and
//! whether names of files may stand in it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use clap::Args;
use laennec_corpus::{Counts, Recording, Written, made_here, read_data_folder};

use super::failure;
use super::report::SEED;
use crate::arguments::Folders;
use crate::exit::{Exit, Failure};
use crate::output::{print, writable_file};

/// Writes texts about recordings: file, recordings, seed, names by opaque id.
type Write<T> =
    fn(&Path, &[Recording], u64, &HashMap<String, String>) -> Result<Written<T>, Failure>;

/// The arguments of `laennec corpus instruct` and `prefer`.
#[derive(Debug, Args)]
pub(super) struct Texts {
    /// The manifest (Parquet)
    manifest: PathBuf,
    /// The file to write (JSON lines)
    output: PathBuf,
    /// Seed of the choice of questions and of the wordings
    #[arg(long, default_value_t = SEED)]
    seed: u64,
    /// Write the names of the audio files in place of opaque ids; names of public data sets carry
    /// age, sex and diagnosis
    #[arg(long)]
    keep_names: bool,
}

impl Texts {
    /// Lets `write` write the texts, and prints the table that `text` makes of them.
    pub(super) fn run<T: Counts>(
        &self,
        folders: &Folders,
        write: Write<T>,
        text: fn(&Written<T>) -> String,
    ) -> Result<(), Failure> {
        keep_foreign::<T>(&self.output)?;
        let recordings = super::read(&self.manifest)?;
        let names = self.names(folders)?;
        print(&text(&write(&self.output, &recordings, self.seed, &names)?))
    }

    /// The names of the audio files by opaque id, if they were asked for.
    fn names(&self, folders: &Folders) -> Result<HashMap<String, String>, Failure> {
        if !self.keep_names {
            return Ok(HashMap::new());
        }
        let reading = read_data_folder(&folders.data()?).map_err(|error| failure(&error))?;
        let name = |path: &Path| path.file_name()?.to_str().map(str::to_owned);
        let located = reading.located.into_iter();
        Ok(located
            .filter_map(|found| Some((found.recording.id, name(&found.path)?)))
            .collect())
    }
}

/// Refuses, before any work, to write texts over a file that is not of their kind.
pub(super) fn keep_foreign<T: Counts>(path: &Path) -> Result<(), Failure> {
    writable_file(path)?;
    let holds_something = std::fs::metadata(path).is_ok_and(|about| about.len() > 0);
    if holds_something && !made_here::<T>(path) {
        let reason = format!(
            "{} exists already and holds no {} of this program",
            path.display(),
            T::KIND
        );
        return Err(Failure::new(Exit::Refused, reason).help("move it away, or give another name"));
    }
    Ok(())
}

/// The name of a recording, or its opaque id.
pub(super) fn named(recording: &Recording, names: &HashMap<String, String>) -> String {
    names.get(&recording.id).unwrap_or(&recording.id).clone()
}
