//! A folder of `fixtures/readers` comes in; the same tree with its sounds, in a temporary folder,
//! goes out.

use std::fs;
use std::path::{Path, PathBuf};

use laennec_corpus::DataSet;

/// Where the sample rows lie.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/readers")
}

/// Writes a file and the folders above it.
pub(crate) fn put(root: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// A tone of `seconds` s, 16-bit mono at 4 kHz; `seed` gives its pitch.
pub(crate) fn wav(seconds: f64, seed: usize) -> Vec<u8> {
    let hertz = 60.0 + 7.0 * seed as f64;
    let samples: Vec<u8> = (0..(seconds * 4000.0) as u32)
        .map(|n| (std::f64::consts::TAU * hertz * f64::from(n) / 4000.0).sin())
        .flat_map(|sample| ((sample * 9000.0) as i16).to_le_bytes())
        .collect();
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + samples.len() as u32).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    bytes.extend(4000_u32.to_le_bytes());
    bytes.extend(8000_u32.to_le_bytes());
    bytes.extend(b"\x02\0\x10\0data");
    bytes.extend((samples.len() as u32).to_le_bytes());
    bytes.extend(samples);
    bytes
}

/// Copies the annotation files of a data set to `root` and makes the sounds that its `files.txt`
/// lists. Gives the annotation files, relative to `root`, in order.
pub(crate) fn build(data_set: DataSet, root: &Path) -> Vec<String> {
    let from = fixtures().join(data_set.folder_name());
    let mut annotations = Vec::new();
    copy(&from, &from, root, &mut annotations);
    let list = fs::read_to_string(from.join("files.txt")).unwrap();
    for (seed, line) in list.lines().enumerate() {
        let (seconds, name) = line.split_once(' ').unwrap();
        put(root, name, wav(seconds.parse().unwrap(), seed));
    }
    annotations.sort();
    annotations
}

fn copy(from: &Path, folder: &Path, root: &Path, annotations: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            copy(from, &path, root, annotations);
            continue;
        }
        let name = path
            .strip_prefix(from)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        if name != "README.md" && name != "files.txt" {
            put(root, &name, fs::read(&path).unwrap());
            annotations.push(name);
        }
    }
}
