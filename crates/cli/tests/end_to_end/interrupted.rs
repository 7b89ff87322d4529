//! A run over a folder that is killed goes on where it stopped, and ends with the same tables.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::{analyze, program, sample, stderr};

const TABLES: [&str; 4] = ["--jsonl", "all.jsonl", "--csv", "all.csv"];

/// Analyses that are kept so far; the first line is none, and the last may be half written.
fn kept(folder: &Path) -> usize {
    let text = fs::read_to_string(folder.join("all.jsonl.partial")).unwrap_or_default();
    text.matches('\n').count().saturating_sub(1)
}

#[test]
fn a_killed_folder_run_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::create_dir(here.join("in")).unwrap();
    for copy in 0..4 {
        for name in ["lung-01.flac", "heart-01.flac", "poor-01.flac"] {
            fs::copy(sample(name), here.join(format!("in/{copy}-{name}"))).unwrap();
        }
    }
    let whole = analyze(here, &[["in", "--json"].as_slice(), &TABLES].concat());
    assert_eq!(whole.status.code(), Some(0), "{}", stderr(&whole));
    assert_eq!(kept(here), 0, "nothing is kept of a whole run");
    let tables = ["all.jsonl", "all.csv"];
    let expected = tables.map(|table| fs::read(here.join(table)).unwrap());
    for table in tables {
        fs::remove_file(here.join(table)).unwrap();
    }

    let mut child = program(here)
        .args([["in", "--jobs", "1"].as_slice(), &TABLES].concat())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let began = Instant::now();
    while kept(here) < 2 && began.elapsed() < Duration::from_mins(2) {
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let done = kept(here);
    assert!((2..12).contains(&done), "{done} of 12 when killed");
    assert!(!here.join("all.jsonl").exists());

    // A recording that is another one now is heard again; what is foreign is left alone.
    fs::copy(sample("lung-01.flac"), here.join("in/new.flac")).unwrap();
    fs::rename(here.join("in/new.flac"), here.join("in/0-heart-01.flac")).unwrap();
    fs::copy(sample("heart-01.flac"), here.join("in/0-heart-01.flac")).unwrap();
    fs::write(here.join("other.csv.partial"), "my notes").unwrap();
    let foreign = analyze(here, &["in", "--csv", "other.csv"]);
    assert_eq!(foreign.status.code(), Some(6), "{}", stderr(&foreign));
    let notes = fs::read(here.join("other.csv.partial")).unwrap();
    assert_eq!(notes, b"my notes");

    // Analyses of other options are not thrown away unasked.
    fs::copy(
        here.join("all.jsonl.partial"),
        here.join("few.jsonl.partial"),
    )
    .unwrap();
    let few = ["in/0-lung-01.flac", "in/0-poor-01.flac"];
    let few = [
        few.as_slice(),
        &["--jsonl", "few.jsonl", "--domain", "lung"],
    ]
    .concat();
    let other = analyze(here, &few);
    assert_eq!(other.status.code(), Some(6), "{}", stderr(&other));
    let told = format!("few.jsonl.partial keeps {done} analyses");
    assert!(stderr(&other).contains(&told), "{}", stderr(&other));
    let forced = analyze(here, &[few.as_slice(), &["--force"]].concat());
    assert_eq!(forced.status.code(), Some(0), "{}", stderr(&forced));
    assert!(!stderr(&forced).contains("analysed before"));

    let resumed = analyze(here, &[["in", "--json"].as_slice(), &TABLES].concat());
    assert_eq!(resumed.status.code(), Some(0), "{}", stderr(&resumed));
    let told = format!("{} of 12 were analysed before", done - 1);
    assert!(stderr(&resumed).contains(&told), "{}", stderr(&resumed));
    assert_eq!(
        String::from_utf8_lossy(&resumed.stdout),
        String::from_utf8_lossy(&whole.stdout)
    );
    for (table, expected) in tables.into_iter().zip(expected) {
        assert!(fs::read(here.join(table)).unwrap() == expected, "{table}");
    }
    assert!(!here.join("all.jsonl.partial").exists());
}
