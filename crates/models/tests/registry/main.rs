//! The registry against a server on this machine and against checkpoints written by `PyTorch`.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod download;
mod import;
mod server;

use laennec_models::registry::{Folder, Lock, State};
use sha2::{Digest, Sha256};

/// SHA-256 as hexadecimal, independent of the registry's own.
fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        })
}

/// A lock file with one model `m` of one file `m.bin` and the given sources.
fn lock(content: &[u8], sources: &str) -> Lock {
    let text = format!(
        "version = 1\n[[model]]\nid = \"m\"\nsummary = \"s\"\nlicence = \"MIT\"\nnotice = \"n\"\n\
         [[model.file]]\nname = \"m.bin\"\nbytes = {}\nsha256 = \"{}\"\n{sources}",
        content.len(),
        sha256(content),
    );
    Lock::parse(&text).unwrap()
}

fn https(url: &str) -> String {
    format!("[[model.file.source]]\nkind = \"https\"\nurl = \"{url}\"\n")
}

#[test]
fn the_files_of_the_models_folder_are_those_of_the_lock_file() {
    let Some(root) = std::env::var_os("LAENNEC_MODELS") else {
        eprintln!("skipped: LAENNEC_MODELS is not set");
        return;
    };
    let folder = Folder::new(root);
    let lock = Lock::built_in().unwrap();
    let mut verified = Vec::new();
    for model in &lock.models {
        for file in &model.files {
            let state = folder.state(file).unwrap();
            assert!(
                !matches!(state, State::Damaged(_)),
                "{}: {state:?}",
                file.name
            );
            if state == State::Verified {
                verified.push(file.name.as_str());
            }
        }
    }
    assert!(verified.contains(&"mn04_as.safetensors"), "{verified:?}");
}
