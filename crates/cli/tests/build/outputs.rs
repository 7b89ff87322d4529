//! What the commands of a corpus refuse to write, and what they replace.

use std::fs;

use crate::{build, built, bytes, data, laennec, text};

#[test]
fn files_of_others_are_not_written_over() {
    let root = built();
    let laennec = |arguments: &[&str]| laennec(root.path(), arguments);
    let before = bytes(root.path(), "one");
    fs::write(root.path().join("notes.txt"), "my notes").unwrap();
    for arguments in [
        ["corpus", "report", "one/manifest.parquet", "notes.txt"],
        ["corpus", "instruct", "one/manifest.parquet", "notes.txt"],
        ["corpus", "prefer", "one/manifest.parquet", "notes.txt"],
        [
            "corpus",
            "report",
            "one/manifest.parquet",
            "one/manifest.parquet",
        ],
        // Of another kind, though made here.
        [
            "corpus",
            "report",
            "one/manifest.parquet",
            "one/instructions.jsonl",
        ],
        [
            "corpus",
            "report",
            "one/manifest.parquet",
            "one/weak.parquet",
        ],
        [
            "corpus",
            "instruct",
            "one/manifest.parquet",
            "one/preferences.jsonl",
        ],
        [
            "corpus",
            "prefer",
            "one/manifest.parquet",
            "one/reports.jsonl",
        ],
        ["corpus", "import", "new.parquet", "--problems=notes.txt"],
        ["corpus", "import", "new.parquet", "--cache=notes.txt"],
        ["corpus", "import", "notes.txt", "--seed=3"],
    ] {
        let refused = laennec(&arguments);
        let told = text(&refused.stderr);
        assert_eq!(refused.status.code(), Some(6), "{arguments:?}: {told}");
        assert!(told.contains("exists already"), "{told}");
    }
    assert_eq!(
        fs::read(root.path().join("notes.txt")).unwrap(),
        b"my notes"
    );
    assert!(!root.path().join("notes.txt.cache").exists());
    assert_eq!(bytes(root.path(), "one"), before);
    // The same command again may replace what it made itself.
    for seed in ["--seed=1", "--seed=2"] {
        let made = laennec(&[
            "corpus",
            "report",
            "one/manifest.parquet",
            "mine.jsonl",
            seed,
        ]);
        assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    }
}

/// A folder that is missing, or a folder in place of a file, is told before anything is listened to,
/// by the path as given.
#[test]
fn outputs_that_cannot_be_written_are_refused_before_any_work() {
    let root = built();
    fs::remove_file(root.path().join("one/manifest.parquet.cache")).unwrap();
    fs::create_dir(root.path().join("labels")).unwrap();
    let manifest = "one/manifest.parquet";
    for arguments in [
        ["import", "none/out", "--seed=1"],
        ["import", "new.parquet", "--problems=none/out"],
        ["import", "new.parquet", "--cache=none/out"],
        ["report", manifest, "none/out"],
        ["instruct", manifest, "none/out"],
        ["prefer", manifest, "none/out"],
        ["label", manifest, "--out=none/out"],
        ["split", manifest, "--out=none/out"],
    ] {
        let refused = laennec(root.path(), &[["corpus"].as_slice(), &arguments].concat());
        let told = text(&refused.stderr);
        assert_eq!(refused.status.code(), Some(6), "{arguments:?}: {told}");
        let expected = "error: none/out cannot be written: the folder none does not exist\nhelp: ";
        assert!(told.starts_with(expected), "{arguments:?}: {told}");
    }
    let annotate = ["corpus", "annotate", manifest, "labels", "--out=none/out"];
    let refused = laennec(root.path(), &annotate);
    assert_eq!(refused.status.code(), Some(6), "{}", text(&refused.stderr));
    let blocked = laennec(root.path(), &["corpus", "report", manifest, "labels"]);
    assert_eq!(blocked.status.code(), Some(6), "{}", text(&blocked.stderr));
    assert!(!root.path().join("new.parquet").exists());
}

#[test]
fn a_build_looks_at_all_its_files_before_it_begins() {
    let root = tempfile::tempdir().unwrap();
    data(root.path());
    fs::create_dir_all(root.path().join("one/instructions.jsonl")).unwrap();
    let refused = build(root.path(), "one", &[]);
    assert_eq!(refused.status.code(), Some(6), "{}", text(&refused.stderr));
    assert!(text(&refused.stderr).contains("one/instructions.jsonl is a folder"));
    assert!(!root.path().join("one/manifest.parquet").exists());
}

#[test]
fn measures_that_no_report_states_are_wrong_usage() {
    let root = built();
    let report = ["corpus", "report", "one/manifest.parquet", "new.jsonl"];
    let refused = laennec(root.path(), &[report.as_slice(), &["--listen"]].concat());
    assert_eq!(refused.status.code(), Some(2), "{}", text(&refused.stderr));
    assert!(text(&refused.stderr).contains("--mode labels-hidden"));
    assert_eq!(
        build(root.path(), "one", &["--listen"]).status.code(),
        Some(2)
    );
}

#[cfg(unix)]
#[test]
fn a_link_keeps_leading_to_what_is_written() {
    let root = built();
    let (manifest, reports) = (root.path().join("m"), root.path().join("r"));
    std::os::unix::fs::symlink("one/manifest.parquet", &manifest).unwrap();
    std::os::unix::fs::symlink("later.jsonl", &reports).unwrap();
    for arguments in [["split", "m", "--seed=5"], ["report", "m", "r"]] {
        let made = laennec(root.path(), &[["corpus"].as_slice(), &arguments].concat());
        assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    }
    assert!(manifest.is_symlink() && reports.is_symlink());
    assert!(root.path().join("later.jsonl").is_file());
}

/// A file that grows too large stands for a full disk: it is told by the path that was given.
#[cfg(unix)]
#[test]
fn a_full_disk_is_told_by_the_path_that_was_given() {
    let root = built();
    let program = env!("CARGO_BIN_EXE_laennec");
    for command in [
        "report one/manifest.parquet out.jsonl",
        "split one/manifest.parquet --out=out.jsonl",
    ] {
        let limited = format!("trap '' XFSZ; ulimit -f 1; exec {program} corpus {command}");
        let full = std::process::Command::new("sh")
            .args(["-c", &limited])
            .current_dir(root.path())
            .output()
            .unwrap();
        let told = text(&full.stderr);
        assert_eq!(full.status.code(), Some(6), "{told}");
        let expected = "error: out.jsonl cannot be written: file too large\nhelp: free some space";
        assert!(told.contains(expected), "{told}");
    }
}
