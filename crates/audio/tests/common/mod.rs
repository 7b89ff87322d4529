//! Where the data and the models are, if they are here.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "helpers of tests")]

use std::path::{Path, PathBuf};

/// The signal that `make_whisper.py` and `make_equalise.py` describe.
pub(crate) fn described(samples: u32) -> Vec<f32> {
    let at = |index: u32| {
        let n = f64::from(index);
        let saw = f64::from(37 * index % 101) / 50.0 - 1.0;
        (0.3 * (0.05 * n).sin() + 0.1 * (0.0001 * n * n).sin() + 0.02 * saw) as f32
    };
    (0..samples).map(at).collect()
}

/// The folder named by `LAENNEC_MODELS`; none, with a message, if it is not set.
pub(crate) fn models() -> Option<PathBuf> {
    folder("LAENNEC_MODELS")
}

/// The folder named by `LAENNEC_DATA`; none, with a message, if it is not set.
pub(crate) fn data() -> Option<PathBuf> {
    folder("LAENNEC_DATA")
}

fn folder(variable: &str) -> Option<PathBuf> {
    let folder = std::env::var_os(variable).map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: {variable} is not set");
    }
    folder
}

/// The FLAC files of a folder, sorted by name.
pub(crate) fn sorted_flac(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "flac")
        })
        .collect();
    paths.sort();
    paths
}
