//! The files that a run writes: checked before any work, never over an existing file unless
//! `--force` says so.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use laennec_corpus::place::{Place, folder_of};

use super::Arguments;
use crate::exit::{Exit, Failure};
use crate::output::{exists, writable, write_whole};

/// Format of the figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FigureFormat {
    Png,
    Svg,
}

/// What is to be written where.
#[derive(Debug)]
pub(super) struct Outputs {
    pub(super) figure: Option<(PathBuf, FigureFormat)>,
    pub(super) html: Option<PathBuf>,
    pub(super) csv: Option<PathBuf>,
    pub(super) jsonl: Option<PathBuf>,
    pub(super) force: bool,
}

impl Outputs {
    /// Refuses, before any work, what could not be written in the end or would replace one of the
    /// `recordings`.
    pub(super) fn plan(
        arguments: &Arguments,
        recordings: &[PathBuf],
        several: bool,
    ) -> Result<Self, Failure> {
        if several && (arguments.figure.is_some() || arguments.html.is_some()) {
            let given = if arguments.inputs.len() > 1 {
                "several were given"
            } else {
                "a folder was given"
            };
            let message = format!("--figure and --html take one file, and {given}");
            return Err(Failure::new(Exit::Usage, message)
                .help("give one file, or use --csv and --jsonl for many"));
        }
        let figure = match &arguments.figure {
            Some(path) => Some((path.clone(), figure_format(path)?)),
            None => None,
        };
        let outputs = Self {
            figure,
            html: arguments.html.clone(),
            csv: arguments.csv.clone(),
            jsonl: arguments.jsonl.clone(),
            force: arguments.force,
        };
        let figure = outputs.figure.as_ref().map(|(path, _)| path);
        let all = [
            figure,
            outputs.html.as_ref(),
            outputs.csv.as_ref(),
            outputs.jsonl.as_ref(),
        ];
        let all: Vec<&PathBuf> = all.into_iter().flatten().collect();
        for path in &all {
            outputs.check(path)?;
        }
        let partial = outputs.partial().filter(|_| several);
        let whole = |path: &PathBuf| std::fs::canonicalize(path).ok();
        let recordings: HashSet<PathBuf> = recordings.iter().filter_map(whole).collect();
        let mut places = HashSet::new();
        for path in all.into_iter().chain(&partial) {
            let place = place(path);
            if recordings.contains(&place) {
                return Err(Failure::new(
                    Exit::Refused,
                    format!("{} is a recording to analyse", path.display()),
                )
                .help("name another output: a recording is never overwritten"));
            }
            if !places.insert(place) {
                return Err(Failure::new(
                    Exit::Usage,
                    format!("{} is named for two outputs", path.display()),
                )
                .help("give each output a file of its own"));
            }
        }
        Ok(outputs)
    }

    fn check(&self, path: &Path) -> Result<(), Failure> {
        let is_stream = Place::of(path) == Place::Stream;
        if !self.force && !is_stream && !path.is_dir() && path.symlink_metadata().is_ok() {
            return Err(exists(path));
        }
        writable(path)
    }

    /// Where analyses of many recordings are kept until the tables are written: beside the first
    /// table that is a file.
    pub(super) fn partial(&self) -> Option<PathBuf> {
        let tables = [&self.jsonl, &self.csv].into_iter().flatten();
        let mut files = tables.filter_map(|table| match Place::of(table) {
            Place::File(file) => Some(file.into_os_string()),
            Place::Folder | Place::Stream => None,
        });
        let mut name = files.next()?;
        name.push(".partial");
        Some(PathBuf::from(name))
    }

    /// Writes a file whole or not at all.
    pub(super) fn write(&self, path: &Path, content: &[u8]) -> Result<(), Failure> {
        write_whole(path, content, self.force)
    }
}

/// The same for every path that leads to the same file.
fn place(path: &Path) -> PathBuf {
    let Place::File(file) = Place::of(path) else {
        return path.to_path_buf();
    };
    let folder = std::fs::canonicalize(folder_of(&file));
    match (folder, file.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => file,
    }
}

fn figure_format(path: &Path) -> Result<FigureFormat, Failure> {
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("png") => Ok(FigureFormat::Png),
        Some("svg") => Ok(FigureFormat::Svg),
        _ => Err(Failure::new(
            Exit::Usage,
            format!(
                "the figure {} has neither the ending .png nor .svg",
                path.display()
            ),
        )
        .help("name it OUT.png or OUT.svg")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outputs(force: bool) -> Outputs {
        Outputs {
            figure: None,
            html: None,
            csv: None,
            jsonl: None,
            force,
        }
    }

    #[test]
    fn nothing_is_overwritten_without_force() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        outputs(false).check(&path).unwrap();
        outputs(false).write(&path, b"one").unwrap();
        assert_eq!(outputs(false).check(&path).unwrap_err().exit, Exit::Refused);
        assert_eq!(
            outputs(false).write(&path, b"two").unwrap_err().exit,
            Exit::Refused
        );
        assert_eq!(std::fs::read(&path).unwrap(), b"one");
        outputs(true).check(&path).unwrap();
        outputs(true).write(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        let nowhere = folder.path().join("none/out.csv");
        assert_eq!(
            outputs(true).check(&nowhere).unwrap_err().exit,
            Exit::Refused
        );
    }

    #[test]
    fn the_ending_decides_the_figure() {
        assert_eq!(
            figure_format(Path::new("a.PNG")).unwrap(),
            FigureFormat::Png
        );
        assert_eq!(
            figure_format(Path::new("a.svg")).unwrap(),
            FigureFormat::Svg
        );
        assert_eq!(
            figure_format(Path::new("a.jpg")).unwrap_err().exit,
            Exit::Usage
        );
    }
}
