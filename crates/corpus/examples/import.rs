//! Imports a data folder into a manifest and says what was read:
//! `cargo run -p laennec-corpus --example import -- DATA_FOLDER MANIFEST.parquet`
#![expect(clippy::print_stdout, reason = "an example talks to the terminal")]

use std::path::PathBuf;
use std::time::Instant;

use laennec_corpus::split::{SplitPlan, assign, check};
use laennec_corpus::{Import, Split, manifest};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(data), Some(output)) = (arguments.next(), arguments.next()) else {
        return Err("expected DATA_FOLDER and MANIFEST.parquet".into());
    };
    let started = Instant::now();
    let cache = output.with_extension("cache");
    let reading = Import {
        cache: Some(&cache),
        progress: &|_| {},
    }
    .read(&data)?;
    let seconds = started.elapsed().as_secs_f64();
    for problem in &reading.problems {
        println!("{problem}");
    }
    let (reused, all) = (reading.reused, reading.located.len());
    let plan = SplitPlan::new(1, reading.validation);
    let counts = reading.counts;
    let mut recordings: Vec<_> = reading
        .located
        .into_iter()
        .map(|located| located.recording)
        .collect();
    let left_out = assign(&mut recordings, &plan)?;
    check(&recordings)?;
    println!(
        "{} of {all} sounds heard in {seconds:.2} s; left out of every split: {}",
        all - reused,
        left_out.len()
    );
    for (data_set, counts) in &counts {
        print!(
            "{data_set}: {} recordings, {} subjects,",
            counts.recordings, counts.subjects
        );
        print!(" {} events, {} problems;", counts.events, counts.problems);
        for &split in Split::ALL {
            let of = |recording: &&laennec_corpus::Recording| {
                recording.data_set == *data_set && recording.split == Some(split)
            };
            print!(" {split} {}", recordings.iter().filter(of).count());
        }
        println!();
    }
    manifest::write(&output, &recordings)?;
    // What the process took, where the system tells.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    for line in status.lines().filter(|line| line.starts_with("VmHWM")) {
        println!("{line}");
    }
    Ok(())
}
