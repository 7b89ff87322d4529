//! Labels that a person corrected: they are not lost, and texts can be made of them.

use std::fs;
use std::path::Path;

use crate::{build, built, laennec, text};

/// The opaque ids of the manifest, in its order.
fn ids(root: &Path) -> Vec<String> {
    let shown = laennec(root, &["corpus", "show", "one/manifest.parquet", "--json"]);
    let rows = text(&shown.stdout);
    let id = |row: &str| serde_json::from_str::<serde_json::Value>(row).unwrap()["id"].clone();
    rows.lines()
        .map(|row| id(row).as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn corrected_labels_are_kept_and_give_texts() {
    let root = built();
    let manifest = root.path().join("one/manifest.parquet");
    let labels = root.path().join("labels");
    fs::create_dir(&labels).unwrap();
    let kinds = ["wheeze", "crackle", "fine_crackle", "normal", "stridor"];
    for (id, kind) in ids(root.path()).iter().zip(kinds) {
        let label = format!("0.100000\t0.900000\t{kind}\n");
        fs::write(labels.join(format!("{id}.txt")), label).unwrap();
    }
    fs::write(labels.join("of-another.txt"), "").unwrap();
    let annotate = ["corpus", "annotate", "one/manifest.parquet", "labels"];
    let read = laennec(
        root.path(),
        &[annotate.as_slice(), &["--out", "one/manifest.parquet"]].concat(),
    );
    assert_eq!(read.status.code(), Some(0), "{}", text(&read.stderr));
    assert_eq!(text(&read.stdout), "5 label files, 5 recordings changed\n");
    let stray = "1 label files belong to no recording of the manifest: of-another.txt";
    assert!(text(&read.stderr).contains(stray), "{}", text(&read.stderr));
    let shown = laennec(root.path(), &["corpus", "show", "one/manifest.parquet"]);
    let shown = text(&shown.stdout);
    assert_eq!(shown.matches("annotate version 1").count(), 5, "{shown}");

    for command in ["report", "instruct", "prefer"] {
        let made = laennec(
            root.path(),
            &[
                "corpus",
                command,
                "one/manifest.parquet",
                &format!("{command}.jsonl"),
            ],
        );
        assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    }

    let corrected = fs::read(&manifest).unwrap();
    let import = ["corpus", "import", "one/manifest.parquet"];
    for refused in [
        laennec(root.path(), &import),
        build(root.path(), "one", &[]),
    ] {
        let told = text(&refused.stderr);
        assert_eq!(refused.status.code(), Some(6), "{told}");
        assert!(
            told.contains("holds 5 recordings with corrected labels"),
            "{told}"
        );
        assert!(!told.contains("sounds read"), "{told}");
    }
    assert_eq!(fs::read(&manifest).unwrap(), corrected);
    let forced = build(root.path(), "one", &["--force"]);
    assert_eq!(forced.status.code(), Some(0), "{}", text(&forced.stderr));
    assert_ne!(fs::read(&manifest).unwrap(), corrected);
}
