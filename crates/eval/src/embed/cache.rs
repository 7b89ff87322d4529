//! In: recordings with the hash of their bytes, weights of mn04, a folder. Out: every recording's
//! embedding, computed once and kept in that folder.
//!
//! One safetensors file per recording, named by the hash of its audio, in a folder named by the
//! hash of the weights and the version of the front end: an interrupted run goes on where it
//! stopped, and other audio or other weights are never mistaken for these. No name of a recording
//! is stored.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use laennec_models::mobilenet::EMBEDDING;
use rayon::prelude::*;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use sha2::{Digest, Sha256};

use super::embedding::{Embedding, Encoder};
use crate::error::Error;

/// Raised when what is computed from the same audio and weights changes.
const VERSION: &str = "mn04-32k-v1";

/// A recording to embed.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a> {
    /// The audio file.
    pub path: &'a Path,
    /// SHA-256 of its bytes, 64 hex digits, as the manifest has it.
    pub audio_sha256: &'a str,
}

/// Computes and keeps embeddings of one set of weights.
#[derive(Debug)]
pub struct EmbeddingCache {
    folder: PathBuf,
    weights: PathBuf,
    bytes: Vec<u8>,
}

impl EmbeddingCache {
    /// Reads the weights (mn04's published safetensors) and makes the folder below `cache`.
    pub fn open(cache: &Path, weights: &Path) -> Result<Self, Error> {
        let bytes = std::fs::read(weights).map_err(Error::io(weights))?;
        let mut hash = String::new();
        for byte in &Sha256::digest(&bytes)[..8] {
            write!(hash, "{byte:02x}").expect("writing to a string does not fail");
        }
        let folder = cache.join(format!("{VERSION}-{hash}"));
        std::fs::create_dir_all(&folder).map_err(Error::io(&folder))?;
        Ok(Self {
            folder,
            weights: weights.to_path_buf(),
            bytes,
        })
    }

    /// The embeddings of `items`, in their order: from the folder where they are there, else
    /// computed, several at a time. `progress` is told how many of them are done; a recording
    /// that cannot be read gives an error in its place and does not stop the others.
    pub fn embed_all(
        &self,
        items: &[Item<'_>],
        progress: impl Fn(usize) + Sync,
    ) -> Result<Vec<Result<Embedding, Error>>, Error> {
        let done = AtomicUsize::new(0);
        let finish = |result| {
            progress(done.fetch_add(1, Ordering::Relaxed) + 1);
            result
        };
        let missing = items
            .iter()
            .any(|item| !self.file(item.audio_sha256).is_file());
        let encoder = missing
            .then(|| Encoder::from_bytes(&self.bytes, &self.weights))
            .transpose()?;
        Ok(items
            .par_iter()
            .map_with(encoder, |encoder, item| {
                finish(self.embed(item, encoder.as_ref()))
            })
            .collect())
    }

    fn embed(&self, item: &Item<'_>, encoder: Option<&Encoder>) -> Result<Embedding, Error> {
        let file = self.file(item.audio_sha256);
        match (std::fs::read(&file), encoder) {
            (Ok(bytes), _) => decode(&bytes).map_err(|reason| Error::Cache { path: file, reason }),
            (Err(_), Some(encoder)) => {
                let embedding = encoder.embed(item.path)?;
                store(&file, &embedding)?;
                Ok(embedding)
            }
            (Err(source), None) => Err(Error::Io { path: file, source }),
        }
    }

    fn file(&self, audio_sha256: &str) -> PathBuf {
        self.folder.join(format!("{audio_sha256}.safetensors"))
    }
}

/// Writes beside and renames, so that no reader sees half a file.
fn store(file: &Path, embedding: &Embedding) -> Result<(), Error> {
    let step = embedding.step_s.to_le_bytes();
    let values: Vec<u8> = embedding
        .values
        .iter()
        .flat_map(|v| v.to_le_bytes())
        .collect();
    let invalid = |source: safetensors::SafeTensorError| Error::Cache {
        path: file.to_path_buf(),
        reason: source.to_string(),
    };
    let tensors = [
        (
            "sequence",
            TensorView::new(Dtype::F32, vec![embedding.steps(), EMBEDDING], &values)
                .map_err(invalid)?,
        ),
        (
            "step_s",
            TensorView::new(Dtype::F64, vec![1], &step).map_err(invalid)?,
        ),
    ];
    let bytes = safetensors::serialize(tensors, None).map_err(invalid)?;
    // Two recordings may have the same sound, so two threads may write the same file.
    let thread = rayon::current_thread_index().unwrap_or(usize::MAX);
    let beside = file.with_extension(format!("{}-{thread}.part", std::process::id()));
    std::fs::write(&beside, bytes).map_err(Error::io(&beside))?;
    std::fs::rename(&beside, file).map_err(Error::io(file))
}

fn decode(bytes: &[u8]) -> Result<Embedding, String> {
    let file = SafeTensors::deserialize(bytes).map_err(|e| e.to_string())?;
    let sequence = file.tensor("sequence").map_err(|e| e.to_string())?;
    let step = file.tensor("step_s").map_err(|e| e.to_string())?;
    let &[_, EMBEDDING] = sequence.shape() else {
        return Err(format!(
            "sequence has shape {:?}, expected [steps, {EMBEDDING}]",
            sequence.shape()
        ));
    };
    if sequence.dtype() != Dtype::F32 || step.dtype() != Dtype::F64 {
        return Err("expected sequence in F32 and step_s in F64".to_owned());
    }
    let step_s = step
        .data()
        .first_chunk::<8>()
        .map(|bytes| f64::from_le_bytes(*bytes))
        .filter(|step| step.is_finite() && *step > 0.0)
        .ok_or("step_s is not a positive number")?;
    let (values, _) = sequence.data().as_chunks::<4>();
    Ok(Embedding {
        values: values
            .iter()
            .map(|bytes| f32::from_le_bytes(*bytes))
            .collect(),
        step_s,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_comes_back_and_damage_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.safetensors");
        let embedding = Embedding {
            values: (0..3 * EMBEDDING).map(|i| i as f32 / 7.0).collect(),
            step_s: 0.32,
        };
        store(&file, &embedding).unwrap();
        let bytes = std::fs::read(&file).unwrap();
        assert_eq!(decode(&bytes).unwrap(), embedding);
        assert!(decode(&bytes[..bytes.len() - 1]).is_err());
        assert!(decode(b"").is_err());
        let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(names.len(), 1, "no temporary file stays");
    }
}
