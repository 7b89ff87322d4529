//! CPU time of whole runs of `laennec analyze` on the sample recordings, from the start of the
//! process to its end.
//!
//! Build the program first (`cargo build -p laennec`). Run with `RAYON_NUM_THREADS=1` for figures
//! per core. The times of ended processes come from /proc, in hundredths of a second.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use laennec_benches::{Case, Failure, Work, run};

fn main() -> Result<(), Failure> {
    run(&[
        Case {
            name: "analyze-lung",
            what: "to analyse samples/lung-01.flac, or the file named",
            prepare: |file| analyze(file, "lung-01.flac"),
        },
        Case {
            name: "analyze-heart",
            what: "to analyse samples/heart-01.flac, or the file named",
            prepare: |file| analyze(file, "heart-01.flac"),
        },
        Case {
            name: "analyze-poor",
            what: "to analyse samples/poor-01.flac, or the file named",
            prepare: |file| analyze(file, "poor-01.flac"),
        },
    ])
}

fn analyze(file: Option<&Path>, sample: &str) -> Result<Option<Work>, Failure> {
    let sample = || {
        PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("../samples")
            .join(sample)
    };
    let file = file.map_or_else(sample, Path::to_owned);
    // Benchmarks lie in target/*/deps, the program one folder up.
    let program = std::env::current_exe()?
        .parent()
        .and_then(Path::parent)
        .ok_or("this program has no folder")?
        .join("laennec");
    if !program.is_file() {
        return Err(format!(
            "{}: build it with cargo build -p laennec",
            program.display()
        )
        .into());
    }
    Ok(Some(Box::new(move |watch| {
        let before = ended_children()?;
        let mut bytes = 0;
        // Ten runs, because the clock is coarse.
        for _ in 0..RUNS {
            let output = Command::new(&program)
                .args(["analyze", "--json"])
                .arg(&file)
                .output()?;
            if !output.status.success() {
                return Err(String::from_utf8_lossy(&output.stderr).into());
            }
            bytes = output.stdout.len();
        }
        watch.add(ended_children()?.saturating_sub(before) / RUNS);
        Ok(bytes as f64)
    })))
}

const RUNS: u32 = 10;

/// CPU time, user and system, of all child processes that have ended.
fn ended_children() -> Result<Duration, Failure> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name
        .split_whitespace()
        .skip(13)
        .take(2)
        .map(str::parse::<u64>)
        .sum::<Result<u64, _>>()?;
    Ok(Duration::from_millis(ticks * 10))
}
