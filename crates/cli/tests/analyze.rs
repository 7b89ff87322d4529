//! `laennec analyze` as a program: what it refuses before any work, and its schema.

use std::path::Path;
use std::process::{Command, Output};

fn laennec(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_laennec"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("LAENNEC_BUNDLE")
        .env("LAENNEC_MODELS", folder.join("models"))
        .output()
        .expect("the program starts")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_schema_is_json_and_names_the_parts() {
    let folder = tempfile::tempdir().unwrap();
    let output = laennec(folder.path(), &["analyze", "--schema"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let schema: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    for part in [
        "schema_version",
        "id",
        "quality",
        "domain",
        "findings",
        "events",
        "report",
        "research_use",
    ] {
        assert!(schema["properties"].get(part).is_some(), "{part}");
    }
    let answers = &schema["$defs"]["FindingAnswer"]["properties"]["answer"]["enum"];
    assert_eq!(
        answers,
        &serde_json::json!(["present", "absent", "uncertain", "not_assessed"])
    );
}

#[test]
fn outputs_are_checked_before_any_work() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("there.csv"), "precious").unwrap();
    std::fs::create_dir(folder.path().join("in")).unwrap();
    for name in ["a.wav", "in/b.wav", "t.csv.partial"] {
        std::fs::write(folder.path().join(name), "no audio").unwrap();
    }
    for (arguments, code, said) in [
        (vec!["a.wav", "--csv", "there.csv"], 6, "--force"),
        (vec!["a.wav", "--figure", "out.jpg"], 2, ".png"),
        (vec![".", "--html", "out.html"], 2, "a folder was given"),
        (
            vec!["a.wav", "a.wav", "--figure", "out.png"],
            2,
            "several were given",
        ),
        (
            vec!["a.wav", "--csv", "x.out", "--jsonl", "x.out"],
            2,
            "two outputs",
        ),
        (vec!["a.wav", "--csv", "nowhere/x.csv"], 6, "does not exist"),
        (
            vec!["a.wav", "--csv", "./a.wav", "--force"],
            6,
            "recording to analyse",
        ),
        (
            vec!["in", "--jsonl", "in/b.wav", "--force"],
            6,
            "recording to analyse",
        ),
        (
            vec!["a.wav", "t.csv.partial", "--csv", "t.csv"],
            6,
            "recording to analyse",
        ),
        (
            vec!["in", "--csv", "in/../x.out", "--jsonl", "x.out"],
            2,
            "two outputs",
        ),
        (vec!["a.wav", "--csv", "in"], 6, "is a folder"),
        (vec!["a.wav", "--channel", "left"], 2, "channel number"),
        (vec![], 2, "FILE"),
    ] {
        let arguments = [vec!["analyze"], arguments].concat();
        let output = laennec(folder.path(), &arguments);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{arguments:?}: {}",
            stderr(&output)
        );
        assert!(
            stderr(&output).contains(said),
            "{arguments:?}: {}",
            stderr(&output)
        );
    }
    assert_eq!(
        std::fs::read(folder.path().join("there.csv")).unwrap(),
        b"precious"
    );
    let recording = std::fs::read(folder.path().join("in/b.wav")).unwrap();
    assert_eq!(recording, b"no audio");
}

#[test]
fn rewording_without_the_language_model_says_what_to_run() {
    let folder = tempfile::tempdir().unwrap();
    let output = laennec(folder.path(), &["analyze", "a.wav", "--reword"]);
    assert_eq!(output.status.code(), Some(5), "{}", stderr(&output));
    assert!(stderr(&output).contains("laennec models pull smollm2-135m-instruct-q4_1"));
}
