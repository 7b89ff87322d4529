//! Which bundle listens: `--bundle`, else `LAENNEC_BUNDLE`, else the one that is built in.

use std::path::{Path, PathBuf};

use laennec_assistant::Listener;

use crate::exit::{Exit, Failure};

/// Opens the bundle.
pub(crate) fn open(given: Option<&Path>) -> Result<Box<dyn Listener>, Failure> {
    let from_environment = || {
        std::env::var_os("LAENNEC_BUNDLE")
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    match given.map(Path::to_path_buf).or_else(from_environment) {
        Some(folder) => Err(Failure::new(
            Exit::Missing,
            format!("{} holds no bundle", folder.display()),
        )),
        None => Err(Failure::new(Exit::Missing, "no bundle is built in")),
    }
}
