//! `laennec eval networks` and `laennec eval left-out`: weights of `laennec train` that are in no
//! bundle come in, what they reach goes out on standard output.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use laennec_corpus::DataSet;
use laennec_eval::accuracy::{self, LeftOutHeart};
use laennec_eval::intervals::{Bootstrap, Estimate};
use laennec_eval::metrics::Undefined;
use laennec_eval::tasks::physionet::{ABNORMAL, database};

use super::{Bar, NEEDED, failure, recordings, unreadable};
use crate::arguments::Folders;
use crate::exit::{Exit, Failure};
use crate::output;

/// The arguments of `laennec eval networks`.
#[derive(Debug, Args)]
pub(super) struct Networks {
    /// Weights made with recipes/lung.toml, or with recipes/heart.toml
    #[arg(required = true, value_name = "FILE")]
    networks: Vec<PathBuf>,
}

/// The arguments of `laennec eval left-out`.
#[derive(Debug, Args)]
pub(super) struct LeftOut {
    /// Weights made with `laennec train recipes/heart.toml --leave-out DATABASE`
    #[arg(required = true, value_name = "FILE")]
    networks: Vec<PathBuf>,
    /// Measure the mean of the networks on this database, which came to the data folder after they
    /// were trained; a file that says that it learned from it is refused
    #[arg(long, value_name = "DATABASE")]
    database: Option<String>,
}

/// Measures each network and their mean on the validation recordings.
pub(super) fn measure(arguments: &Networks, folders: &Folders) -> Result<(), Failure> {
    let files = contents(&arguments.networks)?;
    let networks = accuracy::Networks::from_bytes(&files).map_err(|error| {
        Failure::new(Exit::Mismatch, error).help(
            "give weights that `laennec train` wrote, all of recipes/lung.toml or all of \
             recipes/heart.toml",
        )
    })?;
    let recordings = recordings(folders, &NEEDED)?;
    let bar = Bar::new();
    let table = networks.table(&recordings, Bootstrap::default(), &|what, done, total| {
        bar.show(what, done, total);
    });
    bar.bar.finish_and_clear();
    output::print(&table.map_err(|error| failure(&error))?.to_markdown())
}

/// Measures heart networks on a database that they never heard.
pub(super) fn measure_left_out(arguments: &LeftOut, folders: &Folders) -> Result<(), Failure> {
    let networks = match &arguments.database {
        None => left_out(&arguments.networks)?,
        Some(database) => vec![stated(database, &arguments.networks)?],
    };
    let recordings = recordings(folders, &[DataSet::PhysioNet2016])?;
    let known: BTreeSet<&str> = recordings
        .iter()
        .filter_map(|l| database(&l.recording))
        .collect();
    for network in &networks {
        if !known.contains(network.database.as_str()) {
            let names: Vec<&str> = known.iter().copied().collect();
            let reason = format!("the data folder has no database {}", network.database);
            return Err(
                Failure::new(Exit::Missing, reason).help(format!("it has {}", names.join(", ")))
            );
        }
    }
    let bar = Bar::new();
    for network in &networks {
        let predictions = network
            .predictions(&recordings, &|what, done, total| {
                bar.show(what, done, total);
            })
            .map_err(|error| failure(&error))?;
        bar.bar.finish_and_clear();
        let bootstrap = Bootstrap::default();
        let area = predictions.auroc_of(&[ABNORMAL], &bootstrap);
        let mean = predictions.sensitivity_specificity_mean(&[ABNORMAL], 0.5, &bootstrap);
        let shown = |estimate: Result<Estimate, Undefined>| {
            estimate.map_or_else(
                |reason| format!("undefined: {reason}"),
                |e| format!("{e:#}"),
            )
        };
        output::print(&format!(
            "{}: {} recordings, AUROC {}, (Se + Sp) / 2 {}\n",
            network.database,
            predictions.len(),
            shown(area),
            shown(mean)
        ))?;
    }
    Ok(())
}

/// Networks whose files say which database was left out of their training.
pub(super) fn left_out(files: &[PathBuf]) -> Result<Vec<LeftOutHeart>, Failure> {
    let open = |path: &PathBuf| {
        let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
        LeftOutHeart::from_bytes(&bytes, &path.display().to_string()).map_err(|error| {
            Failure::new(Exit::Mismatch, error).help(
                "give networks of `laennec train recipes/heart.toml --leave-out DATABASE`, or name \
                 with --database one that none of them heard",
            )
        })
    };
    files.iter().map(open).collect()
}

fn stated(database: &str, files: &[PathBuf]) -> Result<LeftOutHeart, Failure> {
    eprintln!("note: the figure holds only if none of the networks heard {database} in training");
    LeftOutHeart::stated(database.to_owned(), &contents(files)?).map_err(|error| {
        Failure::new(Exit::Mismatch, error)
            .help("give heart networks that `laennec train` wrote without this database")
    })
}

/// The bytes of each file with its path.
fn contents(files: &[PathBuf]) -> Result<Vec<(Vec<u8>, String)>, Failure> {
    let read = |path: &PathBuf| {
        let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
        Ok((bytes, path.display().to_string()))
    };
    files.iter().map(read).collect()
}
