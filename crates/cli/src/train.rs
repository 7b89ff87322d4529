//! `laennec train`: a recipe in, trained weights out, with progress on standard error.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use laennec_corpus::{Reading, read_data_folder};
use laennec_train::{
    fit::Progress,
    heads::HeadsRun,
    recipe::{RecipeFile, Stage},
    run::Run,
};

use crate::arguments::Folders;
use crate::exit::{Exit, Failure};

/// File name of the encoder's initial weights in the models folder.
const INITIAL_WEIGHTS: &str = "mn04_as.safetensors";

/// Train a stage from its recipe; started again, it continues where it stopped
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The recipe, for example recipes/lung.toml
    recipe: PathBuf,
    /// Folder of log, checkpoints and weights [default: runs/NAME-OF-RECIPE]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Runs the subcommand.
pub(crate) fn run(arguments: &Arguments, folders: &Folders) -> Result<(), Failure> {
    let recipe = RecipeFile::open(&arguments.recipe).map_err(|e| failure(&e))?;
    let out = arguments.out.clone().unwrap_or_else(|| {
        let stem = arguments.recipe.file_stem().unwrap_or_default();
        PathBuf::from("runs").join(stem)
    });
    let initial = folders.models()?.join(INITIAL_WEIGHTS);
    if !initial.is_file() {
        return Err(
            Failure::new(Exit::Missing, format!("{} is missing", initial.display())).help(
                "put the encoder's initial weights there: `laennec models list` says where from",
            ),
        );
    }
    let data = folders.data()?;
    let reading = read_data_folder(&data).map_err(|e| failure(&e.into()))?;
    say_problems(&reading);
    let recordings = laennec_train::data::split(reading).map_err(|e| failure(&e))?;
    if recipe.stage().map_err(|e| failure(&e))? == Stage::Heads {
        let heads = HeadsRun {
            recipe: &recipe,
            recordings: &recordings,
            initial: &initial,
            out: &out,
        };
        let bundle = heads
            .run(&mut |step| eprintln!("{step}"))
            .map_err(|e| failure(&e))?;
        return crate::output::print(&format!("bundle: {}\n", bundle.display()));
    }
    let run = Run {
        recipe: &recipe,
        recordings: &recordings,
        initial: &initial,
        out: &out,
    };
    let bar = bar();
    let weights = run
        .fine_tune(&mut |progress| show(&bar, progress))
        .map_err(|e| failure(&e))?;
    bar.finish_and_clear();
    crate::output::print(&format!("trained: {}\n", weights.display()))
}

fn say_problems(reading: &Reading) {
    for problem in &reading.problems {
        eprintln!("warning: {problem}");
    }
}

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len}  {msg}");
    ProgressBar::new(0).with_style(style.expect("the template is valid"))
}

fn show(bar: &ProgressBar, progress: &Progress) {
    let left =
        progress.seconds / progress.done_here as f64 * (progress.total - progress.step) as f64;
    bar.set_length(progress.total as u64);
    bar.set_position(progress.step as u64);
    bar.set_message(format!(
        "loss {:.3}  {} left",
        progress.loss,
        indicatif::HumanDuration(Duration::from_secs_f64(left))
    ));
    if !progress.figures.is_empty() {
        let figures: Vec<String> = progress
            .figures
            .iter()
            .map(|(name, value)| format!("{name} {value:.3}"))
            .collect();
        let line = format!(
            "step {}, {:.0} s, loss {:.3}, calibration patients: {}",
            progress.step,
            progress.seconds,
            progress.loss,
            figures.join("  ")
        );
        if bar.is_hidden() {
            eprintln!("{line}");
        } else {
            bar.println(line);
        }
    }
}

fn failure(error: &laennec_train::Error) -> Failure {
    use laennec_train::Error;
    let exit = match error {
        Error::NoData { .. } | Error::Corpus(_) => Exit::Missing,
        Error::Recipe { .. } => Exit::Usage,
        Error::Checkpoint { .. } => Exit::Refused,
        Error::Diverged { .. } => Exit::Internal,
        _ => Exit::Input,
    };
    Failure::new(exit, error)
}
