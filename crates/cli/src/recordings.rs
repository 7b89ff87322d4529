//! The data folder comes in; its recordings go out with the splits that training, figures and manifests
//! share.
//!
//! Copies of a sound must not stand on two sides, so every sound is listened to once; what was heard is
//! kept in the user's cache folder.

use std::path::{Path, PathBuf};

use laennec_corpus::Located;

use crate::arguments::Folders;
use crate::corpus::import::listen;
use crate::exit::{Exit, Failure};
use crate::output::safe;

/// The recordings of the data folder, each in a split; problems are told on standard error.
pub(crate) fn recordings(folders: &Folders) -> Result<Vec<Located>, Failure> {
    let data = folders.data()?;
    // Only a help for the next time: where nothing can be kept, the sounds are heard again.
    let cache = cache_folder()
        .filter(|folder| std::fs::create_dir_all(folder).is_ok())
        .map(|folder| folder.join(sounds(&data)));
    let reading = listen(&data, cache.as_deref())?;
    for problem in &reading.problems {
        eprintln!("warning: {}", safe(&problem.to_string()));
    }
    laennec_train::data::split(reading).map_err(|error| {
        Failure::new(Exit::Missing, error)
            .help("give the folder of the data sets: `--data DIR` or LAENNEC_DATA")
    })
}

/// `$XDG_CACHE_HOME/laennec`, else `~/.cache/laennec`; none where there is no home folder.
pub(crate) fn cache_folder() -> Option<PathBuf> {
    std::env::var_os("XDG_CACHE_HOME")
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cache")))
        .map(|base| base.join("laennec"))
}

/// One file a data folder, named by a hash of its path.
fn sounds(data: &Path) -> String {
    let whole = std::fs::canonicalize(data).unwrap_or_else(|_| data.to_path_buf());
    let hash = laennec_train::checkpoint::hex(whole.as_os_str().as_encoded_bytes());
    format!("sounds-{}.parquet", &hash[..16])
}
