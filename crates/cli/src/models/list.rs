//! `laennec models list`: the lock file and the models folder come in, a table goes out.

use indicatif::DecimalBytes;
use laennec_models::registry::{Folder, Lock, State};

use super::failure;
use crate::exit::Failure;
use crate::output::{print, table};

/// Prints one row for each file, then what each model is.
pub(super) fn run(lock: &Lock, folder: &Folder) -> Result<(), Failure> {
    let mut rows = vec![["MODEL", "SIZE", "LICENCE", "STATE", "FILE"].map(String::from)];
    for model in &lock.models {
        for file in &model.files {
            let state = match folder.state(file).map_err(|error| failure(&error))? {
                State::Verified => "verified".to_owned(),
                State::Damaged(_) => "damaged".into(),
                State::Missing => "missing".into(),
                State::Partial(bytes) => format!("{} fetched", DecimalBytes(bytes)),
            };
            rows.push([
                model.id.clone(),
                DecimalBytes(file.bytes).to_string(),
                model.licence.clone(),
                state,
                folder.path(file).display().to_string(),
            ]);
        }
    }
    let about = lock
        .models
        .iter()
        .map(|model| [model.id.clone(), model.summary.clone()])
        .collect::<Vec<_>>();
    print(&format!("{}\n{}", table(&rows), table(&about)))
}
