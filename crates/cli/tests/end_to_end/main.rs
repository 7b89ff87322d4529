//! The program as a user runs it, on real recordings: the samples of the repository, and a folder of
//! a hundred recordings from the data folder of which twenty are damaged.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod damage;
mod hundred;
mod interrupted;
mod limits;
mod samples;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program, with the bundle that is built in unless `LAENNEC_BUNDLE` names another.
fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_laennec"));
    command
        .arg("analyze")
        .current_dir(folder)
        .env("NO_COLOR", "1");
    command
}

fn analyze(folder: &Path, arguments: &[&str]) -> Output {
    program(folder).args(arguments).output().unwrap()
}

fn sample(name: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../samples", name]
        .iter()
        .collect();
    path.canonicalize().unwrap().to_str().unwrap().to_owned()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The analysis that `--json` prints.
fn json(folder: &Path, arguments: &[&str]) -> serde_json::Value {
    let output = analyze(folder, &[arguments, &["--json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}
