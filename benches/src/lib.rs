//! Cases of work in, CPU time per case out: what the benchmarks of this folder share.
//!
//! `cargo bench --profile dev -p laennec-benches --bench NAME` prints each case of a benchmark;
//! arguments after `--` pick cases by name. With `--worker CASE [FILE]` a benchmark prepares one
//! case, writes `ready CHECK`, and then does one round for each line it reads and writes the CPU
//! seconds of one run: so `benches/peers/run` lets two programs take turns.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "benchmarks print their figures")]

use std::error::Error;
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use cpu_time::ProcessTime;

/// A round repeats its work until it has taken this much CPU time.
const ROUND: Duration = Duration::from_millis(300);

/// Rounds of a case when no peer takes turns.
const ROUNDS: usize = 5;

/// Any failure of a benchmark.
pub type Failure = Box<dyn Error>;

/// Work that is ready to run: it times what counts and gives a number that every implementation of
/// the same work must give too.
pub type Work = Box<dyn FnMut(&mut Stopwatch) -> Result<f64, Failure>>;

/// One kind of work.
pub struct Case {
    /// Its name on the command line.
    pub name: &'static str,
    /// What is done, with the amount that the time is for.
    pub what: &'static str,
    /// Makes it ready from the file that the command line names, if it names one; what it takes is
    /// not measured. None where a model is missing.
    pub prepare: fn(Option<&Path>) -> Result<Option<Work>, Failure>,
}

/// CPU time of all threads of this process, summed over measured parts.
#[derive(Debug, Default)]
pub struct Stopwatch {
    spent: Duration,
}

impl Stopwatch {
    /// Runs `work` and counts its time.
    pub fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let start = ProcessTime::now();
        let out = std::hint::black_box(work());
        self.add(start.elapsed());
        out
    }

    /// Counts time that was measured elsewhere, in another process for instance.
    pub fn add(&mut self, spent: Duration) {
        self.spent += spent;
    }
}

/// The file `name` in the folder that `LAENNEC_MODELS` names; none, with a message, where that is
/// not set.
pub fn model(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("LAENNEC_MODELS").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: LAENNEC_MODELS names no folder with {name}");
    }
    folder.map(|folder| folder.join(name))
}

/// `length` samples of noise within [-1, 1): the same numbers here and in `benches/peers`.
/// Source: the linear congruential generator of Numerical Recipes.
pub fn noise(length: usize) -> Vec<f32> {
    let mut state = 1_u32;
    (0..length)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 23) as f32 - 1.0
        })
        .collect()
}

/// Mean magnitude of many values: the number by which implementations are compared.
pub fn mean_magnitude(values: &[f32]) -> f64 {
    values.iter().map(|&v| f64::from(v.abs())).sum::<f64>() / values.len() as f64
}

/// The main function of a benchmark.
///
/// # Errors
/// A case is unknown or fails.
pub fn run(cases: &[Case]) -> Result<(), Failure> {
    // Cargo adds `--bench` to the arguments of every benchmark.
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    if let [flag, name, file @ ..] = arguments.as_slice()
        && flag == "--worker"
    {
        let case = cases
            .iter()
            .find(|case| case.name == name)
            .ok_or_else(|| format!("there is no case {name}; {}", names(cases)))?;
        return work_in_turns(case, file.first().map(Path::new));
    }
    if let Some(unknown) = arguments
        .iter()
        .find(|argument| cases.iter().all(|case| case.name != *argument))
    {
        return Err(format!("there is no case {unknown}; {}", names(cases)).into());
    }
    for case in cases {
        if !arguments.is_empty() && arguments.iter().all(|argument| argument != case.name) {
            continue;
        }
        if let Some(mut work) = (case.prepare)(None)? {
            work(&mut Stopwatch::default())?;
            let mut rounds = (0..ROUNDS)
                .map(|_| round(&mut work))
                .collect::<Result<Vec<f64>, Failure>>()?;
            rounds.sort_by(f64::total_cmp);
            println!(
                "{:20} {:10.3} CPU ms ({:.3} to {:.3}) {}",
                case.name,
                rounds[ROUNDS / 2] * 1e3,
                rounds[0] * 1e3,
                rounds[ROUNDS - 1] * 1e3,
                case.what
            );
        }
    }
    Ok(())
}

fn names(cases: &[Case]) -> String {
    let names: Vec<&str> = cases.iter().map(|case| case.name).collect();
    format!("the cases are {}", names.join(", "))
}

/// CPU seconds of one run, over as many runs as fill a round.
fn round(work: &mut Work) -> Result<f64, Failure> {
    let mut watch = Stopwatch::default();
    let mut runs = 0;
    while watch.spent < ROUND {
        work(&mut watch)?;
        runs += 1;
    }
    Ok(watch.spent.as_secs_f64() / f64::from(runs))
}

fn work_in_turns(case: &Case, file: Option<&Path>) -> Result<(), Failure> {
    let Some(mut work) = (case.prepare)(file)? else {
        return Err("a model is missing".into());
    };
    let check = work(&mut Stopwatch::default())?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "ready {check:.9e}")?;
    out.flush()?;
    for line in std::io::stdin().lock().lines() {
        line?;
        writeln!(out, "{:.9e}", round(&mut work)?)?;
        out.flush()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{mean_magnitude, noise};

    #[test]
    fn noise_fills_its_range_evenly() {
        let noise = noise(100_000);
        assert!(noise.iter().all(|v| (-1.0..1.0).contains(v)));
        assert!((mean_magnitude(&noise) - 0.5).abs() < 0.005);
        let mean: f32 = noise.iter().sum::<f32>() / noise.len() as f32;
        assert!(mean.abs() < 0.01, "{mean}");
    }
}
