//! `laennec models verify`: model ids or files come in; whether each has the hash of the lock file
//! goes out.

use std::path::Path;

use clap::Args;
use laennec_models::registry::{Error, Folder, Lock, Model, State, digest_file};

use super::failure;
use crate::exit::{Exit, Failure};
use crate::output::{print, table};

/// The arguments of `laennec models verify`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A model's id or a file; without it, every model file that is here
    #[arg(value_name = "ID|FILE")]
    what: Option<String>,
}

/// Checks and prints one line for each file.
pub(super) fn run(arguments: &Arguments, lock: &Lock, folder: &Folder) -> Result<(), Failure> {
    match arguments.what.as_deref() {
        None => models(lock.models.iter(), folder, false),
        Some(what) => match lock.model(what) {
            Ok(model) => models(std::iter::once(model), folder, true),
            Err(_) if Path::new(what).is_file() => file(Path::new(what), lock),
            Err(error) => Err(failure(&error)),
        },
    }
}

/// Checks the files of models; a missing one counts only where it was asked for.
fn models<'a>(
    models: impl Iterator<Item = &'a Model>,
    folder: &Folder,
    all: bool,
) -> Result<(), Failure> {
    let mut rows = Vec::new();
    let mut worst = None;
    for model in models {
        for file in &model.files {
            let path = folder.path(file);
            let state = match folder.state(file).map_err(|error| failure(&error))? {
                State::Verified => "verified",
                State::Damaged(found) => {
                    worst = Some(
                        failure(&Error::Mismatch {
                            name: path.display().to_string(),
                            found_bytes: found.bytes,
                            found: found.sha256,
                            expected_bytes: file.bytes,
                            expected: file.sha256.clone(),
                        })
                        .help(format!("run `laennec models pull {} --force`", model.id)),
                    );
                    "damaged"
                }
                State::Missing | State::Partial(_) => {
                    if all && worst.is_none() {
                        worst = Some(
                            Failure::new(Exit::Missing, format!("{} is missing", path.display()))
                                .help(format!("run `laennec models pull {}`", model.id)),
                        );
                    }
                    "missing"
                }
            };
            rows.push([
                state.to_owned(),
                model.id.clone(),
                path.display().to_string(),
            ]);
        }
    }
    print(&table(&rows))?;
    worst.map_or(Ok(()), Err)
}

/// Says which known file a file is.
fn file(path: &Path, lock: &Lock) -> Result<(), Failure> {
    let digest = digest_file(path).map_err(|error| failure(&error))?;
    match lock.find(&digest) {
        Some((model, file)) => print(&format!(
            "verified  {}  {} is {}\n",
            model.id,
            path.display(),
            file.name
        )),
        None => Err(failure(&Error::UnknownFile {
            path: path.to_path_buf(),
            sha256: digest.sha256,
        })),
    }
}
