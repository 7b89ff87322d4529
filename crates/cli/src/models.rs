//! `laennec models`: an action on pretrained models comes in; the models folder is read or filled,
//! and what was done is printed.

mod list;
mod progress;
mod pull;
mod verify;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use laennec_models::registry::{Error, Folder, Lock, import};

use crate::arguments::Folders;
use crate::exit::{Exit, Failure};
use crate::output::print;

/// The arguments of `laennec models`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
    /// Another lock file than the built-in one, for instance of a mirror in a closed network
    #[arg(long, global = true, value_name = "FILE")]
    lock: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show the models, their size and licence, and which are here
    List,
    /// Fetch a model and check it against its hash
    Pull(pull::Arguments),
    /// Check model files against their hashes
    Verify(verify::Arguments),
    /// Convert a PyTorch checkpoint (zip format) to safetensors, or take over a safetensors file
    Import(Import),
}

#[derive(Debug, Args)]
struct Import {
    /// The checkpoint (.pt, .pth) or safetensors file
    file: PathBuf,
    /// Replace a file of that name in the models folder
    #[arg(long)]
    force: bool,
}

/// Runs `laennec models`.
pub(crate) fn run(arguments: &Arguments, folders: &Folders) -> Result<(), Failure> {
    let lock = read_lock(arguments.lock.as_deref())?;
    let folder = Folder::new(folders.models()?);
    match &arguments.action {
        Action::List => list::run(&lock, &folder),
        Action::Pull(pull) => pull::run(pull, &lock, &folder),
        Action::Verify(verify) => verify::run(verify, &lock, &folder),
        Action::Import(file) => {
            let done =
                import(&lock, &folder, &file.file, file.force).map_err(|error| failure(&error))?;
            let model = match (&done.model, done.encoder) {
                (Some(id), _) => format!("{id}, as the lock file has it"),
                (None, Some(kind)) => format!("no model of the lock file; encoder {}", kind.name()),
                (None, None) => "no model of the lock file".into(),
            };
            print(&format!(
                "{}\nsha256 {}\n{model}\n",
                done.path.display(),
                done.digest.sha256
            ))
        }
    }
}

fn read_lock(path: Option<&std::path::Path>) -> Result<Lock, Failure> {
    let Some(path) = path else {
        return Lock::built_in().map_err(|error| failure(&error));
    };
    let text = std::fs::read_to_string(path).map_err(|source| {
        failure(&Error::Read {
            path: path.to_path_buf(),
            source,
        })
    })?;
    Lock::parse(&text)
        .map_err(|error| Failure::new(Exit::Usage, format!("{}: {error}", path.display())))
}

/// The exit code and the remedy of an error of the registry.
fn failure(error: &Error) -> Failure {
    let (exit, help) = match error {
        Error::UnknownModel { .. } => (
            Exit::Usage,
            "`laennec models list` shows the models".to_owned(),
        ),
        Error::Exists { .. } => (
            Exit::Refused,
            "add --force to replace it, or move it away".into(),
        ),
        Error::Busy { .. } => (
            Exit::Refused,
            "wait until the other download is done".into(),
        ),
        Error::Mismatch { .. } => (
            Exit::Mismatch,
            "this is another file, or it was damaged on its way: fetch it again".into(),
        ),
        Error::UnknownFile { .. } => (
            Exit::Mismatch,
            "`laennec models list` shows the known models".into(),
        ),
        Error::Exhausted { model, by_hand, .. } => (Exit::Missing, offline_help(model, by_hand)),
        Error::Read { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
            (Exit::Missing, "give the path of an existing file".into())
        }
        Error::Checkpoint { .. } | Error::Read { .. } => (
            Exit::Input,
            "give a PyTorch checkpoint in zip format or a safetensors file".into(),
        ),
        _ => return Failure::new(Exit::Internal, error),
    };
    Failure::new(exit, error).help(help)
}

/// What to do where this machine cannot fetch a model.
fn offline_help(model: &str, by_hand: &[String]) -> String {
    let mut lines = vec!["without a network, fetch it on another machine:".to_owned()];
    lines.extend(by_hand.iter().map(|line| format!("  {line}")));
    lines.push(format!(
        "then run `laennec models pull {model} --from FILE` here (a folder, if it has several files)"
    ));
    lines
        .push("a download that was cut short goes on where it stopped when it is run again".into());
    lines.join("\n")
}
