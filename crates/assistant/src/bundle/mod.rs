//! A bundle: a folder of trained weights with its card, and the [`Listener`] that it gives.
//!
//! In: `bundle.toml` (card, file names with SHA-256) and the files beside it. Out: an [`Ear`]. A
//! file whose hash differs from the one in `bundle.toml` is refused, never used.

mod ear;
mod heads;
mod scores;
mod timeline;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use laennec_models::ear::{HeartEar, LungEar};

pub use ear::Ear;
pub use heads::{Calibration, FindingHead, Heads, LinearHead, Novelty};
pub use scores::{HEART_FINDINGS, LUNG_FINDINGS, event_probabilities, logit, lung_scores};
pub use timeline::{TimelineRule, events};

use crate::BundleCard;

/// Name of the index file.
pub const INDEX: &str = "bundle.toml";

/// The layout of `bundle.toml` that this program reads and writes.
pub const FORMAT: u32 = 2;

/// What can go wrong with a bundle.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// A file of the bundle is missing or cannot be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// `bundle.toml` or the heads are not what this program reads.
    #[error("{}: {reason}", path.display())]
    Layout {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A file is not the one that the bundle was made with.
    #[error("{}: SHA-256 is {found}, the bundle was made with {expected}", path.display())]
    Hash {
        /// The file.
        path: PathBuf,
        /// As found.
        found: String,
        /// As listed.
        expected: String,
    },
    /// The weights do not fit the networks.
    #[error(transparent)]
    Models(#[from] laennec_models::Error),
    /// The card cannot be used.
    #[error(transparent)]
    Card(#[from] crate::Error),
}

/// `bundle.toml`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// [`FORMAT`].
    pub format: u32,
    /// The files, by role.
    pub files: Files,
    /// How the bundle came about.
    pub provenance: Provenance,
    /// What is printed with results.
    pub card: BundleCard,
}

impl Index {
    /// The bundle's own hash: SHA-256 of the index with an empty hash in its card. The index lists
    /// the hash of every file, so that one value stands for networks, heads and thresholds.
    ///
    /// # Panics
    /// Never: an index always serialises.
    pub fn sha256(&self) -> String {
        let mut blank = self.clone();
        blank.card.sha256.clear();
        let text = toml::to_string(&blank).expect("an index is plain data");
        sha256(text.as_bytes())
    }
}

/// The files of a bundle.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    /// Lung encoders and heads, averaged.
    pub lung: Vec<FileEntry>,
    /// Heart encoders and heads, averaged.
    pub heart: Vec<FileEntry>,
    /// Domain, quality, calibration, timeline.
    pub heads: FileEntry,
}

/// One file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// Name beside `bundle.toml`.
    pub name: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
}

/// How the bundle came about.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// SHA-256 of the recipe that made the heads.
    pub recipe_sha256: String,
    /// SHA-256 of the encoder weights that training started from.
    pub initial_sha256: String,
    /// SHA-256 over the opaque ids of the training recordings, sorted, one a line.
    pub training_sha256: String,
    /// Version of the clinical vocabulary.
    pub vocabulary: String,
}

/// Where the files of a bundle come from: a folder, or the program itself.
pub trait Source {
    /// The bytes of the file of that name.
    fn read(&self, name: &str) -> std::io::Result<Vec<u8>>;
    /// How to name it in errors.
    fn path(&self, name: &str) -> PathBuf;
}

impl Source for &Path {
    fn read(&self, name: &str) -> std::io::Result<Vec<u8>> {
        std::fs::read(self.join(name))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.join(name)
    }
}

/// Opens a bundle and checks every file against its hash.
pub fn open(source: &impl Source) -> Result<Ear, BundleError> {
    let read = |name: &str| {
        source.read(name).map_err(|e| BundleError::Read {
            path: source.path(name),
            source: e,
        })
    };
    let layout = |name: &str, reason: String| BundleError::Layout {
        path: source.path(name),
        reason,
    };
    let text = String::from_utf8(read(INDEX)?).map_err(|e| layout(INDEX, e.to_string()))?;
    let index: Index = toml::from_str(&text).map_err(|e| layout(INDEX, e.to_string()))?;
    if index.format != FORMAT {
        return Err(layout(
            INDEX,
            format!(
                "its format is {}, this program reads {FORMAT}",
                index.format
            ),
        ));
    }
    index.card.validate()?;
    let found = index.sha256();
    if found != index.card.sha256 {
        return Err(BundleError::Hash {
            path: source.path(INDEX),
            found,
            expected: index.card.sha256,
        });
    }
    let checked = |entry: &FileEntry| {
        let bytes = read(&entry.name)?;
        let found = sha256(&bytes);
        if found == entry.sha256 {
            return Ok(bytes);
        }
        Err(BundleError::Hash {
            path: source.path(&entry.name),
            found,
            expected: entry.sha256.clone(),
        })
    };
    let origin = |entry: &FileEntry| source.path(&entry.name).display().to_string();
    let files = &index.files;
    let networks = |entries: &[FileEntry]| {
        let checked = entries
            .iter()
            .map(|entry| Ok((checked(entry)?, origin(entry))));
        checked.collect::<Result<Vec<_>, BundleError>>()
    };
    let lung = LungEar::from_bytes(&networks(&files.lung)?)?;
    let heart = HeartEar::from_bytes(&networks(&files.heart)?)?;
    let heads: Heads = serde_json::from_slice(&checked(&files.heads)?)
        .map_err(|e| layout(&files.heads.name, e.to_string()))?;
    Ok(Ear::new(lung, heart, heads, index.card))
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        write!(text, "{byte:02x}").expect("writing to a string succeeds");
    }
    text
}
