//! Checkpoints: everything from which training continues exactly.
//!
//! In: named parts (network, average, optimiser state, log position). Out: a folder a checkpoint,
//! written beside and renamed, with the SHA-256 of each part; removed the same way, so that a kill
//! leaves whole ones and hidden rests, which the next start clears away. The newest sound one is
//! read back; a damaged one is passed over with a notice. Two are kept.

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    Error,
    error::io,
    fit::Best,
    folder::{replace, take_away},
};

const KEPT: usize = 2;
const INDEX: &str = "checkpoint.json";

/// Where a run stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Optimisation steps done.
    pub step: usize,
    /// Bytes of the log that belong to these steps; what follows is cut on resuming.
    pub log_bytes: u64,
    /// Bytes of the event file, likewise.
    pub events_bytes: u64,
    /// The best epoch so far, where early stopping compares them.
    pub best: Option<Best>,
    /// SHA-256 of the recipe and the training set: another run must not resume from this.
    pub run: String,
}

#[derive(Serialize, Deserialize)]
struct Index {
    position: Position,
    parts: Vec<Part>,
}

#[derive(Serialize, Deserialize)]
struct Part {
    name: String,
    sha256: String,
}

/// A checkpoint read back.
pub struct Restored {
    /// Where the run stood.
    pub position: Position,
    /// The parts in the order in which they were written.
    pub parts: Vec<Vec<u8>>,
    /// Checkpoints that were passed over, with the reason.
    pub damaged: Vec<(PathBuf, String)>,
}

/// Writes a checkpoint below `folder`, atomically, and removes all but the newest two.
pub fn write(folder: &Path, position: &Position, parts: &[(&str, &[u8])]) -> Result<(), Error> {
    let name = format!("step-{:08}", position.step);
    let beside = folder.join(format!(".{name}.tmp"));
    let _ = fs::remove_dir_all(&beside);
    fs::create_dir_all(&beside).map_err(io(&beside))?;
    let index = Index {
        position: position.clone(),
        parts: parts
            .iter()
            .map(|(name, bytes)| Part {
                name: (*name).into(),
                sha256: hex(bytes),
            })
            .collect(),
    };
    for (part, bytes) in parts {
        write_synced(&beside.join(part), bytes)?;
    }
    let json = serde_json::to_vec_pretty(&index).expect("plain data serialises");
    write_synced(&beside.join(INDEX), &json)?;
    replace(&folder.join(name), &beside)?;
    // The rename itself must survive a power cut.
    File::open(folder)
        .and_then(|f| f.sync_all())
        .map_err(io(folder))?;
    for old in list(folder)?.iter().skip(KEPT) {
        take_away(old)?;
    }
    Ok(())
}

/// The newest checkpoint below `folder` whose parts match their hashes; `None` where there is none.
///
/// What a kill left is cleared away: hidden rests, and older checkpoints than the one read back and
/// the one before it.
pub fn newest(folder: &Path) -> Result<Option<Restored>, Error> {
    if !folder.exists() {
        return Ok(None);
    }
    for rest in named(folder, ".step-")? {
        fs::remove_dir_all(&rest).map_err(io(&rest))?;
    }
    let mut damaged = Vec::new();
    let checkpoints = list(folder)?;
    for (nth, path) in checkpoints.iter().enumerate() {
        match read(path) {
            Ok((position, parts)) => {
                for old in checkpoints.iter().skip(nth + KEPT) {
                    take_away(old)?;
                }
                return Ok(Some(Restored {
                    position,
                    parts,
                    damaged,
                }));
            }
            Err(reason) => damaged.push((path.clone(), reason)),
        }
    }
    match damaged.pop() {
        None => Ok(None),
        Some((path, reason)) => Err(Error::Checkpoint {
            path,
            reason: format!("{reason}; no sound checkpoint is left, remove the folder to restart"),
        }),
    }
}

/// Refuses the folder of a run that holds trained weights but no checkpoints: whose they are cannot be
/// told, and training would write over them.
pub fn keep_weights(run: &Path, weights: &str) -> Result<(), Error> {
    let path = run.join(weights);
    let checkpoints = run.join("checkpoints");
    if !path.exists() || (checkpoints.is_dir() && !list(&checkpoints)?.is_empty()) {
        return Ok(());
    }
    Err(Error::Checkpoint {
        path,
        reason: "trained weights without the checkpoints of their run; they are not written over"
            .into(),
    })
}

fn read(path: &Path) -> Result<(Position, Vec<Vec<u8>>), String> {
    let text = fs::read(path.join(INDEX)).map_err(|e| format!("{INDEX}: {e}"))?;
    let index: Index = serde_json::from_slice(&text).map_err(|e| format!("{INDEX}: {e}"))?;
    let mut parts = Vec::with_capacity(index.parts.len());
    for part in &index.parts {
        let bytes = fs::read(path.join(&part.name)).map_err(|e| format!("{}: {e}", part.name))?;
        if hex(&bytes) != part.sha256 {
            return Err(format!("{}: SHA-256 differs from the index", part.name));
        }
        parts.push(bytes);
    }
    Ok((index.position, parts))
}

/// Checkpoint folders, newest first.
fn list(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = named(folder, "step-")?;
    found.sort();
    found.reverse();
    Ok(found)
}

fn named(folder: &Path, start: &str) -> Result<Vec<PathBuf>, Error> {
    Ok(fs::read_dir(folder)
        .map_err(io(folder))?
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|p| {
            p.file_name()
                .and_then(|n| n.to_str())
                .is_some_and(|n| n.starts_with(start))
        })
        .collect())
}

fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut file = File::create(path).map_err(io(path))?;
    file.write_all(bytes).map_err(io(path))?;
    file.sync_all().map_err(io(path))
}

/// SHA-256 in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        write!(text, "{byte:02x}").expect("writing to a string succeeds");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(step: usize) -> Position {
        Position {
            step,
            log_bytes: 10,
            events_bytes: 20,
            best: None,
            run: "r".into(),
        }
    }

    #[test]
    fn newest_sound_one_wins_and_two_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        for step in [1, 2, 3] {
            let part = format!("weights of step {step}");
            write(
                folder.path(),
                &position(step),
                &[("network", part.as_bytes())],
            )
            .unwrap();
        }
        assert_eq!(list(folder.path()).unwrap().len(), KEPT);
        let restored = newest(folder.path()).unwrap().unwrap();
        assert_eq!(restored.position, position(3));
        assert_eq!(restored.parts, vec![b"weights of step 3".to_vec()]);

        let part = folder.path().join("step-00000003/network");
        let mut bytes = fs::read(&part).unwrap();
        bytes[5] ^= 1;
        fs::write(&part, bytes).unwrap();
        let restored = newest(folder.path()).unwrap().unwrap();
        assert_eq!(restored.position.step, 2);
        assert_eq!(restored.damaged.len(), 1);

        fs::remove_file(folder.path().join("step-00000002/network")).unwrap();
        assert!(newest(folder.path()).is_err());
    }

    #[test]
    fn what_a_kill_left_is_cleared_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for step in [4, 5] {
            write(folder.path(), &position(step), &[("network", b"weights")]).unwrap();
        }
        // Killed between writing step 5 and removing step 3, and while removing step 2.
        fs::create_dir(path("aside")).unwrap();
        write(&path("aside"), &position(3), &[("network", b"weights")]).unwrap();
        fs::rename(path("aside/step-00000003"), path("step-00000003")).unwrap();
        fs::create_dir(path(".step-00000002.old")).unwrap();
        fs::write(path(".step-00000002.old/network"), "weig").unwrap();

        let restored = newest(folder.path()).unwrap().unwrap();
        assert_eq!(restored.position, position(5));
        assert!(!path("step-00000003").exists());
        assert!(!path(".step-00000002.old").exists());
        assert!(path("step-00000004").exists());
    }

    #[test]
    fn weights_without_their_run_are_kept() {
        let run = tempfile::tempdir().unwrap();
        let keep = || keep_weights(run.path(), "encoder");
        keep().unwrap();
        fs::write(run.path().join("encoder"), "weights").unwrap();
        assert!(keep().is_err());
        let checkpoints = run.path().join("checkpoints");
        fs::create_dir(&checkpoints).unwrap();
        assert!(keep().is_err());
        write(&checkpoints, &position(1), &[("network", b"weights")]).unwrap();
        keep().unwrap();
    }

    #[test]
    fn the_only_sound_one_outlives_damaged_newer_ones() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &position(1), &[("network", b"weights")]).unwrap();
        for damaged in ["step-00000002", "step-00000003"] {
            fs::create_dir(folder.path().join(damaged)).unwrap();
        }
        for _ in 0..2 {
            let restored = newest(folder.path()).unwrap().unwrap();
            assert_eq!(restored.position, position(1));
            assert_eq!(restored.damaged.len(), 2);
        }
    }
}
