//! Imports a data folder into a manifest and says what was read:
//! `cargo run -p laennec-corpus --example import -- DATA_FOLDER MANIFEST.parquet`
#![expect(clippy::print_stdout, reason = "an example talks to the terminal")]

use std::path::PathBuf;
use std::time::Instant;

use laennec_corpus::split::{SplitPlan, assign, check};
use laennec_corpus::{Split, manifest, read_data_folder};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(data), Some(output)) = (arguments.next(), arguments.next()) else {
        return Err("expected DATA_FOLDER and MANIFEST.parquet".into());
    };
    let started = Instant::now();
    let reading = read_data_folder(&data)?;
    let seconds = started.elapsed().as_secs_f64();
    for problem in &reading.problems {
        println!("{problem}");
    }
    let mut recordings = reading.recordings();
    let left_out = assign(
        &mut recordings,
        &SplitPlan::new(1, reading.validation.clone()),
    )?;
    check(&recordings)?;
    println!(
        "read in {seconds:.2} s; left out of every split: {}",
        left_out.len()
    );
    for (data_set, counts) in &reading.counts {
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
    Ok(())
}
