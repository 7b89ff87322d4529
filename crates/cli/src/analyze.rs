//! `laennec analyze`: recordings or folders come in; what the bundle hears in them goes out, on the
//! terminal and in the files that were asked for.

mod inputs;
mod kept;
mod many;
mod outputs;
mod recording;
mod single;

use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum};
use laennec_audio::{ChannelChoice, DecodeOptions};
use laennec_corpus::Domain;

use crate::arguments::Folders;
use crate::ear;
use crate::exit::{Exit, Failure};
use crate::generator;
use crate::output::print;

/// The arguments of `laennec analyze`.
#[derive(Debug, Args)]
#[command(after_help = "\
Many recordings with --jsonl or --csv: an interrupted run goes on where it stopped when the same \
command is given again.")]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each flag of the command line is one"
)]
pub(crate) struct Arguments {
    /// Audio files, or folders to search for them
    #[arg(required_unless_present = "schema", value_name = "FILE|FOLDER")]
    inputs: Vec<PathBuf>,
    /// Print the analysis as JSON (several recordings: one object a line)
    #[arg(long)]
    json: bool,
    /// Write one JSON object a line, one line an input
    #[arg(long, value_name = "PATH")]
    jsonl: Option<PathBuf>,
    /// Write a table, one row an input
    #[arg(long, value_name = "PATH")]
    csv: Option<PathBuf>,
    /// Draw waveform, spectrogram, timeline and findings (one recording; .png or .svg)
    #[arg(long, value_name = "OUT")]
    figure: Option<PathBuf>,
    /// Write a self-contained page with playable sound (one recording)
    #[arg(long, value_name = "OUT")]
    html: Option<PathBuf>,
    /// Analyse the first part of a recording that is longer than the cap
    #[arg(long)]
    first: bool,
    /// Cap on the length of a recording, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 600.0, value_parser = seconds)]
    max_seconds: f64,
    /// Channel to analyse: a number from 0, or the mean of all
    #[arg(long, value_name = "N|mean", default_value = "mean", value_parser = channel)]
    channel: Channel,
    /// What the recordings are of, if you know: then it is not guessed
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<DomainChoice>,
    /// Overwrite existing output files
    #[arg(long)]
    force: bool,
    /// Let the language model reword the report, where the rewording says exactly the same
    #[arg(long)]
    reword: bool,
    /// The folder of the bundle.
    #[arg(
        long,
        value_name = "DIR",
        help = "Folder of the bundle [environment: LAENNEC_BUNDLE; else the one that is built in]"
    )]
    bundle: Option<PathBuf>,
    /// Keep file names in the CSV and JSON lines; they may identify patients
    #[arg(long)]
    keep_names: bool,
    /// Recordings analysed at once [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// Print the JSON Schema of the analysis and stop
    #[arg(long, action = ArgAction::SetTrue)]
    schema: bool,
}

/// A channel that a file may or may not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Channel {
    Mean,
    Index(usize),
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DomainChoice {
    Heart,
    Lung,
}

impl From<DomainChoice> for Domain {
    fn from(choice: DomainChoice) -> Self {
        match choice {
            DomainChoice::Heart => Self::Heart,
            DomainChoice::Lung => Self::Lung,
        }
    }
}

fn channel(text: &str) -> Result<Channel, String> {
    if text == "mean" {
        return Ok(Channel::Mean);
    }
    let index = text
        .parse()
        .map_err(|_| "expected `mean` or a channel number from 0".to_owned())?;
    Ok(Channel::Index(index))
}

fn seconds(text: &str) -> Result<f64, String> {
    let expected = || "expected a number of seconds from 1 to 86400".to_owned();
    let seconds: f64 = text.parse().map_err(|_| expected())?;
    if (1.0..=86_400.0).contains(&seconds) {
        Ok(seconds)
    } else {
        Err(expected())
    }
}

impl Arguments {
    fn decode_options(&self) -> DecodeOptions {
        DecodeOptions {
            max_seconds: self.max_seconds,
            first: self.first,
            channel: match self.channel {
                Channel::Mean => ChannelChoice::Mean,
                Channel::Index(index) => ChannelChoice::Index(index),
            },
        }
    }
}

/// Runs `laennec analyze`.
pub(crate) fn run(arguments: &Arguments, folders: &Folders) -> Result<(), Failure> {
    if arguments.schema {
        let schema = serde_json::to_string_pretty(&laennec_assistant::json_schema())
            .map_err(|error| Failure::new(Exit::Internal, format!("the schema: {error}")))?;
        return print(&(schema + "\n"));
    }
    let several = arguments.inputs.len() > 1 || arguments.inputs[0].is_dir();
    let found = inputs::find(&arguments.inputs);
    let outputs = outputs::Outputs::plan(arguments, &found.files, several)?;
    let rewriter = if arguments.reword {
        Some(generator::built_in(folders)?)
    } else {
        None
    };
    let listener = ear::open(arguments.bundle.as_deref())?;
    let job = recording::Job {
        decode: arguments.decode_options(),
        options: laennec_assistant::AnalyzeOptions {
            domain: arguments.domain.map(Domain::from),
        },
        listener: listener.as_ref(),
        rewriter: rewriter.as_ref(),
    };
    if several {
        many::run(arguments, &found, &job, &outputs)
    } else {
        single::run(&arguments.inputs[0], arguments, &job, &outputs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_and_seconds_are_checked() {
        assert_eq!(channel("mean"), Ok(Channel::Mean));
        assert_eq!(channel("3"), Ok(Channel::Index(3)));
        assert!(channel("left").is_err() && channel("-1").is_err());
        assert_eq!(seconds("12.5"), Ok(12.5));
        assert!(seconds("0").is_err() && seconds("nan").is_err() && seconds("inf").is_err());
    }
}
