//! Where the data and the models are, if they are here.
#![allow(dead_code, reason = "each test file uses its part")]

use std::path::PathBuf;

/// The folder named by `LAENNEC_MODELS`; none, with a message, if it is not set.
pub fn models() -> Option<PathBuf> {
    folder("LAENNEC_MODELS")
}

/// The folder named by `LAENNEC_DATA`; none, with a message, if it is not set.
pub fn data() -> Option<PathBuf> {
    folder("LAENNEC_DATA")
}

fn folder(variable: &str) -> Option<PathBuf> {
    let folder = std::env::var_os(variable).map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: {variable} is not set");
    }
    folder
}
