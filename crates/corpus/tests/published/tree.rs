//! A data set comes in; its fixture as a tree with sounds, read, goes out.

use std::path::Path;

use laennec_corpus::{DataSet, Reading, Recording, ids, read};

use super::fixture_tree::build;

/// A fixture, read.
pub(crate) struct Published {
    pub(crate) data_set: DataSet,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) reading: Reading,
}

/// Builds and reads the fixture of a data set.
pub(crate) fn published(data_set: DataSet) -> Published {
    let folder = tempfile::tempdir().unwrap();
    build(data_set, folder.path());
    let reading = read(data_set, folder.path()).unwrap();
    Published {
        data_set,
        folder,
        reading,
    }
}

impl Published {
    /// The recording that was published under this stem.
    pub(crate) fn named(&self, stem: &str) -> &Recording {
        let id = ids::recording(self.data_set, stem);
        let found = self
            .reading
            .located
            .iter()
            .find(|found| found.recording.id == id);
        &found
            .unwrap_or_else(|| panic!("{stem} was not read"))
            .recording
    }

    /// Reads again after `change` was made in the tree.
    pub(crate) fn after(&self, change: impl Fn(&Path)) -> Reading {
        change(self.folder.path());
        read(self.data_set, self.folder.path()).unwrap()
    }
}
