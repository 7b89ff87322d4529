//! Which bundle listens: `--bundle`, else `LAENNEC_BUNDLE`, else the one that is built in. An open
//! bundle goes out.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use laennec_assistant::Listener;
use laennec_assistant::bundle::{self, BundleError, Source};

use crate::exit::{Exit, Failure};

/// Name and bytes of each file of the shipped bundle.
const BUILT_IN: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/built_in_bundle.rs"));

/// The bundle inside the program.
struct BuiltIn;

impl Source for BuiltIn {
    fn read(&self, name: &str) -> std::io::Result<Vec<u8>> {
        let file = BUILT_IN.iter().find(|(known, _)| *known == name);
        file.map(|(_, bytes)| bytes.to_vec())
            .ok_or_else(|| ErrorKind::NotFound.into())
    }

    fn path(&self, name: &str) -> PathBuf {
        Path::new("the built-in bundle").join(name)
    }
}

/// Opens the bundle.
pub(crate) fn open(given: Option<&Path>) -> Result<Box<dyn Listener>, Failure> {
    let from_environment = || {
        std::env::var_os("LAENNEC_BUNDLE")
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    match given.map(Path::to_path_buf).or_else(from_environment) {
        Some(folder) => opened(&folder.as_path(), "give a folder with a bundle.toml"),
        None if BUILT_IN.is_empty() => Err(Failure::new(
            Exit::Missing,
            "this program was built without a bundle",
        )
        .help("give one with --bundle DIR or LAENNEC_BUNDLE, or build from a checkout that has models/ear")),
        None => opened(&BuiltIn, "build the program again"),
    }
}

fn opened(source: &impl Source, remedy: &str) -> Result<Box<dyn Listener>, Failure> {
    match bundle::open(source) {
        Ok(ear) => Ok(Box::new(ear)),
        Err(error) => {
            let exit = match error {
                BundleError::Read { .. } => Exit::Missing,
                _ => Exit::Mismatch,
            };
            Err(Failure::new(exit, format!("the bundle cannot be opened: {error}")).help(remedy))
        }
    }
}
