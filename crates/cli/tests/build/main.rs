//! `laennec corpus build`, run as a user runs it on a small tree: twice the same bytes, a rerun does
//! nothing, a step that fails leaves the others whole, a faulty corpus is refused. On the corpus that
//! was built, the commands that do one step.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod corrected;
mod endpoint;
mod outputs;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// The files that are made.
const FILES: [&str; 5] = [
    "manifest.parquet",
    "weak.parquet",
    "reports.jsonl",
    "instructions.jsonl",
    "preferences.jsonl",
];

fn build(root: &Path, folder: &str, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_laennec"))
        .args(["corpus", "build", folder, "--data", "data", "--no-networks"])
        .args(["--evidence", "evidence.jsonl"])
        .args(more)
        .current_dir(root)
        .output()
        .unwrap()
}

/// The program with the data of [`data`].
fn program(root: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_laennec"));
    command.args(["--data", "data"]).current_dir(root);
    command
}

fn laennec(root: &Path, arguments: &[&str]) -> Output {
    program(root).args(arguments).output().unwrap()
}

/// A folder with data and the corpus `one`.
fn built() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    data(root.path());
    let built = build(root.path(), "one", &[]);
    assert_eq!(built.status.code(), Some(0), "{}", text(&built.stderr));
    root
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn bytes(root: &Path, folder: &str) -> Vec<Vec<u8>> {
    let read = |file: &&str| fs::read(root.join(folder).join(file)).unwrap();
    FILES.iter().map(read).collect()
}

/// An `AudioFolder` of eight lungs of four people.
fn data(root: &Path) {
    let set = root.join("data/custom/lungs");
    fs::create_dir_all(&set).unwrap();
    fs::write(set.join("laennec.toml"), "domain = \"lung\"\n").unwrap();
    let mut table = String::from("file_name,subject,wheeze,discontinuous,sex,age,site\n");
    for number in 0..8_u32 {
        let hertz = 100.0 + 37.0 * f64::from(number);
        let samples: Vec<i16> = (0..12_000)
            .map(|n| {
                let time = f64::from(n) / 4000.0;
                let loud = 3000.0 * (1.0 + (time * f64::from(number + 2)).sin());
                (loud * (time * hertz * std::f64::consts::TAU).sin()) as i16
            })
            .collect();
        fs::write(set.join(format!("{number}.wav")), wav(&samples)).unwrap();
        let (subject, wheeze, crackle) = (number / 2, number % 2, u32::from(number % 3 == 0));
        let sex = ["female", "male"][subject as usize % 2];
        writeln!(
            table,
            "{number}.wav,s{subject},{wheeze},{crackle},{sex},{},left_posterior",
            20 + 9 * subject
        )
        .unwrap();
    }
    fs::write(set.join("metadata.csv"), table).unwrap();
}

/// A WAV file of one channel at 4 kHz.
fn wav(samples: &[i16]) -> Vec<u8> {
    let length = u32::try_from(2 * samples.len()).unwrap();
    let mut file = b"RIFF".to_vec();
    file.extend((36 + length).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(4000_u32.to_le_bytes());
    file.extend(8000_u32.to_le_bytes());
    file.extend(b"\x02\0\x10\0data");
    file.extend(length.to_le_bytes());
    file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    file
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_a_rerun_does_nothing() {
    let root = tempfile::tempdir().unwrap();
    data(root.path());
    let first = build(root.path(), "one", &[]);
    assert_eq!(first.status.code(), Some(0), "{}", text(&first.stderr));
    let shown = text(&first.stdout);
    for part in [
        "custom",
        "wheeze",
        "RECORDINGS",
        "TEMPLATE",
        "Classification",
        "presence",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    build(root.path(), "two", &[]);
    assert_eq!(bytes(root.path(), "one"), bytes(root.path(), "two"));
    let again = build(root.path(), "one", &[]);
    let told = text(&again.stderr);
    assert!(told.contains("nothing changed: one is as it was"), "{told}");
    assert!(told.contains("0 sounds read"), "{told}");
    let other = build(root.path(), "two", &["--seed", "7"]);
    assert!(!text(&other.stderr).contains("nothing changed: two"));
    let (one, two) = (bytes(root.path(), "one"), bytes(root.path(), "two"));
    assert_eq!(one[..2], two[..2], "another seed of texts, other texts");
    assert_ne!(one[2..], two[2..]);
}

#[test]
fn a_step_that_fails_leaves_the_others_whole_and_the_next_build_goes_on() {
    let root = tempfile::tempdir().unwrap();
    data(root.path());
    let failed = build(root.path(), "one", &["--notes", "nowhere.jsonl"]);
    assert_eq!(failed.status.code(), Some(3), "{}", text(&failed.stderr));
    assert!(text(&failed.stderr).contains("nowhere.jsonl"));
    let check = laennec(root.path(), &["corpus", "check", "one/manifest.parquet"]);
    assert_eq!(check.status.code(), Some(0), "{}", text(&check.stderr));
    assert!(!root.path().join("one/reports.jsonl").exists());
    let mended = build(root.path(), "one", &[]);
    assert_eq!(mended.status.code(), Some(0), "{}", text(&mended.stderr));
    build(root.path(), "two", &[]);
    assert_eq!(bytes(root.path(), "one"), bytes(root.path(), "two"));
    let strays: Vec<_> = fs::read_dir(root.path().join("one"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".partial") || name.starts_with(".tmp"))
        .collect();
    assert!(strays.is_empty(), "{strays:?}");
}

#[test]
fn one_sound_with_contradicting_labels_is_refused_before_texts_are_made() {
    let root = tempfile::tempdir().unwrap();
    data(root.path());
    let set = root.path().join("data/custom/lungs");
    fs::copy(set.join("0.wav"), set.join("1.wav")).unwrap();
    let refused = build(root.path(), "one", &[]);
    assert_eq!(refused.status.code(), Some(6), "{}", text(&refused.stderr));
    let shown = text(&refused.stdout);
    assert!(
        shown.contains("one sound with contradicting findings: 1"),
        "{shown}"
    );
    assert!(!root.path().join("one/reports.jsonl").exists());
}
