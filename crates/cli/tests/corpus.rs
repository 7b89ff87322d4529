//! `laennec corpus`, run as a user runs it, on the real data sets where they are here.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::path::Path;
use std::process::{Command, Output};

fn laennec(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_laennec"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn the_data_folder_becomes_a_manifest_that_passes_its_check() {
    if std::env::var_os("LAENNEC_DATA").is_none() {
        eprintln!("skipped: LAENNEC_DATA is not set");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let import = laennec(folder.path(), &["corpus", "import", "m.parquet"]);
    assert_eq!(import.status.code(), Some(0), "{}", text(&import.stderr));
    let stats = laennec(folder.path(), &["corpus", "stats", "m.parquet"]);
    assert_eq!(import.stdout, stats.stdout);
    let out = text(&stats.stdout);
    let cells: Vec<Vec<&str>> = out
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    let row = |name: &str, split: &str| {
        let found = cells.iter().find(|row| row[0] == name && row[1] == split);
        found.unwrap_or_else(|| panic!("{out}"))
    };
    // The 50 reserved patients of SPRSound.
    assert_eq!(row("sprsound", "validation")[3], "50");
    assert_eq!(row("kauh", "test")[2], "220");
    let total: usize = cells
        .iter()
        .filter(|row| row[0] == "sprsound")
        .map(|row| row[2].parse::<usize>().unwrap())
        .sum();
    assert_eq!(total, 1949);

    let check = laennec(folder.path(), &["corpus", "check", "m.parquet"]);
    assert_eq!(check.status.code(), Some(0), "{}", text(&check.stderr));
    let again = laennec(folder.path(), &["corpus", "import", "m.parquet"]);
    assert_eq!(again.status.code(), Some(6));
}

#[test]
fn a_missing_or_wrong_manifest_and_data_folder_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let missing = laennec(folder.path(), &["corpus", "stats", "m.parquet"]);
    assert_eq!(missing.status.code(), Some(5));
    std::fs::write(folder.path().join("m.parquet"), "text").unwrap();
    let wrong = laennec(folder.path(), &["corpus", "check", "m.parquet"]);
    assert_eq!(wrong.status.code(), Some(3));
    assert!(text(&wrong.stderr).contains("help: give a manifest"));
    let empty = laennec(
        folder.path(),
        &["corpus", "import", "n.parquet", "--data", "."],
    );
    assert_eq!(empty.status.code(), Some(5));
    assert!(text(&empty.stderr).contains("sprsound"));
}
