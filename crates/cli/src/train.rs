//! `laennec train`: a recipe in, trained weights out, with progress on standard error.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, builder::PossibleValuesParser};
use indicatif::{ProgressBar, ProgressStyle};
use laennec_train::{
    align::{AlignRecipe, AlignRun, Control, initial_weights},
    fit::Progress,
    heads::HeadsRun,
    recipe::{Changes, Part, RecipeFile, Stage},
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
    /// Another seed than the recipe's
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// Run a control of an alignment in place of the alignment itself
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(Control::NAMES))]
    control: Option<String>,
    /// Folder of what an alignment computes once for all its runs
    #[arg(long, value_name = "DIR", default_value = "runs/cache")]
    cache: PathBuf,
    /// Another number of epochs than the recipe's
    #[arg(long, value_name = "NUMBER")]
    epochs: Option<usize>,
    /// Hold out this part of the training patients instead of the calibration patients: networks that
    /// hold out different parts are averaged, and each patient is calibrated on those new to them
    #[arg(long, value_name = "PART/OF", value_parser = part)]
    hold_out: Option<Part>,
    /// Learn from this part of the training patients alone, to see what more patients bring
    #[arg(long, value_name = "PART/OF", value_parser = part, conflicts_with = "hold_out")]
    learn_from: Option<Part>,
    /// Leave out a database (training-a …), to measure what carries over to it
    #[arg(long, value_name = "NAME")]
    leave_out: Vec<String>,
    /// Only go on with a run that was begun: refuse where the folder holds no checkpoint
    #[arg(long)]
    resume: bool,
}

/// `2/4` as the second of four parts.
fn part(text: &str) -> Result<Part, String> {
    let numbers = text.split_once('/').and_then(|(part, of)| {
        Some(Part {
            part: part.parse().ok()?,
            of: of.parse().ok()?,
        })
    });
    numbers.ok_or_else(|| "write for example 2/4: the second of four parts".to_owned())
}

/// Runs the subcommand.
pub(crate) fn run(arguments: &Arguments, folders: &Folders) -> Result<(), Failure> {
    let recipe = RecipeFile::open(&arguments.recipe).map_err(|e| failure(&e))?;
    let out = arguments.out.clone().unwrap_or_else(|| {
        let mut name = arguments.recipe.file_stem().unwrap_or_default().to_owned();
        if let Some(control) = &arguments.control {
            name.push(format!("-{control}"));
        }
        PathBuf::from("runs").join(name)
    });
    let models = folders.models()?;
    let stage = recipe.stage().map_err(|e| failure(&e))?;
    let initial = match stage {
        Stage::Align => alignment_start(&recipe, &models)?,
        _ => models.join(INITIAL_WEIGHTS),
    };
    if !initial.is_file() {
        return Err(
            Failure::new(Exit::Missing, format!("{} is missing", initial.display())).help(
                "put the encoder's initial weights there: `laennec models list` and docs/models.md say \
                 where they are had",
            ),
        );
    }
    if arguments.resume && !out.join("checkpoints").is_dir() {
        let reason = format!("{} holds no checkpoint to go on from", out.display());
        return Err(Failure::new(Exit::Missing, reason)
            .help("name the folder of the run with --out, or begin it without --resume"));
    }
    let recordings = crate::recordings::recordings(folders)?;
    if stage != Stage::Align && arguments.control.is_some() {
        let reason = format!("{} has no controls", arguments.recipe.display());
        return Err(Failure::new(Exit::Usage, reason).help("--control belongs to alignments"));
    }
    let changes = Changes {
        seed: arguments.seed,
        epochs: arguments.epochs,
        hold_out: arguments.hold_out,
        learn_from: arguments.learn_from,
        leave_out: arguments.leave_out.clone(),
    };
    let understood = Changes {
        seed: changes.seed,
        epochs: changes.epochs.filter(|_| stage == Stage::Align),
        ..Changes::default()
    };
    if matches!(stage, Stage::Align | Stage::Heads) && changes != understood {
        let reason = format!("{} trains no single network", arguments.recipe.display());
        return Err(Failure::new(Exit::Usage, reason)
            .help("--hold-out, --learn-from and --leave-out belong to recipes of a single network, --epochs to those and to alignments"));
    }
    if stage == Stage::Align {
        let run = AlignRun {
            recipe: &recipe,
            control: arguments.control.as_deref().and_then(Control::from_name),
            seed: arguments.seed,
            epochs: arguments.epochs,
            recordings: &recordings,
            models: &models,
            cache: &arguments.cache,
            out: &out,
        };
        let bar = bar();
        let weights = run
            .run(&mut |line| say(&bar, line), &mut |progress| {
                show(&bar, progress);
            })
            .map_err(|e| failure(&e))?;
        bar.finish_and_clear();
        return crate::output::print(&format!("aligned: {}\n", weights.display()));
    }
    if stage == Stage::Heads {
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
        changes: &changes,
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

/// The weights that an alignment starts from.
fn alignment_start(recipe: &RecipeFile, models: &Path) -> Result<PathBuf, Failure> {
    let parsed: AlignRecipe = recipe.parse().map_err(|e| failure(&e))?;
    initial_weights(&parsed, models).map_err(|e| failure(&e))
}

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len}  {msg}");
    ProgressBar::new(0).with_style(style.expect("the template is valid"))
}

/// A line above the bar, or on its own where there is no terminal.
fn say(bar: &ProgressBar, line: &str) {
    if bar.is_hidden() {
        eprintln!("{line}");
    } else {
        bar.println(line);
    }
}

fn show(bar: &ProgressBar, progress: &Progress) {
    for (path, reason) in &progress.damaged {
        say(bar, &format!("passed over {}: {reason}", path.display()));
    }
    if progress.done_here == 0 {
        return;
    }
    let left =
        progress.seconds / progress.done_here as f64 * (progress.total - progress.step) as f64;
    let terms: Vec<String> = progress
        .terms
        .iter()
        .map(|(name, value)| format!("{name} {value:.3}"))
        .collect();
    bar.set_length(progress.total as u64);
    bar.set_position(progress.step as u64);
    bar.set_message(format!(
        "loss {:.3}  {}  rate {:.1e}  {} left",
        progress.loss,
        terms.join("  "),
        progress.learning_rate,
        indicatif::HumanDuration(Duration::from_secs_f64(left))
    ));
    if !progress.figures.is_empty() {
        let figures: Vec<String> = progress
            .figures
            .iter()
            // Those of single questions are in the log.
            .filter(|(name, _)| !name.contains('/'))
            .map(|(name, value)| format!("{name} {value:.3}"))
            .collect();
        let line = format!(
            "step {}, {:.0} s, loss {:.3}, patients held out: {}",
            progress.step,
            progress.seconds,
            progress.loss,
            figures.join("  ")
        );
        say(bar, &line);
    }
}

fn failure(error: &laennec_train::Error) -> Failure {
    use laennec_train::Error;
    let missing = |source: &std::io::Error| source.kind() == ErrorKind::NotFound;
    let (exit, help) = match error {
        Error::NoData { .. } | Error::Corpus(_) => (
            Exit::Missing,
            "give the folder of the data sets: `--data DIR` or LAENNEC_DATA",
        ),
        Error::Recipe { .. } => (
            Exit::Usage,
            "correct the recipe or the option; recipes/ has examples",
        ),
        Error::Encoder { .. } => (Exit::Usage, "name another encoder in the recipe"),
        Error::Checkpoint { .. } => (
            Exit::Refused,
            "name another folder with --out to leave this one as it is",
        ),
        Error::Diverged { .. } => (
            Exit::Internal,
            "the last checkpoint is kept; lower the learning rate in another run",
        ),
        Error::Networks { .. } => (Exit::Mismatch, "train the networks with this data folder"),
        Error::Io { source, .. } | Error::Models(laennec_models::Error::Read { source, .. })
            if missing(source) =>
        {
            (
                Exit::Missing,
                "give an existing file: recipes name networks that `laennec train` writes, and \
                 models that `laennec models pull` fetches",
            )
        }
        Error::Io { .. } => (Exit::Input, "check the path, its permissions and the disk"),
        Error::Models(laennec_models::Error::Teacher { .. }) => {
            (Exit::Usage, "correct [teacher] in the recipe")
        }
        Error::Models(laennec_models::Error::Features { .. }) => {
            (Exit::Usage, "choose another window_s in the recipe")
        }
        Error::Models(_) => (
            Exit::Mismatch,
            "`laennec models verify` tells which file is not the published one",
        ),
        Error::Audio(_) | Error::Assistant(_) | Error::Eval(_) | Error::Bundle(_) => {
            return Failure::new(Exit::Input, error);
        }
    };
    Failure::new(exit, error).help(help)
}
