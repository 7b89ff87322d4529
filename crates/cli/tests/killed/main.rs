//! Training that is killed: a small alignment by the program itself, ended with SIGKILL at seeded
//! random moments and started again, must leave the bytes of the uninterrupted run; also one that
//! stops early, in as many threads as there are processors.
//!
//! Eight moments by default, and as many for the one that stops early; all fifty of the requirement
//! with `LAENNEC_KILLS=50 cargo test -p laennec --test killed`.
#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod folder;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use folder::Folder;

/// Kills unless `LAENNEC_KILLS` says how many.
const KILLS: usize = 8;

/// Starts training into `out`.
fn start(folder: &Folder, out: &Path) -> Child {
    command(folder, out).spawn().unwrap()
}

fn command(folder: &Folder, out: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_laennec"));
    command
        .args([
            "train",
            "recipe.toml",
            "--data",
            "data",
            "--models",
            "models",
        ])
        .args(["--cache", "cache", "--out"])
        .arg(out)
        .current_dir(folder.path())
        .env("XDG_CACHE_HOME", "cache")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

/// Trains to the end; what was said on standard error.
fn finish(folder: &Folder, out: &Path) -> String {
    let output = start(folder, out).wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    said
}

/// What a run leaves: weights, optimiser state, logs, by path below its folder.
fn bytes(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![out.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(out).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                // What a kill left half written is hidden, and no part of the run.
                if !name.contains("/.") {
                    folders.push(path);
                }
            } else if !name.starts_with('.') {
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn assert_same(found: &BTreeMap<String, Vec<u8>>, whole: &BTreeMap<String, Vec<u8>>, when: &str) {
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(found), names(whole), "{when}");
    for (name, bytes) in whole {
        assert!(found[name] == *bytes, "{name} differs after {when}");
    }
}

/// A number in `[0, 1)` for the kill `index`: splitmix64 (Steele et al. 2014).
fn moment(index: u64) -> f64 {
    let mut z = (index + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// One test, so that its runs do not compete for the processor: their moments are in seconds.
#[test]
fn a_killed_run_ends_with_the_same_bytes() {
    let kills: usize = std::env::var("LAENNEC_KILLS")
        .map_or(KILLS, |n| n.parse().expect("LAENNEC_KILLS is a number"));
    let folder = Folder::new();
    let (whole, expected) = killed_again_and_again(&folder, kills);
    damaged_checkpoints_are_passed_over(&folder, &whole, &expected);

    // A rate at which the figure soon gets worse, and no patience with it.
    let folder = Folder::new();
    let recipe = fs::read_to_string(folder.path().join("recipe.toml")).unwrap();
    let hasty = recipe
        .replace("patience = 6", "patience = 1")
        .replace("epochs = 6", "epochs = 40");
    assert_ne!(hasty, recipe);
    fs::write(folder.path().join("recipe.toml"), hasty).unwrap();
    let (_, expected) = killed_again_and_again(&folder, kills.min(KILLS));
    let lines = expected["log.jsonl"].iter().filter(|b| **b == b'\n');
    assert!(lines.count() < 40 * 8, "it stopped early");
}

/// A whole run, then runs that are killed `kills` times in all; the folder and files of the whole one.
fn killed_again_and_again(folder: &Folder, kills: usize) -> (PathBuf, BTreeMap<String, Vec<u8>>) {
    // The first run fills the cache of features, so it is no measure of time.
    let whole = folder.path().join("whole");
    finish(folder, &whole);
    let expected = bytes(&whole);
    for part in [
        "network.safetensors",
        "average.safetensors",
        "best.safetensors",
        "optimiser.bpk",
    ] {
        let named = |name: &&String| name.starts_with("checkpoints/") && name.ends_with(part);
        assert_eq!(expected.keys().filter(named).count(), 2, "{part}");
    }
    assert!(expected.contains_key("log.jsonl"));
    assert!(expected.contains_key("encoder.safetensors"));

    let again = folder.path().join("again");
    let began = Instant::now();
    finish(folder, &again);
    let seconds = began.elapsed().as_secs_f64();
    assert_same(&bytes(&again), &expected, "a second run");

    // Killed and resumed until it ends by itself; then a new run takes the moments that are left.
    let out = folder.path().join("killed");
    let (mut run, mut at) = (0, Vec::new());
    for kill in 0..kills {
        let mut child = start(folder, &out);
        std::thread::sleep(Duration::from_secs_f64(moment(kill as u64) * seconds));
        let ended = child.try_wait().unwrap().is_some();
        child.kill().unwrap();
        child.wait().unwrap();
        at.push(steps(&out));
        if ended {
            assert_same(&bytes(&out), &expected, &format!("kills at steps {at:?}"));
            fs::remove_dir_all(&out).unwrap();
            at.clear();
            run += 1;
        }
    }
    if out.exists() {
        finish(folder, &out);
        assert_same(&bytes(&out), &expected, &format!("kills at steps {at:?}"));
        run += 1;
    }
    assert!(run >= 1);
    (whole, expected)
}

/// Lines of the log that the killed run left.
fn steps(out: &Path) -> usize {
    let log = fs::read_to_string(out.join("log.jsonl")).unwrap_or_default();
    log.lines().count()
}

/// A bit of the newest checkpoint is turned: the one before is used, said so, and the end is the
/// same. With both damaged, the run is refused.
fn damaged_checkpoints_are_passed_over(
    folder: &Folder,
    out: &Path,
    expected: &BTreeMap<String, Vec<u8>>,
) {
    let parts: Vec<&String> = expected
        .keys()
        .filter(|name| name.starts_with("checkpoints/") && name.ends_with("optimiser.bpk"))
        .collect();
    let turn = |name: &str| {
        let path = out.join(name);
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 4;
        fs::write(path, bytes).unwrap();
    };
    turn(parts[1]);
    let said = finish(folder, out);
    assert!(said.contains("passed over"), "{said}");
    assert!(said.contains("SHA-256"), "{said}");
    assert_same(&bytes(out), expected, "a damaged checkpoint");

    turn(parts[0]);
    turn(parts[1]);
    let output = start(folder, out).wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(6));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("no sound checkpoint is left"), "{said}");
}
