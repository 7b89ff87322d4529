//! A weights file that is at hand comes in; a checked safetensors file in the models folder, with
//! its hash, goes out.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use safetensors::SafeTensors;

use super::convert::pytorch_to_safetensors;
use super::{Digest, Error, Folder, Lock, PytorchSource, digest_file, folder};
use crate::encoder::Kind;

/// What an import gave.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The file that was written.
    pub path: PathBuf,
    /// Its digest.
    pub digest: Digest,
    /// The id of the model that it is a file of, if the lock file has it.
    pub model: Option<String>,
    /// The encoder that a file outside the lock file holds, if it is one that is known.
    pub encoder: Option<Kind>,
}

/// Brings a file into the models folder. A file of the lock file, or the checkpoint that it is
/// made from, goes to the place that the lock file gives it and must come out as the file that the
/// lock file says. Any other PyTorch checkpoint (zip format) or safetensors file is converted or
/// copied to `NAME.safetensors`, and the encoder that it holds is told by its tensors. An existing
/// file is replaced only with `force`.
pub fn import(lock: &Lock, folder: &Folder, input: &Path, force: bool) -> Result<Imported, Error> {
    let digest = digest_file(input)?;
    if let Some((model, file)) = lock.find(&digest) {
        let path = folder.path(file);
        write_new(&path, force, |staged| copy(input, staged))?;
        return Ok(Imported {
            path,
            digest,
            model: Some(model.id.clone()),
            encoder: None,
        });
    }
    if let Some((model, file, recipe)) = lock.find_checkpoint(&digest) {
        let path = folder.path(file);
        write_new(&path, force, |staged| {
            convert_checked(input, staged, recipe, &file.name, &file.digest())
        })?;
        return Ok(Imported {
            path,
            digest: file.digest(),
            model: Some(model.id.clone()),
            encoder: None,
        });
    }
    let stem = input.file_stem().ok_or_else(|| Error::Checkpoint {
        path: input.to_path_buf(),
        reason: "it has no name".into(),
    })?;
    let mut name = stem.to_os_string();
    name.push(".safetensors");
    let path = folder.root().join(name);
    let digest = match Format::of(input)? {
        Format::PytorchZip => write_new(&path, force, |staged| {
            pytorch_to_safetensors(input, staged, None)
        })?,
        Format::Safetensors => {
            check_safetensors(input)?;
            write_new(&path, force, |staged| copy(input, staged))?;
            digest
        }
    };
    let encoder = Kind::of_file(&path).map_err(|error| Error::Checkpoint {
        path: path.clone(),
        reason: error.to_string(),
    })?;
    Ok(Imported {
        path,
        digest,
        model: None,
        encoder,
    })
}

/// Converts a known checkpoint and compares the result with the lock file's hash.
pub(super) fn convert_checked(
    checkpoint: &Path,
    output: &Path,
    recipe: &PytorchSource,
    name: &str,
    expected: &Digest,
) -> Result<(), Error> {
    let written = pytorch_to_safetensors(checkpoint, output, Some(recipe))?;
    folder::expect(name, &written, expected)
}

/// Lets `write` fill a file beside `path`, then puts it in place; on an error nothing is left.
pub(super) fn write_new<T>(
    path: &Path,
    force: bool,
    write: impl FnOnce(&Path) -> Result<T, Error>,
) -> Result<T, Error> {
    if path.exists() && !force {
        return Err(Error::Exists {
            path: path.to_path_buf(),
        });
    }
    Folder::prepare(path)?;
    let mut staged = path.as_os_str().to_owned();
    staged.push(format!(".new-{}", std::process::id()));
    let staged = PathBuf::from(staged);
    let outcome = write(&staged).and_then(|value| {
        Folder::place(&staged, path)?;
        Ok(value)
    });
    if outcome.is_err() {
        // The error that led here says more than a failure to tidy up.
        let _ = std::fs::remove_file(&staged);
    }
    outcome
}

/// Copies the bytes, without the permissions (a read-only source gives a writable file).
pub(super) fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    let mut source = File::open(from).map_err(|source| Error::Read {
        path: from.to_path_buf(),
        source,
    })?;
    File::create(to)
        .and_then(|mut target| std::io::copy(&mut source, &mut target))
        .map_err(|source| Error::Write {
            path: to.to_path_buf(),
            source,
        })?;
    Ok(())
}

/// The formats that are imported.
enum Format {
    PytorchZip,
    Safetensors,
}

impl Format {
    /// Tells the format by the file's first bytes.
    fn of(path: &Path) -> Result<Self, Error> {
        let mut start = Vec::new();
        File::open(path)
            .and_then(|file| file.take(9).read_to_end(&mut start))
            .map_err(|source| Error::Read {
                path: path.to_path_buf(),
                source,
            })?;
        if start.starts_with(b"PK\x03\x04") {
            return Ok(Self::PytorchZip);
        }
        if start.get(8) == Some(&b'{') {
            return Ok(Self::Safetensors);
        }
        Err(Error::Checkpoint {
            path: path.to_path_buf(),
            reason: "it is neither a PyTorch checkpoint in zip format (saved by PyTorch 1.6 or \
                     later) nor a safetensors file"
                .into(),
        })
    }
}

/// Checks the header, that every tensor lies within the file, and that nothing is left over.
fn check_safetensors(path: &Path) -> Result<(), Error> {
    let bytes = std::fs::read(path).map_err(|source| Error::Read {
        path: path.to_path_buf(),
        source,
    })?;
    match SafeTensors::deserialize(&bytes) {
        Ok(_) => Ok(()),
        Err(error) => Err(Error::Checkpoint {
            path: path.to_path_buf(),
            reason: error.to_string(),
        }),
    }
}
