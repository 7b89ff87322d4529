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
    assert_eq!(again.status.code(), Some(0), "{}", text(&again.stderr));
    let told = text(&again.stderr);
    assert!(
        told.contains("m.parquet holds these rows already"),
        "{told}"
    );
    assert!(told.contains("0 sounds read"), "{told}");
    assert_eq!(import.stdout, again.stdout);

    let show = laennec(
        folder.path(),
        &[
            "corpus",
            "show",
            "m.parquet",
            "data_set=kauh",
            "findings=wheeze",
            "--most",
            "1",
        ],
    );
    let shown = text(&show.stdout);
    assert!(
        shown.contains("kauh (CC-BY-4.0)") && shown.contains("wheeze present"),
        "{shown}"
    );
    let split = laennec(
        folder.path(),
        &["corpus", "split", "m.parquet", "--out", "s.parquet"],
    );
    assert_eq!(split.status.code(), Some(0), "{}", text(&split.stderr));
    assert_eq!(
        split.stdout, import.stdout,
        "the same seed and reserve, the same split"
    );
    words_that_mean_nothing_are_refused(folder.path());
    corrected_labels_are_kept(folder.path());
}

fn words_that_mean_nothing_are_refused(folder: &Path) {
    for (arguments, help) in [
        (["show", "m.parquet", "split=foo"].as_slice(), "calibration"),
        (
            ["export", "m.parquet", "labels", "--data-set", "nix"].as_slice(),
            "sprsound",
        ),
    ] {
        let refused = laennec(folder, &[["corpus"].as_slice(), arguments].concat());
        assert_eq!(refused.status.code(), Some(2));
        let told = text(&refused.stderr);
        assert!(told.contains(help), "{told}");
    }
}

/// Labels are exported, corrected by hand, exported again by mistake, and read back.
fn corrected_labels_are_kept(folder: &Path) {
    let export = ["corpus", "export", "m.parquet", "labels"];
    let first = laennec(folder, &export);
    assert_eq!(first.status.code(), Some(0), "{}", text(&first.stderr));
    let again = laennec(folder, &export);
    assert_eq!(again.status.code(), Some(0), "{}", text(&again.stderr));
    assert_eq!(first.stdout, again.stdout);

    let mut files: Vec<_> = std::fs::read_dir(folder.join("labels"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let normal = |path: &std::path::PathBuf| {
        let labels = std::fs::read_to_string(path).unwrap();
        labels.lines().all(|label| label.ends_with("\tnormal"))
    };
    let first = files.iter().position(normal).unwrap();
    files.swap(0, first);
    let corrected = "0.100000\t0.250000\twheeze\n";
    assert_ne!(std::fs::read_to_string(&files[0]).unwrap(), corrected);
    std::fs::write(&files[0], corrected).unwrap();
    std::fs::remove_file(&files[1]).unwrap();
    let refused = laennec(folder, &export);
    assert_eq!(refused.status.code(), Some(6));
    assert_eq!(std::fs::read_to_string(&files[0]).unwrap(), corrected);
    assert!(!files[1].exists(), "refused before anything was written");

    let annotate = |labels: &str| {
        let arguments = ["corpus", "annotate", "m.parquet", labels];
        let out = ["--out", "corrected.parquet"];
        laennec(folder, &[arguments.as_slice(), &out].concat())
    };
    let read = annotate("labels");
    assert_eq!(read.status.code(), Some(0), "{}", text(&read.stderr));
    assert!(text(&read.stdout).contains(", 1 recordings changed"));
    assert_eq!(annotate("nowhere").status.code(), Some(3));
    texts_follow_a_correction(folder, files[0].file_stem().unwrap().to_str().unwrap());

    let forced = laennec(folder, &[export.as_slice(), &["--force"]].concat());
    assert_eq!(forced.status.code(), Some(0), "{}", text(&forced.stderr));
    assert_ne!(std::fs::read_to_string(&files[0]).unwrap(), corrected);
    assert!(files[1].exists());
}

/// A normal breath that became a wheeze is stated so.
fn texts_follow_a_correction(folder: &Path, id: &str) {
    let report = ["corpus", "report", "corrected.parquet", "reports.jsonl"];
    let made = laennec(folder, &report);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    let reports = std::fs::read_to_string(folder.join("reports.jsonl")).unwrap();
    let line = reports.lines().find(|line| line.contains(id)).unwrap();
    assert!(line.contains("\"wheeze\":\"present\""), "{line}");
    let instruct = [
        "corpus",
        "instruct",
        "corrected.parquet",
        "instructions.jsonl",
    ];
    let made = laennec(folder, &instruct);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
}

#[test]
fn a_published_division_with_patients_on_both_sides_is_refused() {
    let list = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../corpus/tests/fixtures/splits/kauh_opera.csv");
    let check = laennec(Path::new("."), &["corpus", "check", list.to_str().unwrap()]);
    assert_eq!(check.status.code(), Some(6));
    assert!(
        text(&check.stdout).contains("subjects in two splits: 49"),
        "{}",
        text(&check.stdout)
    );
}

#[test]
fn a_file_that_is_no_manifest_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let part = folder.path().join("physionet2016/training-a");
    std::fs::create_dir_all(&part).unwrap();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    let sound = std::fs::read_dir(sample)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| {
            path.extension()
                .is_some_and(|extension| extension == "flac")
        })
        .unwrap();
    std::fs::copy(sound, part.join("a0001.flac")).unwrap();
    std::fs::write(part.join("REFERENCE.csv"), "a0001,-1\na0002,1\n").unwrap();
    let target = folder.path().join("m.parquet");
    std::fs::write(&target, "my notes").unwrap();
    let arguments = [
        "corpus",
        "import",
        "m.parquet",
        "--data",
        ".",
        "--problems",
        "p.jsonl",
    ];
    let refused = laennec(folder.path(), &arguments);
    assert_eq!(refused.status.code(), Some(6), "{}", text(&refused.stderr));
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "my notes");
    let forced = laennec(folder.path(), &[&arguments[..], &["--force"]].concat());
    assert_eq!(forced.status.code(), Some(0), "{}", text(&forced.stderr));
    // The terminal names the file and the line, what is stored only the id and the line.
    assert!(text(&forced.stderr).contains("REFERENCE.csv:2: no audio file"));
    let stored = std::fs::read_to_string(folder.path().join("p.jsonl")).unwrap();
    assert!(
        stored.contains("\"line\":2") && !stored.contains("a0002") && !stored.contains("REFERENCE")
    );
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
