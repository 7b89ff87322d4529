//! An alignment of Whisper's encoder by the program itself, on invented recordings: what is frozen
//! stays, what learns changes, and the result can be opened.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "killed/folder.rs"]
mod folder;

use std::fs;
use std::process::Command;

use burn::tensor::Device;
use laennec_models::encoder::{AnyEncoder, Encoder, Whisper, WhisperSize};
use laennec_models::mobilenet::Precision;
use safetensors::SafeTensors;

use folder::Folder;

fn floats(bytes: &[u8]) -> Vec<f32> {
    let (words, _) = bytes.as_chunks::<4>();
    words.iter().map(|word| f32::from_le_bytes(*word)).collect()
}

#[test]
fn the_last_block_of_whisper_is_aligned() {
    let folder = Folder::new();
    let size = WhisperSize {
        bands: 80,
        width: 64,
        layers: 2,
        positions: 60,
    };
    let start: AnyEncoder = Whisper::init(size, 4, &Device::flex()).into();
    let before = start.to_bytes(Precision::F32, &[]).unwrap();
    fs::write(folder.path().join("whisper.safetensors"), &before).unwrap();
    let recipe = fs::read_to_string(folder.path().join("recipe.toml")).unwrap();
    let recipe = recipe.replace(
        "encoder = \"mn04\"",
        "encoder = \"whisper\"\nstart = \"whisper.safetensors\"",
    );
    fs::write(folder.path().join("recipe.toml"), recipe).unwrap();
    let train = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_laennec"));
        command.args([
            "train",
            "recipe.toml",
            "--data",
            "data",
            "--models",
            "models",
        ]);
        command
            .args(["--cache", "cache", "--out", "out"])
            .args(arguments)
            .env("XDG_CACHE_HOME", "cache");
        command.current_dir(folder.path()).output().unwrap()
    };
    let output = train(&["--epochs", "2"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");

    let file = folder.path().join("out/encoder.safetensors");
    let after = fs::read(&file).unwrap();
    let [before, after] = [&before, &after].map(|bytes| SafeTensors::deserialize(bytes).unwrap());
    for (name, tensor) in before.iter() {
        let (old, new) = (
            floats(tensor.data()),
            floats(after.tensor(name).unwrap().data()),
        );
        let moved = old.iter().zip(&new).map(|(a, b)| (a - b).abs());
        let most = moved.fold(0.0, f32::max);
        // The moving average rounds what does not move.
        let learns = name.starts_with("blocks.1.") || name.starts_with("norm.");
        assert_eq!(most > 1e-6, learns, "{name}: {most}");
    }
    let encoder = AnyEncoder::open(&file, &Device::flex()).unwrap();
    assert_eq!((encoder.name(), encoder.dims()), ("whisper", 64));

    let recipe = fs::read_to_string(folder.path().join("recipe.toml")).unwrap();
    let wrong = recipe.replace("encoder = \"whisper\"", "encoder = \"wavlm\"");
    fs::write(folder.path().join("recipe.toml"), wrong).unwrap();
    let output = train(&[]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("wavlm") && said.contains("opera-gt"),
        "{said}"
    );
}
