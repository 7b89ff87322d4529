//! A data folder comes in; its recordings go out with fingerprint and level, and an import after
//! that reads only the sounds that changed.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Reading, drafts};
use crate::error::Error;
use crate::probe::Cache;

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Recordings measured, or known from an earlier import.
    pub done: usize,
    /// Recordings that the annotations name.
    pub total: usize,
}

/// How to import.
#[derive(Clone, Copy)]
pub struct Import<'a> {
    /// Where measurements are kept for the next import (Parquet, without names); none to keep
    /// nothing.
    pub cache: Option<&'a Path>,
    /// Called after each recording, from several threads.
    pub progress: &'a (dyn Fn(Progress) + Sync),
}

impl std::fmt::Debug for Import<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Import")
            .field("cache", &self.cache)
            .finish_non_exhaustive()
    }
}

impl Import<'_> {
    /// Reads every known data set below `root`, as
    /// [`read_data_folder`](crate::read_data_folder), and listens to every sound.
    ///
    /// Sounds are read one at a time on each thread. What grows with the number of recordings is
    /// what is known of them and their fingerprints, 31 bytes a second. Killed, it leaves the
    /// measurements of up to twenty seconds ago in the cache.
    ///
    /// # Errors
    /// As [`read_data_folder`](crate::read_data_folder), and [`Error::Write`] or [`Error::Parquet`]
    /// where the cache cannot be written.
    pub fn read(&self, root: &Path) -> Result<Reading, Error> {
        let drafts = drafts(root)?;
        let total = drafts.iter().map(|(_, draft)| draft.rows.len()).sum();
        let cache = Cache::open(root, self.cache);
        let done = AtomicUsize::new(0);
        let after_each = || {
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            (self.progress)(Progress { done, total });
        };
        let mut all = Reading::default();
        for (data_set, draft) in drafts {
            all.join(draft.measure(data_set, &|path| cache.listen(path), &after_each));
        }
        cache.save()?;
        all.reused = cache.reused();
        Ok(all)
    }
}
