//! The command line as typed values: global options, folders and the list of subcommands.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::exit::{Exit, Failure};
use crate::{analyze, corpus, eval, models, reword_rate, train};

/// What `laennec --help` says below the options.
const AFTER_HELP: &str = "\
Examples:
  laennec analyze recording.wav --figure out.png  what is heard in a recording, and a figure of it
  laennec analyze FOLDER --csv table.csv          all recordings of a folder
  laennec models list                             the models, and which of them are here
  laennec models pull smollm2-135m-instruct-q4_1  fetch the language model
  laennec models verify                           check every model file against its hash
  laennec corpus import manifest.parquet          read the data sets and split them by patient
  laennec train recipes/lung.toml                 train an encoder; again, to go on where it stopped

Exit codes:
  0    success (also when the reader of a pipe stops early)
  1    internal error: a fault of this program
  2    the command line is wrong
  3    an input could not be read or analysed
  4    some of several inputs failed; the others were done
  5    data or a model is missing
  6    refused: an output exists already or cannot be written, or a split would leak patients
  7    a model file is not the one that was expected
  130  interrupted

Environment:
  LAENNEC_BUNDLE  the folder of the bundle that listens, where --bundle is not given
  LAENNEC_DATA    the folder of data sets, where --data is not given
  LAENNEC_LM_URL  the language model of `corpus report --writer endpoint`, see docs/reports.md
  LAENNEC_MODELS  the folder of model files, where --models is not given

Laennec is for research and teaching. It is no medical device.";

/// Listens to heart and lung recordings and says what it hears.
#[derive(Debug, Parser)]
#[command(name = "laennec", version, about, after_long_help = AFTER_HELP, propagate_version = true)]
pub(crate) struct Arguments {
    /// Where data and models are.
    #[command(flatten)]
    pub(crate) folders: Folders,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Analyse recordings: quality, domain, findings, timeline, report
    Analyze(analyze::Arguments),
    /// Read data sets into a manifest with patient-safe splits, and check it
    Corpus(corpus::Arguments),
    /// Measure a bundle on validation patients
    Eval(eval::Arguments),
    /// List, fetch, check and convert the files of the pretrained models
    Models(models::Arguments),
    /// Measure how often the rewordings of reports pass their check
    RewordRate(reword_rate::Arguments),
    /// Train a stage from its recipe
    Train(train::Arguments),
}

/// The folders that several subcommands need.
#[derive(Debug, Default, Args)]
pub(crate) struct Folders {
    /// Where the data sets are.
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        help = "Folder of the data sets [environment: LAENNEC_DATA]"
    )]
    data: Option<PathBuf>,
    /// Where the model files are.
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        help = "Folder of the model files [environment: LAENNEC_MODELS; else the user's data folder]"
    )]
    models: Option<PathBuf>,
}

impl Folders {
    /// The folder of data sets: `--data`, else `LAENNEC_DATA`. There is no default, since the
    /// data sets have to be fetched by hand; without it the failure says so.
    pub(crate) fn data(&self) -> Result<PathBuf, Failure> {
        let given = self
            .data
            .clone()
            .or_else(|| from_environment("LAENNEC_DATA"));
        let folder = given.ok_or_else(|| {
            Failure::new(Exit::Missing, "no data folder was given")
                .help("add `--data DIR`, or set LAENNEC_DATA to the folder of the data sets")
        })?;
        if folder.is_dir() {
            return Ok(folder);
        }
        Err(Failure::new(
            Exit::Missing,
            format!("the data folder {} does not exist", folder.display()),
        )
        .help("give the folder that holds the data sets: `--data DIR` or LAENNEC_DATA"))
    }

    /// The folder of model files: `--models`, else `LAENNEC_MODELS`, else
    /// `$XDG_DATA_HOME/laennec/models`, else `~/.local/share/laennec/models`. It need not exist.
    pub(crate) fn models(&self) -> Result<PathBuf, Failure> {
        self.models
            .clone()
            .or_else(|| from_environment("LAENNEC_MODELS"))
            .or_else(|| from_environment("XDG_DATA_HOME").map(|base| base.join("laennec/models")))
            .or_else(|| std::env::home_dir().map(|home| home.join(".local/share/laennec/models")))
            .ok_or_else(|| {
                Failure::new(Exit::Missing, "there is no home folder to keep models in")
                    .help("add `--models DIR`, or set LAENNEC_MODELS")
            })
    }
}

/// A folder named by an environment variable; an empty variable counts as none.
fn from_environment(name: &str) -> Option<PathBuf> {
    std::env::var_os(name)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}
